import type { Host } from '../../linux/host';
import { readResolvConf } from '../../linux/net/dns/config';
import { noRecords, type Question } from '../../linux/net/dns/message';
import { ask } from '../../linux/net/dns/resolve';
import { serveDns, type Answer } from '../../linux/net/dns/server';
import { createLan } from '../../linux/net/lan';
import { createNetworkNamespace } from '../../linux/net/stack';
import type { NetworkAdmin, StreamSocket } from '../../linux/net/types';
import type { Process } from '../../linux/process/types';
import type { DesktopOptions } from './desktop';
import { copy } from './desktop';

const gateway = '192.168.65.1';
const resolver = '192.168.65.7';
/** `host.docker.internal`: whatever listens on the user's machine, on localhost too. */
const host = '192.168.65.254';

const names: Readonly<Record<string, string>> = {
  'host.docker.internal': host,
  'gateway.docker.internal': gateway,
};

/** Where connections of the VM end, whatever they wanted. */
const DOOR = 3;

/**
 * The VM's way out, in user space (moby/vpnkit): TCP connections end in the backend, which opens them anew as any program
 * of the user does. So the VM has no address in the user's network.
 */
export class Vpnkit {
  readonly resolver = resolver;
  readonly #net: NetworkAdmin;

  constructor(
    readonly backend: Process,
    machine: Host,
    { clock, random, workstation }: DesktopOptions,
  ) {
    const lan = createLan('vpnkit');
    const { trace } = backend;
    this.#net = createNetworkNamespace({ id: 2, clock, random, trace, hostName: 'vpnkit' });
    this.#net.setUp('lo', true);
    this.#net.addCard('eth0', lan);
    this.#net.setUp('eth0', true);
    for (const address of [gateway, resolver, host]) this.#net.addAddress('eth0', `${address}/24`);
    this.#net.netfilter.command(
      `-t nat -A PREROUTING -i eth0 -p tcp -j REDIRECT --to-ports ${String(DOOR)}`.split(' '),
    );
    const { net } = machine;
    net.setUp('lo', true);
    net.addCard('eth0', lan);
    net.setUp('eth0', true);
    net.addAddress('eth0', '192.168.65.3/24');
    net.addRoute({ destination: 'default', via: gateway, device: 'eth0' });
    workstation.spawn({
      file: (process) => this.#run(process),
      argv: ['/opt/docker-desktop/bin/com.docker.vpnkit'],
      newSession: true,
      namespaces: { net: this.#net },
      cgroup: '/user.slice/docker-desktop.service',
    });
  }

  async #run(process: Process): Promise<number> {
    serveDns(process, { address: resolver, port: 53 }, (question) => this.#answer(question));
    const listener = process.net.listen(process, { address: '0.0.0.0', port: DOOR });
    if (!listener.ok) return 1;
    for (;;) {
      const accepted = await listener.value.accept();
      if (accepted.ok) process.thread(() => this.#open(process, accepted.value));
      else if (accepted.error.code !== 'EINTR') return 1;
    }
  }

  /** Where a redirected connection was to go, as conntrack knows (SO_ORIGINAL_DST). */
  #wanted({ remote }: StreamSocket): { readonly address: string; readonly port: number } | undefined {
    for (const flow of this.#net.netfilter.conntrack()) {
      const [, source, destination = '', sport, dport] =
        /^tcp.*? src=(\S+) dst=(\S+) sport=(\d+) dport=(\d+)/.exec(flow) ?? [];
      if (source === remote.address && Number(sport) === remote.port)
        return { address: destination === host ? '127.0.0.1' : destination, port: Number(dport) };
    }
    return undefined;
  }

  async #open(process: Process, client: StreamSocket): Promise<void> {
    const to = this.#wanted(client);
    const { backend } = this;
    const opened = to === undefined ? undefined : await backend.net.connect(backend, to);
    if (opened?.ok !== true) {
      client.close();
      return;
    }
    process.thread(() => copy(process, opened.value, client));
    await copy(process, client, opened.value);
  }

  async #answer(question: Question): Promise<Answer> {
    const { name, type } = question;
    const known = names[name.toLowerCase()];
    if (known !== undefined) {
      const answers = type === 'A' ? [{ name, type, ttl: 10, data: known }] : noRecords;
      return { code: 'NOERROR', answers, authoritative: false };
    }
    const { backend } = this;
    const asked = await ask(backend, question, readResolvConf(backend.fs));
    if (!asked.ok) return { code: 'SERVFAIL', answers: noRecords, authoritative: false };
    const { code, answers } = asked.value.message;
    return { code, answers, authoritative: false };
  }
}
