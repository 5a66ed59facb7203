import { namespace } from '../api/core/namespace';
import { configMap } from '../api/core/configmap';
import { service } from '../api/core/service';
import { endpoints } from '../api/core/endpoints';
import { priorityClass, systemClasses } from '../api/scheduling/priorityclass';
import { endpointSlice, serviceNameLabel } from '../api/discovery/endpointslice';
import { timeOf } from '../apimachinery/time';
import { autoregister } from './aggregator/autoregister';
import { reconcilePolicy } from './authorization/rbac/bootstrappolicy/reconcile';
import { bootstrapFlowControl } from './bootstrap-flowcontrol';
import type { ServerRegistry } from './create-registry';
import { defaultServiceCidr, followServiceAddresses } from './service-addresses';

export interface BootstrapOptions {
  /** Where the server listens, as pods should reach it. */
  readonly advertiseAddress: string;
  readonly port?: number;
}

const systemNamespaces = ['kube-system', 'kube-public', 'kube-node-lease', 'default'];
/** scheduling/bootstrap-system-priority-classes. */
const priorities = [
  ['system-node-critical', 'Used for system critical pods that must not be moved from their current node.'],
  [
    'system-cluster-critical',
    'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
  ],
] as const;
const labels = { component: 'apiserver', provider: 'kubernetes' };

/**
 * What kube-apiserver's post-start hooks make of an empty etcd: the system namespaces (system-namespaces-controller), the
 * default policy (rbac/bootstrap-roles) and the `kubernetes` service with its endpoints (kubernetes-service). Does nothing where they are there.
 */
export function bootstrap(registry: ServerRegistry, { advertiseAddress, port = 6443 }: BootstrapOptions): void {
  const server = registry.as({ user: 'system:apiserver', groups: ['system:masters'], agent: 'kube-apiserver' });
  const { now } = registry.storage.clock;
  for (const name of systemNamespaces)
    if (server.get(namespace, undefined, name) === undefined)
      server.create(namespace, { metadata: { name }, spec: {} });
  // legacytokentracking: since when the use of old tokens is noted.
  const tracking = { name: 'kube-apiserver-legacy-service-account-token-tracking', namespace: 'kube-system' };
  if (server.get(configMap, tracking.namespace, tracking.name) === undefined)
    server.create(configMap, { metadata: tracking, data: { since: timeOf(now).slice(0, 10) } });
  for (const [name, description] of priorities)
    if (server.get(priorityClass, undefined, name) === undefined)
      server.create(priorityClass, { metadata: { name }, value: systemClasses[name] ?? 0, description });
  reconcilePolicy(server);
  bootstrapFlowControl(server, now);
  autoregister(registry, server);
  defaultServiceCidr(server, '10.96.0.0/12', now);

  const meta = { name: 'kubernetes', namespace: 'default' };
  if (server.get(service, 'default', 'kubernetes') !== undefined) return followServiceAddresses(server);
  server.create(service, {
    metadata: { ...meta, labels },
    spec: {
      type: 'ClusterIP',
      clusterIP: '10.96.0.1',
      clusterIPs: ['10.96.0.1'],
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      sessionAffinity: 'None',
      ports: [{ name: 'https', protocol: 'TCP', port: 443, targetPort: port }],
    },
  });
  server.create(endpoints, {
    metadata: { ...meta, labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
    subsets: [{ addresses: [{ ip: advertiseAddress }], ports: [{ name: 'https', port, protocol: 'TCP' }] }],
  });
  server.create(endpointSlice, {
    metadata: { ...meta, labels: { [serviceNameLabel]: 'kubernetes' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [advertiseAddress], conditions: { ready: true } }],
    ports: [{ name: 'https', protocol: 'TCP', port }],
  });
  followServiceAddresses(server);
}
