import { Failure } from '../errors';
import { goQuote, parseBool, parseCsv, parseDuration, parseInteger, durationText, type Parsed } from './values';

/**
 * `bool`…: as in pflag. `strings` splits at commas (StringSlice), `array` does not (StringArray); `bool?` and `string?`
 * hold nothing until they are set.
 */
export type FlagKind = 'bool' | 'string' | 'int' | 'int32' | 'duration' | 'strings' | 'array';

export interface Flag {
  readonly name: string;
  readonly short?: string;
  readonly kind: FlagKind;
  readonly default: boolean | string | number | readonly string[];
  /** The value where the flag stands alone. Booleans have `true`. */
  readonly alone?: string;
  readonly usage: string;
  readonly hidden?: boolean;
  readonly deprecated?: string;
  readonly required?: boolean;
  /** In help instead of the default. */
  readonly defaultText?: string;
  /** Whether help quotes the default; strings are. */
  readonly unquoted?: boolean;
  /** Another parser of the value (a custom pflag.Value): the error, or undefined. */
  readonly check?: (text: string) => string | undefined;
}

type Options = Partial<Omit<Flag, 'name' | 'kind' | 'default' | 'usage'>>;
const make =
  <D extends Flag['default']>(kind: FlagKind) =>
  (name: string, fallback: D, usage: string, options: Options = {}): Flag => ({
    name,
    kind,
    default: fallback,
    usage,
    ...(kind === 'bool' ? { alone: 'true' } : {}),
    ...options,
  });

/** Definitions of flags: `flag.bool('watch', false, 'Keeps watching', { short: 'w' })`. Durations are in milliseconds. */
export const flag = {
  bool: make<boolean>('bool'),
  string: make<string>('string'),
  int: make<number>('int'),
  int32: make<number>('int32'),
  duration: make<number>('duration'),
  strings: make<readonly string[]>('strings'),
  array: make<readonly string[]>('array'),
};

/** `--help` or `-h` stood among the arguments. */
export class HelpRequested extends Error {}

/** Flags of one command, and what the command line said of them. Source: spf13/pflag, flag.go. */
export class FlagSet {
  readonly #byName = new Map<string, Flag>();
  readonly #byShort = new Map<string, Flag>();
  readonly #values = new Map<string, Flag['default']>();
  readonly #changed = new Set<string>();
  readonly args: string[] = [];
  /** What was given, in the order of the command line. */
  readonly given: { readonly flag: Flag; readonly value: string }[] = [];
  /** How many arguments stood before `--`; -1 without it. */
  dashAt = -1;

  constructor(flags: readonly Flag[]) {
    for (const each of flags) {
      if (this.#byName.has(each.name)) continue;
      this.#byName.set(each.name, each);
      if (each.short !== undefined) this.#byShort.set(each.short, each);
    }
  }

  lookup(name: string): Flag | undefined {
    return this.#byName.get(normalize(name));
  }
  lookupShort(letter: string): Flag | undefined {
    return this.#byShort.get(letter);
  }

  /** Reads a command line. Throws `Failure` with pflag's words, `HelpRequested` for help. */
  parse(words: readonly string[], { interspersed = true }: { readonly interspersed?: boolean } = {}): void {
    const rest = [...words];
    for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
      if (!word.startsWith('-') || word === '-') {
        this.args.push(word);
        if (interspersed) continue;
        this.args.push(...rest);
        return;
      }
      if (word === '--') {
        this.dashAt = this.args.length;
        this.args.push(...rest);
        return;
      }
      if (word.startsWith('--')) this.#long(word, rest);
      else this.#short(word.slice(1), rest);
    }
  }

  #long(word: string, rest: string[]): void {
    const body = word.slice(2);
    if (body.startsWith('-') || body.startsWith('=')) throw new Failure(`bad flag syntax: ${word}`);
    const equals = body.indexOf('=');
    const name = equals < 0 ? body : body.slice(0, equals);
    const found = this.lookup(name);
    if (!found) {
      if (name === 'help') throw new HelpRequested();
      throw new Failure(`unknown flag: --${name}`);
    }
    if (equals >= 0) return this.set(found, body.slice(equals + 1));
    if (found.alone !== undefined) return this.set(found, found.alone);
    const value = rest.shift();
    if (value === undefined) throw new Failure(`flag needs an argument: ${word}`);
    this.set(found, value);
  }

  #short(letters: string, rest: string[]): void {
    for (let left = letters; left !== '';) {
      const letter = left[0] ?? '';
      const found = this.#byShort.get(letter);
      if (!found) {
        if (letter === 'h') throw new HelpRequested();
        throw new Failure(`unknown shorthand flag: ${goQuote(letter).replaceAll('"', "'")} in -${left}`);
      }
      if (left.length > 2 && left[1] === '=') return this.set(found, left.slice(2));
      if (found.alone !== undefined) {
        this.set(found, found.alone);
        left = left.slice(1);
        continue;
      }
      if (left.length > 1) return this.set(found, left.slice(1));
      const value = rest.shift();
      if (value === undefined) throw new Failure(`flag needs an argument: '${letter}' in -${left}`);
      return this.set(found, value);
    }
  }

  /** Sets a flag from text. */
  set(target: Flag, text: string): void {
    this.given.push({ flag: target, value: text });
    const parsed = this.#read(target, text);
    if (!parsed.ok) {
      const name = target.short === undefined ? `--${target.name}` : `-${target.short}, --${target.name}`;
      throw new Failure(`invalid argument ${goQuote(text)} for "${name}" flag: ${parsed.error}`);
    }
    const before = this.#values.get(target.name);
    const joined =
      Array.isArray(parsed.value) && Array.isArray(before) && this.#changed.has(target.name)
        ? [...(before as readonly string[]), ...(parsed.value as readonly string[])]
        : parsed.value;
    this.#values.set(target.name, joined);
    this.#changed.add(target.name);
  }

  #read(target: Flag, text: string): Parsed<Flag['default']> {
    const complaint = target.check?.(text);
    if (complaint !== undefined) return { ok: false, error: complaint };
    switch (target.kind) {
      case 'bool':
        return parseBool(text);
      case 'string':
        return { ok: true, value: text };
      case 'int':
        return parseInteger(text);
      case 'int32':
        return parseInteger(text, 32);
      case 'duration':
        return parseDuration(text);
      case 'strings':
        return parseCsv(text);
      case 'array':
        return { ok: true, value: [text] };
    }
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }
  changed(name: string): boolean {
    return this.#changed.has(name);
  }
  value(name: string): Flag['default'] | undefined {
    return this.#values.get(name) ?? this.#byName.get(name)?.default;
  }
  bool(name: string): boolean {
    return this.value(name) === true;
  }
  string(name: string): string {
    const value = this.value(name);
    return typeof value === 'string' ? value : '';
  }
  number(name: string): number {
    const value = this.value(name);
    return typeof value === 'number' ? value : 0;
  }
  list(name: string): readonly string[] {
    const value = this.value(name);
    return Array.isArray(value) ? (value as readonly string[]) : [];
  }
  /** Names of required flags that were not given. */
  missing(): readonly string[] {
    return [...this.#byName.values()]
      .filter(({ required, name }) => required && !this.#changed.has(name))
      .map(({ name }) => name)
      .sort();
  }
}

// component-base's WordSepNormalizeFunc: underscores are dashes.
const normalize = (name: string): string => name.replaceAll('_', '-');

/** The default as help prints it. */
export function defaultText({ kind, default: value, defaultText: text, unquoted }: Flag): string {
  if (text !== undefined) return text;
  if (kind === 'duration' && typeof value === 'number') return durationText(value);
  if (Array.isArray(value)) return `[${value.join(',')}]`;
  return kind === 'string' && !unquoted ? `'${String(value)}'` : String(value);
}
