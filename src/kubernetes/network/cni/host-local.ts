import type { FileSystem } from '../../../linux/fs/types';
import { err, ok, type Result } from '../../../sim/result';

/** A subnet as numbers. */
export interface Subnet {
  readonly base: number;
  readonly prefix: number;
}

const number = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
const text = (value: number): string => [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');

/** `10.244.1.0/24`; undefined where it is none. */
export function parseSubnet(cidr: string): Subnet | undefined {
  const match = /^(\d+\.\d+\.\d+\.\d+)\/(\d+)$/.exec(cidr);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  const prefix = Number(match[2]);
  const size = 2 ** (32 - prefix);
  return { base: Math.floor(number(match[1]) / size) * size, prefix };
}

/** The first address, which the bridge has. */
export const gatewayOf = ({ base }: Subnet): string => text(base + 1);

/**
 * The host-local address manager: one file per reservation, so that addresses survive restarts. Goes round the range and
 * gives out an address again only after all others. Upstream: containernetworking/plugins, plugins/ipam/host-local
 */
export class HostLocal {
  /** Reservations by address; what the files say, so that a pod does not cost a directory listing. */
  readonly #reserved = new Map<number, string>();
  #last: number | undefined;

  constructor(
    readonly fs: FileSystem,
    readonly folder: string,
  ) {
    const listed = fs.readdir(folder);
    if (!listed.ok) return;
    for (const { name } of listed.value) {
      const owner = fs.readText(`${folder}/${name}`);
      if (/^\d/.test(name) && owner.ok) this.#reserved.set(number(name), owner.value.split('\n', 1)[0] ?? '');
    }
  }

  /** Reserves an address for a container. */
  allocate(subnet: Subnet, id: string): Result<string, string> {
    const size = 2 ** (32 - subnet.prefix);
    const first = subnet.base + 2;
    const last = subnet.base + size - 2;
    const start = this.#last === undefined || this.#last < first || this.#last >= last ? first : this.#last + 1;
    for (let offset = 0; offset <= last - first; offset++) {
      const candidate = first + ((start - first + offset) % (last - first + 1));
      if (this.#reserved.has(candidate)) continue;
      this.#reserved.set(candidate, id);
      this.#last = candidate;
      this.fs.mkdirAll(this.folder);
      this.fs.writeFile(`${this.folder}/${text(candidate)}`, `${id}\neth0`);
      this.fs.writeFile(`${this.folder}/last_reserved_ip.0`, text(candidate));
      return ok(text(candidate));
    }
    return err(
      `failed to allocate for range 0: no IP addresses available in range set: ${text(first - 1)}-${text(last)}`,
    );
  }

  /** Gives back what a container had. */
  release(id: string): void {
    for (const [address, owner] of this.#reserved) {
      if (owner !== id) continue;
      this.#reserved.delete(address);
      this.fs.unlink(`${this.folder}/${text(address)}`);
    }
  }
}
