import { fieldWords } from './shellwords';
import type { Field, Kind, Shape } from './shapes';
import { isDict, LoadError, sprint, type Dict, type Value } from './value';

/**
 * A mapping brought into a struct's form (compose-go's Transform): fields in the struct's order, each of its type, and
 * none that is empty. This is what YAML prints.
 */
export function decode(shape: Shape, value: Value | undefined, at: string): Dict {
  const source = isDict(value) ? value : {};
  const result: Dict = {};
  for (const field of shape.fields) {
    const given = source[field.name];
    const decoded = given === undefined ? absent(field) : decodeField(field, given, `${at}.${field.name}`);
    if (decoded !== undefined) result[field.name] = decoded;
  }
  for (const key of Object.keys(source).sort()) {
    const extra = source[key];
    if (key.startsWith('x-') && extra !== undefined) result[key] = extra;
  }
  return result;
}

const absent = ({ kind }: Field): Value | undefined => (kind === 'always' ? false : undefined);

function decodeField(field: Field, value: Value, at: string): Value | undefined {
  const { kind, many, pointer = false } = field;
  if (typeof kind === 'string') return decodeKind(kind, value, at);
  if (many === 'list') {
    if (!Array.isArray(value) || value.length === 0) return undefined;
    return value.map((item, index) => (isDict(item) ? decode(kind, item, `${at}[${index}]`) : item));
  }
  if (many === 'map') {
    if (!isDict(value) || Object.keys(value).length === 0) return undefined;
    return Object.fromEntries(
      Object.keys(value)
        .sort()
        .map((key) => {
          const item = value[key] ?? null;
          return [key, isDict(item) ? decode(kind, item, `${at}[${key}]`) : item];
        }),
    );
  }
  if (value === null) return undefined;
  const inner = decode(kind, value, at);
  return Object.keys(inner).length === 0 && !pointer ? undefined : inner;
}

const list = (value: Value): readonly string[] =>
  value === null ? [] : Array.isArray(value) ? value.map(sprint) : [sprint(value)];
const unlessEmpty = <T extends Value[] | Dict>(value: T): T | undefined =>
  Object.keys(value).length === 0 ? undefined : value;

function decodeKind(kind: Kind, value: Value, at: string): Value | undefined {
  switch (kind) {
    case 'string':
      return value === null || value === '' ? undefined : sprint(value);
    case 'integer':
    case 'float':
      return value === null || Number(value) === 0 ? undefined : Number(value);
    case 'bool':
      return truth(value) ? true : undefined;
    case 'always':
      return truth(value);
    case 'optional':
      return value === null ? undefined : value === 'true' || value === 'false' ? value === 'true' : numeric(value);
    case 'strings':
    case 'stringOrList':
      return unlessEmpty([...list(value)]);
    case 'bytes':
      return bytes(value, at);
    case 'duration':
      return value === null ? undefined : printDuration(parseDuration(sprint(value), at));
    case 'mapping':
      return unlessEmpty(pairs(value, ''));
    case 'environment':
      return environment(value);
    case 'command':
      return value === null ? undefined : Array.isArray(value) ? value.map(sprint) : [...fieldWords(sprint(value))];
    case 'test':
      return typeof value === 'string' ? ['CMD-SHELL', value] : unlessEmpty([...list(value)]);
    case 'hosts':
      return unlessEmpty([...hosts(value)].sort());
    case 'mode':
      return value === null
        ? undefined
        : `0${(typeof value === 'number' ? value : parseInt(sprint(value), 8)).toString(8)}`;
    case 'ssh':
      return unlessEmpty(
        isDict(value)
          ? Object.entries(value).map(([id, path]) => (path === null || path === '' ? id : `${id}=${sprint(path)}`))
          : [],
      );
    case 'any':
      return value;
  }
}

const truth = (value: Value): boolean => value === true || value === 'true' || value === '1';
const numeric = (value: Value): Value =>
  typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;

/** `KEY=value`, of a list or a mapping, sorted by key. */
function pairs<T extends Value>(value: Value, alone: T): Dict {
  const entries: [string, Value][] = isDict(value)
    ? Object.entries(value).map(([key, item]) => [key, item === null ? alone : sprint(item)])
    : list(value).map((entry) => {
        const equals = entry.indexOf('=');
        return equals < 0 ? [entry, alone] : [entry.slice(0, equals), entry.slice(equals + 1)];
      });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

function environment(value: Value): Dict | undefined {
  const result = pairs(value, null);
  for (const key of Object.keys(result))
    if (/\s$/.test(key) && !isDict(value))
      throw new LoadError(`environment variable ${key} is declared with a trailing space`);
  return unlessEmpty(result);
}

function hosts(value: Value): readonly string[] {
  const plain = (ip: string): string => (/^\[.+\]$/.test(ip) ? ip.slice(1, -1) : ip);
  if (isDict(value))
    return Object.entries(value).flatMap(([host, ips]) => list(ips).map((ip) => `${host}=${plain(ip)}`));
  return list(value).flatMap((entry) => {
    const [, host, ips] = /^([^=:]*)[=:](.*)$/.exec(entry) ?? [];
    if (host === undefined || ips === undefined) throw new LoadError(`invalid additional host, missing IP: ${entry}`);
    if (host === '') throw new LoadError(`bad host name ''`);
    return ips.split(',').map((ip) => `${host}=${plain(ip)}`);
  });
}

/** types.UnitBytes, which prints as a text of digits. */
function bytes(value: Value, at: string): Value | undefined {
  if (value === null) return undefined;
  if (typeof value === 'number') return value === 0 ? undefined : String(value);
  const size = parseBytes(sprint(value));
  if (size === undefined)
    throw new LoadError(`decoding failed due to the following error(s):\n\n'${at}' invalid size: '${sprint(value)}'`);
  return size === 0 ? undefined : String(size);
}

/** go-units' RAMInBytes. */
function parseBytes(text: string): number | undefined {
  if (text === '-1') return -1;
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?) ?([kmgtp]?)i?b?$/i.exec(text) ?? [];
  if (digits === undefined) return undefined;
  return Math.floor(Number(digits) * 1024 ** (unit === '' ? 0 : 'kmgtp'.indexOf(unit.toLowerCase()) + 1));
}

const units: Readonly<Record<string, number>> = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

/** Nanoseconds of a text as `1m30s` (str2duration, which knows days and weeks too). */
export function parseDuration(text: string, at: string): number {
  if (text === '0') return 0;
  if (!/^[-+]?((\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h|d|w))+$/.test(text))
    throw new LoadError(
      `decoding failed due to the following error(s):\n\n'${at}' time: invalid duration ${JSON.stringify(text)}`,
    );
  let total = 0;
  for (const [, amount = '', unit = ''] of text.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h|d|w)/g))
    total += Number(amount) * (units[unit] ?? (unit === 'd' ? 24 : 168) * 3600e9);
  return text.startsWith('-') ? -total : total;
}

/** time.Duration's String. */
export function printDuration(nanoseconds: number): string {
  if (nanoseconds === 0) return '0s';
  const sign = nanoseconds < 0 ? '-' : '';
  const size = Math.abs(nanoseconds);
  if (size < 1e3) return `${sign}${size}ns`;
  if (size < 1e6) return `${sign}${size / 1e3}µs`;
  if (size < 1e9) return `${sign}${size / 1e6}ms`;
  const hours = Math.floor(size / 3600e9);
  const minutes = Math.floor((size % 3600e9) / 60e9);
  const seconds = (size % 60e9) / 1e9;
  return `${sign}${hours > 0 ? `${hours}h` : ''}${hours > 0 || minutes > 0 ? `${minutes}m` : ''}${seconds}s`;
}

/** The same as JSON has it: what Go never omits there is added. `undefined` stands for a field that is not there. */
export function jsonForm(shape: Shape, value: Dict): Dict {
  const result: Dict = {};
  for (const field of shape.fields) {
    const given = value[field.name];
    if (given === undefined) {
      if (field.inJson === true) result[field.name] = typeof field.kind === 'string' ? null : {};
      continue;
    }
    const { kind } = field;
    if (typeof kind === 'string') result[field.name] = given;
    else if (Array.isArray(given))
      result[field.name] = given.map((item) => (isDict(item) ? jsonForm(kind, item) : item));
    else if (field.many === 'map' && isDict(given))
      result[field.name] = Object.fromEntries(
        Object.entries(given).map(([key, item]) => [key, isDict(item) ? jsonForm(kind, item) : item]),
      );
    else result[field.name] = isDict(given) ? jsonForm(kind, given) : given;
  }
  return result;
}
