/** What a program accepts, as getopt_long(3) takes it. */
export interface OptionSpec {
  /** Letters; `:` after one: it takes an argument, `::`: it may have one attached. */
  readonly short?: string;
  /** Long names (with `:` or `::` as above) → the name under which the program asks for it. */
  readonly long?: Readonly<Record<string, string>>;
  /** Options end at the first operand (env, nohup, xargs: what follows is another program's). */
  readonly stopAtOperand?: boolean;
  /** `-5` means this option with the argument 5. */
  readonly digits?: string;
  /** No --help and --version by themselves. */
  readonly bare?: boolean;
}

export interface GivenOption {
  readonly name: string;
  readonly value: string | undefined;
}

/** The options that were given, in their order. */
export class Options {
  constructor(
    readonly given: readonly GivenOption[],
    readonly operands: readonly string[],
    /** Options and operands (name `''`) as they stood, for who must know what came before what (tar -C, cpio …). */
    readonly sequence: readonly GivenOption[] = [],
  ) {}

  has(...names: readonly string[]): boolean {
    return this.given.some(({ name }) => names.includes(name));
  }

  /** The argument of the last one. */
  value(name: string): string | undefined {
    return this.given.findLast((option) => option.name === name)?.value;
  }

  values(name: string): readonly string[] {
    return this.given.flatMap((option) => (option.name === name && option.value !== undefined ? [option.value] : []));
  }

  /** Which of these was given last. */
  last(...names: readonly string[]): string | undefined {
    return this.given.findLast(({ name }) => names.includes(name))?.name;
  }
}

const everybodys = { help: 'help', version: 'version' };

type Arity = 'none' | 'required' | 'optional';
const arity = (colons: string): Arity => (colons === '' ? 'none' : colons === ':' ? 'required' : 'optional');

/** The options that a specification has, as they are looked up. */
interface Known {
  readonly shorts: ReadonlyMap<string, Arity>;
  readonly longs: ReadonlyMap<string, { name: string; arity: Arity }>;
}

/** A command gives the same specification at each run. */
const specifications = new WeakMap<OptionSpec, Known>();

function knownOf(spec: OptionSpec): Known {
  const known = specifications.get(spec);
  if (known !== undefined) return known;
  const shorts = new Map<string, Arity>();
  for (const [, letter = '', colons = ''] of (spec.short ?? '').matchAll(/(.)(:{0,2})/gu)) {
    shorts.set(letter, arity(colons));
  }
  const longs = new Map<string, { name: string; arity: Arity }>();
  for (const [long, name] of Object.entries({ ...(spec.bare === true ? {} : everybodys), ...spec.long })) {
    const [, plain = long, colons = ''] = /^(.*?)(:{0,2})$/.exec(long) ?? [];
    longs.set(plain, { name, arity: arity(colons) });
  }
  const fresh = { shorts, longs };
  specifications.set(spec, fresh);
  return fresh;
}

/** Takes arguments apart as getopt_long(3), with GNU's permutation; a text is the message of what is wrong. */
export function parseOptions(args: readonly string[], spec: OptionSpec): Options | string {
  const { shorts, longs } = knownOf(spec);
  const sequence: GivenOption[] = [];
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    if (arg === '--') {
      sequence.push(...args.slice(index + 1).map(operand));
      break;
    }
    if (!arg.startsWith('-') || arg === '-') {
      if (spec.stopAtOperand === true) {
        sequence.push(...args.slice(index).map(operand));
        break;
      }
      sequence.push(operand(arg));
      continue;
    }
    if (arg.startsWith('--')) {
      const equals = arg.indexOf('=');
      const wanted = arg.slice(2, equals < 0 ? undefined : equals);
      const attached = equals < 0 ? undefined : arg.slice(equals + 1);
      const found = findLong(longs, wanted);
      if (typeof found === 'string') return found;
      if (found.arity === 'none') {
        if (attached !== undefined) return `option '--${found.long}' doesn't allow an argument`;
        sequence.push({ name: found.name, value: undefined });
      } else if (found.arity === 'optional' || attached !== undefined) {
        sequence.push({ name: found.name, value: attached });
      } else {
        const value = args[++index];
        if (value === undefined) return `option '--${found.long}' requires an argument`;
        sequence.push({ name: found.name, value });
      }
      continue;
    }
    for (let at = 1; at < arg.length; at++) {
      const letter = String.fromCodePoint(arg.codePointAt(at) ?? 0);
      const digits = spec.digits === undefined ? null : /^\d+/.exec(arg.slice(at));
      if (digits !== null && spec.digits !== undefined && !shorts.has(letter)) {
        sequence.push({ name: spec.digits, value: digits[0] });
        at += digits[0].length - 1;
        continue;
      }
      const kind = shorts.get(letter);
      if (kind === undefined) return `invalid option -- '${letter}'`;
      if (kind === 'none') {
        sequence.push({ name: letter, value: undefined });
        continue;
      }
      const attached = arg.slice(at + 1);
      if (attached !== '' || kind === 'optional') {
        sequence.push({ name: letter, value: attached === '' ? undefined : attached });
      } else {
        const value = args[++index];
        if (value === undefined) return `option requires an argument -- '${letter}'`;
        sequence.push({ name: letter, value });
      }
      break;
    }
  }
  // Lists as long as they are: commands that wait keep them for long.
  const given = sequence.filter(({ name }) => name !== '');
  const operands = sequence.flatMap(({ name, value }) => (name === '' && value !== undefined ? [value] : []));
  return new Options(given.slice(), operands.slice(), sequence.slice());
}

const operand = (value: string): GivenOption => ({ name: '', value });

/** A long option by its name or by an unambiguous beginning. */
function findLong(
  longs: ReadonlyMap<string, { name: string; arity: Arity }>,
  wanted: string,
): { name: string; arity: Arity; long: string } | string {
  const exact = longs.get(wanted);
  if (exact !== undefined) return { ...exact, long: wanted };
  const matches = [...longs].filter(([long]) => long.startsWith(wanted));
  const [first] = matches;
  if (first === undefined) return `unrecognized option '--${wanted}'`;
  if (matches.some(([, { name }]) => name !== first[1].name)) {
    return `option '--${wanted}' is ambiguous; possibilities: ${matches.map(([long]) => `'--${long}'`).join(' ')}`;
  }
  return { ...first[1], long: first[0] };
}
