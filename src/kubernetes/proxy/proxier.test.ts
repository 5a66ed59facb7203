import { expect, test } from 'vitest';
import { Clock } from '../../sim/clock';
import { Random } from '../../sim/random';
import { Trace } from '../../sim/trace';
import { createNetworkNamespace } from '../../linux/net/stack';
import { bootstrap } from '../apiserver/bootstrap';
import { createRegistry } from '../apiserver/create-registry';
import { service, type Service } from '../api/core/service';
import { endpointSlice } from '../api/discovery/endpointslice';
import type { Draft } from '../apimachinery/object';
import { createProxier } from './proxier';

test('the rules of a fresh cluster, and of a Service that comes and goes', async () => {
  const trace = new Trace();
  const settle = () => new Promise<void>((resolve) => setImmediate(() => resolve()));
  const clock = new Clock({ start: Date.UTC(2026, 0, 1), trace, settle });
  const random = new Random(7);
  const registry = createRegistry({ clock, random, trace });
  bootstrap(registry, { advertiseAddress: '172.30.1.2' });
  const { netfilter } = createNetworkNamespace({ id: 1, clock, random, trace, hostName: 'node1' });
  const client = registry.as({ user: 'system:kube-proxy', agent: 'kube-proxy@node1' });
  createProxier({ client, netfilter, nodeName: 'node1', clusterCIDR: '10.244.0.0/16', clock, trace });
  await clock.advance(100);
  const rules = (table: string) =>
    netfilter
      .save({ table })
      .split('\n')
      .filter((line) => line.startsWith('-A') || /^:(FLANNEL|KUBE)/.test(line));
  expect(rules('nat')).toMatchSnapshot();
  expect(rules('filter')).toMatchSnapshot();
  const before = rules('nat');

  const admin = registry.as({ user: 'kubernetes-admin', groups: ['system:masters'], agent: 'kubectl' });
  admin.create(service, {
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      clusterIP: '10.96.7.7',
      clusterIPs: ['10.96.7.7'],
      type: 'ClusterIP',
      ports: [{ port: 80, targetPort: 8080, protocol: 'TCP' }],
    },
  } as unknown as Draft<Service>);
  admin.create(endpointSlice, {
    metadata: { name: 'web-x', namespace: 'default', labels: { 'kubernetes.io/service-name': 'web' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.244.1.2'] }, { addresses: ['10.244.2.2'] }],
    ports: [{ name: '', protocol: 'TCP', port: 8080 }],
  });
  await clock.advance(1100);
  expect(rules('nat').filter((line) => !before.includes(line))).toMatchSnapshot();
  admin.delete(service, 'default', 'web');
  await clock.advance(1100);
  expect(rules('nat')).toEqual(before);
});
