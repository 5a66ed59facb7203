/** Ours to write, bash 5.2's to answer: scripts for `bash -c`, stdout, stderr. */
export const recorded: readonly (readonly [script: string, stdout: string, stderr: string])[] = [
  ["compgen -W 'one two three' t", 'two\nthree\n', ''],
  ["compgen -W 'a b' -P '<' -S '>'", '<a>\n<b>\n', ''],
  ["compgen -W 'x' y; echo $?", '1\n', ''],
  ['compgen -W \'$HOME "a b" {x,y} $(echo p q)\'', '/root\na b\nx\ny\np\nq\n', ''],
  ["IFS=,; compgen -W 'a,b c,d'", 'a\nb c\nd\n', ''],
  ['compgen -A nonsense; echo $?', '2\n', 'bash: line 1: compgen: nonsense: invalid action name\n'],
  ['compgen -o nonsense; echo $?', '2\n', 'bash: line 1: compgen: nonsense: invalid option name\n'],
  ['compgen -k w; compgen -A keyword t', 'while\nthen\ntime\n', ''],
  ['compgen -A setopt h; compgen -A shopt ext', 'hashall\nhistexpand\nhistory\nextdebug\nextglob\nextquote\n', ''],
  [
    'compgen -b re; compgen -A builtin co',
    'read\nreadarray\nreadonly\nreturn\ncommand\ncompgen\ncomplete\ncompopt\ncontinue\n',
    '',
  ],
  [
    'foo() { COMPREPLY=(a b "$#" "$1/$2/$3"); }; compgen -F foo bar; echo $?',
    'a\nb\n3\ncompgen/bar/\n0\n',
    'bash: line 1: compgen: warning: -F option may not work as you expect\n',
  ],
  [
    'compgen -F nofunc x; echo $?',
    '1\n',
    "bash: line 1: compgen: warning: -F option may not work as you expect\nbash: line 1: completion: function `nofunc' not found\n",
  ],
  ['compgen -A signal SIGK; compgen -A binding yank', 'SIGKILL\nyank\nyank-last-arg\nyank-nth-arg\nyank-pop\n', ''],
  ['abc=1 abd=2; compgen -v ab; compgen -A variable abc', 'abc\nabd\nabc\n', ''],
  ['f1() { :; }; f2() { :; }; compgen -A function f', 'f1\nf2\n', ''],
  ['alias zed=ls; compgen -a z', 'zed\n', ''],
  [
    "compgen -W 'foo.c foo.o bar.c' -X '*.o'; compgen -W 'foo.c foo.o bar.c' -X '!*.o'; compgen -W 'aa ab b' -X '&*' a",
    'foo.c\nbar.c\nfoo.o\n',
    '',
  ],
  [
    "complete -W 'a b' -o nospace -o filenames foo bar; complete -p; complete -p foo; complete -p nope; echo $?; complete -r foo; complete -p",
    "complete -o filenames -o nospace -W 'a b' foo\ncomplete -o filenames -o nospace -W 'a b' bar\ncomplete -o filenames -o nospace -W 'a b' foo\n1\ncomplete -o filenames -o nospace -W 'a b' bar\n",
    'bash: line 1: complete: nope: no completion specification\n',
  ],
  [
    'complete -F _x -D; complete -p; complete -E -W q; complete -p -E; complete -r -D; complete -p -D; echo $?',
    "complete -F _x -D\ncomplete -W 'q' -E\n1\n",
    'bash: line 1: complete: _DefaultCmD_: no completion specification\n',
  ],
  ['complete -W "it\'s" z; complete -p z', "complete -W 'it'\\''s' z\n", ''],
  [
    "complete -X '*.o' -G '*.c' -P p -S s -C cmd -A job -abcdefgjksuv zz; complete -p zz",
    "complete -a -b -c -d -e -f -g -j -k -s -u -v -G '*.c' -P 'p' -S 's' -X '*.o' -C 'cmd' zz\n",
    '',
  ],
  [
    'complete -o bashdefault -o default -o dirnames -o filenames -o noquote -o nosort -o nospace -o plusdirs k; complete -p k',
    'complete -o bashdefault -o default -o dirnames -o filenames -o noquote -o nosort -o nospace -o plusdirs k\n',
    '',
  ],
  ['complete -A hostname -A running h; complete -p h', 'complete -A hostname -A running h\n', ''],
  [
    'complete -W x a; compopt -o nospace a; compopt a; compopt +o nospace a; compopt a; complete -p a',
    "compopt +o bashdefault +o default +o dirnames +o filenames +o noquote +o nosort -o nospace +o plusdirs a\ncompopt +o bashdefault +o default +o dirnames +o filenames +o noquote +o nosort +o nospace +o plusdirs a\ncomplete -W 'x' a\n",
    '',
  ],
  [
    'compopt nope; echo $?; compopt -o bad x; echo $?; compopt; echo $?; compopt -o nospace; echo $?',
    '1\n2\n1\n1\n',
    'bash: line 1: compopt: nope: no completion specification\nbash: line 1: compopt: bad: invalid option name\nbash: line 1: compopt: not currently executing completion function\nbash: line 1: compopt: not currently executing completion function\n',
  ],
  [
    "complete -F; echo $?; complete -x; echo $?; complete -W a; echo $?; complete -F 'a b' q; echo $?",
    '2\n2\n2\n2\n',
    "bash: line 1: complete: -F: option requires an argument\ncomplete: usage: complete [-abcdefgjksuv] [-pr] [-DEI] [-o option] [-A action] [-G globpat] [-W wordlist] [-F function] [-C command] [-X filterpat] [-P prefix] [-S suffix] [name ...]\nbash: line 1: complete: -x: invalid option\ncomplete: usage: complete [-abcdefgjksuv] [-pr] [-DEI] [-o option] [-A action] [-G globpat] [-W wordlist] [-F function] [-C command] [-X filterpat] [-P prefix] [-S suffix] [name ...]\ncomplete: usage: complete [-abcdefgjksuv] [-pr] [-DEI] [-o option] [-A action] [-G globpat] [-W wordlist] [-F function] [-C command] [-X filterpat] [-P prefix] [-S suffix] [name ...]\nbash: line 1: complete: `a b': not a valid identifier\n",
  ],
  ['complete; complete -r nope; echo $?; complete -r', '0\n', ''],
  [
    'bind \'"\\C-xq": "te\\"xt\\n"\'; bind \'"\\C-xr": yank\'; bind -s; bind -S; bind -q yank; bind -r \'\\C-xr\'; bind -q yank; bind -u yank; bind -q yank; echo $?',
    '"\\C-xq": "te\\"xt\\C-j"\n\\C-xq outputs te\\"xt\\C-j\nyank can be invoked via "\\C-xr", "\\C-y".\nyank can be invoked via "\\C-y".\nyank is not bound to any keys.\n1\n',
    'bash: line 1: bind: warning: line editing not enabled\nbash: line 1: bind: warning: line editing not enabled\nbash: line 1: bind: warning: line editing not enabled\nbash: line 1: bind: warning: line editing not enabled\nbash: line 1: bind: warning: line editing not enabled\nbash: line 1: bind: warning: line editing not enabled\nbash: line 1: bind: warning: line editing not enabled\nbash: line 1: bind: warning: line editing not enabled\nbash: line 1: bind: warning: line editing not enabled\n',
  ],
  [
    'bind -x \'"\\C-t": ls -l\'; bind -X',
    '"\\C-t": "ls -l"\n',
    'bash: line 1: bind: warning: line editing not enabled\nbash: line 1: bind: warning: line editing not enabled\n',
  ],
  [
    'bind -m foo; echo $?; bind -m vi -q vi-put; bind -m vi-insert -q complete',
    '1\nvi-put can be invoked via "P", "p".\ncomplete can be invoked via "\\C-i".\n',
    "bash: line 1: bind: warning: line editing not enabled\nbash: line 1: bind: `foo': invalid keymap name\nbash: line 1: bind: warning: line editing not enabled\nbash: line 1: bind: warning: line editing not enabled\n",
  ],
  [
    "bind nonsense; echo $?; bind -f /nonexist; echo $?; bind 'set foo bar'; echo $?; bind -q nosuch; echo $?; bind -z; echo $?",
    '0\n1\n0\n1\n2\n',
    "bash: line 1: bind: warning: line editing not enabled\nreadline: nonsense: no key sequence terminator\nbash: line 1: bind: warning: line editing not enabled\nbash: line 1: bind: /nonexist: cannot read: No such file or directory\nbash: line 1: bind: warning: line editing not enabled\nreadline: foo: unknown variable name\nbash: line 1: bind: warning: line editing not enabled\nbash: line 1: bind: `nosuch': unknown function name\nbash: line 1: bind: warning: line editing not enabled\nbash: line 1: bind: -z: invalid option\nbind: usage: bind [-lpsvPSVX] [-m keymap] [-f filename] [-q name] [-u name] [-r keyseq] [-x keyseq:shell-command] [keyseq:readline-function or readline-command]\n",
  ],
  [
    "bind 'Control-y: abort'; bind -q abort; bind 'C-t: \"x\"'; bind -s",
    'abort can be invoked via "\\C-g", "\\C-x\\C-g", "\\C-y", "\\e\\C-g".\n"\\C-t": "x"\n',
    'bash: line 1: bind: warning: line editing not enabled\nbash: line 1: bind: warning: line editing not enabled\nbash: line 1: bind: warning: line editing not enabled\nbash: line 1: bind: warning: line editing not enabled\n',
  ],
  [
    'bind \'"\\C-y": nosuchfunction\'; bind -q yank',
    'yank is not bound to any keys.\n',
    'bash: line 1: bind: warning: line editing not enabled\nbash: line 1: bind: warning: line editing not enabled\n',
  ],
  [
    "cd /tmp; compgen -f -X '*.log' /nonexist; compgen -o plusdirs -W zz | while read x; do [[ $x == zz ]] && echo $x; done; compgen -d /nonex; echo $?",
    'zz\n1\n',
    '',
  ],
  [
    'bind \'set bell-style none\'; bind -V | while read -r x; do [[ $x == *bell* ]] && echo "$x"; done',
    "prefer-visible-bell is set to `on'\nbell-style is set to `none'\n",
    'bash: line 1: bind: warning: line editing not enabled\nbash: line 1: bind: warning: line editing not enabled\n',
  ],
  [
    'bind -m emacs-ctlx -p | while IFS= read -r x; do [[ $x == \\"* && $x != *lowercase* ]] && echo "$x"; done',
    '"\\C-g": abort\n"\\C-?": backward-kill-line\n"e": call-last-kbd-macro\n"\\C-v": display-shell-version\n"\\C-e": edit-and-execute-command\n")": end-kbd-macro\n"\\C-x": exchange-point-and-mark\n"*": glob-expand-word\n"g": glob-list-expansions\n"!": possible-command-completions\n"/": possible-filename-completions\n"@": possible-hostname-completions\n"~": possible-username-completions\n"$": possible-variable-completions\n"\\C-r": re-read-init-file\n"s": spell-correct-word\n"(": start-kbd-macro\n"\\C-u": undo\n',
    'bash: line 1: bind: warning: line editing not enabled\n',
  ],
  [
    'bind -m vi-command -p | while IFS= read -r x; do [[ $x == \\"* ]] && echo "$x"; done',
    '"\\C-g": abort\n"\\C-j": accept-line\n"\\C-m": accept-line\n"\\C-h": backward-char\n"\\eOD": backward-char\n"\\e[D": backward-char\n"h": backward-char\n"\\e[1;3D": backward-word\n"\\e[1;5D": backward-word\n"\\eOH": beginning-of-line\n"\\e[H": beginning-of-line\n"0": beginning-of-line\n"\\C-l": clear-screen\n"\\e[3~": delete-char\n"\\eOF": end-of-line\n"\\e[F": end-of-line\n"$": end-of-line\n"\\eOC": forward-char\n"\\e[C": forward-char\n" ": forward-char\n"l": forward-char\n"\\C-s": forward-search-history\n"\\e[1;3C": forward-word\n"\\e[1;5C": forward-word\n"\\e[5~": history-search-backward\n"\\e[6~": history-search-forward\n"#": insert-comment\n"\\C-k": kill-line\n"\\e[3;5~": kill-word\n"\\C-n": next-history\n"\\eOB": next-history\n"\\e[B": next-history\n"+": next-history\n"j": next-history\n"\\e[2~": overwrite-mode\n"\\C-p": previous-history\n"\\eOA": previous-history\n"\\e[A": previous-history\n"-": previous-history\n"k": previous-history\n"\\C-q": quoted-insert\n"\\C-v": quoted-insert\n"\\C-r": reverse-search-history\n"U": revert-line\n"\\C-t": transpose-chars\n"\\C-u": unix-line-discard\n"A": vi-append-eol\n"a": vi-append-mode\n"1": vi-arg-digit\n"2": vi-arg-digit\n"3": vi-arg-digit\n"4": vi-arg-digit\n"5": vi-arg-digit\n"6": vi-arg-digit\n"7": vi-arg-digit\n"8": vi-arg-digit\n"9": vi-arg-digit\n"~": vi-change-case\n"r": vi-change-char\n"C": vi-change-to\n"c": vi-change-to\n",": vi-char-search\n";": vi-char-search\n"F": vi-char-search\n"T": vi-char-search\n"f": vi-char-search\n"t": vi-char-search\n"|": vi-column\n"x": vi-delete\n"D": vi-delete-to\n"d": vi-delete-to\n"v": vi-edit-and-execute-command\n"E": vi-end-word\n"e": vi-end-word\n"\\C-d": vi-eof-maybe\n"G": vi-fetch-history\n"^": vi-first-print\n"`": vi-goto-mark\n"I": vi-insert-beg\n"i": vi-insertion-mode\n"%": vi-match\n"W": vi-next-word\n"w": vi-next-word\n"B": vi-prev-word\n"b": vi-prev-word\n"P": vi-put\n"p": vi-put\n".": vi-redo\n"R": vi-replace\n"X": vi-rubout\n"/": vi-search\n"?": vi-search\n"N": vi-search-again\n"n": vi-search-again\n"m": vi-set-mark\n"S": vi-subst\n"s": vi-subst\n"&": vi-tilde-expand\n"\\C-_": vi-undo\n"u": vi-undo\n"\\C-w": vi-unix-word-rubout\n"_": vi-yank-arg\n"Y": vi-yank-to\n"y": vi-yank-to\n"\\C-y": yank\n',
    'bash: line 1: bind: warning: line editing not enabled\n',
  ],
  [
    'bind -m vi-insert -p | while IFS= read -r x; do [[ $x == \\"* && $x != *self-insert ]] && echo "$x"; done',
    '"\\C-j": accept-line\n"\\C-m": accept-line\n"\\eOD": backward-char\n"\\e[D": backward-char\n"\\C-h": backward-delete-char\n"\\C-?": backward-delete-char\n"\\e[1;3D": backward-word\n"\\e[1;5D": backward-word\n"\\eOH": beginning-of-line\n"\\e[H": beginning-of-line\n"\\e[200~": bracketed-paste-begin\n"\\C-i": complete\n"\\e[3~": delete-char\n"\\eOF": end-of-line\n"\\e[F": end-of-line\n"\\eOC": forward-char\n"\\e[C": forward-char\n"\\C-s": forward-search-history\n"\\e[1;3C": forward-word\n"\\e[1;5C": forward-word\n"\\e[5~": history-search-backward\n"\\e[6~": history-search-forward\n"\\e[3;5~": kill-word\n"\\C-n": menu-complete\n"\\C-p": menu-complete-backward\n"\\eOB": next-history\n"\\e[B": next-history\n"\\e[2~": overwrite-mode\n"\\eOA": previous-history\n"\\e[A": previous-history\n"\\C-v": quoted-insert\n"\\C-r": reverse-search-history\n"\\C-t": transpose-chars\n"\\C-u": unix-line-discard\n"\\C-d": vi-eof-maybe\n"\\e\\000": vi-movement-mode\n"\\C-_": vi-undo\n"\\C-w": vi-unix-word-rubout\n"\\C-y": yank\n',
    'bash: line 1: bind: warning: line editing not enabled\n',
  ],
  [
    'bind -p | while IFS= read -r x; do [[ $x == \\"* && $x != *self-insert && $x != *lowercase* && $x != *\'\\e\\e\'* ]] && echo "$x"; done',
    '"\\C-g": abort\n"\\C-x\\C-g": abort\n"\\e\\C-g": abort\n"\\C-j": accept-line\n"\\C-m": accept-line\n"\\C-b": backward-char\n"\\eOD": backward-char\n"\\e[D": backward-char\n"\\C-h": backward-delete-char\n"\\C-?": backward-delete-char\n"\\C-x\\C-?": backward-kill-line\n"\\e\\C-h": backward-kill-word\n"\\e\\C-?": backward-kill-word\n"\\e[1;3D": backward-word\n"\\e[1;5D": backward-word\n"\\e[5D": backward-word\n"\\eb": backward-word\n"\\e<": beginning-of-history\n"\\C-a": beginning-of-line\n"\\eOH": beginning-of-line\n"\\e[1~": beginning-of-line\n"\\e[H": beginning-of-line\n"\\e[200~": bracketed-paste-begin\n"\\C-xe": call-last-kbd-macro\n"\\ec": capitalize-word\n"\\C-]": character-search\n"\\e\\C-]": character-search-backward\n"\\e\\C-l": clear-display\n"\\C-l": clear-screen\n"\\C-i": complete\n"\\e!": complete-command\n"\\e/": complete-filename\n"\\e@": complete-hostname\n"\\e{": complete-into-braces\n"\\e~": complete-username\n"\\e$": complete-variable\n"\\C-d": delete-char\n"\\e[3~": delete-char\n"\\e\\\\": delete-horizontal-space\n"\\e-": digit-argument\n"\\e0": digit-argument\n"\\e1": digit-argument\n"\\e2": digit-argument\n"\\e3": digit-argument\n"\\e4": digit-argument\n"\\e5": digit-argument\n"\\e6": digit-argument\n"\\e7": digit-argument\n"\\e8": digit-argument\n"\\e9": digit-argument\n"\\C-x\\C-v": display-shell-version\n"\\el": downcase-word\n"\\e\\C-i": dynamic-complete-history\n"\\C-x\\C-e": edit-and-execute-command\n"\\C-x)": end-kbd-macro\n"\\e>": end-of-history\n"\\C-e": end-of-line\n"\\eOF": end-of-line\n"\\e[4~": end-of-line\n"\\e[F": end-of-line\n"\\C-x\\C-x": exchange-point-and-mark\n"\\C-f": forward-char\n"\\eOC": forward-char\n"\\e[C": forward-char\n"\\C-s": forward-search-history\n"\\e[1;3C": forward-word\n"\\e[1;5C": forward-word\n"\\e[5C": forward-word\n"\\ef": forward-word\n"\\eg": glob-complete-word\n"\\C-x*": glob-expand-word\n"\\C-xg": glob-list-expansions\n"\\e^": history-expand-line\n"\\e[5~": history-search-backward\n"\\e[6~": history-search-forward\n"\\e#": insert-comment\n"\\e*": insert-completions\n"\\e.": insert-last-argument\n"\\e_": insert-last-argument\n"\\C-k": kill-line\n"\\e[3;5~": kill-word\n"\\ed": kill-word\n"\\C-n": next-history\n"\\eOB": next-history\n"\\e[B": next-history\n"\\en": non-incremental-forward-search-history\n"\\ep": non-incremental-reverse-search-history\n"\\C-o": operate-and-get-next\n"\\C-x!": possible-command-completions\n"\\e=": possible-completions\n"\\e?": possible-completions\n"\\C-x/": possible-filename-completions\n"\\C-x@": possible-hostname-completions\n"\\C-x~": possible-username-completions\n"\\C-x$": possible-variable-completions\n"\\C-p": previous-history\n"\\eOA": previous-history\n"\\e[A": previous-history\n"\\C-q": quoted-insert\n"\\C-v": quoted-insert\n"\\e[2~": quoted-insert\n"\\C-x\\C-r": re-read-init-file\n"\\C-r": reverse-search-history\n"\\e\\C-r": revert-line\n"\\er": revert-line\n"\\C-@": set-mark\n"\\e ": set-mark\n"\\e\\C-b": shell-backward-word\n"\\e\\C-e": shell-expand-line\n"\\e\\C-f": shell-forward-word\n"\\e\\C-d": shell-kill-word\n"\\e\\C-t": shell-transpose-words\n"\\C-xs": spell-correct-word\n"\\C-x(": start-kbd-macro\n"\\e&": tilde-expand\n"\\C-t": transpose-chars\n"\\et": transpose-words\n"\\C-x\\C-u": undo\n"\\C-_": undo\n"\\C-u": unix-line-discard\n"\\C-w": unix-word-rubout\n"\\eu": upcase-word\n"\\C-y": yank\n"\\e.": yank-last-arg\n"\\e_": yank-last-arg\n"\\e\\C-y": yank-nth-arg\n"\\ey": yank-pop\n',
    'bash: line 1: bind: warning: line editing not enabled\n',
  ],
];
