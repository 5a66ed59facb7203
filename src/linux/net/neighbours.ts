import { formatIpv4 } from './address';
import { Stack } from './stack';
import type { Ipv4, NetworkAdmin } from './types';

export interface Neighbour {
  readonly address: Ipv4;
  readonly mac: string;
  readonly device: string;
}

/** The neighbour table: who answered ARP lately (`ip neigh`, /proc/net/arp). */
export function neighboursOf(net: NetworkAdmin): readonly Neighbour[] {
  if (!(net instanceof Stack)) return [];
  return net.links().flatMap(({ name }) => {
    const known = net.device(name)?.neighbours;
    if (known === undefined) return [];
    return [...known].map(([address, { arrival }]) => ({
      address: formatIpv4(address),
      mac: arrival.mac,
      device: name,
    }));
  });
}
