import { err, ok, type Result } from '../../../sim/result';

/** The first and last port that `-P` and `-p 80` give out (net.ipv4.ip_local_port_range). */
const FIRST = 32_768;
const LAST = 60_999;

const anyAddress: ReadonlySet<string> = new Set(['0.0.0.0', '::']);
const sameFamily = (a: string, b: string): boolean => a.includes(':') === b.includes(':');

/** Host ports that containers hold (libnetwork/portallocator). */
export class PortAllocator {
  readonly #taken = new Map<string, Set<string>>();
  #next = FIRST;

  /** The port asked for on all of the addresses, or for 0 the next that is free on them. */
  take(protocol: string, addresses: readonly string[], port: number): Result<number, string> {
    if (port !== 0) {
      const holder = addresses.find((address) => !this.#isFree(protocol, address, port));
      if (holder !== undefined) return err(`Bind for ${holder}:${port} failed: port is already allocated`);
      this.#hold(protocol, addresses, port);
      return ok(port);
    }
    for (let tried = FIRST; tried <= LAST; tried++) {
      const candidate = this.#next;
      this.#next = candidate >= LAST ? FIRST : candidate + 1;
      if (addresses.some((address) => !this.#isFree(protocol, address, candidate))) continue;
      this.#hold(protocol, addresses, candidate);
      return ok(candidate);
    }
    return err('all ports are allocated');
  }

  free(protocol: string, address: string, port: number): void {
    this.#taken.get(`${protocol} ${port}`)?.delete(address);
  }

  #hold(protocol: string, addresses: readonly string[], port: number): void {
    const key = `${protocol} ${port}`;
    const held = this.#taken.get(key) ?? new Set();
    for (const address of addresses) held.add(address);
    this.#taken.set(key, held);
  }

  /** An any-address stands against all addresses of its family. */
  #isFree(protocol: string, address: string, port: number): boolean {
    for (const held of this.#taken.get(`${protocol} ${port}`) ?? []) {
      if (held === address) return false;
      if (sameFamily(held, address) && (anyAddress.has(held) || anyAddress.has(address))) return false;
    }
    return true;
  }
}
