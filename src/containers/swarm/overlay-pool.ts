import { AddressPool } from '../dockerd/network/ipam';

/**
 * Addresses of an overlay network. Those of tasks and services are the managers' to give: the node's driver takes what it
 * is told. Containers that somebody attaches get the next free one.
 */
export class OverlayPool extends AddressPool {
  readonly #allocated = new Set<string>();

  /** For a service or a task. */
  allocate(): string | undefined {
    const address = super.take();
    if (address !== undefined) this.#allocated.add(address);
    return address;
  }

  release(address: string): void {
    if (this.#allocated.delete(address)) super.free(address);
  }

  override take(wanted?: string): string | undefined {
    return wanted !== undefined && this.#allocated.has(wanted) ? wanted : super.take(wanted);
  }

  override free(address: string): void {
    if (!this.#allocated.has(address)) super.free(address);
  }
}
