import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { Source } from './source';
import { parseSource } from './syntax';

const shared = process.env['BOTTLESHIP_SHARED'] ?? resolve(import.meta.dirname, '../../../../../shared');
const table = join(shared, 'corpus/frequency/shell_features.csv');
const corpus = join(shared, 'corpus/commands.txt');

const faultOf = (text: string) => parseSource(new Source(text, 'bash'), true).fault;

/** A script of ours with a feature in it, by the name that the table gives the feature. */
function snippetOf(feature: string): string | undefined {
  const fixed: Readonly<Record<string, string>> = {
    if: 'if true; then echo a; elif false; then echo b; else echo c; fi',
    assignment: 'a=1 b="$a c"',
    '[ ] / [[ ]]': '[ -n a ] && [[ -n a ]]',
    redirect: 'echo a > f 2>&1 < g',
    '$(...)': 'x=$(kubectl get po -o name | wc -l)',
    '[ ]': '[ "$x" = y ]',
    '[[ ]]': '[[ $x == y* && ! -e f ]]',
    pipeline: 'a | b |& c',
    '||': 'a || { echo b; exit 1; }',
    '&&': 'a && b',
    '! negation': 'if ! grep -q a f; then :; fi',
    '{ group; }': '{ a; b; } > f',
    '${...}': 'echo ${a} ${a[1]} ${#a[@]}',
    'declare/local/export': 'f() { local a=1; declare -A m; export b=2; }',
    function: 'function f { a; }; g() { b; }',
    'for-in': 'for i in a b "$@"; do echo $i; done',
    'extglob/pattern': 'shopt -s extglob\n[[ $x == @(a|b) ]]',
    'array literal': 'a=(1 "2 3" [5]=x $(b))',
    '$((...))': 'echo $((a + b * (c - 1)))',
    'array subscript': 'echo ${a[i+1]} "${a[@]}"',
    heredoc: 'cat <<EOF\n$a\nEOF',
    'heredoc quoted': "cat <<'EOF'\n$a (\nEOF",
    'heredoc expanding': 'cat <<EOF | kubectl apply -f -\n${a:-b} $(c)\nEOF',
    'heredoc <<-': 'cat <<-EOF\n\ta\n\tEOF',
    '=~ regex': '[[ $a =~ ^([0-9]+)(\\.[0-9]+)?$ ]]',
    while: 'while true; do break; done',
    'while/until': 'until false; do break; done',
    until: 'until kubectl get no; do sleep 1; done',
    '<(...)': 'diff <(a) <(b)',
    '<<< herestring': 'cat <<< "$a"',
    case: 'case $a in b|c) d;; (e) f;& *) g;;& esac',
    'while read': 'while read -r a b; do echo $a; done < <(c)',
    '{a..b}': 'echo {1..10} {a,b}',
    '( subshell )': '(cd a && b)',
    'for((;;))': 'for ((i=0; i<3; i++)); do echo $i; done',
    '&': 'a & wait',
    unset: 'unset a b',
    "$'...'": "echo $'a\\n'",
    ternary: 'echo $((a > b ? a : b))',
    '"${} op ': 'echo "${a}" "${b:-c}"',
    'redir ?': 'a 2>>f 9>&-',
  };
  if (fixed[feature] !== undefined) return fixed[feature];
  const [, kind, rest = ''] = /^(test|redir|\$\{\} op|\$)\s*(.*)$/s.exec(feature) ?? [];
  if (kind === '$') return `echo $${rest} "$${rest}"`;
  if (kind === '${} op') {
    const operator = rest === 'plain' || rest === 'other' ? '' : rest === '#len' ? undefined : rest;
    return operator === undefined
      ? 'echo ${#a}'
      : rest.startsWith('!')
        ? 'echo ${!a}'
        : `echo \${a${operator}b}`.replace('ab}', 'a}');
  }
  if (kind === 'redir') return /&\d?$|&-$/.test(rest) ? `a ${rest}${rest.endsWith('&') ? '1' : ''}` : `a ${rest} f`;
  if (kind === 'test') {
    if (!rest.startsWith('-')) return `[[ $a ${rest} b ]]; [ "$a" ${rest === '=~' ? '=' : rest} b ]`;
    return /^-(?:eq|ne|lt|le|gt|ge|nt|ot|ef|a|o)$/.test(rest) ? `[ 1 ${rest} 2 ]` : `[ ${rest} x ]`;
  }
  return undefined;
}

test.skipIf(!existsSync(table))('every feature of public scripts is understood (needs ../shared)', () => {
  const features = readFileSync(table, 'utf8')
    .split('\n')
    .slice(1)
    .map((line) => line.split(',')[0] ?? '')
    .filter((feature) => feature !== '');
  for (const feature of features) {
    const snippet = snippetOf(feature);
    expect({ feature, known: snippet !== undefined }).toEqual({ feature, known: true });
    expect({ feature, snippet, fault: faultOf(snippet ?? '') }).toEqual({ feature, snippet, fault: undefined });
  }
});

/** How many of the published command lines real `bash -n` 5.2 refuses: 33 of 26,968, each of which we refuse, too. */
const REFUSED = 33;

test.skipIf(!existsSync(corpus))(
  'published command lines parse, but for those that bash refuses (needs ../shared)',
  () => {
    const lines = readFileSync(corpus, 'utf8')
      .split('\n')
      .filter((line) => !line.startsWith('#') && line.includes('\t'))
      .map((line) => line.slice(line.indexOf('\t') + 1));
    const refused = [...new Set(lines)].filter((line) => faultOf(line) !== undefined);
    expect(refused.length).toBeLessThanOrEqual(REFUSED);
  },
);
