import type { Recorded } from './types';

/** Ours to write, the real shell's to answer. */
export const features: readonly Recorded[] = [
  [
    'echo {a,b,c} {1..5} {5..1} {a..e} {e..a..2} {1..10..3} {01..10..4} x{a,b}y{1,2} {a,b{1,2},c} {} {a} {,} {,a}',
    'a b c 1 2 3 4 5 5 4 3 2 1 a b c d e e c a 1 4 7 10 01 05 09 xay1 xay2 xby1 xby2 a b1 b2 c {} {a} a\n',
  ],
  [
    'echo {1..3}{a..c} "{a,b}" \'{a,b}\' \\{a,b} {a\\,b,c} {a,b}{ a{b,c a{b,c}d} {1..a} {1...3} {-2..2} {3..-1} $x{1,2} {$x,y}',
    '1a 1b 1c 2a 2b 2c 3a 3b 3c {a,b} {a,b} {a,b} a,b c a{ b{ a{b,c abd} acd} {1..a} {1...3} -2 -1 0 1 2 3 2 1 0 -1 y\n',
  ],
  [
    'x=5; echo {1..$x} {a,$x} {~,/root} {\'a b\',c} pre{"x y",z}post {a,b}=1 a={1,2}; y={a,b}; echo $y; for i in {1..3}; do echo -n $i; done; echo {0..20..5} {10..1..3} {001..3}',
    '{1..5} a 5 /root /root a b c prex ypost prezpost a=1 b=1 a=1 a=2\n{a,b}\n1230 5 10 15 20 10 7 4 1 001 002 003\n',
  ],
  [
    'set +B; echo {a,b}; set -B; echo {a,b}; echo ${x:-{a,b}} "${x:-{a,b}}"; echo {a,b}${HOME}{c,d}; echo $(echo {x,y}) `echo {x,y}`',
    '{a,b}\na b\n{a,b} {a,b}\na/rootc a/rootd b/rootc b/rootd\nx y x y\n',
  ],
  [
    'touch a.txt b.txt c.log .hid; echo *; echo *.txt; echo ?.txt; echo [ab].txt [!a].txt [^a].txt; echo .*; echo *.none; shopt -s nullglob; echo *.none x; shopt -u nullglob; shopt -s dotglob; echo *',
    'a.txt b.txt c.log\na.txt b.txt\na.txt b.txt\na.txt b.txt b.txt b.txt\n.hid\n*.none\nx\n.hid a.txt b.txt c.log\n',
  ],
  [
    'mkdir -p d/e/f; touch d/1 d/e/2 d/e/f/3; shopt -s globstar; echo **; echo **/; echo d/**/3; echo d/**; shopt -u globstar; echo **; echo d/*/*',
    'd d/1 d/e d/e/2 d/e/f d/e/f/3\nd/ d/e/ d/e/f/\nd/e/f/3\nd/ d/1 d/e d/e/2 d/e/f d/e/f/3\nd\nd/e/2 d/e/f\n',
  ],
  [
    'shopt -s extglob\ntouch foo bar foobar baz qux1 qux2; echo @(foo|bar); echo !(foo*|ba*); echo *(foo); echo +(foo|bar); echo ?(foo)bar; echo qux+([0-9]); echo !(*o*); echo ba@(r|z)',
    'bar foo\nqux1 qux2\nfoo\nbar foo foobar\nbar foobar\nqux1 qux2\nbar baz qux1 qux2\nbar baz\n',
  ],
  [
    "shopt -s extglob\nx=aaabbb; echo ${x##+(a)} ${x%%+(b)} ${x/+(a)/X} ${x//@(a|b)/.}; [[ foobar == foo@(bar|baz) ]] && echo m; [[ abc == !(x*) ]] && echo n; case abab in +(ab)) echo c;; esac; [[ '' == *(x) ]] && echo e",
    'bbb aaa Xbbb ......\nm\nn\nc\ne\n',
  ],
  [
    'touch A b C; shopt -s nocaseglob; echo a* B*; shopt -u nocaseglob; shopt -s nocasematch; [[ ABC == abc ]] && echo m; case Foo in foo) echo c;; esac; [[ ABC =~ ^abc$ ]] && echo r; x=ABC; echo ${x/b/-}',
    'A b\nm\nc\nr\nA-C\n',
  ],
  ['shopt -s failglob; echo *.zip; echo after', '', 'bash: line 1: no match: *.zip\n', 1],
  ['shopt -s failglob\necho *.zip\necho after $?', 'after 1\n', 'bash: line 2: no match: *.zip\n'],
  [
    "GLOBIGNORE='*.txt:c*'; touch a.txt b c d .h; echo *; unset GLOBIGNORE; echo *; set -f; echo *; set +f; echo \"*\" \\* '*'; x='*'; echo $x \"$x\"; for f in *; do echo $f; done",
    '.h b d\na.txt b c d\n*\n* * *\na.txt b c d *\na.txt\nb\nc\nd\n',
  ],
  [
    "touch 'a b' 'c*d' 'e?f' '[g]'; echo *; ls -1; for f in *; do echo \"<$f>\"; done; echo c\\*d [[]g] *\\?* a\\ *; rm 'c*d'; echo c*d",
    '[g] a b c*d e?f\n[g]\na b\nc*d\ne?f\n<[g]>\n<a b>\n<c*d>\n<e?f>\nc*d [g] e?f a b\nc*d\n',
  ],
  [
    'echo /et[c]/pass?d /etc/{passwd,nothing} /{etc,tm[p]} ~ ~root ~nouser ~/x "~" a~ ~+ ~-; x=~; echo $x; y=a:~:b; echo $y; z="~"; echo $z',
    '/etc/passwd /etc/passwd /etc/nothing /etc /tmp /root /root ~nouser /root/x ~ a~ /tmp ~-\n/root\na:/root:b\n~\n',
  ],
  [
    "[[ abc == a?c ]] && echo 1; [[ abc == \"a?c\" ]] || echo 2; p='a*'; [[ abc == $p ]] && echo 3; [[ abc == \"$p\" ]] || echo 4; [[ a.c == a\\.c ]] && echo 5; [[ abc != b* ]] && echo 6; [[ '' == '' ]] && echo 7; [[ ab = a[b-d] ]] && echo 8",
    '1\n2\n3\n4\n5\n6\n7\n8\n',
  ],
  [
    '[[ foo123bar =~ ([a-z]+)([0-9]+)(.*) ]]; echo $? "${BASH_REMATCH[@]}" ${#BASH_REMATCH[@]}; [[ abc =~ x ]]; echo $? "[${BASH_REMATCH[*]}]"; r=\'^[0-9]+$\'; [[ 42 =~ $r ]] && echo num; [[ 4x2 =~ $r ]] || echo not; [[ \'a.b\' =~ a\\.b ]] && echo dot; [[ axb =~ "a.b" ]] || echo lit',
    '0 foo123bar foo 123 bar 4\n1 []\nnum\nnot\ndot\nlit\n',
  ],
  [
    '[[ "a b" =~ a\\ b ]] && echo sp; [[ ab =~ ^(a|b)+$ ]] && echo alt ${BASH_REMATCH[1]}; [[ x =~ ^y?x$ ]] && echo opt; [[ aaa =~ a{2} ]] && echo ${BASH_REMATCH[0]}; [[ tEST =~ [[:upper:]]+ ]] && echo ${BASH_REMATCH[0]}; [[ $\'a\\nb\' =~ a.b ]] && echo nl; [[ a =~ (b)? ]] && echo "[${BASH_REMATCH[1]}]"',
    'sp\nalt b\nopt\naa\nEST\nnl\n[]\n',
  ],
  [
    '[[ -n a && ( -z b || 1 -lt 2 ) && ! x == y ]] && echo complex; [[ a == a && b == c || d == d ]] && echo or; [[ ! -e /nope && -d / ]] && echo files; [[ 2 -gt 1 && 0x10 -eq 16 && 010 -eq 8 ]] && echo nums; x=3; [[ x -eq 3 && x+1 -eq 4 ]] && echo expr',
    'complex\nor\nfiles\nnums\nexpr\n',
  ],
  [
    '[[ a < b ]] && echo lt; [[ b > a ]] && echo gt; [[ 10 < 9 ]] && echo str; [[ a -nt b ]] || echo nt; [[ -z $u ]] && echo z; [[ $u ]] || echo unset; [[ x ]] && echo x; v=; [[ -v v ]] && echo v; [[ -v w ]] || echo w; a=(1); [[ -v a[0] ]] && echo a0; [[ -v a[3] ]] || echo a3',
    'lt\ngt\nstr\nnt\nz\nunset\nx\nv\nw\na0\na3\n',
  ],
  [
    'case x in a|x) echo 1;; esac; case ab in a*) echo 2;& b) echo 3;; c) echo 4;; esac; case ab in a*) echo 5;;& *b) echo 6;;& x) echo 7;; *) echo 8;; esac; case "" in "") echo e;; esac; case a in (a) echo p;; esac; case x in *) ;; esac; echo $?',
    '1\n2\n3\n5\n6\n8\ne\np\n0\n',
  ],
  [
    "case '*' in '*') echo q;; esac; case a in '?') echo no;; ?) echo yes;; esac; x='a*'; case abc in $x) echo exp;; esac; case abc in \"$x\") echo no;; *) echo quoted;; esac; case [a] in \\[a\\]) echo br;; esac; case $(echo z) in z) echo cs;; esac; case a in [[:alpha:]]) echo cls;; esac; case 5 in [0-9]) echo dig;; esac",
    'q\nyes\nexp\nquoted\nbr\ncs\ncls\ndig\n',
  ],
  [
    'f() { echo "$# $*"; }; f; f a \'b c\'; function g { f "$@"; }; g 1 2; h() (x=sub; echo $x); h; echo "[$x]"; k() { return 3; }; k; echo $?; l() if true; then echo l; fi; l; m() for i in 1 2; do echo $i; done; m; n() { echo n; } 2>/dev/null; n',
    '0 \n2 a b c\n2 1 2\nsub\n[]\n3\nl\n1\n2\nn\n',
  ],
  [
    'f() { [ $1 -le 0 ] && return; echo $1; f $(($1-1)); }; f 3; g() { g2() { echo nested; }; }; g; g2; unset -f g2; g2 2>/dev/null || echo gone; f() { echo redefined; }; f; type f',
    '3\n2\n1\nnested\ngone\nredefined\nf is a function\nf () \n{ \n    echo redefined\n}\n',
  ],
  [
    'f-g() { echo dash; }; f-g; a.b() { echo dot; }; a.b; 1f() { echo num; }; 1f; f:() { echo colon; }; f:; +x() { echo plus; }; +x; @() { echo at; }; @',
    'dash\ndot\nnum\ncolon\nplus\nat\n',
  ],
  [
    'declare -f nothing; echo $?; f() { if [ "$1" ]; then echo a; else echo b; fi; for i in 1 2; do :; done; while true; do break; done; case x in a|b) echo 1;; *) echo 2;; esac; }; declare -f f',
    '1\nf () \n{ \n    if [ "$1" ]; then\n        echo a;\n    else\n        echo b;\n    fi;\n    for i in 1 2;\n    do\n        :;\n    done;\n    while true; do\n        break;\n    done;\n    case x in \n        a | b)\n            echo 1\n        ;;\n        *)\n            echo 2\n        ;;\n    esac\n}\n',
  ],
  [
    "f() { local a=1 b; b=$(echo x | tr x y); [[ $b == y ]] && ((a++)); { echo grp; } > /dev/null; (sub) 2>&1 || true; echo \"$a\" 'q' $'n' `bt`; cat <<E\ndoc $a\nE\n}; type f",
    "f is a function\nf () \n{ \n    local a=1 b;\n    b=$(echo x | tr x y);\n    [[ $b == y ]] && ((a++));\n    { \n        echo grp\n    } > /dev/null;\n    ( sub ) 2>&1 || true;\n    echo \"$a\" 'q' 'n' `bt`;\n    cat <<E\ndoc $a\nE\n\n}\n",
  ],
  [
    'f() { x=$((1+2)); arr=(a b); echo ${arr[@]} ${x:-d}; until false; do break; done; select s in a; do break; done; for ((i=0;i<2;i++)); do :; done; a && b || c; ! d; e & f2 | g |& h; time i; coproc j; [[ a == b && c =~ d ]]; ((1)); function inner { :; }; }; declare -f f',
    'f () \n{ \n    x=$((1+2));\n    arr=(a b);\n    echo ${arr[@]} ${x:-d};\n    until false; do\n        break;\n    done;\n    select s in a;\n    do\n        break;\n    done;\n    for ((i=0; i<2; i++))\n    do\n        :;\n    done;\n    a && b || c;\n    ! d;\n    e & f2 | g 2>&1 | h;\n    time i;\n    coproc COPROC j;\n    [[ a == b && c =~ d ]];\n    ((1));\n    function inner () \n    { \n        :\n    }\n}\n',
  ],
  [
    'echo a; echo b & wait; echo c && echo d || echo e; false && echo f || echo g; ! false && echo h; true || false && echo i; { echo j; echo k; }; (echo l; exit 2) || echo $?; ! ! true; echo $?',
    'a\nb\nc\nd\ng\nh\ni\nj\nk\nl\n2\n0\n',
  ],
  [
    'x=outer; (x=inner; echo $x); echo $x; { x=group; }; echo $x; echo y | { read x; echo $x; }; echo $x; x=cs$(x=no; echo 1); echo $x; f() { x=fn; }; f; echo $x; f | cat; (f2() { :; }); type f2 2>/dev/null || echo nof2',
    'inner\nouter\ngroup\ny\ngroup\ncs1\nfn\nnof2\n',
  ],
  [
    'shopt -s lastpipe; echo lp | read x; echo $x; seq 3 | while read n; do ((s+=n)); done; echo $s; shopt -u lastpipe; echo no | read y; echo "[$y]"',
    'lp\n6\n[]\n',
  ],
  [
    'echo $(echo "a  b") "$(echo "a  b")"; echo "$(printf \'x\\n\\n\\n\')"|cat -A; x=$(cat <<< multi); echo $x; echo `echo \\`echo nested\\`` $(echo $(echo $(echo deep))); echo "`echo "q"`" "$(echo ")")" "$(case x in x) echo cs;; esac)"',
    'a b a  b\nx$\nmulti\nnested deep\nq ) cs\n',
  ],
  [
    "echo \"a'b\" 'a\"b' \"a\\\"b\" 'a'\\''b' a\\ b \"a\\\\b\" 'a\\b' \"\\$x\" \"\\a\" $'a\\'b' $'\\x41\\101\\u0041\\cA' \"a\nb\" a\\\nb; echo \"$'no'\" '$'x \"${x}'q'\" \\\"x\\\" \\'y\\' \"back\\`tick\"",
    "a'b a\"b a\"b a'b a b a\\b a\\b $x \\a a'b AAA\u0001 a\nb ab\n$'no' $x 'q' \"x\" 'y' back`tick\n",
  ],
  [
    'echo a#b #comment\necho "#no" \\#no \'#no\' a # yes\n: # only comment\n# whole line\necho x;# after semicolon\necho $# ${#} ${x#y}',
    'a#b\n#no #no #no a\nx\n0 0\n',
  ],
  [
    'if false; then echo a; elif [ 1 = 1 ]; then echo b; else echo c; fi; if (exit 3); then :; else echo $?; fi; if ! false; then echo n; fi; if true && false; then :; else echo af; fi; while read x; do echo $x; [ $x = 2 ] && break; done <<< $\'1\\n2\\n3\'; until [ "${i:=0}" -ge 2 ]; do echo u$i; ((i++)); done',
    'b\n3\nn\naf\n1\n2\nu0\nu1\n',
  ],
  [
    'for x in a b; do for y in 1 2; do [ $y = 2 ] && continue 2; echo $x$y; done; done; for i in 1 2 3; do while true; do break 2; done; done; echo $i; for x; do echo no; done; set -- p q; for x; do echo $x; done; for x in; do echo no; done; for f in "$@" r; do echo $f; done',
    'a1\nb1\n1\np\nq\np\nq\nr\n',
  ],
  [
    'i=0; while :; do ((i++)); [ $i = 2 ] && continue; [ $i = 4 ] && break; echo $i; done; while false; do :; done; echo $?; for i in 1; do false; done; echo $?; while [ $((j++)) -lt 2 ]; do echo j$j; done',
    '1\n3\n0\n1\nj1\nj2\n',
  ],
  [
    'echo "${@}" "${*}" $0; set -- "a b" c; echo "$*" "$@" ${#@}; f() { echo "$0 $1 $#"; }; f "$@"; bash -c \'echo $0 $1 $2\' zero one two; bash -c \'echo $0 $#\'; echo \'echo $0 $1 $#\' > s; bash s x y; bash -s p q <<< \'echo $1 $2 $0\'',
    ' bash\na b c a b c 2\nbash a b 2\nzero one two\nbash 0\ns x 2\np q bash\n',
  ],
  [
    "bash -ec 'false; echo no'; echo $?; bash -uc 'echo $nope'; echo $?; bash -xc 'echo t' 2>&1; bash -o pipefail -c 'false | true'; echo $?; bash +B -c 'echo {a,b}'; bash -O nullglob -c 'echo *.z x'; bash --norc -c 'echo n'; bash -c; echo $?; bash -z; echo $?; bash --nope; echo $?",
    '1\n127\n+ echo t\nt\n1\n{a,b}\nx\nn\n2\n2\n2\n',
    'bash: line 1: nope: unbound variable\nbash: -c: option requires an argument\nbash: -z: invalid option\nUsage:\tbash [GNU long option] [option] ...\n\tbash [GNU long option] [option] script-file ...\nGNU long options:\n\t--debug\n\t--debugger\n\t--dump-po-strings\n\t--dump-strings\n\t--help\n\t--init-file\n\t--login\n\t--noediting\n\t--noprofile\n\t--norc\n\t--posix\n\t--pretty-print\n\t--rcfile\n\t--restricted\n\t--verbose\n\t--version\nShell options:\n\t-ilrsD or -c command or -O shopt_option\t\t(invocation only)\n\t-abefhkmnptuvxBCEHPT or -o option\nbash: --nope: invalid option\nUsage:\tbash [GNU long option] [option] ...\n\tbash [GNU long option] [option] script-file ...\nGNU long options:\n\t--debug\n\t--debugger\n\t--dump-po-strings\n\t--dump-strings\n\t--help\n\t--init-file\n\t--login\n\t--noediting\n\t--noprofile\n\t--norc\n\t--posix\n\t--pretty-print\n\t--rcfile\n\t--restricted\n\t--verbose\n\t--version\nShell options:\n\t-ilrsD or -c command or -O shopt_option\t\t(invocation only)\n\t-abefhkmnptuvxBCEHPT or -o option\n',
  ],
  [
    "bash nofile; echo $?; bash /tmp; echo $?; bash -c 'exit 9'; echo $?; bash <<< 'echo stdin; exit 4'; echo $?; echo 'echo piped $1' | bash -s arg; echo $BASH_VERSION | cut -c1-3; bash -version | head -1; bash --version | wc -l",
    '127\n126\n9\nstdin\n4\npiped arg\n5.2\nGNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)\n6\n',
    'bash: nofile: No such file or directory\n/tmp: /tmp: Is a directory\n',
  ],
  [
    "bash -c 'echo ${BASH_SOURCE[0]-none} $BASH_EXECUTION_STRING'; echo 'echo ${BASH_SOURCE[0]} $BASH_SOURCE; . ./t' > s; echo 'echo ${BASH_SOURCE[@]} ${FUNCNAME[@]}' > t; bash s; bash ./s; . ./s",
    'none echo ${BASH_SOURCE[0]-none} $BASH_EXECUTION_STRING\ns s\n./t s\n./s ./s\n./t ./s\n./s ./s\n./t ./s\n',
  ],
  [
    "x=1; x=2 y=$x; echo $x $y; x=3 bash -c 'echo $x'; echo $x; f() { echo \"f:$x\"; x=in; }; x=5 f; echo $x; x=6 eval 'echo $x'; echo $x; x=7 :; echo $x; x=8 y=9 env | grep -E '^(x|y)=' | sort; IFS=: read a b <<< '1:2'; echo $a $b",
    '2 2\n3\n2\nf:5\n2\n6\n2\n2\nx=8\ny=9\n1 2\n',
  ],
  [
    'a=1 b=2 c=$((a+b)); echo $c; a=x$(echo y)z; echo $a; a=\'q\' b="$a r" ; echo $b; a=; echo "[$a]"; a=~; echo $a; a=*; echo "$a"; a={1,2}; echo $a; a=$u; echo "[$a]"; a=b=c; echo $a; a="x  y"; b=$a; echo "$b"',
    '3\nxyz\nq r\n[]\n/root\n*\n{1,2}\n[]\nb=c\nx  y\n',
  ],
  [
    'echo ${HOME:0:2} ${#HOME} ${PATH%%:*} ${0##*/} ${?} ${$:+pid} ${!:-nobg} ${-:+flags} ${_:+under} ${#-} ${1:-one}',
    '/r 5 /usr/bin bash 0 pid nobg flags under 3 one\n',
  ],
  [
    'x=a; y=x; z=y; echo ${!y} ${!z}; declare -n r=x; r=new; echo $x; unset -n r; ref=arr; arr=(1 2 3); e="$ref[1]"; echo ${!e}; e="$ref[@]"; echo ${!e}; f() { echo "${!1}"; }; f x; echo ${!x*}',
    'a x\nnew\n2\n1 2 3\nnew\nx\n',
  ],
  [
    'IFS=,; x=a,b,c; set -- $x; echo $#; echo "$*"; echo $*; IFS=$\' \\t\\n\'; x=\'a b\tc\nd\'; set -- $x; echo $#; IFS=ab; x=1a2b3; set -- $x; echo $#; y="$*"; echo "$y"; unset IFS; set -- $x; echo $#',
    '3\na,b,c\na b c\n4\n3\n1a2a3\n1\n',
  ],
  [
    'echo one two > f; x=$(< f); echo $x; read y < f; echo $y; while read -r l; do echo "$l"; done < f; mapfile -t a < f; echo ${a[0]}; cat f - <<< third; wc -c < f; { read p q; } < f; echo $q-$p',
    'one two\none two\none two\none two\none two\nthird\n8\ntwo-one\n',
  ],
  [
    '(echo a; exit 3); echo $?; (exit); echo $?; $(exit 4); echo $?; (:); echo $?; ((0)) || echo z; [[ a ]] && (echo s); ( (echo nested) ); (((1)) && echo arith); ( echo x ; ) | cat; x=$( (echo sp) ); echo $x',
    'a\n3\n0\n4\n0\nz\ns\nnested\narith\nx\nsp\n',
  ],
  [
    'exec 2>&1; set -x; [[ $a =~ ^[0-9]+$ ]]; [[ -n "a b" && x != y ]]; ((a=1, b=2)); let c=3; declare d=4; local e 2>/dev/null; f=(1 \'x y\' z); g[2]=q; h="a b" true; case a in b) ;; esac; unset l; (( 1 > 2 )) || :',
    "+ [[ '' =~ ^[0-9]+$ ]]\n+ [[ -n a b ]]\n+ [[ x != y ]]\n+ (( a=1, b=2 ))\n+ let c=3\n+ declare d=4\n+ local e\n+ f=(1 'x y' z)\n+ g[2]=q\n+ h='a b'\n+ true\n+ case a in\n+ unset l\n+ ((  1 > 2  ))\n+ :\n",
  ],
  [
    'echo "$(echo a; exit 3)" $?; x=$(exit 5) y=2; echo $?; x=$(exit 6); echo $?; echo $(exit 7); echo $?; local x 2>/dev/null; export e=$(exit 8); echo $?; e=$(exit 9) true; echo $?; readonly ro=$(exit 2); echo $?',
    'a 3\n5\n6\n\n0\n0\n0\n0\n',
  ],
  [
    'nl=$\'\\n\'; x="a${nl}b"; echo "$x"; echo $x; printf \'%s\' "$x" | wc -l; IFS=$\'\\n\'; set -- $x; echo $#; y=$(printf \'l1\\nl2\\n\\n\'); echo "$y"; z="${x//$nl/,}"; echo $z; echo "${x@Q}"; echo -e "tab\\there"; printf \'%s\\n\' "${x%%$nl*}"',
    "a\nb\na b\n1\n2\nl1\nl2\na,b\n$'a\\nb'\ntab\there\na\n",
  ],
  [
    'f() { echo "${1:?need arg}"; echo no; }; (f); echo $?; f ok; g() { : "${2:?}"; }; (g a); echo $?; (unset HOME; : ${HOME:?gone home}); echo $?',
    '1\nok\nno\n1\n1\n',
    'environment: line 1: 1: need arg\nenvironment: line 1: 2: parameter null or not set\nbash: line 1: HOME: gone home\n',
  ],
  [
    "while read a b; do case $a in \\#*|'') continue;; add) ((t+=b));; sub) ((t-=b));; *) echo \"? $a\" >&2;; esac; done <<'E'\n# comment\nadd 5\n\nsub 2\nmul 3\nE\necho $t",
    '3\n',
    '? mul\n',
  ],
  [
    'join() { local IFS=$1; shift; echo "$*"; }; join , a b c; trim() { local v=$1; v=${v#"${v%%[![:space:]]*}"}; v=${v%"${v##*[![:space:]]}"}; echo "[$v]"; }; trim \'  x y  \'; contains() { [[ " ${*:2} " == *" $1 "* ]]; }; contains b a b c && echo has; rev() { local s=$1 r= i; for ((i=${#s}-1;i>=0;i--)); do r+=${s:i:1}; done; echo $r; }; rev hello',
    'a,b,c\n[x y]\nhas\nolleh\n',
  ],
  [
    'stack=(); push() { stack+=("$1"); }; pop() { local n=${#stack[@]}; ((n)) || return 1; echo "${stack[n-1]}"; unset "stack[n-1]"; }; push a; push \'b c\'; pop; pop; pop || echo empty; echo ${#stack[@]}',
    'b c\na\nempty\n0\n',
  ],
  [
    "declare -A cfg; while IFS='=' read -r k v; do [[ $k =~ ^[[:space:]]*# || -z $k ]] && continue; cfg[$k]=$v; done <<< $'host=localhost\\n#c=1\\nport=80\\n'; for k in host port; do printf '%s=%s\\n' \"$k\" \"${cfg[$k]}\"; done; echo ${#cfg[@]}",
    'host=localhost\nport=80\n2\n',
  ],
  [
    'retry() { local n=1 max=3; until "$@"; do ((n==max)) && { echo gave up; return 1; }; ((n++)); echo try $n; done; }; retry false; echo $?; retry true; c=0; flaky() { ((++c>=2)); }; retry flaky && echo ok',
    'try 2\ntry 3\ngave up\n1\ntry 2\nok\n',
  ],
  [
    'log() { printf \'[%s] %s\\n\' "${FUNCNAME[1]}" "$*" >&2; }; work() { log starting; log "arg: $1"; }; work x 2>&1; die() { echo "$0: $*" >&2; exit 1; }; (die fatal) 2>&1; echo $?',
    '[work] starting\n[work] arg: x\nbash: fatal\n1\n',
  ],
];
