import { fn, type Library } from '../functions';
import { parseType } from '../types';
import { CelError, Opaque } from '../values';

interface Address {
  readonly family: 4 | 6;
  readonly bits: bigint;
}
interface Cidr extends Address {
  readonly prefix: number;
}

const ipType = parseType('net.IP');
const cidrType = parseType('net.CIDR');
const width = (family: 4 | 6): number => (family === 4 ? 32 : 128);

/** netip.ParseAddr, without zones and without IPv4 in IPv6. */
function parseIp(text: string): Address | undefined {
  if (text.length > 45) return undefined;
  if (!text.includes(':')) return parse4(text);
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  const all = groups.flat();
  if (!all.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  if (halves.length === 2 ? all.length > 7 : all.length !== 8) return undefined;
  const zeros: string[] = new Array<string>(8 - all.length).fill('0');
  const filled = halves.length === 2 ? [...(groups[0] ?? []), ...zeros, ...(groups[1] ?? [])] : all;
  return { family: 6, bits: filled.reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n) };
}

function parse4(text: string): Address | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256))
    return undefined;
  return { family: 4, bits: parts.reduce((bits, part) => (bits << 8n) | BigInt(part), 0n) };
}

function ipText({ family, bits }: Address): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => String((bits >> shift) & 255n)).join('.');
  const groups = Array.from({ length: 8 }, (_, index) => ((bits >> BigInt(16 * (7 - index))) & 0xffffn).toString(16));
  // The longest run of zeros, the first of several, two at least.
  let [best, length] = [-1, 1];
  for (let start = 0; start < 8; start++) {
    let end = start;
    while (end < 8 && groups[end] === '0') end++;
    if (end - start > length) [best, length] = [start, end - start];
  }
  if (best < 0) return groups.join(':');
  return `${groups.slice(0, best).join(':')}::${groups.slice(best + length).join(':')}`;
}

function parseCidr(text: string): Cidr | undefined {
  const [address = '', length = '', ...more] = text.split('/');
  const ip = parseIp(address);
  if (ip === undefined || more.length > 0 || !/^(0|[1-9]\d{0,2})$/.test(length)) return undefined;
  const prefix = Number(length);
  return prefix > width(ip.family) ? undefined : { ...ip, prefix };
}

const masked = ({ family, bits, prefix }: Cidr): bigint => {
  const low = BigInt(width(family) - prefix);
  return (bits >> low) << low;
};

const ip = (held: Address): Opaque<Address> =>
  new Opaque(ipType, held, (other: Address) => other.family === held.family && other.bits === held.bits);
const cidr = (held: Cidr): Opaque<Cidr> =>
  new Opaque(
    cidrType,
    held,
    (other: Cidr) => other.family === held.family && other.bits === held.bits && other.prefix === held.prefix,
  );

function readIp(text: string): Opaque<Address> {
  const parsed = parseIp(text);
  if (parsed !== undefined) return ip(parsed);
  const [plain = '', zone] = text.split('%');
  if (zone !== undefined && zone !== '' && parseIp(plain)?.family === 6)
    throw new CelError(`IP address ${JSON.stringify(text)} with zone value is not allowed`);
  const mapped = /^::ffff:([\d.]+)$/i.exec(text)?.[1];
  if (mapped !== undefined && parseIp(mapped) !== undefined)
    throw new CelError(`IPv4-mapped IPv6 address ${JSON.stringify(text)} is not allowed`);
  const why =
    /^(\d+\.){3}\d+$/.test(text) && /(^|\.)0\d/.test(text)
      ? 'IPv4 field has octet with leading zero'
      : 'unable to parse IP';
  throw new CelError(
    `IP Address "${text}" parse error during conversion from string: ParseAddr(${JSON.stringify(text)}): ${why}`,
  );
}

const failed = 'network address parse error during conversion from string: ';

function prefixProblem(text: string): string {
  const [address = '', length] = text.split('/');
  if (length === undefined) return ": no '/'";
  if (parseIp(address) === undefined) return '';
  return /^(0|[1-9]\d*)$/.test(length)
    ? ': prefix length out of range'
    : `: bad bits after slash: ${JSON.stringify(length)}`;
}

function readCidr(text: string): Opaque<Cidr> {
  const parsed = parseCidr(text);
  if (parsed === undefined)
    throw new CelError(`${failed}${failed}netip.ParsePrefix(${JSON.stringify(text)})${prefixProblem(text)}`);
  return cidr(parsed);
}

const within = (net: Cidr, address: Address, prefix = width(address.family)): boolean =>
  net.family === address.family && prefix >= net.prefix && masked({ ...address, prefix: net.prefix }) === masked(net);

const top = ({ family, bits }: Address, count: number): bigint => bits >> BigInt(width(family) - count);

type Ip = readonly [Opaque<Address>];
type Net = readonly [Opaque<Cidr>];
type Text = readonly [string];

const linkLocal = (address: Address): boolean =>
  address.family === 4 ? top(address, 16) === 0xa9fen : top(address, 10) === 0x3fan;
const multicast = (address: Address): boolean =>
  address.family === 4 ? top(address, 4) === 0xen : top(address, 8) === 0xffn;
const loopback = (address: Address): boolean => (address.family === 4 ? top(address, 8) === 127n : address.bits === 1n);
const linkLocalMulticast = (address: Address): boolean =>
  address.family === 4 ? top(address, 24) === 0xe00000n : top(address, 16) === 0xff02n;
const unspecified = ({ bits }: Address): boolean => bits === 0n;
const globalUnicast = (address: Address): boolean =>
  !unspecified(address) &&
  !loopback(address) &&
  !multicast(address) &&
  !linkLocal(address) &&
  !(address.family === 4 && address.bits === 0xffffffffn);

/** Kubernetes' addresses and networks. */
export const net: Library = [
  fn('ip(string): net.IP', ([text]: Text) => readIp(text)),
  fn('isIP(string): bool', ([text]: Text) => parseIp(text) !== undefined),
  fn('/ip.isCanonical(string): bool', ([text]: Text) => ipText(readIp(text).held) === text),
  fn('string(net.IP): string', ([{ held }]: Ip) => ipText(held)),
  fn('net.IP.family(): int', ([{ held }]: Ip) => BigInt(held.family)),
  fn('net.IP.isUnspecified(): bool', ([{ held }]: Ip) => unspecified(held)),
  fn('net.IP.isLoopback(): bool', ([{ held }]: Ip) => loopback(held)),
  fn('net.IP.isLinkLocalMulticast(): bool', ([{ held }]: Ip) => linkLocalMulticast(held)),
  fn('net.IP.isLinkLocalUnicast(): bool', ([{ held }]: Ip) => linkLocal(held)),
  fn('net.IP.isGlobalUnicast(): bool', ([{ held }]: Ip) => globalUnicast(held)),
  fn('cidr(string): net.CIDR', ([text]: Text) => readCidr(text)),
  fn('isCIDR(string): bool', ([text]: Text) => parseCidr(text) !== undefined),
  fn('string(net.CIDR): string', ([{ held }]: Net) => `${ipText(held)}/${held.prefix}`),
  fn('net.CIDR.containsIP(net.IP): bool', ([{ held }, other]: readonly [Opaque<Cidr>, Opaque<Address>]) =>
    within(held, other.held),
  ),
  fn('net.CIDR.containsIP(string): bool', ([{ held }, text]: readonly [Opaque<Cidr>, string]) =>
    within(held, readIp(text).held),
  ),
  fn('net.CIDR.containsCIDR(net.CIDR): bool', ([{ held }, other]: readonly [Opaque<Cidr>, Opaque<Cidr>]) =>
    within(held, other.held, other.held.prefix),
  ),
  fn('net.CIDR.containsCIDR(string): bool', ([{ held }, text]: readonly [Opaque<Cidr>, string]) => {
    const other = readCidr(text).held;
    return within(held, other, other.prefix);
  }),
  fn('net.CIDR.ip(): net.IP', ([{ held }]: Net) => ip({ family: held.family, bits: held.bits })),
  fn('net.CIDR.masked(): net.CIDR', ([{ held }]: Net) => cidr({ ...held, bits: masked(held) })),
  fn('net.CIDR.prefixLength(): int', ([{ held }]: Net) => BigInt(held.prefix)),
];
