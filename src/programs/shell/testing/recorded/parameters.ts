import type { Recorded } from './types';

/** Ours to write, the real shell's to answer. */
export const parameters: readonly Recorded[] = [
  ['x=abcdef; echo "${x:2}" "${x:(-3)}" "${x:1:-1}" "${x: -3:2}" "${x:0:0}|" "${x:10}|"', 'cdef def bcde de | |\n'],
  ['x=abc; echo "${x:1:-5}"; echo after', '', 'bash: line 1: -5: substring expression < 0\n', 1],
  ['x=abc; echo "${x:a}" ; a=1; echo "${x:a}" "${x:a+1}" "${x:$a:a}"', 'abc\nbc c b\n'],
  ['set -- a b c d e; echo "${@:2}" "${@:2:2}" "${@: -2}" "${@:0:1}" "${*:3}"', 'b c d e b c d e bash c d e\n'],
  ['set -- a b c; echo "${@:1:-1}"; echo after', '', 'bash: line 1: -1: substring expression < 0\n', 1],
  [
    'arr=(a b c d e); echo "${arr[@]:1:2}" "${arr[@]: -2}" "${arr[@]:3}" "${arr[*]:0:2}"; for i in "${arr[@]:1:3}"; do echo "<$i>"; done',
    'b c d e d e a b\n<b>\n<c>\n<d>\n',
  ],
  ['arr=([2]=x [5]=y [9]=z); echo "${arr[@]:3}" "${arr[@]:0:2}" "${arr[@]: -1}" "${!arr[@]}"', 'y z x y z 2 5 9\n'],
  [
    'x=foo.bar.baz; echo "${x#*.}" "${x##*.}" "${x%.*}" "${x%%.*}" "${x#f*o}" "${x##f*o}"',
    'bar.baz baz foo.bar foo o.bar.baz .bar.baz\n',
  ],
  [
    'x=aaaa; echo "${x/a/b}" "${x//a/b}" "${x/#a/b}" "${x/%a/b}" "${x//aa/b}" "${x/%aa/}"',
    'baaa bbbb baaa aaab bb aa\n',
  ],
  ['x=\'a/b/c\'; echo "${x//\\//-}" "${x////-}" "${x/\\/}" "${x//[\\/]/_}"', 'a-b-c a-b-c ab/c a_b_c\n'],
  [
    'x=\'hello world\'; echo "${x/o*o/0}" "${x//?o/_}" "${x//[aeiou]/*}" "${x//[!aeiou]/-}"',
    'hell0rld hel_ _rld h*ll* w*rld -e--o--o---\n',
  ],
  [
    'x=hello; r=\'[&]\'; echo "${x/l/$r}" "${x/l/"$r"}" "${x/l/[&]}" "${x/l/[\\&]}" "${x/l/"[&]"}"',
    'he[l]lo he[&]lo he[l]lo he[&]lo he[&]lo\n',
  ],
  ['shopt -u patsub_replacement; x=hello; echo "${x/l/[&]}"', 'he[&]lo\n'],
  [
    'x=hello; echo "${x^}" "${x^^}" "${x^^l}" "${x^[aeh]}" "${x^^[aeiou]}"; y=HELLO; echo "${y,}" "${y,,}" "${y,,L}" "${y~}" "${x~~}"',
    'Hello HELLO heLLo Hello hEllO\nhELLO hello HEllO hELLO HELLO\n',
  ],
  [
    'a=(one two three); echo "${a[@]^}" "${a[@]^^[ot]}" "${a[*]/e/E}" "${a[@]#o}" "${a[@]%e}" "${a[@]//[eo]/_}"',
    'One Two Three One TwO Three onE two thrEe ne two three on two thre _n_ tw_ thr__\n',
  ],
  [
    'unset u; echo "${u-a}" "${u:-b}" "${u+c}" "${u:+d}" "[${u}]"; u=; echo "${u-a}" "${u:-b}" "${u+c}" "${u:+d}"; u=x; echo "${u-a}" "${u:-b}" "${u+c}" "${u:+d}"',
    'a b   []\n b c \nx x c d\n',
  ],
  [
    'echo "${u:=one}" $u; echo "${v=two three}"; for w in ${x=a b c}; do echo $w; done; for w in "${y=a b}"; do echo $w; done',
    'one one\ntwo three\na\nb\nc\na b\n',
  ],
  ['set --; echo "${1:-none}" "${1-none}" ${@:-empty} "${*-e}" "${#}" "${#@}" "${#*}"', 'none none empty e 0 0 0\n'],
  ['set -- \'\'; echo "${1:-none}|${1-none}|${@:-empty}|${#}"', 'none||empty|1\n'],
  [
    '(echo ${x?}); echo $?; (echo ${x:?my msg here}); echo $?; x=; (echo ${x?ok}); echo $?; (echo ${x:?"empty $HOME"}); echo $?',
    '1\n1\n\n0\n1\n',
    'bash: line 1: x: parameter not set\nbash: line 1: x: my msg here\nbash: line 1: x: empty /root\n',
  ],
  [
    'x=y; y=z; z=end; echo ${!x} ${!y}; p=arr[1]; arr=(a b c); echo ${!p}; q=\'arr[@]\'; echo "${!q}"',
    'z end\nb\na b c\n',
  ],
  [
    'foo_a=1 foo_b=2 foo_c=3; echo ${!foo_*} "${!foo_@}"; for i in "${!foo_@}"; do echo $i; done; IFS=,; echo "${!foo_*}"',
    'foo_a foo_b foo_c foo_a foo_b foo_c\nfoo_a\nfoo_b\nfoo_c\nfoo_a,foo_b,foo_c\n',
  ],
  ['f() { echo "${!1}" "${!#}" "${!2:-dflt}"; }; v=val; f v nope last', 'val last dflt\n'],
  [
    'x=\'it\'\\\'\'s a "test"\'; echo "${x@Q}"; y=$\'tab\\there\\nnl\'; echo "${y@Q}"; e=; echo "${e@Q}"; unset n; echo "[${n@Q}]"',
    "'it'\\''s a \"test\"'\n$'tab\\there\\nnl'\n''\n[]\n",
  ],
  [
    'a=(\'a b\' "c\'d" $\'e\\nf\'); echo "${a[@]@Q}"; echo "${a[*]@Q}"; set -- \'x y\' z; echo "${@@Q}"',
    "'a b' 'c'\\''d' $'e\\nf'\n'a b' 'c'\\''d' $'e\\nf'\n'x y' 'z'\n",
  ],
  [
    'x=\'\\t[\\x41]\\u00e9\'; echo "${x@E}"; y=hello; echo "${y@U}" "${y@u}"; z=LOUD; echo "${z@L}"',
    '\t[A]é\nHELLO Hello\nloud\n',
  ],
  [
    'declare -i n=5; declare -r r=x; declare -a a=(1 2); declare -A h=([k]=v); declare -x e=1; declare -l lo=ABC; for v in n r a h e lo; do declare -n ref=$v; echo "$v: ${ref@a} ${ref@A}"; unset -n ref; done',
    "n: i declare -i n='5'\nr: r declare -r r='x'\na: a declare -a a='1'\nh: A declare -A h\ne: x declare -x e='1'\nlo: l declare -l lo='abc'\n",
  ],
  [
    'declare -A h=([a]=\'x y\' [b]="q\'r"); echo "${h[@]@K}"; a=(1 \'two 2\'); echo "${a[@]@K}" ; echo "${a[@]@k}"; echo "${a[@]@A}"',
    'b "q\'r" a "x y" \n0 "1" 1 "two 2"\n0 1 1 two 2\ndeclare -a a=([0]="1" [1]="two 2")\n',
  ],
  [
    'x=abc; echo ${#x} ${#} ${#x[@]} ; a=(12 345 6); echo ${#a} ${#a[1]} ${#a[@]} ${#a[*]}; echo ${#a[-1]}',
    '3 0 1\n2 3 3 3\n1\n',
  ],
  ['x=$\'\\xc3\\xa9t\\xc3\\xa9\'; echo ${#x} "${x:1:1}" "${x^^}"', '3 t ÉTÉ\n'],
  [
    'echo "${x:-"quoted $HOME"}" ${x:-\'single $HOME\'} "${x:-\'single $HOME\'}" ${x:-a "b  c" d} "${x:-a   b}"',
    "quoted /root single $HOME 'single /root' a b  c d a   b\n",
  ],
  [
    'x=\'*\'; echo "$x" "${x}"; y=\'a   b\'; echo $y "$y" ${y/ /_} "${y/ /_}"; z=${y}; echo "$z"',
    '* *\na b a   b a_ b a_  b\na   b\n',
  ],
  [
    'echo ${x:-$(echo cmd)} ${x:-`echo bq`} ${x:-$((1+2))} "${x:-$(echo "nested "quotes"")}" ${x:-${y:-${z:-deep}}}',
    'cmd bq 3 nested quotes deep\n',
  ],
  ['x=a; echo "${x}b" "$xb" "${x}$x" $x$x${x}c "$x-$x" $x.$x', 'ab  aa aaac a-a a.a\n'],
  [
    'x=1; echo ${x+"a b"} "${x+"a b"}" ${x+\'a  b\'} ${x+a  b}; for i in ${x+"a b" c}; do echo "<$i>"; done',
    'a b a b a  b a b\n<a b>\n<c>\n',
  ],
  [
    'a=(1 2 3); echo "${a[@]:-none}" "${a[@]+set}" "${b[@]-none}" "${b[@]+set}" "${a[5]-no5}" "${a[1]:+yes1}"',
    '1 2 3 set none no5 yes1\n',
  ],
  [
    'a=(); echo "${#a[@]}" "${a[@]-unset}" "${a[*]-unset}" "${a-unset}"; set -u; echo "${a[@]}"; echo ok; echo "${a[0]}"',
    '0 unset unset unset\n\nok\n',
    'bash: line 1: a[0]: unbound variable\n',
    127,
  ],
  ['set -u; declare -A h; echo "${h[@]}"; echo "${h[x]}"', '\n', 'bash: line 1: h[x]: unbound variable\n', 127],
  ['set -u; echo "$1"; echo no', '', 'bash: line 1: $1: unbound variable\n', 127],
  [
    'set -u; echo "${x:-ok}" "${x-ok}" "${x+no}" "$@" "$*" "$#"; echo "${#x}"',
    'ok ok   0\n',
    'bash: line 1: x: unbound variable\n',
    127,
  ],
  ['set -u; f() { echo "$2"; }; f a; echo after', '', 'environment: line 1: $2: unbound variable\n', 127],
  [
    'set -u; (echo $zz); echo "sub $?"; echo $(echo $zz) "cs $?"; echo $((zz+1)); echo not',
    'sub 1\ncs 1\n',
    'bash: line 1: zz: unbound variable\nbash: line 1: zz: unbound variable\nbash: line 1: zz: unbound variable\n',
    127,
  ],
  ['echo ${}; echo after', '', 'bash: line 1: ${}: bad substitution\n', 1],
  ['echo ${x!y}; echo after', '', 'bash: line 1: ${x!y}: bad substitution\n', 1],
  ['echo "${x@Z}"; echo after', '\nafter\n'],
  ['x=1; echo "${x@Z}"; echo after', '', 'bash: line 1: ${x@Z}: bad substitution\n', 127],
  ['echo ${#x:1}; echo after', '', 'bash: line 1: ${#x:1}: bad substitution\n', 1],
  [
    'echo ${!}; echo "[$!]" ; echo ${!nope}; echo after',
    '\n[]\n',
    'bash: line 1: nope: invalid indirect expansion\n',
    1,
  ],
  ["x='a b'; echo ${!x}; echo after", '', 'bash: line 1: a b: invalid variable name\n', 1],
  ['x=; echo ${!x}; echo after', '', 'bash: line 1: : invalid variable name\n', 1],
  ['a=5; echo $a[0] ${a}[0] "$a[0]" ${a[0]} ${a[1]-un}', '5[0] 5[0] 5[0] 5 un\n'],
  ['echo $1a $10 ${10} ; set -- 1 2 3 4 5 6 7 8 9 ten eleven; echo $10 ${10} ${11} ${#}', 'a 0\n10 ten eleven 11\n'],
  [
    'x=5; x+=3; echo $x; declare -i y=5; y+=3; echo $y; z=(a); z+=b; echo ${z[@]}; z+=(c); echo ${z[@]}; z[0]+=X; echo ${z[@]}',
    '53\n8\nab\nab c\nabX c\n',
  ],
  [
    'IFS=-; set -- a b c; echo "$*" $* "$@" "${*}"; x="$*"; echo "$x"; x=$*; echo "$x"; IFS=; echo "$*"; unset IFS; echo "$*"',
    'a-b-c a b c a b c a-b-c\na-b-c\na-b-c\nabc\na b c\n',
  ],
  [
    'IFS=:; a=(x y z); echo "${a[*]}"; x=${a[*]}; echo "$x"; y=${a[@]}; echo "$y"; y="${a[@]}"; echo "$y"',
    'x:y:z\nx:y:z\nx y z\nx y z\n',
  ],
  [
    'set -- \'a b\' c; for i in "$@"; do echo "[$i]"; done; for i in $@; do echo "[$i]"; done; for i in "$*"; do echo "[$i]"; done; for i in "x$@y"; do echo "[$i]"; done',
    '[a b]\n[c]\n[a]\n[b]\n[c]\n[a b c]\n[xa b]\n[cy]\n',
  ],
  [
    'set --; for i in "$@"; do echo "[$i]"; done; for i in "x$@"; do echo "[$i]"; done; for i in "$*"; do echo "<$i>"; done; for i in "$@" "$@"; do echo no; done; args "$@" "" "$*"',
    '[x]\n<>\n<><>\n',
  ],
  [
    'x=\'  lead and trail  \'; args $x; args "$x"; args a$x; args a${x}b; args "a"$x"b"',
    '<lead><and><trail>\n<  lead and trail  >\n<a><lead><and><trail>\n<a><lead><and><trail><b>\n<a><lead><and><trail><b>\n',
  ],
  [
    "IFS=:; x=':a::b:'; args $x; x='a:b'; args $x; x=':'; args $x; x='::'; args $x; x=''; args $x \"$x\"",
    '<><a><><b>\n<a><b>\n<>\n<><>\n<>\n',
  ],
  ["IFS=' :'; x=' a : b :: c '; args $x; x=': a'; args $x; x='a :'; args $x", '<a><b><><c>\n<><a>\n<a>\n'],
  [
    'IFS=x; v=axbxc; args $v; args axbxc; args "$v"; args ${v#a}; args $(echo 1x2x3)',
    '<a><b><c>\n<axbxc>\n<axbxc>\n<><b><c>\n<1><2><3>\n',
  ],
  ["IFS=; v='a b'; args $v; IFS=$'\\n'; v=$'a b\\nc\\n\\nd\\n'; args $v", '<a b>\n<a b><c><d>\n'],
  [
    "v='\\*'; args $v \"$v\"; touch 'a*b'; v='a\\*b'; args $v; v='a*b'; args $v; rm 'a*b'; args $v",
    '<\\*><\\*>\n<a\\*b>\n<a*b>\n<a*b>\n',
  ],
];
