import { GitError } from './error';

/** A command's options as parse-options understands them. */
export interface ArgumentSpec {
  /** `a/all q/quiet`: options without a value; the first name is the one to ask for. `--no-x` takes `x` back. */
  readonly flags?: string;
  /** With a value, attached or following. */
  readonly values?: string;
  /** Whose value is only taken where it is attached: `--abbrev[=n]`. */
  readonly optional?: string;
  /** Options end at the first operand. */
  readonly stop?: boolean;
  /** Left among the operands: options that somebody else understands. */
  readonly keepUnknown?: boolean;
  readonly usage?: string;
}

export class Arguments {
  constructor(
    readonly options: readonly { readonly name: string; readonly value: string; readonly negated: boolean }[],
    readonly operands: readonly string[],
    /** What stood behind `--`; undefined if there was none. */
    readonly paths: readonly string[] | undefined,
  ) {}

  #last(name: string): { readonly value: string; readonly negated: boolean } | undefined {
    return this.options.findLast((option) => option.name === name);
  }

  has(...names: readonly string[]): boolean {
    return names.some((name) => this.#last(name)?.negated === false);
  }

  /** Whether it was said to be or not to be; undefined if nothing was said. */
  choice(name: string): boolean | undefined {
    const last = this.#last(name);
    return last === undefined ? undefined : !last.negated;
  }

  value(name: string): string | undefined {
    const last = this.#last(name);
    return last === undefined || last.negated ? undefined : last.value;
  }

  values(name: string): readonly string[] {
    return this.options.flatMap((option) => (option.name === name && !option.negated ? [option.value] : []));
  }

  /** Operands and paths together, for commands that do not tell them apart. */
  get all(): readonly string[] {
    return [...this.operands, ...(this.paths ?? [])];
  }
}

type Kind = 'flag' | 'value' | 'optional';

export function parseArguments(args: readonly string[], spec: ArgumentSpec): Arguments {
  const table = new Map<string, { readonly name: string; readonly kind: Kind }>();
  const add = (list: string | undefined, kind: Kind): void => {
    for (const names of (list ?? '').split(' ').filter((word) => word !== '')) {
      const [name = '', ...others] = names.split('/');
      for (const each of [name, ...others]) table.set(each, { name, kind });
    }
  };
  add(spec.flags, 'flag');
  add(spec.values, 'value');
  add(spec.optional, 'optional');
  const unknown = (what: string): never => {
    throw new GitError(`error: ${what}\n${spec.usage ?? ''}`.replace(/\n$/, ''), 129, '');
  };
  const options: { name: string; value: string; negated: boolean }[] = [];
  const operands: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    if (arg === '--') return new Arguments(options, operands, args.slice(index + 1));
    if (arg.startsWith('--')) {
      const equals = arg.indexOf('=');
      const name = arg.slice(2, equals < 0 ? undefined : equals);
      const value = equals < 0 ? undefined : arg.slice(equals + 1);
      const known = lookUp(table, name);
      const negative = known === undefined && name.startsWith('no-') ? lookUp(table, name.slice(3)) : undefined;
      if (negative !== undefined) options.push({ name: negative.name, value: value ?? '', negated: true });
      else if (known === undefined) {
        if (spec.keepUnknown === true) operands.push(arg);
        else unknown(`unknown option \`${arg.slice(2)}'`);
      } else if (known.kind !== 'value') {
        if (known.kind === 'flag' && value !== undefined) unknown(`option \`${name}' takes no value`);
        options.push({ name: known.name, value: value ?? '', negated: false });
      } else if (value !== undefined) options.push({ name: known.name, value, negated: false });
      else if (index + 1 < args.length) options.push({ name: known.name, value: args[++index] ?? '', negated: false });
      else unknown(`option \`${name}' requires a value`);
    } else if (arg.startsWith('-') && arg.length > 1) {
      for (let at = 1; at < arg.length; at++) {
        const letter = arg.charAt(at);
        const known = table.get(letter);
        if (known === undefined) {
          if (spec.keepUnknown === true && at === 1) operands.push(arg);
          else unknown(`unknown switch \`${letter}'`);
          break;
        }
        if (known.kind === 'flag') {
          options.push({ name: known.name, value: '', negated: false });
          continue;
        }
        const rest = arg.slice(at + 1);
        if (rest !== '' || known.kind === 'optional') options.push({ name: known.name, value: rest, negated: false });
        else if (index + 1 < args.length)
          options.push({ name: known.name, value: args[++index] ?? '', negated: false });
        else unknown(`switch \`${letter}' requires a value`);
        break;
      }
    } else if (spec.stop === true) {
      operands.push(...args.slice(index));
      break;
    } else operands.push(arg);
  }
  return new Arguments(options, operands, undefined);
}

/** A long option by its name or an unambiguous beginning. */
function lookUp<T extends { readonly name: string }>(table: ReadonlyMap<string, T>, name: string): T | undefined {
  const exact = name.length > 1 ? table.get(name) : undefined;
  if (exact !== undefined || name.length < 2) return exact;
  const found = [...table].filter(([each]) => each.length > 1 && each.startsWith(name));
  return new Set(found.map(([, known]) => known.name)).size === 1 ? found[0]?.[1] : undefined;
}
