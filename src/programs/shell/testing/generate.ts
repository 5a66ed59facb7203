import { Random } from '../../../sim/random';

/** Makes scripts out of pieces that go together in any way: variables, expansions, control flow, redirections. */
class Generator {
  constructor(readonly random: Random) {}

  #pick<T>(items: readonly T[]): T {
    const item = items[this.random.below(items.length)];
    if (item === undefined) throw new Error('nothing to pick');
    return item;
  }

  #chance(percent: number): boolean {
    return this.random.below(100) < percent;
  }

  #name = (): string => this.#pick(['a', 'b', 'c', 'x', 'y', 'u']);
  #text = (): string =>
    this.#pick([
      'foo',
      'bar',
      'foo bar',
      'a.b.c',
      'x=y',
      '',
      ' lead',
      '*',
      'a/b/c',
      '10',
      '007',
      'Hello',
      "it's",
      '-n',
    ]);
  #pattern = (): string =>
    this.#pick(['*', '?', 'o*', '*.', '[a-c]', '[!a]', 'a', 'foo', '*/', '?o', '[[:upper:]]', '"*"']);
  #number = (): string => this.#pick(['0', '1', '2', '3', '-1', '10', '7']);

  #value(): string {
    return this.#pick([
      () => `'${this.#text().replaceAll("'", "'\\''")}'`,
      () => `"${this.#text()}"`,
      () => `"${this.#expansion()}"`,
      () => this.#expansion(),
      () => `$(echo ${this.#word(1)})`,
      () => `$((${this.#arithmetic(2)}))`,
      () => `"$(printf '%s' ${this.#word(1)})"`,
    ])();
  }

  #expansion(): string {
    const name = this.#name();
    return this.#pick([
      () => `$${name}`,
      () => `\${${name}}`,
      () => `\${${name}${this.#pick([':-', '-', ':+', '+'])}${this.#pick(['def', '"a b"', '$x', "'q'", ''])}}`,
      () => `\${${name}${this.#pick(['#', '##', '%', '%%'])}${this.#pattern()}}`,
      () => `\${${name}${this.#pick(['/', '//', '/#', '/%'])}${this.#pattern()}/${this.#pick(['X', '', '-&-', '$b'])}}`,
      () => `\${#${name}}`,
      () => `\${${name}:${this.#pick(['0', '1', '2', ' -1', ' -2'])}${this.#pick(['', ':1', ':2', ':0'])}}`,
      () => `\${${name}${this.#pick(['^', '^^', ',', ',,', '@Q', '@U', '@L', '@u'])}}`,
      () => `\${!${name}-none}`,
      () => this.#pick(['$#', '$*', '$@', '"$@"', '$1', '${2-none}', '$?', '${*:2}', '"${@:1:1}"']),
      () =>
        this.#pick(['${r[0]}', '${r[@]}', '"${r[@]}"', '${#r[@]}', '${!r[@]}', '"${r[*]}"', '${r[@]:1}', '${r[-1]}']),
      () => this.#pick(['${m[k]}', '${#m[@]}', '${m[$x]-none}', '"${m[a b]}"']),
    ])();
  }

  #arithmetic(depth: number): string {
    if (depth === 0) return this.#pick([this.#number(), this.#name(), `$${this.#pick(['#', '?'])}`, 'r[0]', 'i']);
    const [left, right] = [this.#arithmetic(depth - 1), this.#arithmetic(depth - 1)];
    return this.#pick([
      () => `${left} ${this.#pick(['+', '-', '*', '<<', '&', '|', '^', '<', '>=', '==', '!=', '&&', '||'])} ${right}`,
      () => `(${left} ${this.#pick(['+', '-', '*'])} ${right})`,
      () => `${this.#pick(['-', '!', '~', '+'])}${left.startsWith('-') ? `(${left})` : left}`,
      () => `${left} ? ${right} : ${this.#number()}`,
      () => `i${this.#pick(['=', '+=', '-=', '*='])}${right}`,
      () => `${left} / ${this.#pick(['1', '2', '3'])}`,
      () => `${left} % ${this.#pick(['2', '3', '5'])}`,
      () => this.#pick(['i++', '++i', 'i--', '--i']),
    ])();
  }

  #word(depth: number): string {
    return this.#pick([
      () => this.#pick(['foo', 'bar', 'a.b', 'x-y', '10']),
      () => (depth > 0 ? this.#value() : 'w'),
      () =>
        `${this.#pick(['p', ''])}{${this.#pick(['a,b', '1..3', 'x,', 'c..a', '1..7..3', '$x,z'])}}${this.#pick(['', 's'])}`,
      () => this.#expansion(),
      () => `"${this.#expansion()} ${this.#expansion()}"`,
      () => this.#pick(['~', '*.nothing', "'a b'", '"a  b"', "$'t\\tn'", '\\*', '[z]', 'f[12]', 'f?', '*']),
    ])();
  }

  #words(): string {
    return Array.from({ length: 1 + this.random.below(3) }, () => this.#word(1)).join(' ');
  }

  #condition(): string {
    return this.#pick([
      () => `[ "${this.#expansion()}" = ${this.#pick(['foo', '""', '"$x"'])} ]`,
      () => `[[ ${this.#expansion().replaceAll('"', '')} == ${this.#pattern()} ]]`,
      () => `[[ $${this.#name()} =~ ${this.#pick(['^[a-z]+$', 'o+', '^(.)(.)', '[0-9]', '^$'])} ]]`,
      () => `[ -${this.#pick(['z', 'n'])} "${this.#expansion()}" ]`,
      () => `((${this.#arithmetic(1)}))`,
      () => this.#pick(['true', 'false', '! true', '! false', '[ -e f1 ]', '[ -d /tmp ]', '[[ -v x ]]', '[[ a < b ]]']),
      () => `[[ ${this.#number()} -${this.#pick(['eq', 'ne', 'lt', 'ge'])} ${this.#number()} ]]`,
    ])();
  }

  #simple(): string {
    return this.#pick([
      () => `args ${this.#words()}`,
      () => `args ${this.#words()}`,
      () => `echo ${this.#words()}`,
      () => `printf '${this.#pick(['[%s]', '%s-%s', '<%5s>', '%q', '%.2s'])}\\n' ${this.#words()}`,
      () => `${this.#name()}=${this.#value()}`,
      () => `${this.#name()}+=${this.#value()}`,
      () => `r=(${this.#words()})`,
      () => `r+=(${this.#words()})`,
      () => `r[${this.#pick(['0', '1', '4', '-1'])}]=${this.#value()}`,
      () => `m[${this.#pick(['k', '$x', '"a b"'])}]=${this.#value()}`,
      () => `unset ${this.#pick(['x', "'r[0]'", 'u', 'm', 'nosuch'])}`,
      () => `set -- ${this.#words()}`,
      () => `read ${this.#name()} ${this.#name()} <<< ${this.#value()}`,
      () => `IFS=${this.#pick([',', ':', "' '", "''"])} read -ra r <<< ${this.#value()}`,
      () => `((${this.#arithmetic(2)}))`,
      () => `let 'i=${this.#arithmetic(1)}'`,
      () => `f ${this.#words()}`,
      () => `eval ${this.#pick([`'x=1; echo $x'`, `"echo '$x'"`, `echo '$((1+1))'`])}`,
      () => `IFS=${this.#pick([',', ':', "$' \\t\\n'", "''", 'o'])}`,
      () => `shopt -${this.#pick(['s', 'u'])} ${this.#pick(['nullglob', 'nocasematch', 'dotglob'])}`,
      () => `shift; echo "$#"`,
      () => `declare ${this.#pick(['-i n=x+1', '-u n=abc', '-r q$i=1', '-a r', '-x e=1'])}`,
      () => `echo "$?"`,
    ])();
  }

  #hereDoc = (): string => `cat <<E\n${this.#expansion()} $((${this.#arithmetic(1)}))\nE`;

  /** A command, perhaps a compound one. */
  #command(depth: number): string {
    if (depth === 0 || this.#chance(45)) return this.#simple();
    const body = (): string => this.#list(depth - 1, 2);
    return this.#pick([
      () => `if ${this.#condition()}; then ${body()}; else ${body()}; fi`,
      () => `for v in ${this.#words()}; do echo "$v"; ${body()}; done`,
      () =>
        `for ((j${depth}=0; j${depth}<3; j${depth}++)); do ${this.#pick(['', `((j${depth}==1)) && continue; `, `((j${depth}==1)) && break; `])}${body()}; done`,
      () => `k${depth}=0; while ((k${depth}++ < 2)); do ${body()}; done`,
      () =>
        `case ${this.#expansion()} in ${this.#pattern()}) ${body()};${this.#pick([';', '&', ';&'])} ${this.#pattern()}|foo) ${body()};; *) echo other;; esac`,
      () => `{ ${body()}; }`,
      () => `( ${body()} )`,
      () => `${this.#condition()} ${this.#pick(['&&', '||'])} ${this.#simple()}`,
      () =>
        `${this.#simple()} | ${this.#pick(['cat', 'while read -r l; do echo "[$l]"; done', 'wc -l', '{ read q; echo "$q"; }'])}`,
      () => `{ ${body()}; } > f1; cat f1`,
      () => `{ ${body()}; } 2>&1`,
      () => `x=$( ${body()} ); echo "$x" $?`,
      () => `while read -r l; do echo "<$l>"; done < <(${this.#simple()})`,
      () => `! ${this.#condition()}; echo $?`,
    ])();
  }

  #list(depth: number, length: number): string {
    const commands = Array.from({ length: 1 + this.random.below(length) }, () => this.#command(depth));
    return commands.join('; ');
  }

  script(): string {
    const lines = [
      `x=${this.#value()} y='${this.#text().replaceAll("'", '')}'; r=(one 'two three' 4); declare -A m=([k]=v); i=${this.#number()}`,
    ];
    if (this.#chance(30))
      lines.push(this.#pick(['set -u', 'set -e', 'set -f', 'set -o pipefail', 'shopt -s nullglob', 'touch f1 f2']));
    lines.push(
      `f() { local a=$1; echo "f:$#:$a:\${FUNCNAME[0]}"; ${this.#simple().replace(/^f /, 'args ')}; return ${this.random.below(4)}; }`,
    );
    lines.push('set -- p "q r"');
    for (let count = 2 + this.random.below(4); count > 0; count--)
      lines.push(this.#chance(15) ? this.#hereDoc() : this.#command(2));
    lines.push('declare -p r x 2>&1; echo "end $?"');
    return lines.join('\n');
  }
}

/** Scripts by the number of a seed: the same ones for the same seed. */
export function generateScripts(seed: number, count: number): readonly string[] {
  const generator = new Generator(new Random(seed));
  return Array.from({ length: count }, () => generator.script());
}
