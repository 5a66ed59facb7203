import type { Route } from './types';
import { formatCidr, formatIpv4, netmask, type Cidr } from './address';
import type { Device } from './link';

export interface RouteEntry {
  readonly prefix: Cidr;
  readonly via: number | undefined;
  readonly device: Device;
  readonly source: number | undefined;
  readonly protocol: string;
  readonly scope: 'link' | 'host' | 'global';
  readonly metric: number;
}

/** The main table: longest prefix first, then lowest metric (fib_trie in effect, a map per prefix length in form). */
export class RouteTable {
  /** Ascending in 32 − length: the first hit is the longest prefix. */
  readonly #byLength: { readonly mask: number; readonly routes: Map<number, RouteEntry[]> }[] = [];

  /** False if the same prefix with the same metric is there (EEXIST). */
  add(entry: RouteEntry): boolean {
    const mask = netmask(entry.prefix.length);
    let at = 0;
    let level = this.#byLength[at];
    while (level !== undefined && level.mask > mask) level = this.#byLength[++at];
    if (level?.mask !== mask) {
      level = { mask, routes: new Map() };
      this.#byLength.splice(at, 0, level);
    }
    const same = level.routes.get(entry.prefix.address);
    if (same === undefined) {
      level.routes.set(entry.prefix.address, [entry]);
      return true;
    }
    if (same.some(({ metric }) => metric === entry.metric)) return false;
    same.push(entry);
    same.sort((left, right) => left.metric - right.metric);
    return true;
  }

  lookup(destination: number): RouteEntry | undefined {
    for (const { mask, routes } of this.#byLength) {
      const entries = routes.get((destination & mask) >>> 0);
      if (entries === undefined) continue;
      for (const entry of entries) if (entry.device.up) return entry;
    }
    return undefined;
  }

  /** Removes the first entry that fits; false if none did (ESRCH). */
  remove(fits: (entry: RouteEntry) => boolean, { all = false }: { readonly all?: boolean } = {}): boolean {
    let removed = false;
    for (const { routes } of this.#byLength) {
      for (const [key, entries] of routes) {
        const kept = entries.filter((entry) => (removed && !all) || !fits(entry) || !(removed = true));
        if (kept.length === entries.length) continue;
        if (kept.length === 0) routes.delete(key);
        else routes.set(key, kept);
      }
    }
    return removed;
  }

  /** As `ip route` lists: default first, then by address. */
  list(): readonly RouteEntry[] {
    const all = this.#byLength.flatMap(({ routes }) => [...routes.values()].flat());
    return all.sort(
      (left, right) =>
        left.prefix.address - right.prefix.address ||
        left.prefix.length - right.prefix.length ||
        left.metric - right.metric,
    );
  }
}

export function routeView({ prefix, via, device, source, protocol, scope, metric }: RouteEntry): Route {
  return {
    destination:
      prefix.length === 0 ? 'default' : prefix.length === 32 ? formatIpv4(prefix.address) : formatCidr(prefix),
    ...(via === undefined ? {} : { via: formatIpv4(via) }),
    device: device.name,
    protocol,
    ...(scope === 'global' ? {} : { scope }),
    ...(source === undefined ? {} : { source: formatIpv4(source) }),
    ...(metric === 0 ? {} : { metric }),
  };
}
