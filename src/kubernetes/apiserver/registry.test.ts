import { expect, test } from 'vitest';
import { Clock } from '../../sim/clock';
import { Random } from '../../sim/random';
import { Trace } from '../../sim/trace';
import { namespace } from '../api/core/namespace';
import { serviceAccount } from '../api/core/serviceaccount';
import { configMap, type ConfigMap } from '../api/core/configmap';
import { service, type Service } from '../api/core/service';
import { pod, type Pod } from '../api/core/pod';
import type { Draft } from '../apimachinery/object';
import { createRegistry } from './create-registry';

const start = Date.UTC(2026, 0, 1);

function world() {
  const trace = new Trace();
  const clock = new Clock({ start, trace, settle: () => new Promise((resolve) => setImmediate(resolve)) });
  const registry = createRegistry({ clock, random: new Random(1), trace });
  const client = registry.as({ user: 'kubernetes-admin', groups: ['system:masters'], agent: 'test' });
  client.create(namespace, { metadata: { name: 'default' }, spec: {} });
  client.create(serviceAccount, { metadata: { name: 'default', namespace: 'default' } });
  return { trace, clock, registry, client };
}
const web = (name: string): Draft<Pod> => ({
  metadata: { name, namespace: 'default' },
  spec: { containers: [{ name: 'c', image: 'nginx' }] } as unknown as Pod['spec'],
});
const message = (result: { ok: boolean; error?: { message: string } }) => (result.ok ? 'ok' : result.error?.message);

test('create, conflict, no-op, delete: the words of the server', () => {
  const { client, registry } = world();
  const made = client.create(configMap, { metadata: { generateName: 'c-', namespace: 'default' }, data: { a: '1' } });
  if (!made.ok) throw new Error(made.error.message);
  const one: ConfigMap = made.value;
  expect(one).toMatchObject({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: expect.stringMatching(/^c-[bcdfghjklmnpqrstvwxz2456789]{5}$/),
      namespace: 'default',
      resourceVersion: '4',
      creationTimestamp: '2026-01-01T00:00:00Z',
    },
    data: { a: '1' },
  });
  const { name } = one.metadata;
  expect(client.update(configMap, one)).toEqual({ ok: true, value: one });
  expect(registry.revision).toBe(4);
  const two = client.update(configMap, { ...one, data: { a: '2' } });
  expect(two.ok && two.value.metadata.resourceVersion).toBe('5');

  expect([
    message(client.update(configMap, { ...one, data: { a: '3' } })),
    message(client.create(configMap, { metadata: { name, namespace: 'default' } })),
    message(client.create(configMap, { metadata: { name, namespace: 'nowhere' } })),
    message(client.create(configMap, { metadata: { name: 'A', namespace: 'default' } })),
    message(client.delete(configMap, 'default', 'none')),
    message(client.delete(configMap, 'default', name, { preconditions: { uid: 'x' } })),
    message(client.delete(configMap, 'default', name)),
    message(client.mutate(configMap, 'default', name, (each) => each)),
  ]).toEqual([
    `Operation cannot be fulfilled on configmaps "${name}": the object has been modified; please apply your changes to the latest version and try again`,
    `configmaps "${name}" already exists`,
    'namespaces "nowhere" not found',
    `ConfigMap "A" is invalid: metadata.name: Invalid value: "A": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
    'configmaps "none" not found',
    `Operation cannot be fulfilled on ConfigMap "${name}": the UID in the precondition (x) does not match the UID in record (${one.metadata.uid}). The object might have been deleted and then recreated`,
    'ok',
    `configmaps "${name}" not found`,
  ]);
});

test('a pod on a node gets its grace period, one that never got a node goes at once', () => {
  const { client } = world();
  client.create(pod, web('a'));
  client.create(pod, web('b'));
  expect(client.bind('default', 'a', 'node1')).toEqual({ ok: true, value: undefined });
  expect(message(client.bind('default', 'a', 'node2'))).toBe(
    'Operation cannot be fulfilled on pods/binding "a": pod a is already assigned to node "node1"',
  );
  client.delete(pod, 'default', 'a');
  client.delete(pod, 'default', 'b');
  expect(client.list(pod).map(({ metadata }) => [metadata.name, metadata.deletionTimestamp])).toEqual([
    ['a', '2026-01-01T00:00:30Z'],
  ]);
  client.delete(pod, 'default', 'a', { gracePeriodSeconds: 0 });
  expect(client.list(pod)).toEqual([]);
});

test('a watch by index sees objects come and go, under the cause of the write', async () => {
  const { client, clock, trace } = world();
  const seen: string[] = [];
  client.create(pod, web('a'));
  client.watch(pod, { by: { index: 'spec.nodeName', value: 'node1' } }, ({ type, object, cause }) => {
    expect(trace.current).toBe(cause);
    seen.push(`${type} ${object.metadata.name} ${trace.get(cause)?.verb} ${clock.now - start}`);
  });
  client.create(pod, web('b'));
  client.bind('default', 'a', 'node1');
  client.bind('default', 'b', 'node2');
  client.delete(pod, 'default', 'a', { gracePeriodSeconds: 0 });
  expect(seen).toEqual([]);
  await clock.advance(10);
  expect(seen).toEqual(['ADDED a bind 1', 'DELETED a delete 1']);
  client.watch(pod, {}, ({ type, object }) => seen.push(`${type} ${object.metadata.name}`));
  await clock.advance(10);
  expect(seen.slice(2)).toEqual(['ADDED b']);
});

test('a watch of an actor that is cut off waits, and nothing is lost', async () => {
  const { registry, client, clock } = world();
  let connected = false;
  const kubelet = registry.as({ user: 'system:node:n', agent: 'kubelet@n', connected: () => connected });
  const seen: string[] = [];
  kubelet.watch(pod, {}, ({ type, object }) => seen.push(`${type} ${object.metadata.name}`));
  client.create(pod, web('a'));
  client.delete(pod, 'default', 'a');
  await clock.advance(5000);
  expect([seen, message(kubelet.create(pod, web('c')))]).toEqual([
    [],
    'the server is currently unable to handle the request',
  ]);
  connected = true;
  await clock.advance(5000);
  expect(seen).toEqual(['ADDED a', 'DELETED a']);
});

test('services get addresses and node ports, and give them back', () => {
  const { client } = world();
  const create = (name: string, spec: object) =>
    client.create(service, { metadata: { name, namespace: 'default' }, spec: spec as Service['spec'] });
  const port = { port: 80 };
  const one = create('one', { type: 'NodePort', ports: [port] });
  if (!one.ok) throw new Error(one.error.message);
  expect(one.value.spec).toMatchObject({
    type: 'NodePort',
    sessionAffinity: 'None',
    externalTrafficPolicy: 'Cluster',
    internalTrafficPolicy: 'Cluster',
    ipFamilies: ['IPv4'],
    ipFamilyPolicy: 'SingleStack',
    clusterIP: expect.stringMatching(/^10\.(9[6-9]|10\d|111)\.\d+\.\d+$/),
    ports: [{ protocol: 'TCP', port: 80, targetPort: 80, nodePort: expect.any(Number) }],
  });
  const { clusterIP } = one.value.spec;
  const nodePort = one.value.spec.ports?.[0]?.nodePort;
  const again = () => [
    message(create('two', { clusterIP, ports: [port] })),
    message(create('three', { type: 'NodePort', ports: [{ ...port, nodePort }] })),
  ];
  expect(again()).toEqual([
    `Service "two" is invalid: spec.clusterIPs: Invalid value: []string{"${clusterIP}"}: failed to allocate IP ${clusterIP}: provided IP is already allocated`,
    `Service "three" is invalid: spec.ports[0].nodePort: Invalid value: ${nodePort}: provided port is already allocated`,
  ]);
  client.delete(service, 'default', 'one');
  expect(again()).toEqual(['ok', 'ok']);
});
