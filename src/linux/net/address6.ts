/** IPv6 addresses as 128-bit numbers, and their canonical text (RFC 5952). */

/** The number of an address; undefined if it is none. */
export function parse6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  const [head = [], tail = []] = groups;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  let address = 0n;
  for (const group of [...head, ...Array<string>(missing).fill('0'), ...tail]) {
    if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return undefined;
    address = (address << 16n) | BigInt(parseInt(group, 16));
  }
  return address;
}

/** The longest run of zeroes becomes `::`. */
export function format6(address: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) => Number((address >> BigInt(16 * (7 - index))) & 0xffffn));
  let [start, length] = [-1, 1];
  for (let from = 0; from < 8; from++) {
    let to = from;
    while (to < 8 && groups[to] === 0) to++;
    if (to - from > length) [start, length] = [from, to - from];
  }
  const text = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':');
  if (start < 0) return text(groups);
  return `${text(groups.slice(0, start))}::${text(groups.slice(start + length))}`;
}

interface Cidr6 {
  readonly address: bigint;
  readonly length: number;
}

/** `fd00::1/64`; without a length it is a host. */
export function parseCidr6(text: string): Cidr6 | undefined {
  const [head = '', digits = '128', ...rest] = text.split('/');
  const address = parse6(head);
  if (address === undefined || rest.length > 0 || !/^\d{1,3}$/.test(digits) || Number(digits) > 128) return undefined;
  return { address, length: Number(digits) };
}

/** The bits of a prefix. */
export const mask6 = (length: number): bigint => ((1n << BigInt(length)) - 1n) << BigInt(128 - length);
