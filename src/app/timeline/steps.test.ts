import { expect, test } from 'vitest';
import type { SpanView } from '../../world/protocol';
import { brief, lanes, since } from './steps';

let ids = 0;
const span = (at: number, actor: string, verb: string, subject: string): SpanView => ({
  key: String(++ids),
  id: ids,
  parent: 0,
  at,
  actor,
  verb,
  subject,
});

test('lanes run from the learner down to the wire, with steps numbered in causal order', () => {
  const rows = lanes([
    span(0, 'bash@workstation', 'exec', 'kubectl'),
    span(1, 'ip', 'transmit', 'eth0'),
    span(1, 'ip', 'transmit', 'eth0'),
    span(2, 'kube-apiserver', 'POST', '/apis/apps/v1/namespaces/default/deployments'),
    span(2, 'kubectl-create', 'create', 'deployments.apps/default/web'),
    span(3, 'kube-controller-manager', 'create', 'pods/default/web-1'),
    span(3, 'kube-controller-manager', 'create', 'pods/default/web-2'),
    span(4, 'default-scheduler', 'bind', 'pods/default/web-1'),
    span(4, 'kube-scheduler', 'bind', 'pods/default/web-1'),
    span(4, 'default-scheduler', 'bind', 'pods/default/web-2'),
    span(4, 'kube-scheduler', 'bind', 'pods/default/web-2'),
    span(9, 'cni@node1', 'add', 'pods/default/web-1'),
    span(9, 'kube-proxy@node1', 'iptables-restore', '5 service ports'),
    span(5000, 'kube-proxy@node1', 'iptables-restore', '5 service ports'),
  ]);
  const shown = rows.map(({ actor, steps }) => [
    actor,
    ...steps.map(({ order, host, verb, subject, count }) => `${order} ${host ?? ''} ${verb} ${subject} ×${count}`),
  ]);
  expect(shown).toEqual([
    ['kubectl', '1  exec kubectl ×1', '4  create deployments/web ×1'],
    ['kube-apiserver', '3  POST /apis/apps/v1/namespaces/default/deployments ×1'],
    ['kube-controller-manager', '5  create pods ×2'],
    ['kube-scheduler', '6  bind pods ×2'],
    ['containerd', '7 node1 add pods/web-1 ×1'],
    ['kube-proxy', '8 node1 iptables-restore 5 service ports ×1', '9 node1 iptables-restore 5 service ports ×1'],
    ['network', '2  transmit eth0 ×2'],
  ]);
});

test('a subject is told without its API group and the default namespace', () => {
  expect(brief('replicasets.apps/default/web-1')).toBe('replicasets/web-1');
  expect(brief('pods/kube-system/coredns-1')).toBe('pods/kube-system/coredns-1');
  expect(brief('/api/v1/namespaces/default/pods')).toBe('/api/v1/namespaces/default/pods');
  expect(brief('container nginx')).toBe('container nginx');
});

test('distances in time are told in ms, then in seconds', () => {
  expect(since(1000, 1000)).toBe('+0 ms');
  expect(since(1000, 1012.4)).toBe('+12 ms');
  expect(since(1000, 3250)).toBe('+2.25 s');
});
