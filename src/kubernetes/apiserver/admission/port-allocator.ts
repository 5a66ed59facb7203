import type { Random } from '../../../sim/random';

/** --service-node-port-range. */
const range = { low: 30000, high: 32767 };

/** pkg/registry/core/service/portallocator: which node ports are taken, whatever their protocol. */
export class PortAllocator {
  readonly taken = new Set<number>();

  constructor(readonly draw: Random) {}

  /** The ports of one write. */
  operation(dryRun: boolean): PortOperation {
    return new PortOperation(this, dryRun);
  }

  next(): number | undefined {
    for (let attempt = 0; attempt < 64; attempt++) {
      const port = this.draw.between(range.low, range.high);
      if (!this.taken.has(port)) return port;
    }
    for (let port = range.low; port <= range.high; port++) if (!this.taken.has(port)) return port;
    return undefined;
  }
}

/** PortAllocationOperation: takes ports and can give them back. A dry run takes none and makes numbers up. */
export class PortOperation {
  readonly #allocated: number[] = [];

  constructor(
    readonly ports: PortAllocator,
    readonly dryRun: boolean,
  ) {}

  /** Why the port cannot be had; undefined: it is ours. */
  allocate(port: number): string | undefined {
    const { taken } = this.ports;
    if (!this.dryRun && (port < range.low || port > range.high))
      return `provided port is not in the valid range. The range of valid ports is ${range.low}-${range.high}`;
    if (taken.has(port) || this.#allocated.includes(port)) return 'provided port is already allocated';
    this.#allocated.push(port);
    if (!this.dryRun) taken.add(port);
    return undefined;
  }

  allocateNext(): number | undefined {
    // "a sensible guess for a dummy port number"
    const port = this.dryRun
      ? (this.#allocated.length === 0 ? 32768 : Math.max(...this.#allocated)) + 1
      : this.ports.next();
    if (port === undefined) return undefined;
    this.#allocated.push(port);
    if (!this.dryRun) this.ports.taken.add(port);
    return port;
  }

  revert(): void {
    if (!this.dryRun) for (const port of this.#allocated) this.ports.taken.delete(port);
    this.#allocated.length = 0;
  }
}
