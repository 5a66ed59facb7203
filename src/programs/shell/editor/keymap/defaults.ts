import { Keymap, type Binding } from './keymap';
import { typedKeys } from './notation';

export type MapName = 'emacs' | 'vi-command' | 'vi-insert';

/** Names of maps as `set keymap` and `bind -m` take them: a map, or what in it follows a prefix. */
export const mapNames: Readonly<Record<string, { readonly map: MapName; readonly prefix: string }>> = {
  emacs: { map: 'emacs', prefix: '' },
  'emacs-standard': { map: 'emacs', prefix: '' },
  'emacs-meta': { map: 'emacs', prefix: '\x1b' },
  'emacs-ctlx': { map: 'emacs', prefix: '\x18' },
  vi: { map: 'vi-command', prefix: '' },
  'vi-move': { map: 'vi-command', prefix: '' },
  'vi-command': { map: 'vi-command', prefix: '' },
  'vi-insert': { map: 'vi-insert', prefix: '' },
};

/** Keys that all modes know: arrows and the like as xterm sends them. */
const terminal = `
previous-history \\e[A \\eOA
next-history \\e[B \\eOB
forward-char \\e[C \\eOC
backward-char \\e[D \\eOD
beginning-of-line \\e[H \\eOH
end-of-line \\e[F \\eOF
delete-char \\e[3~
forward-word \\e[1;5C \\e[1;3C
backward-word \\e[1;5D \\e[1;3D
kill-word \\e[3;5~
history-search-backward \\e[5~
history-search-forward \\e[6~
`;

/** Source: readline's emacs_keymap.c, bash's own functions, and what Debian's /etc/inputrc adds. */
const emacs = `${terminal}
abort \\C-g \\C-x\\C-g \\e\\C-g
accept-line \\C-j \\C-m
backward-char \\C-b
backward-delete-char \\C-h \\C-?
backward-kill-line \\C-x\\C-?
backward-kill-word \\e\\C-h \\e\\C-?
backward-word \\e\\e[D \\e[5D \\eb
beginning-of-history \\e<
beginning-of-line \\C-a \\e[1~
bracketed-paste-begin \\e[200~
call-last-kbd-macro \\C-xe
capitalize-word \\ec
character-search \\C-]
character-search-backward \\e\\C-]
clear-display \\e\\C-l
clear-screen \\C-l
complete \\C-i
complete-command \\e!
complete-filename \\e/
complete-hostname \\e@
complete-into-braces \\e{
complete-username \\e~
complete-variable \\e$
delete-char \\C-d
delete-horizontal-space \\e\\\\
digit-argument \\e- \\e0 \\e1 \\e2 \\e3 \\e4 \\e5 \\e6 \\e7 \\e8 \\e9
display-shell-version \\C-x\\C-v
downcase-word \\el
dynamic-complete-history \\e\\C-i
edit-and-execute-command \\C-x\\C-e
end-kbd-macro \\C-x)
end-of-history \\e>
end-of-line \\C-e \\e[4~
exchange-point-and-mark \\C-x\\C-x
forward-char \\C-f
forward-search-history \\C-s
forward-word \\e\\e[C \\e[5C \\ef
glob-complete-word \\eg
glob-expand-word \\C-x*
glob-list-expansions \\C-xg
history-expand-line \\e^
insert-comment \\e#
insert-completions \\e*
insert-last-argument \\e. \\e_
kill-line \\C-k
kill-word \\ed
next-history \\C-n
non-incremental-forward-search-history \\en
non-incremental-reverse-search-history \\ep
operate-and-get-next \\C-o
possible-command-completions \\C-x!
possible-completions \\e= \\e?
possible-filename-completions \\C-x/
possible-hostname-completions \\C-x@
possible-username-completions \\C-x~
possible-variable-completions \\C-x$
previous-history \\C-p
quoted-insert \\C-q \\C-v \\e[2~
re-read-init-file \\C-x\\C-r
reverse-search-history \\C-r
revert-line \\e\\C-r \\er
set-mark \\C-@ \\e\\x20
shell-backward-word \\e\\C-b
shell-expand-line \\e\\C-e
shell-forward-word \\e\\C-f
shell-kill-word \\e\\C-d
shell-transpose-words \\e\\C-t
spell-correct-word \\C-xs
start-kbd-macro \\C-x(
tilde-expand \\e&
transpose-chars \\C-t
transpose-words \\et
undo \\C-_ \\C-x\\C-u
unix-line-discard \\C-u
unix-word-rubout \\C-w
upcase-word \\eu
yank \\C-y
yank-nth-arg \\e\\C-y
yank-pop \\ey
`;

const viInsert = `${terminal}
accept-line \\C-j \\C-m
backward-delete-char \\C-h \\C-?
bracketed-paste-begin \\e[200~
complete \\C-i
forward-search-history \\C-s
menu-complete \\C-n
menu-complete-backward \\C-p
overwrite-mode \\e[2~
quoted-insert \\C-v
reverse-search-history \\C-r
transpose-chars \\C-t
unix-line-discard \\C-u
vi-eof-maybe \\C-d
vi-movement-mode \\e
vi-undo \\C-_
vi-unix-word-rubout \\C-w
yank \\C-y
`;

const viCommand = `${terminal}
abort \\C-g
accept-line \\C-j \\C-m
backward-char \\C-h h
beginning-of-line 0
clear-screen \\C-l
end-of-line $
forward-char \\x20 l
forward-search-history \\C-s
insert-comment #
kill-line \\C-k
next-history \\C-n + j
overwrite-mode \\e[2~
previous-history \\C-p - k
quoted-insert \\C-q \\C-v
reverse-search-history \\C-r
revert-line U
transpose-chars \\C-t
unix-line-discard \\C-u
vi-append-eol A
vi-append-mode a
vi-arg-digit 1 2 3 4 5 6 7 8 9
vi-change-case ~
vi-change-char r
vi-change-to C c
vi-char-search , ; F T f t
vi-column |
vi-complete * = \\\\
vi-delete x
vi-delete-to D d
vi-edit-and-execute-command v
vi-end-word E e
vi-eof-maybe \\C-d
vi-fetch-history G
vi-first-print ^
vi-goto-mark \`
vi-insert-beg I
vi-insertion-mode i
vi-match %
vi-next-word W w
vi-prev-word B b
vi-put P p
vi-redo .
vi-replace R
vi-rubout X
vi-search / ?
vi-search-again N n
vi-set-mark m
vi-subst S s
vi-tilde-expand &
vi-undo \\C-_ u
vi-unix-word-rubout \\C-w
vi-yank-arg _
vi-yank-to Y y
yank \\C-y
`;

const tables: Readonly<Record<MapName, string>> = { emacs, 'vi-insert': viInsert, 'vi-command': viCommand };

/** A fresh map with what readline binds by default. */
export const defaultMap = (name: MapName): Keymap => new Keymap(name, read(tables[name]));

function* read(table: string): Iterable<readonly [string, Binding]> {
  for (const line of table.split('\n')) {
    const [name = '', ...keys] = line.split(' ');
    for (const each of keys) yield [typedKeys(each), { kind: 'function', name }];
  }
}
