import type { Recorded } from './types';

/** Ours to write, the real shell's to answer. */
export const builtins: readonly Recorded[] = [
  [
    "printf '%s-%s\\n' a b c; printf '%5s|%-5s|%05d|%+d|%x|%X|%o|%#x|%e|%.2f|%c|%%\\n' ab cd 42 7 255 255 8 255 12345.678 3.14159 hello",
    'a-b\nc-\n   ab|cd   |00042|+7|ff|FF|10|0xff|1.234568e+04|3.14|h|%\n',
  ],
  [
    "printf '%q\\n' \"a b\" \"it's\" '$x' '' 'a\"b' $'tab\\t' 'plain' '*' '~' 'a=b' '{a,b}' 'é'",
    "a\\ b\nit\\'s\n\\$x\n''\na\\\"b\n$'tab\\t'\nplain\n\\*\n\\~\na=b\n\\{a\\,b\\}\né\n",
  ],
  [
    "printf -v x '%03d' 7; echo $x; printf -v a[2] z; echo ${a[2]}; printf '%b\\n' 'a\\tb\\n' 'x\\0101'; printf '%s\\n'; printf '%d %s\\n' 1 a 2",
    '007\nz\na\tb\n\nxA\n\n1 a\n2 \n',
  ],
  [
    "printf '%(%Y-%m-%d)T\\n' 0; printf '%(%H:%M:%S)T\\n' 3661; TZ=UTC printf '%(%a %b %d)T\\n' 86400",
    '1970-01-01\n01:01:01\nFri Jan 02\n',
  ],
  [
    "printf '%*d|%-*d|%.*f\\n' 5 42 5 42 2 3.14159; printf '%i %u\\n' -5 5; printf \"%d\\n\" \"'A\" '\"B'; printf '%s %s\\n' \"$@\"",
    '   42|42   |3.14\n-5 5\n65\n66\n \n',
  ],
  [
    "printf 'a\\nb\\tc\\\\d\\x41\\u00e9\\101\\n'; printf '%s' no newline; printf '\\n'; printf -- '-x\\n'; printf '%s\\n' -- -a",
    'a\nb\tc\\dAéA\nnonewline\n-x\n--\n-a\n',
  ],
  [
    "echo -e 'a\\nb\\tc\\x41\\0101\\\\'; echo -n a; echo b; echo -E 'a\\nb'; echo -ne 'x\\n'; echo -nE 'y\\n'; echo; echo -- -n; echo -x; echo -en; echo - a",
    'a\nb\tcAA\\\nab\na\\nb\nx\ny\\n\n-- -n\n-x\n- a\n',
  ],
  [
    "shopt -s xpg_echo; echo 'a\\tb'; shopt -u xpg_echo; echo 'a\\tb'; echo \"a\\\\tb\" 'c\\\\d'; echo -e 'stop\\chere'; echo -e '\\e[0m' | cat -v",
    'a\tb\na\\tb\na\\tb c\\\\d\nstop^[[0m\n',
  ],
  [
    'echo abc | { read x; echo $x; }; echo \'a b c\' | (read x y; echo "$x|$y"); echo \'  lead \' | { read x; echo "[$x]"; }; echo \'  lead \' | { IFS= read x; echo "[$x]"; }',
    'abc\na|b c\n[lead]\n[  lead ]\n',
  ],
  [
    'printf \'a:b:c\\n\' | { IFS=: read x y; echo "$x $y"; }; printf \'a\\\\\\nb\\n\' | { read x; echo "$x"; }; printf \'a\\\\\\nb\\n\' | { read -r x; echo "$x"; }; printf \'no newline\' | { read x; echo "$? $x"; }',
    'a b:c\nab\na\\\n1 no newline\n',
  ],
  [
    "printf 'abcdef' | { read -n 3 x; echo $x; read -N 2 y; echo $y; read z; echo $? $z; }; printf 'a;b;c' | { read -d ';' x; echo $x; read -d '' y; echo \"$? $y\"; }",
    'abc\nde\n1 f\na\n1 b;c\n',
  ],
  [
    "read -t 0.05 x < <(sleep 1); echo $?; echo x | { read -t 1 y; echo $? $y; }; read -p 'prompt: ' v <<< val; echo $v; read <<< 'to reply '; echo \"[$REPLY]\"",
    '142\n0 x\nval\n[to reply ]\n',
  ],
  [
    "read -a arr <<< 'x y z'; echo ${arr[1]}; read -ra b -d , <<< 'p q,r'; echo ${b[1]}; IFS=/ read -a c <<< /usr/local/bin; echo \"${#c[@]} [${c[0]}] ${c[2]}\"",
    'y\nq\n4 [] local\n',
  ],
  [
    "read x y z <<< 'a b'; echo \"[$x][$y][$z]\"; IFS=, read x y <<< 'a,b,c,,'; echo \"[$x][$y]\"; IFS=, read x y <<< ',a,'; echo \"[$x][$y]\"; IFS=' ,' read x y z <<< ' a , b  c '; echo \"[$x][$y][$z]\"",
    '[a][b][]\n[a][b,c,,]\n[][a]\n[a][b][c]\n',
  ],
  [
    "while IFS= read -r line || [[ -n $line ]]; do echo \"<$line>\"; done < <(printf '  a \\n\\nb\\\\n\\nlast'); while IFS='=' read -r k v; do echo \"$k -> $v\"; done <<< $'a=1\\nb=2=3'",
    '<  a >\n<>\n<b\\n>\n<last>\na -> 1\nb -> 2=3\n',
  ],
  [
    'set -- -a -b val -c x; while getopts ab:c o; do echo "$o ${OPTARG-none} $OPTIND"; done; shift $((OPTIND-1)); echo "$@"',
    'a none 2\nb val 4\nc none 5\nx\n',
  ],
  [
    'set -- -abc -dval -- -e; while getopts abcd:e o; do echo "$o:$OPTARG"; done; echo $OPTIND; f() { local OPTIND=1 o; while getopts x:y o "$@"; do echo "f $o $OPTARG"; done; }; f -x 1 -y; f -y -x2',
    'a:\nb:\nc:\nd:val\n4\nf x 1\nf y \nf y \nf x 2\n',
  ],
  [
    "while getopts ':a:b' o -z -a; do case $o in '?') echo \"bad $OPTARG\";; ':') echo \"missing $OPTARG\";; esac; done; OPTIND=1; while getopts 'a:b' o -z -a; do echo \"$o\"; done; OPTERR=0; OPTIND=1; getopts a o -q; echo $o",
    'bad z\nmissing a\n?\n?\n?\n',
    'bash: illegal option -- z\nbash: option requires an argument -- a\n',
  ],
  [
    'declare -i x=5; declare -p x; declare +i x; x=abc; echo $x; declare -r ro=1; declare -p ro; declare -x ex=2; declare -p ex; declare -l lo=ABC; declare -u up=abc; echo $lo $up; declare -p lo up',
    'declare -i x="5"\nabc\ndeclare -r ro="1"\ndeclare -x ex="2"\nabc ABC\ndeclare -l lo="abc"\ndeclare -u up="ABC"\n',
  ],
  [
    'f() { declare a=1; declare -g b=2; local c=3; typeset d=4; echo $a $b $c $d; }; f; echo "[$a][$b][$c][$d]"; declare -f f; declare -F',
    '1 2 3 4\n[][2][][]\nf () \n{ \n    declare a=1;\n    declare -g b=2;\n    local c=3;\n    typeset d=4;\n    echo $a $b $c $d\n}\ndeclare -f f\n',
  ],
  [
    'f() { local x=1; g; }; g() { echo "g sees $x"; x=2; local x=3; echo $x; }; x=0; f; echo $x; h() { local x=5 y=$x; echo $y; }; x=9; h',
    'g sees 1\n3\n0\n9\n',
  ],
  [
    "export A=1; env | grep ^A=; export -n A; env | grep -c ^A=; B=2; export B; bash -c 'echo $B'; C=3 bash -c 'echo $C'; echo \"[$C]\"; export -p | grep ' B='; unset B; bash -c 'echo \"[$B]\"'",
    'A=1\n0\n2\n3\n[]\ndeclare -x B="2"\n[]\n',
  ],
  [
    "f() { echo exported $1; }; export -f f; bash -c 'f arg'; export -nf f; bash -c 'f arg' 2>&1; declare -fx f; bash -c 'type -t f'",
    'exported arg\nbash: line 1: f: command not found\nfunction\n',
  ],
  [
    'type echo if f2 ls 2>/dev/null | head -3; f2() { :; }; type f2; type -t echo if f2 cat nothere; type -p cat; type -a echo | head -1; type -P echo; alias zz=ls; shopt -s expand_aliases; type zz; type -t zz',
    "echo is a shell builtin\nif is a shell keyword\nls is /usr/bin/ls\nf2 is a function\nf2 () \n{ \n    :\n}\nbuiltin\nkeyword\nfunction\nfile\n/usr/bin/cat\necho is a shell builtin\n/usr/bin/echo\nzz is aliased to `ls'\nalias\n",
  ],
  [
    'command -v echo cat f3; f3() { :; }; command -v f3 if; command -V echo; command -V f3; command echo hi; echo() { builtin echo "mine $*"; }; echo a; command echo b; unset -f echo',
    'echo\n/usr/bin/cat\nf3\nif\necho is a shell builtin\nf3 is a function\nf3 () \n{ \n    :\n}\nhi\nmine a\nb\n',
  ],
  [
    "alias ll='echo list' la='echo all'; shopt -s expand_aliases\nll a; la b; alias ll; alias; unalias ll; ll 2>/dev/null; echo $?; alias sp='echo ' x=y; sp x; alias rec='rec2' rec2='echo deep'; rec; \\la; 'la' 2>/dev/null; echo $?",
    "list a\nall b\nalias ll='echo list'\nalias la='echo all'\nalias ll='echo list'\nlist\n0\n127\n",
    'bash: line 2: sp: command not found\nbash: line 2: rec: command not found\nbash: line 2: la: command not found\n',
  ],
  [
    "shopt -s expand_aliases\nalias q='echo \"'\nq hi\"; alias e=echo\ne one; f() { e two; }; f; alias e='echo changed'; f\ne three",
    ' hi\none\ntwo\ntwo\nchanged three\n',
  ],
  [
    "eval 'echo a; echo b'; eval echo '$HOME'; x='y=5'; eval $x; echo $y; eval \"f() { echo in f; }\"; f; eval eval echo deep; eval 'for i in 1 2; do echo $i; done' | cat; eval \"echo 'q  q'\"; eval echo 'q  q'",
    'a\nb\n/root\n5\nin f\ndeep\n1\n2\nq  q\nq q\n',
  ],
  [
    "echo 'echo sourced $1 $#; x=set; return 3; echo no' > s; . ./s arg; echo $? $x; source ./s; echo $?; set -- p q; . ./s; echo $1; . ./s z; echo $1",
    'sourced arg 1\n3 set\nsourced 0\n3\nsourced p 2\np\nsourced z 1\np\n',
  ],
  [
    "trap 'echo exit $?' EXIT; (trap 'echo subexit' EXIT); trap; false",
    "subexit\ntrap -- 'echo exit $?' EXIT\nexit 1\n",
    '',
    1,
  ],
  [
    "trap 'echo term' TERM; kill -TERM $$; echo after; trap - TERM; trap '' INT; kill -INT $$; echo still; trap -p INT; trap 'echo usr1' USR1; kill -USR1 $$; kill -s USR1 $$; kill -10 $$; trap -p",
    "term\nafter\nstill\ntrap -- '' SIGINT\nusr1\nusr1\nusr1\ntrap -- '' SIGINT\ntrap -- 'echo usr1' SIGUSR1\n",
  ],
  [
    "trap 'echo ERR $LINENO $?' ERR; false; true; false || true; if false; then :; fi; ! true; (exit 3); f() { false; }; f; x=$(false); echo end",
    'ERR 1 1\nERR 1 3\nERR 1 1\nERR 1 1\nend\n',
  ],
  [
    "set -E; trap 'echo err' ERR; f() { false; echo f; }; f; (false); x=$(false; echo s); echo $x; set +E; f",
    'err\nf\nerr\nerr\nerr s\nf\n',
  ],
  [
    "trap 'echo dbg: $BASH_COMMAND' DEBUG; x=1; echo $x; for i in a b; do :; done; f() { echo in; }; f; trap - DEBUG; echo done",
    'dbg: x=1\ndbg: echo $x\n1\ndbg: for i in a b\ndbg: :\ndbg: for i in a b\ndbg: :\ndbg: f\nin\ndbg: trap - DEBUG\ndone\n',
  ],
  [
    "f() { trap 'echo ret' RETURN; echo body; }; f; g() { echo g; }; g; trap - RETURN; set -T; trap 'echo R $FUNCNAME' RETURN; g; f2() { g; }; f2",
    'body\nret\ng\ng\nR g\ng\nR g\nR f2\n',
  ],
  ["trap 'echo cleanup; exit 7' EXIT; exit 3", 'cleanup\n', '', 7],
  ["trap 'echo one' EXIT; trap 'echo two' EXIT; f() { exit 4; }; f; echo no", 'two\n', '', 4],
  [
    "bash -c 'trap \"echo int; exit 9\" INT; kill -INT $$; echo no'; echo $?; bash -c 'kill -TERM $$; echo no'; echo $?; { bash -c 'kill -KILL $$'; echo $?; (kill -HUP $BASHPID); echo $?; } 2>/dev/null",
    'int\n9\n143\n137\n129\n',
    'Terminated\n',
  ],
  ['set -e; false; echo no', '', '', 1],
  [
    'set -e; if false; then :; fi; false || true; ! true; false && true; while false; do :; done; x=$(true); echo ok; (false); echo no',
    'ok\n',
    '',
    1,
  ],
  [
    'set -e; f() { false; echo f-continues; }; f || echo caught; f && echo; if f; then echo then; fi; ! f; echo before; f; echo no',
    'f-continues\nf-continues\n\nf-continues\nthen\nf-continues\nbefore\n',
    '',
    1,
  ],
  ['set -e; x=$(false); echo no', '', '', 1],
  [
    'set -e; local_() { local x=$(false); echo local hides; }; local_; echo $(false) shown; export y=$(false); echo exp; z=$(false) true; echo pre',
    'local hides\nshown\nexp\npre\n',
  ],
  [
    'set -eu; echo ${x:-d}; (echo $u) 2>&1 || echo sub failed; echo $u; echo no',
    'd\nbash: line 1: u: unbound variable\nsub failed\n',
    'bash: line 1: u: unbound variable\n',
    1,
  ],
  [
    'set -o pipefail; false | true; echo $?; true | false | true; echo $? ${PIPESTATUS[@]}; (exit 3) | (exit 4) | true; echo $?; set +o pipefail; false | true; echo $?',
    '1\n1 0 1 0\n4\n0\n',
  ],
  ['set -euo pipefail; echo start; true | false | cat; echo no', 'start\n', '', 1],
  [
    'true | false | (exit 5); echo "${PIPESTATUS[@]}"; echo "${PIPESTATUS[@]}"; false; echo ${PIPESTATUS[0]}; (exit 7); echo ${PIPESTATUS[*]}; x=$(exit 3); echo ${PIPESTATUS[@]}; ! false; echo ${PIPESTATUS[@]} $?',
    '0 1 5\n0\n1\n7\n3\n1 0\n',
  ],
  ['set -f; echo *; set +f; set -n; echo no', '*\n'],
  [
    'set -v; echo a\necho b\nfor i in 1 2; do\n  echo $i\ndone',
    'a\nb\n1\n2\n',
    'echo b\nfor i in 1 2; do\n  echo $i\ndone\n',
  ],
  [
    'set -x; echo a b; x=1; y="a b"; echo "$y" \'c d\' "it\'s"; z=($x 2); [ $x = 1 ]; [[ $y == a* ]]; ((x++)); f() { echo $1; }; f q; : ${u:=def}',
    "a b\na b c d it's\nq\n",
    "+ echo a b\n+ x=1\n+ y='a b'\n+ echo 'a b' 'c d' 'it'\\''s'\n+ z=($x 2)\n+ '[' 1 = 1 ']'\n+ [[ a b == a* ]]\n+ (( x++ ))\n+ f q\n+ echo q\n+ : def\n",
  ],
  [
    'set -x; for i in 1 2; do echo $i; done; case $x in a) ;; *) echo other;; esac; if true; then echo t; fi; while false; do :; done; (echo sub); echo $(echo cs); { echo g; }',
    '1\n2\nother\nt\nsub\ncs\ng\n',
    '+ for i in 1 2\n+ echo 1\n+ for i in 1 2\n+ echo 2\n+ case $x in\n+ echo other\n+ true\n+ echo t\n+ false\n+ echo sub\n++ echo cs\n+ echo cs\n+ echo g\n',
  ],
  [
    "PS4='> $LINENO: '; set -x; echo a\necho b; f() { echo in; }; f; set +x; echo c",
    'a\nb\nin\nc\n',
    '> 1: echo a\n> 2: echo b\n> 2: f\n> 2: echo in\n> 2: set +x\n',
  ],
  [
    "PS4='+${FUNCNAME[0]:-main}+ '; set -x; f() { echo in f; g; }; g() { :; }; f; x=$(echo y)",
    'in f\n',
    '+main+ f\n+f+ echo in f\n+f+ g\n+g+ :\n++main+ echo y\n+main+ x=y\n',
  ],
  [
    'BASH_XTRACEFD=1; set -x; echo to stdout; x=1; exec 5>f; BASH_XTRACEFD=5; echo y; set +x; cat f',
    '+ echo to stdout\nto stdout\n+ x=1\n+ exec\n+ BASH_XTRACEFD=5\ny\n+ echo y\n+ set +x\n',
  ],
  [
    'set -- a b c; echo $# $1; set --; echo $#; set -- -x y; echo $1; set - p q; echo $1; set x y z; echo $@; shift; echo $@; shift 2; echo "[$@]"',
    '3 a\n0\n-x\np\nx y z\ny z\n[]\n',
  ],
  [
    'set -o | head -5; set -o | wc -l; set +o | head -3; echo $-; set -o errexit; echo $-; set +e; set -a; v=1; env | grep ^v=; set +a; w=2; env | grep -c ^w=',
    'allexport      \toff\nbraceexpand    \ton\nemacs          \toff\nerrexit        \toff\nerrtrace       \toff\n27\nset +o allexport\nset -o braceexpand\nset +o emacs\nhBc\nehBc\nv=1\n0\n',
    '',
    1,
  ],
  [
    'shopt | wc -l; shopt -s nullglob; shopt nullglob; shopt -q nullglob; echo $?; shopt -u nullglob; shopt -q nullglob; echo $?; shopt -p extglob dotglob; shopt -so pipefail; shopt -o pipefail; shopt -s | head -3',
    '57\nnullglob       \ton\n0\n1\nshopt -u extglob\nshopt -u dotglob\npipefail       \ton\ncheckwinsize   \ton\ncmdhist        \ton\ncomplete_fullquote\ton\n',
  ],
  [
    'sleep 0.1 & echo $! | grep -c .; wait; echo $?; (exit 5) & wait $!; echo $?; sleep 0.05 & p=$!; wait $p; echo $?; false & wait %1; echo $?; { exit 3; } & wait -n; echo $?',
    '1\n0\n5\n0\n1\n3\n',
  ],
  [
    'sleep 0.2 & sleep 0.1 & jobs; wait; sleep 0.1 & jobs -p | wc -l; jobs -r | wc -l; kill %1; wait %1; echo $?',
    '[1]-  Running                 sleep 0.2 &\n[2]+  Running                 sleep 0.1 &\n1\n1\n143\n',
  ],
  [
    'sleep 5 & p=$!; kill $p; wait $p; echo $?; sleep 5 & kill -9 $!; wait $! 2>/dev/null; echo $?; kill -0 $$; echo $?; kill -0 $p 2>/dev/null; echo $?',
    '143\n137\n0\n1\n',
  ],
  [
    'kill -l | head -2; kill -l 1; kill -l TERM; kill -l 130; kill -L | wc -l; trap -l | head -1; kill -s 0 $$; kill -n 0 $$; echo $?',
    ' 1) SIGHUP\t 2) SIGINT\t 3) SIGQUIT\t 4) SIGILL\t 5) SIGTRAP\n 6) SIGABRT\t 7) SIGBUS\t 8) SIGFPE\t 9) SIGKILL\t10) SIGUSR1\nHUP\n15\nINT\n13\n 1) SIGHUP\t 2) SIGINT\t 3) SIGQUIT\t 4) SIGILL\t 5) SIGTRAP\n0\n',
  ],
  [
    'disown 2>&1; sleep 0.1 & disown; jobs; wait; sleep 0.1 & disown -h %1; jobs | wc -l; disown -a; jobs | wc -l',
    'bash: line 1: disown: current: no such job\n1\n0\n',
  ],
  [
    'umask; umask 077; umask; umask -S; umask u=rwx,g=rx,o=; umask; umask -p; touch f; stat -c %a f; umask g+w; umask; umask 022; umask -S; umask a=r; umask; umask o-r; umask',
    '0022\n0077\nu=rwx,g=,o=\n0027\numask 0027\n640\n0007\nu=rwx,g=rx,o=rx\n0333\n0337\n',
  ],
  [
    'pushd /tmp >/dev/null; pushd / ; dirs; dirs -v; popd; dirs -p; dirs -c; dirs; mkdir -p a/b; cd a; pushd b > /dev/null; dirs -l; cd -; pwd',
    '/ /tmp /tmp\n/ /tmp /tmp\n 0  /\n 1  /tmp\n 2  /tmp\n/tmp /tmp\n/tmp\n/tmp\n/tmp\n/tmp/a/b /tmp/a\n/tmp/a\n/tmp/a\n',
  ],
  [
    'mkdir -p d/e; cd d/e; pwd; cd ..; pwd; cd -; cd ../..; pwd; ln -s d/e l; cd l; pwd; pwd -P; cd -P .; pwd; cd ../..; cd -L l; cd ..; pwd; CDPATH=/tmp/d; cd e; pwd',
    '/tmp/d/e\n/tmp/d\n/tmp/d/e\n/tmp\n/tmp/l\n/tmp/d/e\n/tmp/d/e\n/tmp\n/tmp/d/e\n/tmp/d/e\n',
  ],
  [
    "cd; pwd; cd /; echo $PWD $OLDPWD; cd ''; pwd; cd /tmp; cd ./; cd ././/; pwd; cd /usr/../tmp; pwd; cd nope 2>/dev/null || echo failed",
    '/root\n/ /root\n/\n/tmp\n/tmp\nfailed\n',
  ],
  [
    'hash; hash cat; hash; hash -r; hash; cat /dev/null; hash -t cat; hash -d cat; hash -t cat; echo $?; hash -p /bin/echo myecho; myecho hi; hash -l',
    'hash: hash table empty\nhits\tcommand\n   0\t/usr/bin/cat\nhash: hash table empty\n/usr/bin/cat\n1\nhi\nbuiltin hash -p /bin/echo myecho\n',
    'bash: line 1: hash: cat: not found\n',
  ],
  [
    'let x=5; let x++ y=x; echo $x $y; times | wc -l; enable -n true; type -t true; enable true; type -t true; enable | head -2',
    '6 6\n2\nfile\nbuiltin\nenable .\nenable :\n',
  ],
  ['caller; f() { caller 0; g; }; g() { caller 0; caller 1; caller 2; echo $?; }; f', '1 f environment\n1\n'],
  [
    'echo \'f() { caller 0; echo ${FUNCNAME[@]} ${BASH_SOURCE[@]} ${BASH_LINENO[@]}; g; }\ng() {\n  caller 0; caller 1\n  echo "${FUNCNAME[0]} ${FUNCNAME[1]} $LINENO"\n}\nf\' > s; bash s; . ./s',
    '6 main s\nf main s s 6 0\n1 f s\n6 main s\ng f 4\n6 source ./s\nf source ./s ./s 6 6\n1 f ./s\n6 source ./s\ng f 4\n',
  ],
  [
    'f() { echo $FUNCNAME ${#FUNCNAME[@]} ${BASH_LINENO[0]}; }; f\n f; g() { f; }\ng; echo "[$FUNCNAME]" "${FUNCNAME[0]-none}"',
    'f 1 1\nf 1 2\nf 2 2\n[] none\n',
  ],
  [
    'SECONDS=5; echo $SECONDS; sleep 1.1; echo $SECONDS; echo $((SECONDS>5)); RANDOM=42; a=$RANDOM; RANDOM=42; [ $a = $RANDOM ] && echo same; [[ $EPOCHSECONDS -gt 0 && $EPOCHREALTIME == *.* ]] && echo epoch; echo $BASH_SUBSHELL; (echo $BASH_SUBSHELL; (echo $BASH_SUBSHELL))',
    '5\n6\n1\nsame\nepoch\n0\n1\n2\n',
  ],
  [
    "echo ${BASH_VERSINFO[0]} $BASH $0 $SHLVL $UID $EUID $PPID | cut -d' ' -f1,3; echo $OSTYPE $MACHTYPE $HOSTTYPE; echo $OPTIND $HOSTNAME | wc -w",
    '5 bash\nlinux-gnu x86_64-pc-linux-gnu x86_64\n2\n',
  ],
  [
    "{ time :; } 2>&1 | wc -l; TIMEFORMAT='%R'; { time :; } 2>&1; TIMEFORMAT='real %3R u %U'; { time sleep 0; } 2>&1 | cut -c1-8; { time -p true; } 2>&1 | cut -d' ' -f1",
    '4\n0.000\nreal 0.0\nreal\nuser\nsys\n',
  ],
  [
    'coproc cat; echo hello >&${COPROC[1]}; read x <&${COPROC[0]}; echo $x; kill $COPROC_PID; wait $COPROC_PID; echo $?; coproc N { read a; echo "got $a"; }; echo q >&${N[1]}; read b <&${N[0]}; echo $b',
    'hello\n143\ngot q\n',
  ],
  [
    'select x in one two; do echo "got $x $REPLY"; break; done <<< 2; PS3=\'pick> \'; select y in a b c; do [ -n "$y" ] && break; echo bad; done <<< $\'9\\n\\n1\'; echo $y',
    'got two 2\nbad\na\n',
    '1) one\n2) two\n#? 1) a\n2) b\n3) c\npick> pick> 1) a\n2) b\n3) c\npick> ',
  ],
  [
    'select x; do echo $x; done < /dev/null; set -- p q; select z; do echo $z; break; done <<< 1; select w in; do :; done; echo $?',
    'p\n0\n',
    '1) p\n2) q\n#? ',
  ],
  [
    'test -e /tmp && echo e; test -d /tmp -a -w /tmp && echo dw; touch f; [ -f f -a ! -s f ] && echo empty; ln -s f l; [ -L l ] && [ -h l ] && echo link; [ f -ef l ] && echo ef; [ -r f ] && [ ! -x f ] && echo r; mkfifo p; [ -p p ] && echo fifo; [ -c /dev/null ] && echo char; [ -S f ] || echo nosock',
    'e\ndw\nempty\nlink\nef\nr\nfifo\nchar\nnosock\n',
  ],
  [
    "touch -d '2020-01-01' old; touch -d '2021-01-01' new; [ new -nt old ] && echo nt; [ old -ot new ] && echo ot; [ new -nt nofile ] && echo nt2; [[ old -nt new ]] || echo no; [ -N new ] ; echo $?; [ -k /tmp ] && echo sticky; [ -u f ]; echo $?",
    'nt\not\nnt2\nno\n1\nsticky\n1\n',
  ],
  [
    "[ a \\< b ] && echo lt; [ b \\> a ] && echo gt; [ -n a -a -n b ] && echo and; [ -z a -o -n b ] && echo or; [ ! a ] || echo nota; [ '(' a ')' ] && echo paren; [ -t 0 ] || echo notty; [ 5 -ge 5 -a 3 -ne 4 ] && echo num; [ a == a ] && echo eqeq",
    'lt\ngt\nand\nor\nnota\nparen\nnotty\nnum\neqeq\n',
  ],
  [
    "exec 3< <(seq 3); while read -u 3 x; do echo $x; done; exec 3<&-; (exec echo replaced; echo no); (exec -a zero bash -c 'echo $0'); exec true; echo no",
    '1\n2\n3\nreplaced\nzero\n',
  ],
  [
    "set -o history; echo a >/dev/null; echo b >/dev/null; history; history -c; history; history -s 'x y'; history",
    '    1  x y\n',
  ],
  [
    'set -o history\necho one\necho two\nhistory\nfc -l 1 2\nfc -s one\nhistory -d 1\nhistory',
    'one\ntwo\n    1  echo one\n    2  echo two\n    3  history\n1\t echo one\n2\t echo two\n    1  echo two\n    2  history\n    3  fc -l 1 2\n    4  fc -s one\n    5  history -d 1\n    6  history\n',
    'bash: line 6: fc: no command found\n',
  ],
  [
    'ulimit -n 100; ulimit -n; ulimit -Sn 50; ulimit -n; ulimit -Hn; ulimit -c 0; ulimit -c; ulimit -f 5 -n 40; ulimit -f -n',
    '100\n50\n100\n0\nfile size                   (blocks, -f) 5\nopen files                          (-n) 40\n',
  ],
  [
    'ulimit -a | cut -c1-40; ulimit -S -c 5; ulimit -c; ulimit -H -c; ulimit -Sn -Hn 30 >/dev/null; ulimit -Sn; (ulimit -n 20; ulimit -n); ulimit -n; ulimit -n 9999999999; echo $?; ulimit -Sn 100; echo $?',
    'real-time non-blocking time  (microsecon\ncore file size              (blocks, -c)\ndata seg size               (kbytes, -d)\nscheduling priority                 (-e)\nfile size                   (blocks, -f)\npending signals                     (-i)\nmax locked memory           (kbytes, -l)\nmax memory size             (kbytes, -m)\nopen files                          (-n)\npipe size                (512 bytes, -p)\nPOSIX message queues         (bytes, -q)\nreal-time priority                  (-r)\nstack size                  (kbytes, -s)\ncpu time                   (seconds, -t)\nmax user processes                  (-u)\nvirtual memory              (kbytes, -v)\nfile locks                          (-x)\n5\nunlimited\n30\n20\n30\n1\n1\n',
    'bash: line 1: ulimit: open files: cannot modify limit: Operation not permitted\nbash: line 1: ulimit: open files: cannot modify limit: Invalid argument\n',
  ],
];
