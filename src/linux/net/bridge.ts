import { latencies } from '../../sim/latencies';
import type { Device } from './link';
import { Switch } from './lan';

/** How a frame gets from one device to the one that holds an address: cables, switches and the bridges between. */
export interface FramePath {
  /** Bridges crossed, with the ports used. `from` is undefined where the bridge itself sends. */
  readonly hops: readonly BridgeHop[];
  /** The device whose namespace takes the packet: a bridge, or a device that is no port. */
  readonly arrival: Device;
  /** The port through which it came, if `arrival` is a bridge. */
  readonly port: Device | undefined;
  readonly delay: number;
}

export interface BridgeHop {
  readonly bridge: Device;
  readonly from: Device | undefined;
  readonly to: Device;
}

/**
 * Who has `address` on the segment of `device`: ARP, the switches' learned addresses and the neighbour table in one.
 * What was found is kept and checked before each use, so that changes of the wiring show at once.
 */
export function findNeighbour(device: Device, address: number): FramePath | undefined {
  const known = device.neighbours?.get(address);
  if (known !== undefined) {
    if (valid(known, address)) return known;
    device.neighbours?.delete(address);
  }
  if (!device.up) return undefined;
  const found = device.ports === undefined ? leave(device, address, [], 0) : flood(device, undefined, address, [], 0);
  if (found !== undefined) (device.neighbours ??= new Map()).set(address, found);
  return found;
}

function valid({ hops, arrival }: FramePath, address: number): boolean {
  if (!arrival.up || arrival.master !== undefined || !arrival.stack.isLocal(address)) return false;
  for (const { bridge, from, to } of hops) {
    if (!bridge.up || to.master !== bridge || !to.running) return false;
    if (from !== undefined && (from.master !== bridge || !from.running)) return false;
  }
  return true;
}

/** Out of a device onto its cable. */
function leave(device: Device, address: number, hops: readonly BridgeHop[], delay: number): FramePath | undefined {
  const { peer, lan } = device;
  if (peer !== undefined) return peer.up ? enter(peer, address, hops, delay + latencies.veth) : undefined;
  if (!(lan instanceof Switch)) return undefined;
  for (const card of lan.cards) {
    if (card === device || !card.up || card.lower === device || card === device.lower) continue;
    const found = enter(card, address, hops, delay + lan.delay);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Into a device from its cable. */
function enter(device: Device, address: number, hops: readonly BridgeHop[], delay: number): FramePath | undefined {
  const bridge = device.master;
  if (bridge === undefined) {
    return device.stack.isLocal(address) ? { hops, arrival: device, port: undefined, delay } : undefined;
  }
  if (!bridge.up) return undefined;
  if (bridge.stack.isLocal(address)) return { hops, arrival: bridge, port: device, delay };
  // A bridge that is met twice is a loop of cables: nobody is there that was not found the first time.
  return hops.some((hop) => hop.bridge === bridge) ? undefined : flood(bridge, device, address, hops, delay);
}

function flood(
  bridge: Device,
  from: Device | undefined,
  address: number,
  hops: readonly BridgeHop[],
  delay: number,
): FramePath | undefined {
  for (const port of bridge.ports ?? []) {
    if (!port.up || (port === from && !port.hairpin)) continue;
    const found = leave(port, address, [...hops, { bridge, from, to: port }], delay);
    if (found !== undefined) return found;
  }
  return undefined;
}
