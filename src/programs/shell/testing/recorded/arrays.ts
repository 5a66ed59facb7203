import type { Recorded } from './types';

/** Ours to write, the real shell's to answer. */
export const arrays: readonly Recorded[] = [
  [
    'a=(a "b c" \'d\'); echo "${a[1]}" ${#a[@]}; a[10]=z; echo ${!a[@]} ${#a[@]}; unset \'a[1]\'; echo "${a[@]}" ${!a[@]}; unset a; echo "${a[@]}|"',
    'b c 3\n0 1 2 10 4\na d z 0 2 10\n|\n',
  ],
  [
    'a=([3]=c [1]=a b); declare -p a; a+=([0]=z y); declare -p a',
    'declare -a a=([1]="a" [2]="b" [3]="c")\ndeclare -a a=([0]="z" [1]="y" [2]="b" [3]="c")\n',
  ],
  [
    'declare -A m=([x]=1 ["a b"]=2 [$HOME]=3); echo ${#m[@]} "${m[a b]}" "${m[/root]}" ${m[x]}; m[y]+=q; m[y]+=r; echo ${m[y]}; unset \'m[x]\'; echo ${#m[@]} "${m[x]-gone}"',
    '3 2 3 1\nqr\n3 gone\n',
  ],
  [
    'declare -A m; m[a]=1; for k in "${!m[@]}"; do echo "$k=${m[$k]}"; done; declare -p m; [[ -v m[a] ]] && echo has; [[ -v m[b] ]] || echo hasnt; k=a; [[ -v m[$k] ]] && echo has',
    'a=1\ndeclare -A m=([a]="1" )\nhas\nhasnt\nhas\n',
  ],
  [
    'declare -A m=(k1 v1 k2 v2); echo "${m[k1]} ${m[k2]}"; declare -A e=(); declare -p e; declare -A n; declare -p n',
    'v1 v2\ndeclare -A e=()\ndeclare -A n\n',
  ],
  [
    'a[0]=x; a[1]=y; echo "$a" "${a}" "${a[@]}"; a=z; declare -p a; declare -a b; declare -p b; b=5; declare -p b',
    'x x x y\ndeclare -a a=([0]="z" [1]="y")\ndeclare -a b\ndeclare -a b=([0]="5")\n',
  ],
  [
    'a=(1 2 3 4); a[-1]=last; a[-2]=pre; echo ${a[@]} ${a[-1]} ${a[-4]}; echo ${a[-5]}; a[-9]=x; echo after',
    '1 2 pre last last 1\n\n',
    'bash: line 1: a: bad array subscript\nbash: line 1: a[-9]: bad array subscript\n',
    1,
  ],
  [
    'a=(5 6 7); i=1; echo ${a[i]} ${a[i+1]} ${a[$i]} ${a[i-1]} ${a[a[0]-4]}; a[i++]=x; echo $i ${a[@]}; echo $((a[0]+a[2])) $((a[i]++)) ${a[2]}',
    '6 7 6 5 6\n2 5 x 7\n12 7 8\n',
  ],
  [
    "mapfile -t a <<< $'one\\ntwo\\nthree'; echo ${#a[@]} \"${a[1]}\"; mapfile -t -n 2 b <<< $'1\\n2\\n3'; echo ${b[@]}; mapfile -t -s 1 c <<< $'1\\n2\\n3'; echo ${c[@]}; mapfile d <<< $'x\\ny'; printf '[%s]' \"${d[@]}\"; echo",
    '3 two\n1 2\n2 3\n[x\n][y\n]\n',
  ],
  [
    "mapfile -t -O 2 a <<< $'x\\ny'; declare -p a; mapfile -d : -t b <<< 'p:q:r'; declare -p b; readarray -t c < <(seq 3); declare -p c",
    'declare -a a=([2]="x" [3]="y")\ndeclare -a b=([0]="p" [1]="q" [2]=$\'r\\n\')\ndeclare -a c=([0]="1" [1]="2" [2]="3")\n',
  ],
  [
    'cb() { echo "cb $1 [$2]"; }; mapfile -t -C cb -c 2 a <<< $\'1\\n2\\n3\\n4\\n5\'; echo ${#a[@]}',
    'cb 1 [2]\ncb 3 [4]\n5\n',
  ],
  [
    "read -a a <<< 'x y  z'; declare -p a; IFS=, read -ra b <<< 'p,q,,r'; declare -p b; read x y <<< 'one two three'; echo \"$x|$y\"; read -r x <<< 'back\\slash'; echo \"$x\"; read x <<< 'back\\slash'; echo \"$x\"",
    'declare -a a=([0]="x" [1]="y" [2]="z")\ndeclare -a b=([0]="p" [1]="q" [2]="" [3]="r")\none|two three\nback\\slash\nbackslash\n',
  ],
  [
    'a=(c a b); IFS=$\'\\n\' sorted=($(sort <<< "${a[*]}")); unset IFS; echo ${sorted[@]}; b=("${a[@]}" d); echo ${b[@]}; c=("${a[@]/#/p-}"); echo "${c[@]}"; d=("${a[@]/%/-s}"); echo "${d[@]}"',
    'a b c\nc a b d\np-c p-a p-b\nc-s a-s b-s\n',
  ],
  [
    'f() { local a=(1 2); a+=(3); echo ${a[@]}; local -A m=([q]=w); echo ${m[q]}; }; a=(out); f; echo ${a[@]} ${m[q]-none}',
    '1 2 3\nw\nout none\n',
  ],
  [
    'f() { local -n r=$1; r+=(new); r[0]=changed; echo "${#r[@]} ${!r}"; }; arr=(x y); f arr; echo ${arr[@]}',
    '3 arr\nchanged y new\n',
  ],
  [
    'declare -n r=target; target=5; echo $r; r=6; echo $target ${!r}; declare -p r; unset r; echo "[$target]"; unset -n r; declare -p r',
    '5\n6 target\ndeclare -n r="target"\n[]\n',
    'bash: line 1: declare: r: not found\n',
    1,
  ],
  [
    'declare -n a=a; echo $?; declare -n 1x=y; echo $?; declare -n b=1bad; echo $?',
    '1\n1\n1\n',
    "bash: line 1: declare: a: nameref variable self references not allowed\nbash: line 1: declare: `1x=y': not a valid identifier\nbash: line 1: declare: `1bad': invalid variable name for name reference\n",
  ],
  [
    "f() { local -n ref=$1; ref=inner; }; v=1; f v; echo $v; f 'arr[2]'; declare -p arr",
    'inner\ndeclare -a arr=([2]="inner")\n',
  ],
  [
    'for x in 1; do declare -n r=a$x; r=v$x; done; echo $a1; declare -n ar=list; ar=(1 2 3); echo ${#list[@]} ${ar[1]}',
    'v1\n3 2\n',
  ],
  [
    'declare -a a=(1 2); declare -A a; echo $?; declare -A b=([x]=1); declare -a b; echo $?',
    '1\n1\n',
    'bash: line 1: declare: a: cannot convert indexed to associative array\nbash: line 1: declare: b: cannot convert associative to indexed array\n',
  ],
  ['readonly a=(1 2); a[0]=x; echo after', '', 'bash: line 1: a: readonly variable\n', 1],
  ['readonly -a ra=(1 2); ra+=(3); echo no', '', 'bash: line 1: ra: readonly variable\n', 1],
  [
    "declare -ar q=(1); declare -p q; unset q; echo $?; unset 'q[0]'; echo $?",
    'declare -ar q=([0]="1")\n1\n1\n',
    'bash: line 1: unset: q: cannot unset: readonly variable\nbash: line 1: unset: q: cannot unset: readonly variable\n',
  ],
  [
    'a=(1 2 3); a=("${a[@]:0:1}" "${a[@]:2}"); echo ${a[@]}; set -- "${a[@]}"; echo $# $2; a=(); echo ${#a[@]}',
    '1 3\n2 3\n0\n',
  ],
  ['a=(x); echo ${a[0]} ${a[00]} ${a["0"]} ${a[$((0))]}; a["1"]=y; a[ 2 ]=z; echo ${a[@]}', 'x x x x\nx y z\n'],
  [
    'a=(1 2); echo ${a[x y]}; echo after',
    '',
    'bash: line 1: x y: syntax error in expression (error token is "y")\n',
    1,
  ],
  ['a=(1 2); echo ${a[]}; echo after', '', 'bash: line 1: ${a[]}: bad substitution\n', 1],
  ['a=(1 2); a[]=x; echo after', '', 'bash: line 1: a[]: bad array subscript\n', 1],
  ['declare -A m; m[]=x; echo after', '', 'bash: line 1: m[]: bad array subscript\n', 1],
  ["declare -A m; echo ${m[]}; m['']=x; echo after", '', 'bash: line 1: ${m[]}: bad substitution\n', 1],
  [
    'declare -A m; m["x]y"]=1; m[\'$a\']=2; k=\'x]y\'; echo "${m[$k]}" "${m[\'$a\']}"; for k in "${!m[@]}"; do echo "$k"; done | sort',
    '1 2\n$a\nx]y\n',
  ],
  [
    "declare -A m=([one]=1 [two]=2); unset 'm[one]'; echo ${!m[@]}; m=(); echo ${#m[@]}; m=([a]=b); m+=([c]=d); for k in a c; do echo ${m[$k]}; done",
    'two\n0\nb\nd\n',
  ],
  [
    'declare -i -a n=(1+1 2*3 x); echo ${n[@]}; n[1]+=4; echo ${n[@]}; declare -A -i c; c[a]+=1; c[a]+=1; echo ${c[a]}; ((c[b]++, c[b]+=5)); echo ${c[b]}',
    '2 6 0\n2 10 0\n2\n6\n',
  ],
  [
    'declare -u up=(abc def); echo "${up[@]}"; declare -l low; low=ABC; echo $low; declare -c cap=hello; echo $cap',
    'ABC DEF\nabc\nHello\n',
  ],
  [
    'a=(1 2 3); for i in ${!a[@]}; do echo "$i:${a[$i]}"; done; for ((i=${#a[@]}-1;i>=0;i--)); do echo -n "${a[i]} "; done; echo',
    '0:1\n1:2\n2:3\n3 2 1 \n',
  ],
  [
    'a=(~ ~/x "~"); echo "${a[@]}"; b=({1..3} *.nothing); echo "${b[@]}"; c=($(echo x y) "$(echo x y)"); echo ${#c[@]}',
    '/root /root/x ~\n1 2 3 *.nothing\n3\n',
  ],
  ['a=(\n  one   # comment\n  two\n  "three four"\n); echo ${#a[@]} "${a[2]}"', '3 three four\n'],
  ['x=(1 2 3)\necho ${x[@]:1}\nunset x[0]\necho ${x[@]}\ndeclare -p x', '2 3\n2 3\ndeclare -a x=([1]="2" [2]="3")\n'],
  [
    's=\'a,b,c\'; IFS=, read -r -a p <<< "$s"; echo ${p[1]}; p=(${s//,/ }); echo ${#p[@]}; IFS=, p=($s); echo ${#p[@]} "$IFS"',
    'b\n3\n3 ,\n',
  ],
  [
    "printf '%s\\n' \"${a[@]}\"; printf '<%s>' \"${a[*]}\"; echo; printf '%s=%s\\n' a 1 b 2 c; a=(); printf '[%s]\\n' \"${a[@]}\"",
    '\n<>\na=1\nb=2\nc=\n[]\n',
  ],
  [
    "declare -p nope; echo $?; x=1; declare -p x; declare -x y='a b'; declare -p y; declare -p x y nope2",
    '1\ndeclare -- x="1"\ndeclare -x y="a b"\ndeclare -- x="1"\ndeclare -x y="a b"\n',
    'bash: line 1: declare: nope: not found\nbash: line 1: declare: nope2: not found\n',
    1,
  ],
  [
    'a=(1 2 3); b=("${a[@]}"); b[1]=x; echo ${a[@]} ${b[@]}; declare -a c=("${!a[@]}"); echo ${c[@]}; echo "${a[@]: -1}" "${a[${#a[@]}-1]}"',
    '1 2 3 1 x 3\n0 1 2\n3 3\n',
  ],
  [
    "declare -A a=([x]=1); b=x; echo ${a[$b]} ${a[\"$b\"]} ${a[x]} ${a['x']}; echo $((a[x]+1)) $((a[$b]*5)); ((a[x]=9)); echo ${a[x]}; let 'a[x]+=1'; echo ${a[x]}",
    '1 1 1 1\n2 5\n9\n10\n',
  ],
  ["a=(1 2 3); export a; env | grep -c '^a='; bash -c 'echo \"[$a]\"'; a=5 bash -c 'echo \"[$a]\"'", '0\n[]\n[5]\n'],
  ['a=x b=(y z) ; echo $a ${b[1]}; a=1 b=2 args x; echo $a ${b[0]}', 'x z\n<x>\nx y\n'],
  [
    'a[1]=x b[2]=y; declare -p a b; a[1]=p args z; declare -p a',
    'declare -a a=([1]="x")\ndeclare -a b=([2]="y")\n<z>\ndeclare -a a=([1]="x")\n',
    "bash: line 1: `a[1]': not a valid identifier\n",
  ],
  [
    'unset a; a+=(x); a+=y; declare -p a; unset b; b+=z; declare -p b; ((c[3]=7)); declare -p c',
    'declare -a a=([0]="xy")\ndeclare -- b="z"\ndeclare -a c=([3]="7")\n',
  ],
  [
    'local x=1; echo $?; f() { local x; echo "[${x-unset}]"; local y=; echo "[${y-unset}]"; declare z=1; declare -g g=2; }; x=outer; f; echo "${z-unset} $g"',
    '1\n[unset]\n[]\nunset 2\n',
    'bash: line 1: local: can only be used in a function\n',
  ],
  [
    'f() { local x=1; unset x; echo "[${x-unset}]"; }; x=outer; f; g() { local x=2; h; echo $x; }; h() { unset x; echo "[${x-unset}]"; }; g; echo $x',
    '[unset]\n[outer]\nouter\nouter\n',
  ],
  ['f() { local -r k=1; k=2; echo in; }; f; echo out $?', '', 'environment: line 1: k: readonly variable\n', 1],
  [
    'f() { local a b=2 c; echo "${a-u} $b ${c-u}"; local; }; f',
    'u 2 u\ndeclare -- a\ndeclare -- b="2"\ndeclare -- c\n',
  ],
  ['f() { local -; set -f; set -u; echo $-; }; f; echo $-', 'fhuBc\nhBc\n'],
  ['f() { local x=1 y=$x; echo $y; local z=$x$y w=$z; echo $w; }; f', '\n\n'],
  [
    'typeset -i i=3; typeset -p i; typeset -f f; f() { :; }; typeset -f f; declare -F; declare -F f; declare -F nof; echo $?',
    'declare -i i="3"\nf () \n{ \n    :\n}\ndeclare -f f\nf\n1\n',
  ],
];
