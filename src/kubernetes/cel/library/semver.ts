import { fn, type Library } from '../functions';
import { parseType } from '../types';
import { CelError, Opaque } from '../values';

interface Semver {
  readonly numbers: readonly [bigint, bigint, bigint];
  readonly pre: readonly string[];
}

const type = parseType('kubernetes.Semver');
const strict = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z.-]+))?(?:\+([0-9A-Za-z.-]+))?$/;

/** semver.Parse, or ParseTolerant after Kubernetes' normalisation: a leading v, missing parts, leading zeros. */
function parse(given: string, normalize: boolean): Semver | undefined {
  if (given.length > 256) return undefined;
  let text = given;
  if (normalize) {
    const [, core = '', rest = ''] = /^v?([^+-]*)(.*)$/s.exec(given) ?? [];
    const parts = core.split('.').map((part) => part.replace(/^0+(?=\d)/, ''));
    while (parts.length < 3) parts.push('0');
    text = parts.join('.') + rest;
  }
  const match = strict.exec(text);
  if (match === null) return undefined;
  const [, major = '', minor = '', patch = '', pre = ''] = match;
  const identifiers = pre === '' ? [] : pre.split('.');
  if (identifiers.some((each) => each === '' || /^0\d+$/.test(each))) return undefined;
  return { numbers: [BigInt(major), BigInt(minor), BigInt(patch)], pre: identifiers };
}

function compare(a: Semver, b: Semver): number {
  for (const [index, number] of a.numbers.entries()) {
    const other = b.numbers[index] ?? 0n;
    if (number !== other) return number < other ? -1 : 1;
  }
  if (a.pre.length === 0 || b.pre.length === 0) return Math.sign(b.pre.length - a.pre.length);
  for (const [index, part] of a.pre.entries()) {
    const other = b.pre[index];
    if (other === undefined) return 1;
    if (part === other) continue;
    const [numeric, otherNumeric] = [/^\d+$/.test(part), /^\d+$/.test(other)];
    if (numeric !== otherNumeric) return numeric ? -1 : 1;
    return (numeric ? BigInt(part) < BigInt(other) : part < other) ? -1 : 1;
  }
  return a.pre.length < b.pre.length ? -1 : 0;
}

function read(text: string, normalize: boolean): Opaque<Semver> {
  const parsed = parse(text, normalize);
  if (parsed === undefined) throw new CelError('invalid semver');
  return new Opaque(type, parsed, (other: Semver) => compare(parsed, other) === 0);
}

type One = readonly [Opaque<Semver>];
type Two = readonly [Opaque<Semver>, Opaque<Semver>];
const on = 'kubernetes.Semver';

/** Kubernetes' semantic versions. */
export const semver: Library = [
  fn(`semver(string): ${on}`, ([text]: readonly [string]) => read(text, false)),
  fn(`semver(string, bool): ${on}`, ([text, normalize]: readonly [string, boolean]) => read(text, normalize)),
  fn('isSemver(string): bool', ([text]: readonly [string]) => parse(text, false) !== undefined),
  fn(
    'isSemver(string, bool): bool',
    ([text, normalize]: readonly [string, boolean]) => parse(text, normalize) !== undefined,
  ),
  fn(`${on}.isGreaterThan(${on}): bool`, ([a, b]: Two) => compare(a.held, b.held) > 0),
  fn(`${on}.isLessThan(${on}): bool`, ([a, b]: Two) => compare(a.held, b.held) < 0),
  fn(`${on}.compareTo(${on}): int`, ([a, b]: Two) => BigInt(compare(a.held, b.held))),
  ...(['major', 'minor', 'patch'] as const).map((name, index) =>
    fn(`${on}.${name}(): int`, ([{ held }]: One) => held.numbers[index] ?? 0n),
  ),
];
