import type { Recorded } from './types';

/** Ours to write, bash 5.2's to answer: longer scripts. */
export const part5: readonly Recorded[] = [
  ['x=$(cat <<< "a\nb"); while IFS= read -r l; do printf \'[%s]\' "$l"; done <<< "$x"; echo', '[a][b]\n'],
  ['readonly q=1; f() { q=2; echo in; }; f; echo after', '', 'environment: line 1: q: readonly variable\n', 1],
  ["readonly q=1; eval 'q=2; echo in'; echo after $?", 'after 1\n', 'bash: line 1: q: readonly variable\n'],
  [
    'readonly q=1\n(q=2; echo in); echo after $?\nx=$(q=3; echo in); echo $? $x',
    'after 1\n1\n',
    'bash: line 2: q: readonly variable\nbash: line 3: q: readonly variable\n',
  ],
  ['log() { printf \'[%s] %s\\n\' "$1" "${*:2}"; }; log INFO a b c; log WARN', '[INFO] a b c\n[WARN] \n'],
  [
    'retry() { local n=0 max=$1; shift; until "$@"; do ((++n >= max)) && return 1; done; }; c=0; t() { ((++c == 3)); }; retry 5 t && echo ok $c; c=10; retry 2 t || echo fail',
    'fail\n',
  ],
  [
    'declare -A count; for w in a b a c a; do ((count[$w]++)); done; for k in a b c; do echo "$k=${count[$k]}"; done',
    'a=3\nb=1\nc=1\n',
  ],
  [
    'a=(5 3 9 1); for ((i=0;i<${#a[@]};i++)); do for ((j=i+1;j<${#a[@]};j++)); do if ((a[i]>a[j])); then t=${a[i]}; a[i]=${a[j]}; a[j]=$t; fi; done; done; echo ${a[*]}',
    '1 3 5 9\n',
  ],
  ['s=hello; r=; for ((i=${#s}-1;i>=0;i--)); do r+=${s:i:1}; done; echo $r', 'olleh\n'],
  [
    'is_num() { [[ $1 =~ ^-?[0-9]+$ ]]; }; for v in 1 -5 abc 1.5; do is_num "$v" && echo "$v y" || echo "$v n"; done',
    '1 y\n-5 y\nabc n\n1.5 n\n',
  ],
  ['opts=(-n -e); echo "${opts[@]}" x; cmd=(printf \'%s-%s\\n\'); "${cmd[@]}" a b', 'xa-b\n'],
  [
    'while getopts ":hf:v" o; do case $o in h) echo help;; f) echo "f=$OPTARG";; v) echo v;; \\?) echo "bad $OPTARG";; :) echo "need $OPTARG";; esac; done < /dev/null; set -- -v -f x -z -f; while getopts ":hf:v" o; do case $o in h) echo help;; f) echo "f=$OPTARG";; v) echo v;; \\?) echo "bad $OPTARG";; :) echo "need $OPTARG";; esac; done',
    'v\nf=x\nbad z\nneed f\n',
  ],
  ['usage() { cat <<-EOF\n\tUsage: $0 [-h]\n\t  -h  help\n\tEOF\n}; usage', 'Usage: bash [-h]\n  -h  help\n'],
  [
    'cfg=\'a=1\n# c\nb = 2\'; while IFS=\'=\' read -r k v; do [[ $k == \\#* || -z $k ]] && continue; k=${k// }; v=${v# }; echo "$k:$v"; done <<< "$cfg"',
    'a:1\nb:2\n',
  ],
  ['trap \'rc=$?; echo "cleanup $rc"; exit $rc\' EXIT; set -e; f() { false; }; f; echo no', 'cleanup 1\n', '', 1],
  [
    'set -Eeuo pipefail; trap \'echo "err at $LINENO: $BASH_COMMAND"\' ERR; f() { false; }; f',
    'err at 1: false\n',
    '',
    1,
  ],
  ['out=$(mktemp -d 2>/dev/null || echo /tmp/zz); [[ -n $out ]] && echo ok', 'ok\n'],
  ['f() { echo "$(g "$1")"; }; g() { echo "<$1>"; }; f "a  b"', '<a  b>\n'],
  ['x="a;b|c&d"; echo $x "$x"; eval echo "\'$x\'"', 'a;b|c&d a;b|c&d\na;b|c&d\n'],
  ['n=5; echo "$((n%2==0?0:1)) $((n<<2)) $[n+1]"', '1 20 6\n'],
  [
    'a="x y z"; b=($a); echo "${#b[@]} ${b[-1]}"; IFS=, read -r -a c <<< "p,q"; echo "${c[1]}"; printf \'%s\\n\' "${b[@]/#/pre-}" "${b[@]/%/-post}"',
    '3 z\nq\npre-x\npre-y\npre-z\nx-post\ny-post\nz-post\n',
  ],
  [
    'if [[ -f /etc/passwd && ! -d /etc/passwd ]]; then echo f; fi; [[ /etc/passwd -nt /nope ]] && echo nt; [[ / -ef /. ]] && echo ef',
    'f\nnt\nef\n',
  ],
  [
    'case "$(echo Linux)" in Linux*) o=linux;; Darwin*) o=mac;; *) o=other;; esac; echo $o; case 7 in [0-5]) echo low;; [6-9]) echo high;; esac; case -x in -*) echo opt;; esac',
    'linux\nhigh\nopt\n',
  ],
  ['exec 3>&1; x=$(echo captured; echo direct >&3); echo "x=$x"; exec 3>&-', 'direct\nx=captured\n'],
  [
    '{ read a; read b; } < <(printf \'1\\n2\\n\'); echo $a$b; read -r first _ <<< "one two three"; echo $first',
    '12\none\n',
  ],
  [
    'printf \'%s\\n\' a b c > /tmp/d3b; mapfile -t l < /tmp/d3b; echo "${l[1]}"; wc -l < /tmp/d3b; while read -u 4 x; do echo -n $x; done 4< /tmp/d3b; echo',
    'b\n3\nabc\n',
  ],
  [
    'type -t while cd nosuch; declare -F; f() { :; }; declare -F; declare -F f; unset -f f; declare -F f; echo $?',
    'keyword\nbuiltin\ndeclare -f f\nf\n1\n',
  ],
  [
    'a() { b; }; b() { c; }; c() { echo "${FUNCNAME[*]}"; local i=0; while caller $i; do ((i++)); done; }; a',
    'c b a\n1 b environment\n1 a environment\n',
  ],
  [
    'set -- 1 2 3 4 5; echo "${@:2:3}" "${@: -2}" "${*:1:1}"; while (($#)); do echo -n "$1 "; shift; done; echo',
    '2 3 4 4 5 1\n1 2 3 4 5 \n',
  ],
  [
    'x=5; f() { x=6; local x=7; x=8; echo $x; }; f; echo $x; g() { local x; echo "[${x}]"; }; g; h() { local x=$x; echo $x; }; h',
    '8\n6\n[]\n6\n',
  ],
  [
    'false; if [ $? -ne 0 ]; then echo failed; fi; (exit 3); rc=$?; [ $rc = 3 ] && echo three; ! (exit 3); echo $?',
    'failed\nthree\n0\n',
  ],
  [
    'echo {1..3}{a,b} pre{fix,}post {{a,b},c} a{b,c}{d,e}f {3..1} {a,b}{1..2} "{1..2}" ${x-{a,b}}',
    '1a 1b 2a 2b 3a 3b prefixpost prepost a b c abdf abef acdf acef 3 2 1 a1 a2 b1 b2 {1..2} {a,b}\n',
  ],
  [
    's=\'The quick brown\'; echo "${s%% *}" "${s#* }" "${s// /_}" "${s,,}" "${s^^}" "${#s}"; t=${s/quick/slow}; echo "$t"; echo "${s:4:5}" "${s:(-5)}"',
    'The quick brown The_quick_brown the quick brown THE QUICK BROWN 15\nThe slow brown\nquick brown\n',
  ],
  [
    'v=1.25.3; IFS=. read -r ma mi pa <<< "$v"; echo $ma $mi $pa; [[ $ma -ge 1 && $mi -gt 20 ]] && echo new; printf \'%03d%03d%03d\\n\' ${v//./ }',
    '1 25 3\nnew\n001025003\n',
  ],
  [
    'url=https://host:8080/path?q=1; proto=${url%%://*}; rest=${url#*://}; hp=${rest%%/*}; echo $proto ${hp%:*} ${hp#*:} /${rest#*/}',
    'https host 8080 /path?q=1\n',
  ],
  ['cat <<EOF | while read -r a b; do echo "$b:$a"; done\n1 one\n2 two\nEOF\necho end', 'one:1\ntwo:2\nend\n'],
  ["f() { cat <<A; cat <<'B'\nx $1\nA\ny $1\nB\n}; f z", 'x z\ny $1\n'],
  ['cat << "E O F"\na\nE O F\ncat <<E\\\nOF\nb\nEOF', 'a\nb\n'],
  [
    'echo a \\\n  b \\\n  c; echo "x\\\ny"; echo \'p\\\nq\'; if true && \\\n true; then echo z; fi',
    'a b c\nxy\np\\\nq\nz\n',
  ],
  [
    'for f in /etc/pass*d; do echo $f; done; shopt -s nullglob; for f in /nope*; do echo never; done; arr=(/nope*); echo ${#arr[@]}',
    '/etc/passwd\n0\n',
  ],
  [
    'echo $(( $(echo 2) + ${#HOME} * 0 )) $((x=4,x+1)) $((1==1&&2!=3)) $((5/2*2)) $((-5%3)) $(( (1+2)*3 ))',
    '2 5 1 4 -2 9\n',
  ],
  ['echo $((1 +)); echo rest', '', 'bash: line 1: 1 +: syntax error: operand expected (error token is "+")\n', 1],
  [
    '((1/0)); echo $?; ((x=1/0)) || echo caught',
    '1\ncaught\n',
    'bash: line 1: ((: 1/0: division by 0 (error token is "0")\nbash: line 1: ((: x=1/0: division by 0 (error token is "0")\n',
  ],
  [
    'a=1; ((a++)); ((a+=5)); ((a--)); echo $a; ((a>5)) && echo big; ((a=0)) ; echo $?; b=$((a||1)); echo $b',
    '6\nbig\n1\n1\n',
  ],
  [
    '[[ abc =~ b ]] && echo "${BASH_REMATCH[0]}"; [[ "a.b" =~ ^a\\.b$ ]] && echo lit; [[ "a b" =~ ^a[[:space:]]b$ ]] && echo sp; [[ x =~ (y)? ]]; echo "${#BASH_REMATCH[@]}"',
    'b\nlit\nsp\n2\n',
  ],
  [
    'printf \'%s\\n\' "${!BASH_VERS@}"; echo "${BASH_VERSINFO[0]}"; [[ $BASH_VERSION == 5* ]] && echo five',
    'BASH_VERSINFO\nBASH_VERSION\n5\nfive\n',
  ],
  ['time_it() { local s=$SECONDS; "$@"; echo $((SECONDS-s)); }; time_it true', '0\n'],
  ['f() { if [[ $1 == 0 ]]; then return; fi; echo $1; f $(($1-1)); echo back $1; }; f 2', '2\n1\nback 1\nback 2\n'],
  [
    'x=; [ -n "$x" ] || x=def; echo $x; : "${y:=dy}"; echo $y; z=${z:-$y}; echo $z; unset y; echo "${y-}"',
    'def\ndy\ndy\n\n',
  ],
  [
    "bash -c 'echo \"$@\"' _ a \"b c\"; bash -c 'echo $0'; bash -c 'exit $1' x 5; echo $?; sh -c 'echo $0 $1' n m",
    'a b c\nbash\n5\nn m\n',
  ],
  ['echo "x" | (cat; echo y) | { cat; echo z; } | cat', 'x\ny\nz\n'],
  [
    'yes | head -1; seq 100000 | head -1; echo $?; set -o pipefail; yes | head -1; echo ${PIPESTATUS[@]}',
    'y\n1\n0\ny\n141 0\n',
  ],
  [
    'f() { return $1; }; for i in 0 1 255 256 257; do f $i; echo -n "$? "; done; echo; (exit 256); echo $?',
    '0 1 255 0 1 \n0\n',
  ],
  [
    "(trap 'echo sub exit' EXIT; echo in); trap 'echo main exit' EXIT; $(exit 2); echo $?",
    'in\nsub exit\n2\nmain exit\n',
  ],
  ["f() { trap 'echo fexit' EXIT; }; f; echo main", 'main\nfexit\n'],
  [
    "trap 'echo D:$BASH_COMMAND' DEBUG; x=1; echo $x; trap - DEBUG; echo end",
    'D:x=1\nD:echo $x\n1\nD:trap - DEBUG\nend\n',
  ],
  ['set -e; x=$(echo a; false; echo b) || true; echo "$x"; y=$(false); echo never', 'a\nb\n', '', 1],
  [
    'set -e; local_test() { local v=$(false); echo "masked $?"; }; local_test; v=$(false) || echo "caught"; echo end',
    'masked 0\ncaught\nend\n',
  ],
  ['set -e; if ! false; then echo a; fi; false && true; echo b; true && false; echo c', 'a\nb\n', '', 1],
  ['set -e; for i in 1 2; do [ $i = 1 ] && echo one; done; echo end', 'one\nend\n'],
  [
    'set -e; { false; echo x; } || echo y; ( false ) || echo z; f() { false; }; f || echo w; while false; do :; done; until true; do :; done; echo end; f; echo no',
    'x\nz\nw\nend\n',
    '',
    1,
  ],
  [
    'set -u; a=(); echo "${a[@]}" ${#a[@]}; echo ${b[0]:-x}; f() { echo ${1:-none}; }; f; echo $1',
    '0\nx\nnone\n',
    'bash: line 1: $1: unbound variable\n',
    127,
  ],
  [
    'set -x; a=(1 2); x="a b"; echo "$x" ${a[0]} | cat; if [ 1 = 1 ]; then :; fi; y=$(echo q)',
    'a b 1\n',
    "+ a=(1 2)\n+ x='a b'\n+ echo 'a b' 1\n+ cat\n+ '[' 1 = 1 ']'\n+ :\n++ echo q\n+ y=q\n",
  ],
  ["PS4='[$LINENO] '; set -x; echo a\necho b", 'a\nb\n', '[1] echo a\n[2] echo b\n'],
  ['f() { set -x; echo in; { set +x; } 2>/dev/null; }; f; echo out', 'in\nout\n', '+ echo in\n'],
  [
    "alias e=echo; eval 'e hi'; shopt -s expand_aliases\nalias e='echo aliased '\nalias w=word\ne w\n\\e no; unalias e; e gone",
    'aliased word\naliased gone\n',
    'bash: line 1: e: command not found\nbash: line 5: e: command not found\n',
  ],
  [
    "exec 5< <(printf 'l1\\nl2\\n'); read -u 5 a; read -u 5 b; echo $a $b; exec 5<&-; read -u 5 c; echo $?",
    'l1 l2\n1\n',
    'bash: line 1: read: 5: invalid file descriptor: Bad file descriptor\n',
  ],
  [
    'x=$(<<< "from here" cat); echo $x; y=$(cat < /dev/null); echo "[$y]"; > /tmp/d3c cat <<< data; cat /tmp/d3c',
    'from here\n[]\ndata\n',
  ],
  [
    "v=$'tab\\there'; echo \"$v\"; printf '%q\\n' \"$v\" 'a b' \"it's\" '' '~'; declare -p v",
    "tab\there\n$'tab\\there'\na\\ b\nit\\'s\n''\n\\~\ndeclare -- v=$'tab\\there'\n",
  ],
  ['echo "${v@Q}" ${HOME@Q}; set -- \'a b\' c; echo "${@@Q}"; echo ${*@U}', " '/root'\n'a b' 'c'\nA B C\n"],
  [
    'unset -v HOME; echo ~ "${HOME-unset}"; HOME=/x; echo ~/y; cd ~ 2>&1; echo $?',
    '/root unset\n/x/y\nbash: line 1: cd: /x: No such file or directory\n1\n',
  ],
  [
    'echo a > /tmp/d3e; cat /tmp/d3e > /tmp/d3f 2>&1; cat /tmp/d3f; cat nofile > /tmp/d3f 2>&1; cat /tmp/d3f; nosuchcmd 2>/dev/null; echo $?; nosuchcmd > /tmp/d3f 2>&1; cat /tmp/d3f',
    'a\ncat: nofile: No such file or directory\n127\nbash: line 1: nosuchcmd: command not found\n',
  ],
  [
    'while read -r line; do [[ $line == end ]] && break; echo "l: $line"; done <<EOF\na\nend\nb\nEOF\necho after',
    'l: a\nafter\n',
  ],
  [
    'select o in x y; do case $o in x) echo X; break;; *) echo "? $REPLY";; esac; done <<< "9\n1"',
    '? 9\nX\n',
    '1) x\n2) y\n#? #? ',
  ],
  ['PS3="pick: "; select o in one; do echo $o; done < /dev/null; echo $?', '\n1\n', '1) one\npick: '],
  [
    'a=([0]=x [2]=z); a+=([1]=y w); echo "${a[@]}" "${!a[@]}"; a[-1]=last; echo ${a[-1]}; b=("${a[@]:1}"); echo ${#b[@]}',
    'x y w 0 1 2\nlast\n2\n',
  ],
  [
    'm=(a b); m=("${m[@]}" c); n=("${m[@]/b/}"); echo ${#n[@]}; printf \'<%s>\' "${n[@]}"; echo; [[ " ${m[*]} " == *" b "* ]] && echo has; echo "${m[@]::2}"',
    '3\n<a><><c>\nhas\na b\n',
  ],
  [
    'a="1 2 3"; sum=0; for n in $a; do sum=$((sum+n)); done; echo $sum; echo $a | { t=0; for n in $(cat); do ((t+=n)); done; echo $t; }',
    '6\n6\n',
  ],
  [
    'printf "%-10s|%5.2f|%+d|%e\\n" abc 3.14159 7 12345.678; printf "%s %s %s\\n" 1 2 3 4 5; printf "%5s%%\\n" 50; printf "%x %X %#x %o\\n" 255 255 255 8',
    'abc       | 3.14|+7|1.234568e+04\n1 2 3\n4 5 \n   50%\nff FF 0xff 10\n',
  ],
  [
    "printf \"%s\\n\" \"$(printf '%.0s=' {1..5})\"; printf '%d %d\\n' 0x1f 017; printf '%c' hello; printf '\\n%5c|%-5c|\\n' a b",
    '=====\n31 15\nh\n    a|b    |\n',
  ],
];
