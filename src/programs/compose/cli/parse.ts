import type { Flag } from './spec';

/** What was given on a command line. */
export class Flags {
  readonly #values = new Map<string, string[]>();

  add(name: string, value: string): void {
    const values = this.#values.get(name);
    if (values === undefined) this.#values.set(name, [value]);
    else values.push(value);
  }

  given(name: string): boolean {
    return this.#values.has(name);
  }

  /** A switch; `--flag=false` turns it off. */
  on(name: string): boolean {
    return /^(1|t|true)$/i.test(this.last(name) ?? '');
  }

  last(name: string): string | undefined {
    return this.#values.get(name)?.at(-1);
  }

  text(name: string): string {
    return this.last(name) ?? '';
  }

  /** A number, if one was given. */
  number(name: string): number | undefined {
    const value = this.last(name);
    return value === undefined ? undefined : Number(value);
  }

  all(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }
}

export type Parsed =
  | { readonly ok: true; readonly flags: Flags; readonly operands: readonly string[] }
  | { readonly ok: false; readonly error: string }
  | { readonly ok: 'help' };

/** Parses as spf13/pflag; without `interspersed` the first operand ends the flags. */
export function parse(argv: readonly string[], known: readonly Flag[], interspersed: boolean): Parsed {
  const flags = new Flags();
  const operands: string[] = [];
  for (let index = 0; index < argv.length; index++) {
    const arg = argv[index] ?? '';
    const next = argv[index + 1];
    if (arg === '--' || ((!arg.startsWith('-') || arg === '-') && !interspersed)) {
      operands.push(...argv.slice(arg === '--' ? index + 1 : index));
      break;
    }
    if (!arg.startsWith('-') || arg === '-') {
      operands.push(arg);
      continue;
    }
    const taken = arg.startsWith('--')
      ? long(arg.slice(2), next, known, flags)
      : shorts(arg.slice(1), next, known, flags);
    if (taken === 'help') return { ok: 'help' };
    if (typeof taken === 'string') return { ok: false, error: taken };
    index += taken;
  }
  return { ok: true, flags, operands };
}

/** How many further arguments were taken, or what is wrong. */
function long(text: string, next: string | undefined, known: readonly Flag[], flags: Flags): number | string {
  const equals = text.indexOf('=');
  const name = equals < 0 ? text : text.slice(0, equals);
  const flag = known.find((candidate) => candidate.name === name);
  if (flag === undefined) return name === 'help' ? 'help' : `unknown flag: --${name}`;
  if (equals >= 0) return store(flag, text.slice(equals + 1), flags) ?? 0;
  if (flag.type === undefined) return store(flag, 'true', flags) ?? 0;
  if (next === undefined) return `flag needs an argument: --${name}`;
  return store(flag, next, flags) ?? 1;
}

function shorts(text: string, next: string | undefined, known: readonly Flag[], flags: Flags): number | string {
  for (let index = 0; index < text.length; index++) {
    const letter = text.charAt(index);
    const flag = known.find((candidate) => candidate.short === letter);
    if (flag === undefined) return letter === 'h' ? 'help' : `unknown shorthand flag: '${letter}' in -${text}`;
    const rest = text.slice(index + 1);
    if (flag.type === undefined) {
      if (rest.startsWith('=')) return store(flag, rest.slice(1), flags) ?? 0;
      flags.add(flag.name, 'true');
      continue;
    }
    if (rest !== '') return store(flag, rest.replace(/^=/, ''), flags) ?? 0;
    if (next === undefined) return `flag needs an argument: '${letter}' in -${text}`;
    return store(flag, next, flags) ?? 1;
  }
  return 0;
}

function store(flag: Flag, value: string, flags: Flags): string | undefined {
  const problem = check(flag, value);
  if (problem === undefined) {
    flags.add(flag.name, value);
    return undefined;
  }
  const name = flag.short === undefined ? `--${flag.name}` : `-${flag.short}, --${flag.name}`;
  return `invalid argument ${JSON.stringify(value)} for "${name}" flag: ${problem}`;
}

function check({ type }: Flag, value: string): string | undefined {
  if (type === undefined && !/^(1|t|true|0|f|false)$/i.test(value))
    return `strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`;
  if (type === 'int' && !/^[+-]?(0x[0-9a-f]+|\d+)$/i.test(value))
    return `strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`;
  return undefined;
}
