import type { Recorded } from './types';

/** Ours to write, bash 5.2's to answer: recorded from `bash -c` with stdin empty. */
export const part4: readonly Recorded[] = [
  [
    '[ -t 0 ] || echo notty; [ -t 99 ]; echo $?; test -p /dev/stdin; [ -r /etc/passwd ] && [ -O /etc/passwd ] && echo mine',
    'notty\n1\nmine\n',
  ],
  [
    "complete -W 'a b' foo; complete -p foo; compgen -W 'apple banana' a; compgen -A function; compgen -v BASH_VERS; complete -r foo; complete -p foo; echo $?",
    "complete -W 'a b' foo\napple\nBASH_VERSINFO\nBASH_VERSION\n1\n",
    'bash: line 1: complete: foo: no completion specification\n',
  ],
  ['echo ${BASH_SOURCE[0]-none} $LINENO; f() { echo $LINENO; }; f', 'none 1\n1\n'],
  [
    'disown; echo $?; jobs; fg; echo $?; bg %1; echo $?',
    '1\n1\n1\n',
    'bash: line 1: disown: current: no such job\nbash: line 1: fg: no job control\nbash: line 1: bg: no job control\n',
  ],
  [
    'wait abc; echo $?; wait %5; echo $?; unset; unset -v x -f y; echo $?; local 2>&1; echo $?',
    '1\n127\n1\nbash: line 1: local: can only be used in a function\n1\n',
    "bash: line 1: wait: `abc': not a pid or valid job spec\nbash: line 1: wait: %5: no such job\nbash: line 1: unset: `-f': not a valid identifier\n",
  ],
  [
    'export 1x=2; echo $?; declare 2y; echo $?; read 3z <<< a; echo $?; x y=1; echo $?',
    '1\n1\n1\n127\n',
    "bash: line 1: export: `1x=2': not a valid identifier\nbash: line 1: declare: `2y': not a valid identifier\nbash: line 1: read: `3z': not a valid identifier\nbash: line 1: x: command not found\n",
  ],
  ['for 1a in x; do :; done; echo $?', '1\n', "bash: line 1: `1a': not a valid identifier\n"],
  ['echo ${a b}; echo next', '', 'bash: line 1: ${a b}: bad substitution\n', 1],
  ['echo ${x/}; x=aXb; echo ${x/X} ${x/X/} ${x//[a-z]} ${x/#a/b} ${x/%b} "${x/X/ & }"', '\nab ab X bXb aX a X b\n'],
  [
    'printf \'%s\\n\' "${x@Q}" "${x@A}" ${x@a}; declare -x y=1; echo ${y@a} "${y@A}"; z=\'\\n\'; echo "${z@E}"; PS=\'\\u\'; echo "${PS@P}"',
    "\n\nx declare -x y='1'\n\n\nroot\n",
  ],
  ['echo a|cat;echo b&&echo c;(echo d);{ echo e;};echo f&wait', 'a\nb\nc\nd\ne\nf\n'],
  [
    'if [ ]; then :; else echo empty; fi; if ! [ a ]; then :; else echo nonempty; fi; if ((1)) && ! ((0)); then echo arith; fi',
    'empty\nnonempty\narith\n',
  ],
  ['coproc { read x; echo "co $x"; }; echo hi >&${COPROC[1]}; read -u ${COPROC[0]} y; echo "$y"; wait', 'co hi\n'],
  ['coproc C { cat; }; echo a >&${C[1]}; eval "exec ${C[1]}>&-"; cat <&${C[0]}', 'a\n'],
];
