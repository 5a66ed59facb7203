import { expect, test } from 'vitest';
import { configMap } from '../api/core/configmap';
import { persistentVolumeClaim } from '../api/core/persistentvolumeclaim';
import { pod as podKind, type Pod } from '../api/core/pod';
import { secret as secretKind, type Secret } from '../api/core/secret';
import { serviceAccount } from '../api/core/serviceaccount';
import type { Draft } from '../apimachinery/object';
import { controllersWorld } from '../testing/controllers-world';

const tokenOf = (name: string, account: string): Draft<Secret> =>
  ({
    metadata: { name, namespace: 'default', annotations: { 'kubernetes.io/service-account.name': account } },
    type: 'kubernetes.io/service-account-token',
  }) as Draft<Secret>;

test('secrets get the token of their service account, which is believed while both are there', async () => {
  const { clock, client, registry } = controllersWorld();
  client.create(serviceAccount, { metadata: { name: 'bot', namespace: 'default' } });
  client.create(secretKind, tokenOf('bot-token', 'bot'));
  client.create(secretKind, tokenOf('ghost-token', 'ghost'));
  await clock.advance(1000);
  expect(client.get(secretKind, 'default', 'ghost-token')).toBeUndefined();
  const { data = {} } = client.get(secretKind, 'default', 'bot-token')!;
  expect(Object.keys(data).sort()).toEqual(['ca.crt', 'namespace', 'token']);
  const token = atob(data['token'] ?? '');
  expect(registry.tokens.authenticate(token)?.name).toBe('system:serviceaccount:default:bot');
  client.delete(serviceAccount, 'default', 'bot');
  await clock.advance(1000);
  expect(client.get(secretKind, 'default', 'bot-token')).toBeUndefined();
  expect(registry.tokens.authenticate(token)).toBeUndefined();
});

const withScratch = (name: string): Draft<Pod> =>
  ({
    metadata: { name, namespace: 'default' },
    spec: {
      containers: [{ name: 'c', image: 'nginx' }],
      volumes: [
        {
          name: 'scratch',
          ephemeral: {
            volumeClaimTemplate: {
              metadata: { labels: { of: name } },
              spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
            },
          },
        },
      ],
    },
  }) as unknown as Draft<Pod>;

test('a generic ephemeral volume gets a claim that belongs to its pod; one that is there already is not taken', async () => {
  const { clock, client, events } = controllersWorld();
  await clock.advance(1000);
  client.create(persistentVolumeClaim, {
    metadata: { name: 'q-scratch', namespace: 'default' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  });
  const owner = client.create(podKind, withScratch('p'));
  client.create(podKind, withScratch('q'));
  await clock.advance(1000);
  const { metadata } = client.get(persistentVolumeClaim, 'default', 'p-scratch')!;
  expect(metadata.labels).toEqual({ of: 'p' });
  expect(metadata.ownerReferences).toEqual([
    {
      apiVersion: 'v1',
      kind: 'Pod',
      name: 'p',
      uid: owner.ok ? owner.value.metadata.uid : '',
      controller: true,
      blockOwnerDeletion: true,
    },
  ]);
  expect(events('q')).toContain(
    'Warning FailedBinding ephemeral volume scratch: PVC default/q-scratch was not created for pod default/q (pod is not owner)',
  );
});

test('bootstrap tokens sign cluster-info until they end', async () => {
  const { clock, client } = controllersWorld();
  client.create(configMap, {
    metadata: { name: 'cluster-info', namespace: 'kube-public' },
    data: { kubeconfig: 'apiVersion: v1\n' },
  });
  client.create(secretKind, {
    metadata: { name: 'bootstrap-token-abcdef', namespace: 'kube-system' },
    type: 'bootstrap.kubernetes.io/token',
    stringData: {
      'token-id': 'abcdef',
      'token-secret': '0123456789abcdef',
      'usage-bootstrap-signing': 'true',
      expiration: '2026-01-01T01:00:00Z',
    },
  });
  await clock.advance(1000);
  const { data = {} } = client.get(configMap, 'kube-public', 'cluster-info')!;
  expect(data['jws-kubeconfig-abcdef']).toMatch(/^eyJhbGciOiJIUzI1NiIsImtpZCI6ImFiY2RlZiJ9\.\.[\w-]{43}$/);
  await clock.advance(3_600_000);
  expect(client.get(secretKind, 'kube-system', 'bootstrap-token-abcdef')).toBeUndefined();
  expect(client.get(configMap, 'kube-public', 'cluster-info')?.data).toEqual({ kubeconfig: 'apiVersion: v1\n' });
});
