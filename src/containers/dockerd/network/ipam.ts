/** Addresses of one subnet, given out first-free (libnetwork/ipam). */
export class AddressPool {
  readonly #base: number;
  readonly #size: number;
  readonly #taken = new Set<number>();
  readonly gateway: string;
  readonly prefix: number;

  constructor(
    readonly subnet: string,
    gateway?: string,
  ) {
    const [address = '', prefix = '16'] = subnet.split('/');
    this.prefix = Number(prefix);
    this.#size = 2 ** (32 - this.prefix);
    this.#base = Math.floor(toNumber(address) / this.#size) * this.#size;
    this.#taken.add(this.#base);
    this.#taken.add(this.#base + this.#size - 1);
    this.gateway = gateway ?? toAddress(this.#base + 1);
    this.#taken.add(toNumber(this.gateway));
  }

  contains(address: string): boolean {
    const number = toNumber(address);
    return number >= this.#base && number < this.#base + this.#size;
  }

  /** A certain address if it is free, or the first free one. */
  take(wanted?: string): string | undefined {
    if (wanted !== undefined) {
      const number = toNumber(wanted);
      if (!this.contains(wanted) || this.#taken.has(number)) return undefined;
      this.#taken.add(number);
      return wanted;
    }
    for (let number = this.#base + 1; number < this.#base + this.#size - 1; number++) {
      if (this.#taken.has(number)) continue;
      this.#taken.add(number);
      return toAddress(number);
    }
    return undefined;
  }

  free(address: string): void {
    this.#taken.delete(toNumber(address));
  }
}

const toNumber = (address: string): number =>
  address.split('.').reduce((number, part) => number * 256 + Number(part), 0);

const toAddress = (number: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');

export function overlaps(a: string, b: string): boolean {
  const [addressA = '', prefixA = '0'] = a.split('/');
  const [addressB = '', prefixB = '0'] = b.split('/');
  const size = 2 ** (32 - Math.min(Number(prefixA), Number(prefixB)));
  return Math.floor(toNumber(addressA) / size) === Math.floor(toNumber(addressB) / size);
}

/** `172.17.0.0/16` … `172.31.0.0/16`, then `192.168.0.0/20` …: docker's default pools in their order. */
export function* defaultPools(): Generator<string> {
  for (let second = 17; second <= 31; second++) yield `172.${second}.0.0/16`;
  for (let third = 0; third < 256; third += 16) yield `192.168.${third}.0/20`;
}
