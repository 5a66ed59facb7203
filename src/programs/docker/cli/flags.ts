import { checkContainerValue } from './container-values';

/** One flag as pflag knows it. */
export interface Flag {
  readonly name: string;
  readonly short: string | undefined;
  /** As the usage text shows it: `string`, `list`, `int`, `bytes`, …; a switch has none. */
  readonly type: FlagType;
  readonly text: string;
  /** As the usage text ends: `(default "info")`. */
  readonly fallback?: string;
  /** Works, but is not shown. */
  readonly hidden?: boolean;
}

/** `bool`, `string`, `list`, `int`, `bytes`, …: what pflag prints behind the flag's name. */
export type FlagType = string;

/** Texts that many commands share (cli/flags/options.go: FormatHelp and InspectFormatHelp). */
const templates = `'json':             Print in JSON format
'TEMPLATE':         Print output using the given Go template.
Refer to https://docs.docker.com/go/formatting/ for more information about formatting output with templates`;
const shared: Readonly<Record<string, string>> = {
  '{inspect}': `Format output using a custom template:\n${templates}`,
  '{format}': `Format output using a custom template:
'table':            Print output in table format with column headers (default)
'table TEMPLATE':   Print output in table format using the given Go template
${templates}`,
};

/**
 * Flags from lines as `-e, --env list | Set environment variables`. `{format}` and `{inspect}` are texts that commands
 * share, `\\n` is a new line; a line that begins with `!` is not shown.
 */
export function flags(lines: string): readonly Flag[] {
  return lines
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const [left = '', text = ''] = line.split(' | ');
      const match = /^(!)? ?(?:-(\w), )?--([\w-]+)(?: (\S+))?$/.exec(left.trim());
      if (match === null) throw new Error(`a flag's line is malformed: ${line}`);
      const [, hidden, short, name = '', type = 'bool'] = match;
      const [, plain = text, fallback] = /^(.*?)( \(default [^()]+\))$/.exec(text.trim()) ?? [];
      const said = shared[plain] ?? plain.replaceAll('\\n', '\n');
      return {
        name,
        short,
        type,
        text: said,
        ...(fallback === undefined ? {} : { fallback: fallback.trim() }),
        ...(hidden === undefined ? {} : { hidden: true }),
      };
    });
}

const nothing: readonly string[] = [];
const yes = ['true', '1', 't', 'T', 'TRUE', 'True'];

/** What was given on a command line. */
export class FlagValues {
  readonly #values = new Map<string, string[]>();

  add(name: string, value: string): void {
    const values = this.#values.get(name);
    if (values === undefined) this.#values.set(name, [value]);
    else values.push(value);
  }

  get none(): boolean {
    return this.#values.size === 0;
  }

  given(name: string): boolean {
    return this.#values.has(name);
  }

  /** A switch; `--flag=false` turns it off. */
  on(name: string): boolean {
    const value = this.last(name);
    return value !== undefined && yes.includes(value);
  }

  last(name: string): string | undefined {
    return this.#values.get(name)?.at(-1);
  }

  text(name: string): string {
    return this.last(name) ?? '';
  }

  all(name: string): readonly string[] {
    return this.#values.get(name) ?? nothing;
  }
}

export type Parsed =
  | { readonly ok: true; readonly values: FlagValues; readonly args: readonly string[] }
  | { readonly ok: false; readonly error: string }
  | { readonly ok: 'help' };

/** Parses as spf13/pflag; without `interspersed` the first operand ends the flags (`docker run IMAGE …`). */
export function parseFlags(argv: readonly string[], known: readonly Flag[], interspersed: boolean): Parsed {
  const values = new FlagValues();
  const args: string[] = [];
  for (let index = 0; index < argv.length; index++) {
    const arg = argv[index] ?? '';
    if (arg === '--') {
      args.push(...argv.slice(index + 1));
      break;
    }
    if (!arg.startsWith('-') || arg === '-') {
      if (!interspersed) {
        args.push(...argv.slice(index));
        break;
      }
      args.push(arg);
      continue;
    }
    const taken = arg.startsWith('--')
      ? long(arg.slice(2), argv[index + 1], known, values)
      : shorts(arg.slice(1), argv[index + 1], known, values);
    if (taken === 'help') return { ok: 'help' };
    if (typeof taken === 'string') return { ok: false, error: taken };
    index += taken;
  }
  return { ok: true, values, args };
}

/** Names that flags had once, and still answer to. */
const older: Readonly<Record<string, string>> = {
  net: 'network',
  'net-alias': 'network-alias',
  'dns-opt': 'dns-option',
};

/** How many further arguments were taken, or what is wrong. */
function long(text: string, next: string | undefined, known: readonly Flag[], values: FlagValues): number | string {
  const equals = text.indexOf('=');
  const name = equals < 0 ? text : text.slice(0, equals);
  const flag = known.find((candidate) => candidate.name === (older[name] ?? name));
  if (flag === undefined) return name === 'help' ? 'help' : `unknown flag: --${name}`;
  if (equals >= 0) return store(flag, text.slice(equals + 1), values) ?? 0;
  if (flag.type === 'bool') return store(flag, 'true', values) ?? 0;
  if (next === undefined) return `flag needs an argument: --${name}`;
  return store(flag, next, values) ?? 1;
}

function shorts(text: string, next: string | undefined, known: readonly Flag[], values: FlagValues): number | string {
  for (let index = 0; index < text.length; index++) {
    const letter = text.charAt(index);
    const flag = known.find((candidate) => candidate.short === letter);
    if (flag === undefined) return letter === 'h' ? 'help' : `unknown shorthand flag: '${letter}' in -${text}`;
    const rest = text.slice(index + 1);
    if (flag.type === 'bool') {
      if (rest.startsWith('=')) return store(flag, rest.slice(1), values) ?? 0;
      const problem = store(flag, 'true', values);
      if (problem !== undefined) return problem;
      continue;
    }
    if (rest !== '') return store(flag, rest.startsWith('=') ? rest.slice(1) : rest, values) ?? 0;
    if (next === undefined) return `flag needs an argument: '${letter}' in -${text}`;
    return store(flag, next, values) ?? 1;
  }
  return 0;
}

function store(flag: Flag, value: string, values: FlagValues): string | undefined {
  const problem = check(flag, value);
  if (problem !== undefined) {
    const name = flag.short === undefined ? `--${flag.name}` : `-${flag.short}, --${flag.name}`;
    return `invalid argument ${JSON.stringify(value)} for "${name}" flag: ${problem}`;
  }
  values.add(flag.name, value);
  return undefined;
}

function check({ type, name }: Flag, value: string): string | undefined {
  switch (type) {
    case 'bool':
      return /^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(value)
        ? undefined
        : `strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`;
    case 'int':
      return /^[+-]?(0x[0-9a-f]+|\d+)$/i.test(value)
        ? undefined
        : `strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`;
    case 'filter':
      return value.includes('=') || value === '' ? undefined : 'bad format of filter (expected name=value)';
    default:
      break;
  }
  return checkContainerValue(type, name, value);
}
