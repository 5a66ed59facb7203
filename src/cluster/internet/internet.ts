import { Host } from '../../linux/host';
import { createLan } from '../../linux/net/lan';
import type { NetworkAdmin } from '../../linux/net/types';
import { elf } from '../../linux/process/executable';
import type { Program } from '../../linux/process/types';
import type { Clock } from '../../sim/clock';
import { latencies } from '../../sim/latencies';
import type { Random } from '../../sim/random';
import type { Trace } from '../../sim/trace';
import type * as Servers from './servers';

export interface InternetOptions {
  /** The lab's router: it gets a card towards us. */
  readonly router: NetworkAdmin;
  readonly clock: Clock;
  readonly random: Random;
  readonly trace: Trace;
}

const routerAddress = '203.0.113.2';
const hostAddress = '203.0.113.1';

/**
 * The internet, as far as a lab meets it: one machine that has every public address, and serves what the mirror holds.
 * It is reached as anything else is, through routes and packets; addresses that nobody has do not answer.
 */
export class Internet {
  readonly host: Host;
  readonly #router: NetworkAdmin;

  constructor({ router, clock, random, trace }: InternetOptions) {
    this.#router = router;
    const programs = new Map<string, Program>([
      ['named', lazily(({ nameServer }) => nameServer)],
      ['web', lazily(({ webServer }) => webServer)],
    ]);
    this.host = new Host({ name: 'internet', clock, random, trace, programs });
    const wan = createLan('internet', latencies.internet);
    router.addCard('wan0', wan);
    router.setUp('wan0', true);
    router.addAddress('wan0', `${routerAddress}/30`);
    router.addRoute({ destination: 'default', via: hostAddress, device: 'wan0' });
    const { net } = this.host;
    net.setUp('lo', true);
    net.addCard('eth0', wan);
    net.setUp('eth0', true);
    net.addAddress('eth0', `${hostAddress}/30`);
    net.addRoute({ destination: 'default', via: routerAddress, device: 'eth0' });
    net.addDummy('anycast');
    net.setUp('anycast', true);
  }

  /** Starts its servers, and the forwarder on the lab's router. */
  start(): void {
    const { host } = this;
    host.fs.mkdirAll('/usr/sbin');
    for (const name of ['named', 'web']) host.fs.writeFile(`/usr/sbin/${name}`, elf(name), 0o755);
    host.spawn({ file: '/usr/sbin/named', argv: ['named'], newSession: true, namespaces: { net: this.#router } });
    host.spawn({ file: '/usr/sbin/named', argv: ['named', '--public'], newSession: true });
    host.spawn({ file: '/usr/sbin/web', argv: ['web'], newSession: true });
  }
}

/** A server whose code is loaded when it starts; virtual time stands still meanwhile. */
const lazily =
  (pick: (servers: typeof Servers) => Program): Program =>
  async (process) => {
    const loading = process.clock.external(() => import('./servers'));
    await process.sleep(0);
    return pick(await loading)(process);
  };
