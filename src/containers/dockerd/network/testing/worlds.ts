import { Random } from '../../../../sim/random';
import { Clock } from '../../../../sim/clock';
import { Trace } from '../../../../sim/trace';
import { Stack } from '../../../../linux/net/stack';
import { DockerRules } from '../iptables';
import type { BridgeConfig, GatewayMode, PublishedPort } from '../rules';

/** A packet that is put into a world: from outside through a device, or from the host itself. */
export interface Probe {
  readonly iif?: string;
  readonly src?: string;
  readonly dst: string;
  readonly proto: 'tcp' | 'udp' | 'icmp';
  readonly sport: number;
  readonly dport: number;
  readonly flags?: 'S' | 'A';
}

interface Interface {
  readonly addrs: readonly string[];
  readonly hosts: readonly string[];
  readonly gw?: string;
}

/** A host with docker networks: its devices, its rules, and packets to try them with. */
export interface World {
  readonly ifaces: Readonly<Record<string, Interface>>;
  readonly rules: string;
  readonly packets: readonly Probe[];
}

const lanHosts = ['10.0.2.99', '10.0.2.98'];
const modes: readonly GatewayMode[] = ['nat', 'nat', 'nat', 'routed', 'nat-unprotected'];

/** The world of a number: always the same for the same number. */
export function worldOf(number: number, packets = 200): World {
  const random = new Random(1000 + number);
  const clock = new Clock({ start: Date.UTC(2026, 10, 20), settle: () => Promise.resolve(), trace: new Trace() });
  const stack = new Stack({ id: 1, clock, trace: new Trace(), hostName: 'fw', random });
  const rules = new DockerRules(stack.netfilter);
  const pick = <T>(list: readonly T[], or: T): T => list[random.below(list.length)] ?? or;
  rules.setUp();
  const ifaces: Record<string, Interface> = {
    eth0: { addrs: ['10.0.2.15/24'], hosts: lanHosts, gw: '10.0.2.2' },
  };
  const containers: { readonly address: string; readonly config: BridgeConfig }[] = [];
  const ports: PublishedPort[] = [];
  const networks = 1 + random.below(4);
  for (let index = 0; index < networks; index++) {
    const bridge = index === 0 ? 'docker0' : `br-${random.hex(12)}`;
    const internal = index > 0 && random.below(5) === 0;
    const config: BridgeConfig = {
      bridge,
      subnet: `172.${17 + index}.0.0/16`,
      internal,
      mode: index === 0 || internal ? 'nat' : pick(modes, 'nat'),
      icc: random.below(4) > 0,
      masquerade: random.below(6) > 0,
      hostAddress: undefined,
    };
    rules.addBridge(config);
    const hosts = Array.from({ length: 1 + random.below(3) }, (_, host) => `172.${17 + index}.0.${host + 2}`);
    ifaces[bridge] = { addrs: [`172.${17 + index}.0.1/16`], hosts };
    for (const address of hosts) {
      rules.addAddress(config, address);
      containers.push({ address, config });
      const wanted = internal ? 0 : random.below(3);
      for (let count = 0; count < wanted; count++) {
        const port: PublishedPort = {
          protocol: pick(['tcp', 'tcp', 'udp'], 'tcp'),
          hostIp: pick(['0.0.0.0', '0.0.0.0', '127.0.0.1', '10.0.2.15'], '0.0.0.0'),
          hostPort: 8000 + ports.length,
          containerIp: address,
          containerPort: pick([80, 443, 53], 80),
          bridge,
          mode: config.mode,
        };
        rules.addPort(port);
        ports.push(port);
      }
    }
  }
  userRules(number, (words) => stack.netfilter.command(words));
  const anywhere = ['1.1.1.1', '8.8.8.8', '172.30.0.9'];
  const devices = Object.keys(ifaces);
  const probe = (index: number): Probe => {
    const proto = pick<Probe['proto']>(['tcp', 'tcp', 'tcp', 'udp', 'icmp'], 'tcp');
    const published = ports.length === 0 ? undefined : pick(ports, ports[0] as PublishedPort);
    const target = random.below(10);
    const container = pick(containers, containers[0] as (typeof containers)[number]);
    const [dst, dport] =
      target < 4
        ? [pick(['10.0.2.15', '10.0.2.15', '172.17.0.1', '127.0.0.1'], '10.0.2.15'), published?.hostPort ?? 8000]
        : target < 7
          ? [container.address, pick([80, 443, 53, 22], 80)]
          : target < 8
            ? ['10.0.2.15', 22]
            : target < 9
              ? [pick(lanHosts, ''), 80]
              : [pick(anywhere, ''), 443];
    const base = { dst, proto, sport: 20_000 + index, dport };
    // What the host sends itself: no raw sockets there, so only what connect(2) makes.
    if (random.below(6) === 0) return { ...base, proto: proto === 'icmp' ? 'tcp' : proto };
    const iif = pick(devices, 'eth0');
    // Nobody asks himself.
    const src = pick(
      (ifaces[iif]?.hosts ?? []).filter((host) => host !== dst),
      '10.0.2.97',
    );
    return { iif, src, ...base, ...(proto === 'tcp' && random.below(12) === 0 ? { flags: 'A' as const } : {}) };
  };
  return {
    ifaces,
    rules: stack.netfilter.save(),
    packets: Array.from({ length: packets }, (_, index) => probe(index)),
  };
}

/** What people put into DOCKER-USER, in every third world. */
function userRules(number: number, run: (words: readonly string[]) => unknown): void {
  const add = (text: string): unknown => run(['-A', 'DOCKER-USER', ...text.split(' ')]);
  if (number % 3 === 0) add('-i eth0 -s 10.0.2.98 -j DROP');
  if (number % 5 === 0) add('-m conntrack --ctorigdstport 8001 --ctdir ORIGINAL -p tcp -j REJECT');
  if (number % 7 === 0) add('-p icmp -j RETURN');
  if (number % 4 === 1) add('-i docker0 -d 1.1.1.1 -j REJECT --reject-with icmp-admin-prohibited');
}
