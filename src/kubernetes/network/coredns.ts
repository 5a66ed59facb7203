import type { Answer } from '../../linux/net/dns/server';
import { noRecords, reverseName, type Question, type ResourceRecord } from '../../linux/net/dns/message';
import { service as serviceKind, type Service } from '../api/core/service';
import { endpointSlice, type Endpoint } from '../api/discovery/endpointslice';
import type { RegistryReader } from '../apiserver/registry';

export interface KubernetesPluginOptions {
  readonly reader: RegistryReader;
  /** `cluster.local`. */
  readonly zone: string;
}

/** Corefile: `ttl 30`. */
const TTL = 30;

/**
 * The `kubernetes` plugin: names of Services and pods. Undefined for names outside its zones, which are for the next
 * plugin. Upstream: coredns/plugin/kubernetes, and the DNS specification of Kubernetes.
 */
export function answerKubernetes(question: Question, { reader, zone }: KubernetesPluginOptions): Answer | undefined {
  const name = question.name.toLowerCase().replace(/\.$/, '');
  if (name.endsWith('.in-addr.arpa')) return answerReverse(question, name, { reader, zone });
  if (name !== zone && !name.endsWith(`.${zone}`)) return undefined;
  const labels = name
    .slice(0, -zone.length - 1)
    .split('.')
    .reverse();
  const [kind, namespace, target, ...rest] = labels;
  if (kind === 'svc') return answerService(question, { reader, zone }, namespace, target, rest.reverse());
  if (kind === 'pod' && namespace !== undefined && target !== undefined && rest.length === 0) {
    const address = target.replaceAll('-', '.');
    return /^\d+\.\d+\.\d+\.\d+$/.test(address) ? records(question, zone, [address]) : nameError(zone);
  }
  return name === zone || kind === 'pod' ? noData(zone) : nameError(zone);
}

function answerService(
  question: Question,
  { reader, zone }: KubernetesPluginOptions,
  namespace: string | undefined,
  name: string | undefined,
  rest: readonly string[],
): Answer {
  if (namespace === undefined || name === undefined) return noData(zone);
  const service = reader.get(serviceKind, namespace, name);
  if (service === undefined) return nameError(zone);
  const { spec } = service;
  if (spec.type === 'ExternalName') return alias(question, zone, spec.externalName ?? '');
  const [protocol] = rest.slice(-1);
  if (rest.length === 2 && protocol?.startsWith('_') === true) return answerPort(question, zone, service, reader, rest);
  if (spec.clusterIP !== 'None') {
    return rest.length > 0 ? nameError(zone) : records(question, zone, [spec.clusterIP ?? '']);
  }
  const endpoints = readyEndpoints(reader, service);
  if (rest.length === 0)
    return endpoints.length === 0 ? nameError(zone) : records(question, zone, addressesOf(endpoints));
  const host = rest.join('.');
  const chosen = endpoints.filter((endpoint) => hostnameOf(endpoint) === host);
  return chosen.length === 0 ? nameError(zone) : records(question, zone, addressesOf(chosen));
}

/** `_http._tcp.web.default.svc.cluster.local`: SRV. */
function answerPort(
  question: Question,
  zone: string,
  { metadata, spec }: Service,
  reader: RegistryReader,
  [portLabel = '', protocolLabel = '']: readonly string[],
): Answer {
  const port = (spec.ports ?? []).find(
    ({ name, protocol }) => `_${name ?? ''}` === portLabel && `_${protocol.toLowerCase()}` === protocolLabel,
  );
  if (port === undefined || reader.get(serviceKind, metadata.namespace, metadata.name) === undefined) {
    return nameError(zone);
  }
  if (question.type !== 'SRV') return noData(zone);
  const target = `${metadata.name}.${metadata.namespace}.svc.${zone}`;
  return found([{ name: question.name, type: 'SRV', ttl: TTL, data: `0 100 ${port.port} ${target}` }]);
}

const readyEndpoints = (reader: RegistryReader, { metadata, spec }: Service): readonly Endpoint[] =>
  reader
    .byIndex(endpointSlice, 'service', `${metadata.namespace}/${metadata.name}`)
    .flatMap(({ endpoints }) => endpoints ?? [])
    .filter(({ conditions }) => conditions?.ready !== false || spec.publishNotReadyAddresses === true);

const addressesOf = (endpoints: readonly Endpoint[]): readonly string[] =>
  endpoints.flatMap(({ addresses }) => addresses);

/** An endpoint's own label: its hostname, else its address with dashes. */
const hostnameOf = ({ hostname, addresses }: Endpoint): string => hostname ?? (addresses[0] ?? '').replaceAll('.', '-');

/** PTR of cluster addresses and of endpoints with a hostname. */
function answerReverse(
  question: Question,
  name: string,
  { reader, zone }: KubernetesPluginOptions,
): Answer | undefined {
  for (const { metadata, spec } of reader.list(serviceKind)) {
    if (spec.clusterIP === undefined || spec.clusterIP === 'None' || spec.clusterIP === '') continue;
    if (reverseName(spec.clusterIP) !== name) continue;
    return found([pointer(question, `${metadata.name}.${metadata.namespace}.svc.${zone}`)]);
  }
  return undefined;
}

const pointer = (question: Question, target: string): ResourceRecord => ({
  name: question.name,
  type: 'PTR',
  ttl: TTL,
  data: target,
});

function records(question: Question, zone: string, addresses: readonly string[]): Answer {
  if (question.type !== 'A') return noData(zone);
  return found(addresses.map((data) => ({ name: question.name, type: 'A', ttl: TTL, data })));
}

const alias = (question: Question, zone: string, target: string): Answer =>
  target === '' ? nameError(zone) : found([{ name: question.name, type: 'CNAME', ttl: TTL, data: target }]);

const found = (answers: readonly ResourceRecord[]): Answer => ({ code: 'NOERROR', answers, authoritative: true });

/** Says for how long a negative answer may be kept (RFC 2308). */
const authority = (zone: string): readonly ResourceRecord[] => [
  { name: zone, type: 'SOA', ttl: TTL, data: `ns.dns.${zone} hostmaster.${zone} 1 7200 1800 86400 ${TTL}` },
];
const noData = (zone: string): Answer => ({
  code: 'NOERROR',
  answers: noRecords,
  authority: authority(zone),
  authoritative: true,
});
const nameError = (zone: string): Answer => ({
  code: 'NXDOMAIN',
  answers: noRecords,
  authority: authority(zone),
  authoritative: true,
});
