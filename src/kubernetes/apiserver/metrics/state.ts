import { apiService } from '../../api/apiregistration/apiservice';
import { service } from '../../api/core/service';
import { ipAddress } from '../../api/networking/ipaddress';
import type { Kind } from '../../apimachinery/kind';
import type { ApiObject } from '../../apimachinery/object';
import { isAvailable } from '../aggregator/conditions';
import type { ServerParts } from '../rest/exchange';
import { version } from '../rest/version';
import type { Storage } from '../storage';
import { family } from './family';
import { labelsOf } from './instruments';

/** `deployments.apps`: schema.GroupResource. */
export const qualified = ({ names: { group, plural } }: Kind): string => (group === '' ? plural : `${plural}.${group}`);

/** --service-cluster-ip-range and --service-node-port-range of kubeadm, and how many they have to give. */
const addresses = { cidr: '10.96.0.0/12', size: 2 ** 20 - 2 };
const nodePorts = 32767 - 30000 + 1;

/** What is read off the state of the server when somebody asks for its metrics. */
export function stateMetrics({ registry: { storage } }: ServerParts): readonly string[] {
  const byKind = (name: string, type: string, help: string, value: (kind: Kind) => number): string =>
    family(name, type, help, storage.kinds.map((kind) => `{resource="${qualified(kind)}"} ${value(kind)}`).sort());
  const events = (kind: Kind): number => storage.served(kind).watchers.published;
  const none = ['{request_kind="mutating"} 0', '{request_kind="readOnly"} 0'];
  return [
    byKind('apiserver_storage_objects', 'gauge', '[STABLE] Objects in storage, by resource.', (kind) =>
      storage.count(kind),
    ),
    byKind('apiserver_storage_events_received_total', 'counter', '[ALPHA] Events that came from etcd.', events),
    byKind('apiserver_watch_cache_events_received_total', 'counter', '[ALPHA] Events that caches received.', events),
    byKind('apiserver_watch_cache_events_dispatched_total', 'counter', '[ALPHA] Events that caches passed on.', events),
    byKind('apiserver_watch_cache_initializations_total', 'counter', '[ALPHA] How often caches were filled.', () => 1),
    byKind(
      'apiserver_watch_cache_resource_version',
      'gauge',
      '[ALPHA] The revision that caches have reached.',
      () => storage.store.revision,
    ),
    // Nobody waits: what the limits of priority levels would hold back is served at once.
    family('apiserver_current_inqueue_requests', 'gauge', '[ALPHA] Requests that wait for their turn.', none),
    family('apiserver_audit_requests_rejected_total', 'counter', '[ALPHA] Requests that could not be logged.', [' 0']),
    ...services(storage),
    ...aggregated(storage),
    family('kubernetes_build_info', 'gauge', '[ALPHA] What this server was built from.', [`{${build}} 1`]),
  ];
}

const build = labelsOf({
  build_date: version.buildDate,
  compiler: version.compiler,
  git_commit: version.gitCommit,
  git_tree_state: version.gitTreeState,
  git_version: version.gitVersion,
  go_version: version.goVersion,
  major: version.major,
  minor: version.minor,
  platform: version.platform,
});

/** A server may be made without a kind. */
const listed = <T extends ApiObject>(storage: Storage, kind: Kind<T>): readonly T[] =>
  storage.kindOf(kind.apiVersion, kind.names.plural) === undefined ? [] : storage.served(kind).cacher.list();

function services(storage: Storage): readonly string[] {
  const allocator = (name: string, help: string, labels: string, value: number): string =>
    family(`kube_apiserver_${name}`, 'gauge', `[ALPHA] ${help}`, [`${labels} ${value}`]);
  const cidr = `{cidr="${addresses.cidr}"}`;
  const given = storage.count(ipAddress);
  const ports = new Set<number>();
  for (const { spec } of listed(storage, service)) {
    for (const { nodePort = 0 } of spec.ports ?? []) if (nodePort > 0) ports.add(nodePort);
    if ((spec.healthCheckNodePort ?? 0) > 0) ports.add(spec.healthCheckNodePort ?? 0);
  }
  return [
    allocator('clusterip_allocator_allocated_ips', 'Cluster addresses that services have.', cidr, given),
    allocator('clusterip_allocator_available_ips', 'Cluster addresses that are left.', cidr, addresses.size - given),
    allocator('nodeport_allocator_allocated_ports', 'Node ports that services have.', '', ports.size),
    allocator('nodeport_allocator_available_ports', 'Node ports that are left.', '', nodePorts - ports.size),
  ];
}

const aggregated = (storage: Storage): readonly string[] => [
  family(
    'aggregator_unavailable_apiservice',
    'gauge',
    '[ALPHA] Whether an APIService cannot be reached.',
    listed(storage, apiService)
      .map((each) => `{${labelsOf({ name: each.metadata.name })}} ${isAvailable(each) ? 0 : 1}`)
      .sort(),
  ),
];
