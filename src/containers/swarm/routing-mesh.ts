import type { NetworkAdmin, Listener } from '../../linux/net/types';
import type { Engine } from '../dockerd/engine';

/** A port of the host that leads to tasks. */
export interface MeshPort {
  readonly protocol: string;
  readonly published: number;
  readonly target: number;
  /** Addresses of the tasks in the ingress network. */
  readonly backends: readonly string[];
}

/** Addresses that stand for several others. */
export interface Virtual {
  readonly address: string;
  readonly backends: readonly string[];
}

/**
 * How published ports and virtual addresses reach tasks (libnetwork/service_linux.go). The host's part are the rules that
 * dockerd makes there. What the kernel's ipvs would do after that, rules with `statistic` do: one backend by chance for
 * each connection.
 */
export class RoutingMesh {
  readonly #listeners = new Map<string, Listener>();
  readonly #written = new WeakMap<NetworkAdmin, string>();
  #ports: readonly MeshPort[] = [];
  #bridge = '';
  #sandboxAddress = '';

  constructor(
    readonly engine: Engine,
    readonly sandbox: NetworkAdmin,
  ) {}

  get #host(): NetworkAdmin {
    return this.engine.options.host.net;
  }

  /** Without it the sandbox gets no rules at all: dockerd gives up when it opens its handle (addLBBackend). */
  get #balances(): boolean {
    return !this.engine.options.dockerd.host.without.includes('ip_vs');
  }

  #run(...args: readonly string[]): void {
    this.#host.netfilter.command(['--wait', ...args]);
  }

  /** Chains and jumps (programIngress). */
  setUp(bridge: string, sandboxAddress: string, own: string): void {
    this.#bridge = bridge;
    this.#sandboxAddress = sandboxAddress;
    this.#host.setSysctl(`net.ipv4.conf.${bridge}.route_localnet`, '1');
    for (const table of ['nat', 'filter']) {
      this.#run('-t', table, '-N', 'DOCKER-INGRESS');
      this.#run('-t', table, '-A', 'DOCKER-INGRESS', '-j', 'RETURN');
    }
    for (const rule of this.#jumps()) this.#run('-t', rule[0] ?? '', '-I', ...rule.slice(1));
    this.sandbox.setSysctl('net.ipv4.ip_forward', '1');
    if (this.#balances)
      this.sandbox.netfilter.command([
        '-t',
        'nat',
        '-A',
        'POSTROUTING',
        '-o',
        'eth0',
        '-j',
        'SNAT',
        '--to-source',
        own,
      ]);
  }

  #jumps(): readonly (readonly string[])[] {
    const local = ['-m', 'addrtype', '--dst-type', 'LOCAL', '-j', 'DOCKER-INGRESS'];
    return [
      ['nat', 'PREROUTING', ...local],
      ['nat', 'OUTPUT', ...local],
      ['nat', 'POSTROUTING', ...['-o', this.#bridge, '-m', 'addrtype', '--src-type', 'LOCAL', '-j', 'MASQUERADE']],
      ['filter', 'FORWARD', '-j', 'DOCKER-INGRESS'],
    ];
  }

  /** Makes the host's rules those of these ports. */
  publish(ports: readonly MeshPort[]): void {
    const key = ({ protocol, published }: MeshPort): string => `${protocol}/${published}`;
    for (const old of this.#ports)
      if (!ports.some((port) => key(port) === key(old))) {
        for (const rule of this.#portRules(old)) this.#run('-t', rule[0] ?? '', '-D', ...rule.slice(1));
        this.#listeners.get(key(old))?.close();
        this.#listeners.delete(key(old));
      }
    for (const port of ports) {
      if (this.#ports.some((old) => key(old) === key(port))) continue;
      for (const rule of this.#portRules(port)) this.#run('-t', rule[0] ?? '', '-I', ...rule.slice(1));
      if (port.protocol !== 'tcp') continue;
      // dockerd holds the port, so that nobody else takes it (plumbProxy).
      const { dockerd } = this.engine.options;
      const listener = dockerd.net.listen(dockerd, { address: '0.0.0.0', port: port.published });
      if (listener.ok) this.#listeners.set(key(port), listener.value);
    }
    this.#ports = ports;
    const lines = ports.flatMap(({ protocol, published, target, backends }) =>
      chosen(backends, ['-p', protocol, '--dport', String(published)], (address) => `${address}:${target}`),
    );
    this.#write(this.sandbox, 'PREROUTING', lines);
  }

  /** What one container's virtual addresses mean to it. */
  balance(inside: NetworkAdmin, virtual: readonly Virtual[]): void {
    const lines = virtual.flatMap(({ address, backends }) => chosen(backends, ['-d', `${address}/32`], (to) => to));
    this.#write(inside, 'OUTPUT', lines);
  }

  #write(net: NetworkAdmin, hook: string, lines: readonly string[]): void {
    if (!this.#balances) return;
    const text = `*nat\n:DOCKER_SERVICES - [0:0]\n${lines.map((line) => `-A DOCKER_SERVICES ${line}\n`).join('')}COMMIT\n`;
    const known = this.#written.get(net);
    if (known === text || (known === undefined && lines.length === 0)) return;
    net.netfilter.restore(text, { noflush: true });
    if (known === undefined) net.netfilter.command(['-t', 'nat', '-A', hook, '-j', 'DOCKER_SERVICES']);
    this.#written.set(net, text);
  }

  #portRules({ protocol, published }: MeshPort): readonly (readonly string[])[] {
    const to = ['-p', protocol, '--dport', String(published)];
    const established = ['-m', 'conntrack', '--ctstate', 'RELATED,ESTABLISHED'];
    return [
      ['nat', 'DOCKER-INGRESS', ...to, '-j', 'DNAT', '--to-destination', `${this.#sandboxAddress}:${published}`],
      ['filter', 'DOCKER-INGRESS', '-p', protocol, '--sport', String(published), ...established, '-j', 'ACCEPT'],
      ['filter', 'DOCKER-INGRESS', ...to, '-j', 'ACCEPT'],
    ];
  }

  tearDown(): void {
    this.publish([]);
    for (const rule of this.#jumps()) this.#run('-t', rule[0] ?? '', '-D', ...rule.slice(1));
    for (const table of ['nat', 'filter']) {
      this.#run('-t', table, '-F', 'DOCKER-INGRESS');
      this.#run('-t', table, '-X', 'DOCKER-INGRESS');
    }
  }
}

/** One rule for each backend, of which one is taken by chance; without any nothing is done. */
const chosen = (
  backends: readonly string[],
  match: readonly string[],
  target: (address: string) => string,
): readonly string[] =>
  backends.map((address, index) => {
    const left = backends.length - index;
    const chance = left === 1 ? [] : ['-m', 'statistic', '--mode', 'random', '--probability', (1 / left).toFixed(11)];
    return [...match, ...chance, '-j', 'DNAT', '--to-destination', target(address)].join(' ');
  });
