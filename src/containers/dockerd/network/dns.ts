import { parseResolvConf } from '../../../linux/net/dns/config';
import { noRecords, reverseName, type Question, type ResourceRecord } from '../../../linux/net/dns/message';
import { ask } from '../../../linux/net/dns/resolve';
import { serveDns, serveDnsTcp, type Answer, type DnsServer } from '../../../linux/net/dns/server';
import type { NetworkAdmin } from '../../../linux/net/types';
import type { Process } from '../../../linux/process/types';
import type { Container } from '../container';
import type { Engine } from '../engine';
import { hasNames, type Endpoint } from './network';

const address = '127.0.0.11';
const TTL = 600;

/**
 * The resolver at 127.0.0.11 of containers in networks that somebody made (libnetwork/resolver.go): dockerd listens in the
 * container's own network namespace, over UDP and TCP, at ports of its choice to which rules there lead.
 */
export function startEmbeddedDns(engine: Engine, container: Container, inside: NetworkAdmin): DnsServer | undefined {
  return listenForNames(engine, inside, (question, dockerd) => answer(engine, container, dockerd, question));
}

/** Listens for questions in a network namespace; `respond` is given a dockerd that is in there. */
export function listenForNames(
  engine: Engine,
  inside: NetworkAdmin,
  respondWithin: (question: Question, dockerd: Process) => Promise<Answer>,
): DnsServer | undefined {
  const dockerd = within(engine.options.dockerd, inside);
  const respond = (question: Question): Promise<Answer> => respondWithin(question, dockerd);
  const udp = serveDns(dockerd, { address, port: 0 }, respond);
  if (!udp.ok) return undefined;
  const tcp = serveDnsTcp(dockerd, { address, port: 0 }, respond);
  if (!tcp.ok) {
    udp.value.close();
    return undefined;
  }
  redirect(inside, tcp.value.local.port, udp.value.local.port);
  return {
    local: udp.value.local,
    close: () => {
      udp.value.close();
      tcp.value.close();
    },
  };
}

/** Port 53 of the resolver's address is where dockerd really listens (resolver_unix.go, setupNAT). */
function redirect(inside: NetworkAdmin, tcp: number, udp: number): void {
  const run = (...args: readonly string[]) => inside.netfilter.command(['--wait', '-t', 'nat', ...args]);
  run('-N', 'DOCKER_OUTPUT');
  run('-A', 'OUTPUT', '-d', address, '-j', 'DOCKER_OUTPUT');
  run('-N', 'DOCKER_POSTROUTING');
  run('-A', 'POSTROUTING', '-d', address, '-j', 'DOCKER_POSTROUTING');
  for (const [protocol, port] of [
    ['tcp', tcp],
    ['udp', udp],
  ] as const) {
    const to = ['-d', address, '-p', protocol, '--dport', '53', '-j', 'DNAT', '--to-destination', `${address}:${port}`];
    const back = ['-s', address, '-p', protocol, '--sport', String(port), '-j', 'SNAT', '--to-source', ':53'];
    run('-A', 'DOCKER_OUTPUT', ...to);
    run('-A', 'DOCKER_POSTROUTING', ...back);
  }
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
    const peer = peers.find(({ endpoint }) => reverseName(endpoint.address) === name);
    if (peer !== undefined) {
      const { containerName, network } = peer.endpoint;
      return found([{ name, type, ttl: TTL, data: `${containerName}.${network.name}` }]);
    }
  } else {
    const served = engine.swarm?.addressesOf(container, name);
    const records =
      served?.map((data): ResourceRecord => ({ name, type: 'A', ttl: TTL, data })) ?? addressesOf(peers, name);
    if (records !== undefined) return found(type === 'A' ? order(engine, records) : noRecords);
  }
  if ([...container.endpoints.values()].every(({ network }) => network.internal))
    return { code: type === 'PTR' || name.includes('.') ? 'SERVFAIL' : 'NXDOMAIN', answers: noRecords };
  const dns = container.hostConfig.Dns ?? [];
  const host = engine.options.host.fs.readText('/etc/resolv.conf');
  const config = parseResolvConf(host.ok ? host.value : '');
  // The host's servers are asked from the host, those of `--dns` from where the container is (resolver.go, ExtDNSEntry).
  const asked =
    dns.length === 0
      ? await ask(engine.options.dockerd, question, config)
      : await ask(dockerd, question, { ...config, nameservers: dns });
  if (asked.ok) {
    const { code, answers } = asked.value.message;
    return { code, answers, authoritative: false };
  }
  return { code: 'SERVFAIL', answers: noRecords };
}

/** The names by which an endpoint's container is known in its network: its own, its aliases, the short id, its host name. */
export function dnsNames({ name, id, config }: Container, aliases: readonly string[]): readonly string[] {
  return [...new Set([name, ...aliases, id.slice(0, 12), config.Hostname])];
}

interface Peer {
  readonly names: readonly string[];
  readonly endpoint: Endpoint;
}

function addressesOf(peers: readonly Peer[], name: string): readonly ResourceRecord[] | undefined {
  const wanted = name.toLowerCase();
  const matching = peers.filter(({ names, endpoint }) =>
    names.some((known) => {
      const own = known.toLowerCase();
      return own === wanted || `${own}.${endpoint.network.name.toLowerCase()}` === wanted;
    }),
  );
  if (matching.length === 0) return undefined;
  return matching.map(({ endpoint }) => ({ name, type: 'A', ttl: TTL, data: endpoint.address }));
}

/** Names with several addresses are answered in changing order (resolver.go, shuffleAddr). */
function order(engine: Engine, records: readonly ResourceRecord[]): readonly ResourceRecord[] {
  if (records.length < 2) return records;
  const [first = 0, ...rest] = records.map((_, index) => index);
  const start = engine.options.random.below(rest.length + 1) + first;
  return [...records.slice(start), ...records.slice(0, start)];
}

/** Who can be reached by name from a container: all that share one of its networks, those without names excepted. */
function neighbours(engine: Engine, { endpoints }: Container): readonly Peer[] {
  return [...endpoints.values()]
    .filter(({ network }) => hasNames(network))
    .flatMap(({ network }) =>
      [...network.endpoints.values()].flatMap((endpoint) => {
        const container = engine.find(endpoint.containerId);
        return container.ok ? [{ names: dnsNames(container.value, endpoint.aliases), endpoint }] : [];
      }),
    );
}
