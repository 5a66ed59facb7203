import { goQuote, type FieldErrors } from '../../apimachinery/field-errors';
import { addressText, parseAddress, type Address } from '../networking/ip';
import { notAnIp } from './common';

/**
 * Old fields take addresses and networks that nobody writes today (leading zeros, IPv4 in IPv6) and warn of them:
 * k8s.io/apimachinery/pkg/util/validation/ip.go.
 */
export function legacyIp(text: string, errors: FieldErrors): boolean {
  const good = parseAddress(text) !== undefined;
  if (!good) errors.invalid(text, notAnIp);
  return good;
}

export const notACidr = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';

export interface Network {
  readonly address: Address;
  readonly length: number;
  /** 32 or 128. */
  readonly width: number;
  readonly leadingZeros: boolean;
}

/** netutils.ParseCIDRSloppy. */
export function parseCidr(text: string): Network | undefined {
  const match = /^([^/]+)\/(\d{1,3})$/.exec(text);
  const address = parseAddress(match?.[1] ?? '');
  const digits = match?.[2] ?? '';
  if (address === undefined) return undefined;
  const width = address.v6 ? 128 : 32;
  const length = Number(digits);
  if (length > width) return undefined;
  return { address, length, width, leadingZeros: address.leadingZeros || /^0\d/.test(digits) };
}

export function legacyCidr(text: string, errors: FieldErrors): Network | undefined {
  const network = parseCidr(text);
  if (network === undefined) errors.invalid(text, notACidr);
  return network;
}

/** net.IP.String: an IPv4 address in IPv6 is printed as IPv4. */
const ipText = (address: Address): string =>
  address.mapped
    ? addressText({ ...address, bits: address.bits & 0xffffffffn, v6: false, mapped: false })
    : addressText(address);

const masked = ({ address, length, width }: Network): Address => {
  const host = (1n << BigInt(width - length)) - 1n;
  return { ...address, bits: address.bits - (address.bits & host) };
};

/** net.IPNet.String. */
function networkText(network: Network): string {
  const start = masked(network);
  const short = network.address.mapped && network.length >= 96;
  return `${ipText(start)}/${short ? network.length - 96 : network.length}`;
}

/** Whether `inner` is a part of `outer`, and not all of it. */
export function isStrictSubset(inner: Network, outer: Network): boolean {
  if (inner.width !== outer.width || outer.length >= inner.length) return false;
  return masked({ ...inner, length: outer.length }).bits === masked(outer).bits;
}

const v4 = (address: Address): bigint | undefined =>
  !address.v6 ? address.bits : address.mapped ? address.bits & 0xffffffffn : undefined;

export const isIpv4Address = (address: Address): boolean => v4(address) !== undefined;

/** ValidateEndpointIP: no address that means something else to each host. */
export function endpointIp(text: string, errors: FieldErrors): void {
  const address = parseAddress(text);
  if (address === undefined) return errors.invalid(text, 'must be a valid IP address');
  const four = v4(address);
  const prefix = (length: number): bigint => address.bits >> BigInt(128 - length);
  const unspecified = four === undefined ? address.bits === 0n : four === 0n;
  if (unspecified) errors.invalid(text, `may not be unspecified (${text})`);
  if (four === undefined ? address.bits === 1n : four >> 24n === 127n)
    errors.invalid(text, 'may not be in the loopback range (127.0.0.0/8, ::1/128)');
  if (four === undefined ? prefix(10) === 0xfe80n >> 6n : four >> 16n === 0xa9fen)
    errors.invalid(text, 'may not be in the link-local range (169.254.0.0/16, fe80::/10)');
  if (four === undefined ? prefix(16) === 0xff02n : four >> 8n === 0xe00000n)
    errors.invalid(text, 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)');
}

/** GetWarningsForIP. */
export function ipWarnings(path: string, text: string): readonly string[] {
  const address = parseAddress(text);
  if (address === undefined) return [];
  if (address.leadingZeros || address.mapped)
    return [
      `${path}: non-standard IP address ${goQuote(text)} will be considered invalid in a future Kubernetes release: use ${goQuote(ipText(address))}`,
    ];
  const canonical = addressText(address);
  return address.v6 && canonical !== text
    ? [`${path}: IPv6 address ${goQuote(text)} should be in RFC 5952 canonical format (${goQuote(canonical)})`]
    : [];
}

/** GetWarningsForCIDR. */
export function cidrWarnings(path: string, text: string): readonly string[] {
  const network = parseCidr(text);
  if (network === undefined) return [];
  const { address, leadingZeros, width } = network;
  const found: string[] = [];
  const canonical = networkText(network);
  if (masked(network).bits !== address.bits) {
    const single = `${ipText(address)}/${width}`;
    found.push(
      `${path}: CIDR value ${goQuote(text)} is ambiguous in this context (should be ${goQuote(canonical)} or ${goQuote(single)}?)`,
    );
  }
  if (leadingZeros || address.mapped)
    found.push(
      `${path}: non-standard CIDR value ${goQuote(text)} will be considered invalid in a future Kubernetes release: use ${goQuote(canonical)}`,
    );
  if (found.length === 0 && address.v6 && canonical !== text)
    found.push(
      `${path}: IPv6 CIDR value ${goQuote(text)} should be in RFC 5952 canonical format (${goQuote(canonical)})`,
    );
  return found;
}
