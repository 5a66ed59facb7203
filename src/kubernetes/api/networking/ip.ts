import type { FieldErrors } from '../../apimachinery/field-errors';

/** Addresses and networks as netip has them: bits, and the one way to write them. */
export interface Address {
  readonly bits: bigint;
  readonly v6: boolean;
  /** ::ffff:1.2.3.4 */
  readonly mapped: boolean;
  readonly leadingZeros: boolean;
}

export function parseAddress(text: string): Address | undefined {
  const v4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (v4 !== null) {
    const octets = v4.slice(1);
    if (octets.some((each) => Number(each) > 255)) return undefined;
    const bits = octets.reduce((sum, each) => sum * 256n + BigInt(each), 0n);
    return { bits, v6: false, mapped: false, leadingZeros: octets.some((each) => /^0\d/.test(each)) };
  }
  if (!text.includes(':') || !/^[0-9A-Fa-f:.]+$/.test(text)) return undefined;
  let address = text;
  let leadingZeros = false;
  const tail = /[^:]*\.[^:]*$/.exec(text)?.[0];
  if (tail !== undefined) {
    const inner = parseAddress(tail);
    if (inner === undefined || inner.v6) return undefined;
    leadingZeros = inner.leadingZeros;
    address = `${text.slice(0, -tail.length)}${(inner.bits >> 16n).toString(16)}:${(inner.bits & 0xffffn).toString(16)}`;
  }
  const halves = address.split('::');
  if (halves.length > 2) return undefined;
  const [left = [], right = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - left.length - right.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...left, ...Array<string>(missing).fill('0'), ...right];
  if (!groups.every((each) => /^[0-9A-Fa-f]{1,4}$/.test(each))) return undefined;
  const bits = groups.reduce((sum, each) => sum * 65536n + BigInt(`0x${each}`), 0n);
  return { bits, v6: true, mapped: bits >> 32n === 0xffffn, leadingZeros };
}

/** RFC 5952. */
export function addressText({ bits, v6, mapped }: Address): string {
  const octets = (value: bigint): string => [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
  if (!v6) return octets(bits);
  if (mapped) return `::ffff:${octets(bits & 0xffffffffn)}`;
  const groups = Array.from({ length: 8 }, (_, index) => ((bits >> BigInt(16 * (7 - index))) & 0xffffn).toString(16));
  let [start, length] = [-1, 1];
  for (let at = 0; at < 8; at++) {
    let end = at;
    while (groups[end] === '0') end++;
    if (end - at > length) [start, length] = [at, end - at];
  }
  if (start < 0) return groups.join(':');
  return `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`;
}

/** IsValidIP as of 1.33, and its canonical form: what names of IPAddresses are. */
export function validateIpName(name: string, errors: FieldErrors): void {
  const address = parseAddress(name);
  if (address === undefined)
    return errors.invalid(name, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)');
  if (address.leadingZeros) return errors.invalid(name, 'must not have leading 0s');
  if (address.mapped) return errors.invalid(name, 'must not be an IPv4-mapped IPv6 address');
  const canonical = addressText(address);
  if (canonical !== name) errors.invalid(name, `must be in canonical form (${JSON.stringify(canonical)})`);
}

/** IsValidCIDR, strictly. True for IPv6, false for IPv4, undefined where it is neither. */
export function validateCidr(text: string, errors: FieldErrors): boolean | undefined {
  const slash = text.lastIndexOf('/');
  const length = text.slice(slash + 1);
  const address = slash < 0 ? undefined : parseAddress(text.slice(0, slash));
  const width = address?.v6 === true ? 128 : 32;
  if (address === undefined || !/^\d{1,3}$/.test(length) || Number(length) > width) {
    errors.invalid(text, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)');
    return undefined;
  }
  const host = (1n << BigInt(width - Number(length))) - 1n;
  const canonical = `${addressText(address)}/${Number(length)}`;
  if (address.leadingZeros || /^0\d/.test(length))
    errors.invalid(text, 'must not have leading 0s in IP or prefix length');
  else if (address.mapped) errors.invalid(text, 'must not have an IPv4-mapped IPv6 address');
  else if ((address.bits & host) !== 0n) errors.invalid(text, 'must not have bits set beyond the prefix length');
  else if (canonical !== text) errors.invalid(text, `must be in canonical form (${JSON.stringify(canonical)})`);
  return address.v6;
}
