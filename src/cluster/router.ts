import { createNetworkNamespace } from '../linux/net/stack';
import type { Lan, NetworkAdmin } from '../linux/net/types';
import type { Clock } from '../sim/clock';
import type { Random } from '../sim/random';
import type { Trace } from '../sim/trace';
import { routerOf } from './base-system';
import type { Topology } from './topology';

/** The lab's way out: an address that hosts use as their gateway. Beyond it there is nothing but registries. */
export class Router {
  readonly net: NetworkAdmin;

  constructor(lan: Lan, topology: Topology, clock: Clock, random: Random, trace: Trace) {
    this.net = createNetworkNamespace({ id: 1, clock, random, trace, hostName: 'router' });
    this.net.setUp('lo', true);
    this.net.addCard('eth0', lan);
    this.net.setUp('eth0', true);
    this.net.addAddress('eth0', `${routerOf(topology)}/${topology.prefix}`);
  }
}
