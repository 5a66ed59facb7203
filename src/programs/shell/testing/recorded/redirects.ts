import type { Recorded } from './types';

/** Ours to write, the real shell's to answer. */
export const redirects: readonly Recorded[] = [
  ['echo a > f; echo b >> f; cat f; cat < f; wc -l < f; > f; cat f; echo x 1> f; cat f', 'a\nb\na\nb\n2\nx\n'],
  [
    '{ echo out; echo err >&2; } > o 2> e; cat o; echo --; cat e; { echo out; echo err >&2; } > both 2>&1; cat both; { echo out; echo err >&2; } &> both2; cat both2',
    'out\n--\nerr\nout\nerr\nout\nerr\n',
  ],
  ['{ echo a; echo b >&2; } 2>&1 >/dev/null | cat; echo c 2>/dev/null >&2; echo d >&2 2>/dev/null', 'b\n', 'd\n'],
  [
    'exec 3> f; echo one >&3; echo two >&3; exec 3>&-; cat f; exec 4< f; read -u 4 x; read y <&4; echo $x $y; exec 4<&-; read z <&4; echo $?',
    'one\ntwo\none two\n1\n',
    'bash: line 1: 4: Bad file descriptor\n',
  ],
  [
    'exec 3<> f; echo hello >&3; exec 3>&-; cat f; echo abc > g; exec 5<> g; read -n 1 x <&5; echo -n X >&5; exec 5>&-; cat g',
    'hello\naXc\n',
  ],
  ['exec {fd}> f; echo via $((fd >= 10)) >&$fd; exec {fd}>&-; cat f; { echo x; } {q}> g; cat g', 'via 1\nx\n'],
  [
    'cat << EOF1\nx $((1+1)) \\$y `echo bq` $(echo cs)\nEOF1\ncat << \'EOF2\'\nx $((1+1)) \\$y `echo bq`\nEOF2\ncat << "E F"\nq $z\nE F\ncat << \\E3\nr $z\nE3',
    'x 2 $y bq cs\nx $((1+1)) \\$y `echo bq`\nq $z\nr $z\n',
  ],
  ["cat <<- E\n\ttabs\n\t\tmore $HOME\n\tE\ncat <<-'E'\n\tlit $HOME\n\tE", 'tabs\nmore /root\nlit $HOME\n'],
  ['x=val; cat <<E\n"$x" \'$x\' ${x:-d} ${u:-"q"} \\\\ \\` \\a $(echo "a b")\nE', '"val" \'val\' val q \\ ` \\a a b\n'],
  [
    'cat <<E | tr a-z A-Z\npiped\nE\ncat <<E && echo after\nand\nE\nf() { cat <<E\nin f $1\nE\n}; f arg',
    'PIPED\nand\nafter\nin f arg\n',
  ],
  ['cat <<A <<B\nfirst\nA\nsecond\nB\ncat <<A - <<B /dev/fd/0\none\nA\ntwo\nB', 'second\ntwo\n'],
  [
    'while read l; do echo "[$l]"; done <<E\na b\n  c d\nE\nfor i in 1 2; do cat; done <<E\nloop\nE\nif cat; then echo ok; fi <<E\nif\nE',
    '[a b]\n[c d]\nloop\nif\nok\n',
  ],
  [
    'cat <<< word; cat <<< "two words"; x=\'a  b\'; cat <<< $x; cat <<< "$x"; cat <<< \'a\nb\'; cat <<< ""; cat <<<$(echo cs); cat <<<a\\ b',
    'word\ntwo words\na  b\na  b\na\nb\n\ncs\na b\n',
  ],
  ['cat < <(echo ps); cat <(echo 1) <(echo 2); echo x > >(cat); wait; sleep 0.1; echo done', 'ps\n1\n2\nx\ndone\n'],
  [
    'read a b < <(echo 1 2 3); echo $a $b; while read x; do echo "$x"; done < <(seq 3); n=0; while read x; do ((n+=x)); done < <(seq 4); echo $n',
    '1 2 3\n1\n2\n3\n10\n',
  ],
  ['tee >(cat > f1) <<< data > /dev/null; sleep 0.2; cat f1; echo hi | tee f2 > f3; cat f2 f3', 'data\nhi\nhi\n'],
  ['f() { echo out; echo err >&2; } > fo 2>&1; f; cat fo; g() { cat; } < fo; g', 'out\nerr\nout\nerr\n'],
  [
    'if true; then echo x; echo y >&2; fi > f 2>&1; cat f; for i in 1 2; do echo $i; done > f; cat f; (echo sub) > f; cat f; while read x; do echo "r $x"; done < f',
    'x\ny\n1\n2\nsub\nr sub\n',
  ],
  [
    'case x in x) echo c;; esac > f; cat f; [[ a == a ]] > f && echo t; ((1)) > f && echo u; select_=1; { echo g; } >> f; cat f',
    'c\nt\nu\ng\n',
  ],
  [
    'echo a > "f 1"; cat "f 1"; v="f 2"; echo b > "$v"; cat "f 2"; echo c > f{3,4}; echo $?; ls',
    'a\nb\n1\nf 1\nf 2\n',
    'bash: line 1: f{3,4}: ambiguous redirect\n',
  ],
  ['> a > b > c; ls; echo x > a > b; cat a; echo -; cat b; < a < b cat', 'a\nb\nc\n-\nx\nx\n'],
  [
    'echo foo 2>&1 1>&2 2>/dev/null; (echo bar >&2) 2>&1 | cat; { echo baz >&2; } 2>&1 | cat; echo q | cat 2>&1',
    'foo\nbar\nbaz\nq\n',
  ],
  ['exec > f; echo to file; exec > /dev/stderr; echo to err; cat f >&2', '', 'to err\nto file\n'],
  [
    'exec 2>&1; echo out; echo err >&2; nosuch; ls /nofile',
    "out\nerr\nbash: line 1: nosuch: command not found\nls: cannot access '/nofile': No such file or directory\n",
    '',
    2,
  ],
  [
    'echo a |& cat; { echo o; echo e >&2; } |& cat; nosuch |& cat; ls /nofile |& cat',
    "a\no\ne\nbash: line 1: nosuch: command not found\nls: cannot access '/nofile': No such file or directory\n",
  ],
  [
    'exec 3>&1; x=$(echo captured; echo direct >&3); echo "x=$x"; exec 3>&-; { y=$(echo e >&2); } 2>&1; echo "y=$y"',
    'direct\nx=captured\ne\ny=\n',
  ],
  [
    'exec 3>&1 4>&2; exec > f 2>&1; echo hidden; nosuch; exec 1>&3 2>&4 3>&- 4>&-; cat f; echo shown',
    'hidden\nbash: line 1: nosuch: command not found\nshown\n',
  ],
  [
    'echo x >&-; echo $?; echo y 2>&-; exec 0<&-; read z; echo $?',
    '1\ny\n1\n',
    'bash: line 1: echo: write error: Bad file descriptor\nbash: line 1: read: read error: 0: Bad file descriptor\n',
  ],
  [
    'cat /dev/null; echo a > /dev/null; cat < /dev/null; : > f; [ -s f ] || echo empty; echo a > /dev/stdout; echo b > /dev/fd/1; echo c > /dev/stderr; cat /dev/stdin <<< in',
    'empty\na\nb\nin\n',
    'c\n',
  ],
  [
    'mkfifo p; echo data > p & cat p; wait; rm p; mkfifo q; (echo one; echo two) > q & while read l; do echo "got $l"; done < q; wait',
    'data\ngot one\ngot two\n',
  ],
  [
    'set -o noclobber; echo a > f; echo b > f; echo $?; echo c >| f; cat f; set +C; echo d > f; cat f; echo e > /dev/null; set -C; echo f > /dev/null; echo $?',
    '1\nc\nd\n0\n',
    'bash: line 1: f: cannot overwrite existing file\n',
  ],
  [
    'x=1 y=2 > f; echo $x $y; ls; z=3 < /nofile; echo $? ${z-unset}',
    '1 2\nf\n1 3\n',
    'bash: line 1: /nofile: No such file or directory\n',
  ],
  [
    'echo start; cat <<E > out; echo end\nbody\nE\ncat out; cat > o2 <<E\nb2\nE\ncat o2; cat <<E 2>/dev/null >&1\nb3\nE',
    'start\nend\nbody\nb2\nb3\n',
  ],
  [
    "cat <<E\nline1 \\\ncont\na\\b\\\\c \\\"q\\\" \\'s\\'\nE\ncat <<'E'\nline1 \\\ncont\nE",
    'line1 cont\na\\b\\c \\"q\\" \\\'s\\\'\nline1 \\\ncont\n',
  ],
  ['cat <<E\n$(cat <<I\ninner\nI\n)\n${x:-$(echo y)}\n$((\n1+1))\nE', 'inner\ny\n2\n'],
  [
    'x=$(cat <<E\ncs body \'q" $((2*3))\nE\n); echo "$x"; echo "$(cat <<\'E\'\nlit $x )\nE\n)"',
    'cs body \'q" 6\nlit $x )\n',
  ],
  ['cat <<E1; echo mid; cat <<E2\na\nE1\nb\nE2\necho end', 'a\nmid\nb\nend\n'],
  ["cat << ''\ntill empty\n\necho after", 'till empty\nafter\n'],
  ['cat <<E\n\nblank lines\n\nE\ncat <<E\nE\necho none; cat <<E\n E\nE', '\nblank lines\n\nnone\n E\n'],
  [
    'f=$(mktemp); echo t > $f; cat $f; rm $f; [ -e $f ] || echo gone; mkdir -p a/b; echo x > a/b/c; cat a/*/c; cd a; cat b/c; cd ..; echo */b/*',
    't\ngone\nx\nx\na/b/c\n',
  ],
  [
    'echo one > f; { read x; echo "x=$x"; cat; } < <(printf \'l1\\nl2\\nl3\\n\'); { cat < f; cat; } <<< rest',
    'x=l1\nl2\nl3\none\nrest\n',
  ],
  ["while read -u 3 a; do read b; echo \"$a-$b\"; done 3< <(printf '1\\n2\\n') < <(printf 'x\\ny\\n')", '1-x\n2-y\n'],
  ['{ echo 1 >&3; echo 2 >&4; } 3>f3 4>f4; cat f3 f4; { echo 5; } 3>&1 >&3; echo ok 5>&1 >&5', '1\n2\n5\nok\n'],
  [
    'echo a 1>&2 2>/dev/null | cat; ls nofile 2>err; cat err; ls nofile 2>>err; wc -l < err; ls nofile &>> all; cat all',
    "ls: cannot access 'nofile': No such file or directory\n2\nls: cannot access 'nofile': No such file or directory\n",
    'a\n',
  ],
  ["printf 'a\\nb\\nc\\n' > f; exec < f; read x; echo $x; read y; echo $y; cat", 'a\nb\nc\n'],
];
