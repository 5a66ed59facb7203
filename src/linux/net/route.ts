import { FewMap } from '../../sim/few-map';
import type { NetworkAdmin, Route } from './types';
import { formatCidr, formatIpv4, netmask, parseCidr, parseIpv4, type Cidr } from './address';
import type { Device } from './link';

/** Where a packet goes next. */
export interface Decision {
  readonly device: Device;
  readonly via: number | undefined;
  /** The address it is sent from if the sender did not choose. */
  readonly source: number;
}

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
  #byLength: readonly { readonly mask: number; readonly routes: FewMap<number, RouteEntry[]> }[] = [];

  /** False if the same prefix with the same metric is there (EEXIST). */
  add(entry: RouteEntry): boolean {
    const mask = netmask(entry.prefix.length);
    let at = 0;
    let level = this.#byLength[at];
    while (level !== undefined && level.mask > mask) level = this.#byLength[++at];
    if (level?.mask !== mask) {
      level = { mask, routes: new FewMap() };
      this.#byLength = this.#byLength.toSpliced(at, 0, level);
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

/** `default` or a CIDR. */
export const parseDestination = (text: string): Cidr | undefined =>
  text === 'default' ? { address: 0, length: 0 } : parseCidr(text);

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

/** The addresses of a route as `ip route add` gives them; undefined if one is malformed or has host bits set. */
export function parseRoute(
  route: Pick<Route, 'destination' | 'via' | 'source'>,
): Pick<RouteEntry, 'prefix' | 'via' | 'source'> | undefined {
  const prefix = parseDestination(route.destination);
  const via = route.via === undefined ? undefined : parseIpv4(route.via);
  const source = route.source === undefined ? undefined : parseIpv4(route.source);
  if (prefix === undefined || (prefix.address & ~netmask(prefix.length)) !== 0) return undefined;
  if ((route.via !== undefined && via === undefined) || (route.source !== undefined && source === undefined)) {
    return undefined;
  }
  return { prefix, via, source };
}

/** What `ip route get` tells. */
export function decisionView(decision: Decision | undefined): ReturnType<NetworkAdmin['routeTo']> {
  if (decision === undefined) return undefined;
  const base = { device: decision.device.name, source: formatIpv4(decision.source) };
  return decision.via === undefined ? base : { ...base, via: formatIpv4(decision.via) };
}
