import type { Host } from '../linux/host';
import { createNetworkNamespace } from '../linux/net/stack';
import type { Lan, NetworkAdmin } from '../linux/net/types';
import type { Clock } from '../sim/clock';
import type { Random } from '../sim/random';
import type { Trace } from '../sim/trace';
import { routerOf } from './base-system';
import { Internet } from './internet/internet';
import type { Topology } from './topology';

export interface RouterOptions {
  readonly lan: Lan;
  readonly topology: Topology;
  readonly clock: Clock;
  readonly random: Random;
  readonly trace: Trace;
}

/** The lab's way out: an address that hosts use as their gateway and name server. Behind it is the internet. */
export class Router {
  readonly net: NetworkAdmin;
  readonly #internet: Internet;

  constructor({ lan, topology, clock, random, trace }: RouterOptions) {
    this.net = createNetworkNamespace({ id: 1, clock, random, trace, hostName: 'router' });
    this.net.setUp('lo', true);
    this.net.addCard('eth0', lan);
    this.net.setUp('eth0', true);
    this.net.addAddress('eth0', `${routerOf(topology)}/${topology.prefix}`);
    this.net.setSysctl('net.ipv4.ip_forward', '1');
    this.#internet = new Internet({ router: this.net, clock, random, trace });
  }

  /** Starts the name server and what else answers out there. */
  start(): void {
    this.#internet.start();
  }

  /** Where the internet's servers run: one machine with many addresses. */
  get outside(): Host {
    return this.#internet.host;
  }
}
