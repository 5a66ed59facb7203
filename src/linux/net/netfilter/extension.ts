import { err, ok, type Result } from '../../../sim/result';
import { servicePort } from './names';
import type { Match, TableName, Target } from './rule';

/** One option as it was written: `! --dport 80:90` is `{not, name: 'dport', value: '80:90'}`. */
export interface Given {
  readonly not: boolean;
  readonly name: string;
  readonly value: string;
  readonly second?: string;
}

export interface OptionSpec {
  readonly values: 0 | 1 | 2;
  /** The name under which `make` sees it. */
  readonly as?: string;
}

export interface RuleContext {
  /** Number of `-p`, 0 without. */
  readonly protocol: number;
  readonly table: TableName;
}

/** A match or target module (libxt_*.so): its options and how a rule's part is made of them. */
export interface Extension<Made> {
  readonly name: string;
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** Protocols `-p` may have; undefined: any. */
  readonly protocols?: readonly number[];
  readonly tables?: readonly TableName[];
  make(given: readonly Given[], context: RuleContext): Result<Made, string>;
}

export type MatchExtension = Extension<Match>;
export type TargetExtension = Extension<Target>;

/** Options by their long names, one value each. */
export const one = (...names: readonly string[]): Record<string, OptionSpec> =>
  Object.fromEntries(names.map((name) => [name, { values: 1 }]));
/** Options without value. */
export const none = (...names: readonly string[]): Record<string, OptionSpec> =>
  Object.fromEntries(names.map((name) => [name, { values: 0 }]));
/** Another spelling of an option. */
export const alias = (spelling: string, as: string, values: 0 | 1 | 2 = 1): Record<string, OptionSpec> => ({
  [spelling]: { values, as },
});

export const find = (given: readonly Given[], name: string): Given | undefined =>
  given.find((option) => option.name === name);

/** An unsigned number, decimal, 0x or 0 octal as strtoul(…, 0) reads it. */
export function unsigned(text: string, max = 0xffffffff): number | undefined {
  const value = /^0x[0-9a-f]+$/i.test(text)
    ? parseInt(text, 16)
    : /^0[0-7]+$/.test(text)
      ? parseInt(text, 8)
      : /^\d+$/.test(text)
        ? Number(text)
        : undefined;
  return value === undefined || value > max ? undefined : value;
}

export interface PortRange {
  readonly low: number;
  readonly high: number;
}

export const parsePort = (text: string): number | undefined => servicePort(text) ?? unsigned(text, 65535);

/** `80`, `80:90`, `:1023`, `1024:`. */
export function parsePorts(text: string, separator = ':'): PortRange | undefined {
  const [first = '', second] = text.split(separator);
  const low = first === '' && second !== undefined ? 0 : parsePort(first);
  const high = second === undefined ? low : second === '' ? 65535 : parsePort(second);
  return low === undefined || high === undefined || text.split(separator).length > 2 ? undefined : { low, high };
}

export const portsText = ({ low, high }: PortRange, separator = ':'): string =>
  low === high ? String(low) : `${low}${separator}${high}`;

export const hexadecimal = (value: number): string => `0x${(value >>> 0).toString(16)}`;

/** `value[/mask]` */
export function parseMasked(text: string): { readonly value: number; readonly mask: number } | undefined {
  const [first = '', second] = text.split('/');
  const value = unsigned(first);
  const mask = second === undefined ? 0xffffffff : unsigned(second);
  return value === undefined || mask === undefined ? undefined : { value, mask };
}

export const maskedText = (value: number, mask: number): string =>
  mask >>> 0 === 0xffffffff ? hexadecimal(value) : `${hexadecimal(value)}/${hexadecimal(mask)}`;

/** Quotes as xtables_save_string does: only what needs it, with `"`, `\` and `'` escaped. */
export const quoted = (text: string): string =>
  text !== '' && !/[^a-zA-Z0-9_-]/.test(text) ? text : `"${text.replace(/[\\"']/g, '\\$&')}"`;

export { err, ok };
