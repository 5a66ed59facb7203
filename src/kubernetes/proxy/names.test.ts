import { expect, test } from 'vitest';
import { endpointChain, serviceChain } from './names';

// The first ones are the same in every cluster; the endpoint is from a recorded one.
test.each([
  ['default/kubernetes:https', 'TCP', 'KUBE-SVC-NPX46M4PTMTKRN6Y'],
  ['kube-system/kube-dns:dns', 'UDP', 'KUBE-SVC-TCOU7JCQXEZGVUNU'],
  ['kube-system/kube-dns:dns-tcp', 'TCP', 'KUBE-SVC-ERIFXISQEP7F7OF4'],
  ['kube-system/kube-dns:metrics', 'TCP', 'KUBE-SVC-JD5MR3NA4I4DYORP'],
] as const)('%s over %s has its chain %s', (id, protocol, chain) => {
  expect(serviceChain(id, protocol)).toBe(chain);
});

test('an endpoint has its own chain', () => {
  expect(endpointChain('default/kubernetes:https', 'TCP', '172.30.1.2:6443')).toBe('KUBE-SEP-D23ODROEH5R4FSGE');
});
