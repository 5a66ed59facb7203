import { expect, test } from 'vitest';
import type { ChainView } from '../../world/protocol';
import { chainsInOrder, fraction, mentions, piecesOf } from './order';

const chain = (name: string, rules: readonly string[], policy?: string): ChainView => ({
  key: `nat/${name}`,
  table: 'nat',
  name,
  policy,
  rules: rules.map((text) => ({ text, packets: 0, bytes: 0 })),
});

const comment = (text: string): string => `-m comment --comment "${text}" -j X`;
const chains = [
  chain('PREROUTING', ['-j KUBE-SERVICES'], 'ACCEPT'),
  chain('KUBE-SEP-A', [comment('default/nginx')]),
  chain('KUBE-SVC-D', [comment('kube-system/kube-dns:dns cluster IP')]),
  chain('KUBE-SEP-C', [comment('default/kubernetes:https')]),
  chain('KUBE-SERVICES', [comment('default/nginx cluster IP')]),
  chain('KUBE-SVC-Z', [comment('default/nginx cluster IP')]),
  chain('DOCKER', ['-p tcp -j DNAT']),
  chain('EMPTY', []),
];
const shown = (only: string, system: boolean): readonly string[] =>
  chainsInOrder(chains, { only, system }).map(({ name }) => name);

test('what matters first, each Service with its endpoints; the cluster’s own when asked for', () => {
  expect(shown('', false)).toEqual(['KUBE-SERVICES', 'KUBE-SVC-Z', 'KUBE-SEP-A', 'DOCKER', 'PREROUTING']);
  expect(shown('', true)).toEqual([
    'KUBE-SERVICES',
    'KUBE-SVC-Z',
    'KUBE-SEP-A',
    'KUBE-SEP-C',
    'KUBE-SVC-D',
    'DOCKER',
    'PREROUTING',
  ]);
});

test('with words, only chains that mention them all', () => {
  expect(shown('nginx', false)).toEqual(['KUBE-SERVICES', 'KUBE-SVC-Z', 'KUBE-SEP-A']);
  expect(mentions('default/nginx cluster IP', 'NGINX cluster')).toBe(true);
});

test('a rule falls into pieces that are the rule again', () => {
  const text =
    '-m comment --comment "default/nginx -> 10.244.1.3:80" -m statistic --mode random --probability 0.33333333349 -j KUBE-SEP-A';
  const made = piecesOf(text);
  expect(made.map(({ text: each }) => each).join('')).toBe(text);
  expect(made.map(({ role }) => role)).toEqual([
    'comment',
    'gap',
    'option',
    'gap',
    'option',
    'gap',
    'chance',
    'gap',
    'target',
  ]);
  expect(piecesOf('-p tcp -j DNAT --to-destination 172.17.0.2:80').map(({ role }) => role)).toEqual([
    'option',
    'gap',
    'target',
    'gap',
    'address',
  ]);
  expect(piecesOf('! -s 10.244.0.0/16 -p tcp').map(({ text: each }) => each)).toEqual([
    '! -s 10.244.0.0/16',
    ' ',
    '-p tcp',
  ]);
  expect(fraction('--probability 0.33333333349')).toBe('1/3');
});
