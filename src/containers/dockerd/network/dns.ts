import { parseResolvConf } from '../../../linux/net/dns/config';
import { noRecords, reverseName, type Question, type ResourceRecord } from '../../../linux/net/dns/message';
import { ask } from '../../../linux/net/dns/resolve';
import { serveDns, type Answer, type DnsServer } from '../../../linux/net/dns/server';
import type { NetworkAdmin } from '../../../linux/net/types';
import type { Process } from '../../../linux/process/types';
import type { Container } from '../container';
import type { Engine } from '../engine';

const address = '127.0.0.11';
const TTL = 600;

/**
 * The resolver at 127.0.0.11 of containers in networks that somebody made (libnetwork/resolver.go): dockerd listens in the
 * container's own network namespace, at a port of its choice to which rules there lead. Over UDP only.
 */
export function startEmbeddedDns(engine: Engine, container: Container, inside: NetworkAdmin): DnsServer | undefined {
  const dockerd = within(engine.options.dockerd, inside);
  const server = serveDns(dockerd, { address, port: 0 }, (question) => answer(engine, container, dockerd, question));
  if (!server.ok) return undefined;
  const port = String(server.value.local.port);
  const run = (...args: string[]) => inside.netfilter.command(['--wait', '-t', 'nat', ...args]);
  run('-N', 'DOCKER_OUTPUT');
  run('-N', 'DOCKER_POSTROUTING');
  run('-A', 'OUTPUT', '-d', address, '-j', 'DOCKER_OUTPUT');
  run('-A', 'POSTROUTING', '-d', address, '-j', 'DOCKER_POSTROUTING');
  run(
    '-A',
    'DOCKER_OUTPUT',
    '-d',
    address,
    '-p',
    'udp',
    '--dport',
    '53',
    '-j',
    'DNAT',
    '--to-destination',
    `${address}:${port}`,
  );
  run('-A', 'DOCKER_POSTROUTING', '-s', address, '-p', 'udp', '--sport', port, '-j', 'SNAT', '--to-source', ':53');
  return server.value;
}

/** dockerd with a thread in another network namespace. */
function within(process: Process, net: NetworkAdmin): Process {
  return new Proxy(process, {
    get(target, key) {
      if (key === 'net') return net;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

const found = (answers: readonly ResourceRecord[]): Answer => ({ code: 'NOERROR', answers, authoritative: false });

async function answer(engine: Engine, container: Container, dockerd: Process, question: Question): Promise<Answer> {
  const { name, type } = question;
  const peers = neighbours(engine, container);
  if (type === 'PTR') {
    const peer = peers.find(({ address: of }) => reverseName(of) === name);
    if (peer !== undefined) return found([{ name, type, ttl: TTL, data: `${peer.container.name}.${peer.network}` }]);
  } else {
    const wanted = name.toLowerCase();
    const matching = peers.filter(({ names, network }) =>
      names.some((known) => known.toLowerCase() === wanted || `${known}.${network}`.toLowerCase() === wanted),
    );
    if (matching.length > 0) {
      const records = matching.map(({ address: data }): ResourceRecord => ({ name, type: 'A', ttl: TTL, data }));
      return found(type === 'A' ? records : noRecords);
    }
  }
  const host = engine.options.host.fs.readText('/etc/resolv.conf');
  const asked = await ask(dockerd, question, parseResolvConf(host.ok ? host.value : ''));
  if (asked.ok) {
    const { code, answers } = asked.value.message;
    return { code, answers, authoritative: false };
  }
  return { code: 'SERVFAIL', answers: noRecords };
}

/** Who can be reached by name from a container: all that share one of its networks, the default bridge excepted. */
function neighbours(engine: Engine, { endpoints }: Container) {
  return [...endpoints.values()]
    .filter(({ network }) => network.name !== 'bridge')
    .flatMap(({ network }) =>
      [...network.endpoints.values()].flatMap((endpoint) => {
        const container = engine.find(endpoint.containerId);
        if (!container.ok) return [];
        const { name, id } = container.value;
        const names = [name, id.slice(0, 12), ...endpoint.aliases];
        return [{ container: container.value, names, address: endpoint.address, network: network.name }];
      }),
    );
}
