import { expect, test } from 'vitest';
import type { ChainView } from '../../world/protocol';
import { chainsInOrder, mentions } from './order';

const chain = (name: string, rules: readonly string[], policy?: string): ChainView => ({
  key: `nat/${name}`,
  table: 'nat',
  name,
  policy,
  rules: rules.map((text) => ({ text, packets: 0, bytes: 0 })),
});

const chains = [
  chain('KUBE-SEP-A', ['-A KUBE-SEP-A -j DNAT']),
  chain('KUBE-SERVICES', ['-A KUBE-SERVICES -m comment --comment "default/nginx cluster IP" -j KUBE-SVC-B']),
  chain('KUBE-SVC-B', ['-A KUBE-SVC-B -j KUBE-SEP-A']),
  chain('EMPTY', []),
  chain('PREROUTING', [], 'ACCEPT'),
];

test('chains come in the order in which a packet meets them', () => {
  expect(chainsInOrder(chains, '').map(({ name }) => name)).toEqual([
    'PREROUTING',
    'KUBE-SERVICES',
    'KUBE-SVC-B',
    'KUBE-SEP-A',
  ]);
});

test('with words, only chains that mention them all', () => {
  expect(chainsInOrder(chains, 'nginx').map(({ name }) => name)).toEqual(['KUBE-SERVICES']);
  expect(mentions('default/nginx cluster IP', 'NGINX cluster')).toBe(true);
});
