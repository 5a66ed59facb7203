import { format6, parse6, parseCidr6 } from '../../../linux/net/address6';

/** Addresses of an IPv6 subnet: the gateway is ::1, containers get the ones after it. */
export class Pool6 {
  readonly #base: bigint;
  readonly #size: bigint;
  readonly #taken = new Set<bigint>();
  /** In canonical form. */
  readonly subnet: string;
  readonly gateway: string;
  readonly prefix: number;

  constructor(subnet: string, gateway?: string) {
    const { address, length } = parseCidr6(subnet) ?? { address: 0n, length: 128 };
    this.subnet = `${format6(address)}/${length}`;
    this.prefix = length;
    this.#base = address;
    this.#size = 1n << BigInt(128 - length);
    this.#taken.add(address);
    this.gateway = gateway ?? this.take() ?? format6(address + 1n);
    this.#taken.add(parse6(this.gateway) ?? 0n);
  }

  contains(text: string): boolean {
    const address = parse6(text);
    return address !== undefined && address >= this.#base && address < this.#base + this.#size;
  }

  take(wanted?: string): string | undefined {
    if (wanted !== undefined) {
      const address = parse6(wanted);
      if (address === undefined || !this.contains(wanted) || this.#taken.has(address)) return undefined;
      this.#taken.add(address);
      return format6(address);
    }
    for (let address = this.#base + 1n; address < this.#base + this.#size; address++) {
      if (this.#taken.has(address)) continue;
      this.#taken.add(address);
      return format6(address);
    }
    return undefined;
  }

  free(text: string): void {
    const address = parse6(text);
    if (address !== undefined) this.#taken.delete(address);
  }
}
