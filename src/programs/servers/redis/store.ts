import { error, type Reply } from './protocol';

/** A sorted set: members with scores. */
export class SortedSet extends Map<string, number> {
  /** By score, then by member. */
  sorted(): readonly (readonly [string, number])[] {
    return [...this].sort(([a, x], [b, y]) => (x === y ? (a < b ? -1 : 1) : x - y));
  }
}

/** A stream: entries in the order of their ids. */
export class Stream {
  readonly entries: { readonly id: string; readonly fields: readonly string[] }[] = [];
  last = '0-0';
}

export type Value = string | string[] | Map<string, string> | Set<string> | SortedSet | Stream;

/** A command's refusal, thrown through it. */
export class Refusal extends Error {
  constructor(readonly reply: Reply) {
    super('refused');
  }
}

/** Refuses with `ERR …` or whatever the text begins with. */
export function refuse(text: string): never {
  throw new Refusal(error(text));
}

export const wrongType = 'WRONGTYPE Operation against a key holding the wrong kind of value';
export const notInteger = 'ERR value is not an integer or out of range';
export const notFloat = 'ERR value is not a valid float';

/** The keys of one database. */
export class Store {
  readonly values = new Map<string, Value>();
  readonly expires = new Map<string, number>();
  /** Changes since the start, for `save` points. */
  changes = 0;

  constructor(readonly now: () => number) {}

  get(key: string): Value | undefined {
    const until = this.expires.get(key);
    if (until !== undefined && until <= this.now()) this.delete(key);
    return this.values.get(key);
  }

  /** Puts a value; an empty collection is no key. */
  set(key: string, value: Value): void {
    this.changes++;
    const empty = Array.isArray(value)
      ? value.length === 0
      : (value instanceof Map || value instanceof Set) && value.size === 0;
    if (empty) this.delete(key);
    else this.values.set(key, value);
  }

  delete(key: string): boolean {
    this.changes++;
    this.expires.delete(key);
    return this.values.delete(key);
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  keys(): readonly string[] {
    return [...this.values.keys()].filter((key) => this.has(key));
  }

  clear(): void {
    this.changes++;
    this.values.clear();
    this.expires.clear();
  }

  string(key: string): string | undefined {
    const value = this.get(key);
    return value === undefined || typeof value === 'string' ? value : refuse(wrongType);
  }
  list(key: string): string[] {
    const value = this.get(key) ?? [];
    return Array.isArray(value) ? value : refuse(wrongType);
  }
  hash(key: string): Map<string, string> {
    const value = this.get(key) ?? new Map<string, string>();
    return value instanceof Map && !(value instanceof SortedSet) ? (value as Map<string, string>) : refuse(wrongType);
  }
  members(key: string): Set<string> {
    const value = this.get(key) ?? new Set<string>();
    return value instanceof Set ? value : refuse(wrongType);
  }
  sorted(key: string): SortedSet {
    const value = this.get(key) ?? new SortedSet();
    return value instanceof SortedSet ? value : refuse(wrongType);
  }
  stream(key: string): Stream | undefined {
    const value = this.get(key);
    return value === undefined || value instanceof Stream ? value : refuse(wrongType);
  }
}

/** An integer argument. */
export function integerOf(text: string | undefined): number {
  if (text === undefined || !/^-?\d{1,19}$/.test(text)) return refuse(notInteger);
  return Number(text);
}

/** A float argument, `inf` too. */
export function floatOf(text: string | undefined): number {
  const named = /^([+-]?)inf(inity)?$/i.exec(text ?? '');
  if (named) return named[1] === '-' ? -Infinity : Infinity;
  const value = Number(text);
  return text === undefined || text.trim() === '' || Number.isNaN(value) ? refuse(notFloat) : value;
}

/** A double as Redis prints it. */
export const shownFloat = (value: number): string =>
  value === Infinity ? 'inf' : value === -Infinity ? '-inf' : String(value);

export function typeOf(value: Value | undefined): string {
  if (value === undefined) return 'none';
  if (typeof value === 'string') return 'string';
  if (Array.isArray(value)) return 'list';
  if (value instanceof SortedSet) return 'zset';
  if (value instanceof Stream) return 'stream';
  return value instanceof Map ? 'hash' : 'set';
}

/** `h?llo*[ab]` as a regular expression. */
export function glob(pattern: string): RegExp {
  const escaped = pattern
    .replace(/[.+^${}()|]/g, '\\$&')
    .replace(/\*/g, '[^]*')
    .replace(/\?/g, '[^]');
  try {
    return new RegExp(`^${escaped}$`);
  } catch {
    return /^(?!)/;
  }
}

/** Indexes that may count from the end, as a slice. */
export function span<T>(list: readonly T[], from: string | undefined, to: string | undefined): readonly T[] {
  const at = (text: string | undefined): number => {
    const index = integerOf(text);
    return index < 0 ? list.length + index : index;
  };
  const [start, end] = [Math.max(0, at(from)), at(to)];
  return end < start ? [] : list.slice(start, end + 1);
}
