/** What a command line was made of (getopt_long(3)). */
export interface Parsed {
  readonly options: readonly { readonly name: string; readonly value: string }[];
  readonly operands: readonly string[];
  /** The first option that is unknown, or lacks its value. */
  readonly error: { readonly kind: 'unknown' | 'missing'; readonly option: string } | undefined;
  has(...names: readonly string[]): boolean;
  /** The last value given. */
  value(name: string): string | undefined;
  values(name: string): readonly string[];
}

export interface OptionSpec {
  /** Options without a value: `s/silent S/show-error 4`. The first name is the one to ask for. */
  readonly flags: string;
  /** Options with a value. */
  readonly values?: string;
  /** Options end at the first operand (ssh, nc, ip). */
  readonly stopAtOperand?: boolean;
}

/** Parses arguments: clusters of short options, values attached or following, `--long=value`, `--`. */
export function parseOptions(args: readonly string[], spec: OptionSpec): Parsed {
  const table = new Map<string, { readonly name: string; readonly takes: boolean }>();
  const add = (list: string, takes: boolean): void => {
    for (const names of list.split(/\s+/).filter((word) => word !== '')) {
      const [name = '', ...others] = names.split('/');
      for (const each of [name, ...others]) table.set(each, { name, takes });
    }
  };
  add(spec.flags, false);
  add(spec.values ?? '', true);

  const options: { name: string; value: string }[] = [];
  const operands: string[] = [];
  let error: Parsed['error'];
  for (let index = 0; index < args.length && !error; index++) {
    const argument = args[index] ?? '';
    if (argument === '--') {
      operands.push(...args.slice(index + 1));
      break;
    }
    if (argument.startsWith('--')) {
      const equals = argument.indexOf('=');
      const name = argument.slice(2, equals < 0 ? undefined : equals);
      const known = name.length > 1 ? (table.get(name) ?? abbreviated(table, name)) : undefined;
      if (!known) error = { kind: 'unknown', option: argument };
      else if (!known.takes) options.push({ name: known.name, value: '' });
      else if (equals >= 0) options.push({ name: known.name, value: argument.slice(equals + 1) });
      else if (index + 1 < args.length) options.push({ name: known.name, value: args[++index] ?? '' });
      else error = { kind: 'missing', option: argument };
    } else if (argument.startsWith('-') && argument.length > 1) {
      const word = argument.length === 3 ? table.get(argument.slice(1)) : undefined;
      // `-nv` of wget: a word of two letters behind one dash.
      if (word && !word.takes) {
        options.push({ name: word.name, value: '' });
        continue;
      }
      for (let at = 1; at < argument.length && !error; at++) {
        const letter = argument.charAt(at);
        const known = table.get(letter);
        if (!known) error = { kind: 'unknown', option: `-${letter}` };
        else if (!known.takes) options.push({ name: known.name, value: '' });
        else {
          const rest = argument.slice(at + 1);
          if (rest !== '') options.push({ name: known.name, value: rest });
          else if (index + 1 < args.length) options.push({ name: known.name, value: args[++index] ?? '' });
          else error = { kind: 'missing', option: `-${letter}` };
          break;
        }
      }
    } else if (spec.stopAtOperand) {
      operands.push(...args.slice(index));
      break;
    } else operands.push(argument);
  }
  return {
    options,
    operands,
    error,
    has: (...names) => options.some(({ name }) => names.includes(name)),
    value: (wanted) => options.findLast(({ name }) => name === wanted)?.value,
    values: (wanted) => options.filter(({ name }) => name === wanted).map(({ value }) => value),
  };
}

function abbreviated<T extends { readonly name: string }>(
  table: ReadonlyMap<string, T>,
  prefix: string,
): T | undefined {
  const found = [...table].filter(([name]) => name.length > 1 && name.startsWith(prefix)).map(([, known]) => known);
  return new Set(found.map(({ name }) => name)).size === 1 ? found[0] : undefined;
}
