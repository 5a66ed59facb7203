import { formatIpv4, netmask, parseCidr, parseIpv4 } from '../../../linux/net/address';

/** Addresses of one subnet, given out first-free (libnetwork/ipam). */
export class AddressPool {
  readonly #base: number;
  readonly #size: number;
  /** What is given out to those who do not choose: the range, or all. */
  readonly #first: number;
  readonly #last: number;
  readonly #taken = new Set<number>();
  readonly gateway: string;
  readonly prefix: number;

  constructor(
    readonly subnet: string,
    gateway?: string,
    range?: string,
    reserved: readonly string[] = [],
  ) {
    const { address, length } = parseCidr(subnet) ?? { address: 0, length: 32 };
    this.prefix = length;
    this.#size = 2 ** (32 - length);
    this.#base = (address & netmask(length)) >>> 0;
    if (this.#size > 2) {
      this.#taken.add(this.#base);
      this.#taken.add(this.#base + this.#size - 1);
    }
    const within = range === undefined ? undefined : parseCidr(range);
    this.#first = within?.address ?? this.#base;
    this.#last = within === undefined ? this.#base + this.#size - 1 : within.address + 2 ** (32 - within.length) - 1;
    for (const address of reserved) this.#taken.add(parseIpv4(address) ?? 0);
    this.gateway = gateway ?? this.take() ?? formatIpv4(this.#base + 1);
    this.#taken.add(parseIpv4(this.gateway) ?? 0);
  }

  contains(address: string): boolean {
    const number = parseIpv4(address) ?? -1;
    return number >= this.#base && number < this.#base + this.#size;
  }

  /** A certain address if it is free, or the first free one. */
  take(wanted?: string): string | undefined {
    if (wanted !== undefined) {
      const number = parseIpv4(wanted);
      if (number === undefined || !this.contains(wanted) || this.#taken.has(number)) return undefined;
      this.#taken.add(number);
      return wanted;
    }
    for (let number = this.#first; number <= this.#last; number++) {
      if (this.#taken.has(number)) continue;
      this.#taken.add(number);
      return formatIpv4(number >>> 0);
    }
    return undefined;
  }

  free(address: string): void {
    const number = parseIpv4(address);
    if (number !== undefined) this.#taken.delete(number);
  }
}

/** Whether two subnets have an address in common. */
export function overlaps(a: string, b: string): boolean {
  const [left, right] = [parseCidr(a), parseCidr(b)];
  if (left === undefined || right === undefined) return false;
  return ((left.address ^ right.address) & netmask(Math.min(left.length, right.length))) >>> 0 === 0;
}

/** `172.17.0.0/16` … `172.31.0.0/16`, then `192.168.0.0/20` …: docker's default pools in their order. */
export function* defaultPools(): Generator<string> {
  for (let second = 17; second <= 31; second++) yield `172.${second}.0.0/16`;
  for (let third = 0; third < 256; third += 16) yield `192.168.${third}.0/20`;
}
