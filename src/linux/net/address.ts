/** IPv4 addresses as unsigned 32-bit numbers, so that rules and routes compare them with two machine instructions. */

/** The number of a dotted address; undefined if it is none. */
export function parseIpv4(text: string): number | undefined {
  let value = 0;
  let octet = -1;
  let dots = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 46) {
      if (octet < 0) return undefined;
      value = value * 256 + octet;
      octet = -1;
      dots++;
    } else if (code >= 48 && code <= 57) {
      octet = (octet < 0 ? 0 : octet * 10) + code - 48;
      if (octet > 255) return undefined;
    } else return undefined;
  }
  return dots === 3 && octet >= 0 ? value * 256 + octet : undefined;
}

export const formatIpv4 = (address: number): string =>
  `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;

/** The netmask of a prefix length. */
export const netmask = (length: number): number => (length === 0 ? 0 : (-1 << (32 - length)) >>> 0);

/** The prefix length of a contiguous netmask; undefined for others. */
export function maskLength(mask: number): number | undefined {
  const length = Math.clz32(~mask);
  return netmask(length) === mask >>> 0 ? length : undefined;
}

export interface Cidr {
  readonly address: number;
  readonly length: number;
}

/** `10.244.1.3/24`; without a length it is a host. */
export function parseCidr(text: string): Cidr | undefined {
  const slash = text.indexOf('/');
  const address = parseIpv4(slash < 0 ? text : text.slice(0, slash));
  if (address === undefined) return undefined;
  if (slash < 0) return { address, length: 32 };
  const digits = text.slice(slash + 1);
  if (!/^\d{1,2}$/.test(digits) || Number(digits) > 32) return undefined;
  return { address, length: Number(digits) };
}

export const formatCidr = ({ address, length }: Cidr): string => `${formatIpv4(address)}/${length}`;

export const isLoopback = (address: number): boolean => address >>> 24 === 127;
export const isMulticast = (address: number): boolean => address >>> 28 === 14;
