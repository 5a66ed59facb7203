import { expect, test } from 'vitest';
import { ok } from '../../../sim/result';
import { startTestServer } from '../authorization/testing';
import { defaultSettings } from '../settings';
import type { PluginConfigurations } from './admission';

const users = {
  admin: { name: 'admin', groups: ['system:masters'] },
  jane: { name: 'jane', groups: ['dev'] },
};

function start(plugins: readonly string[], configurations: PluginConfigurations = new Map(), images?: string) {
  const settings = defaultSettings();
  const server = startTestServer(
    users,
    {
      ...settings,
      admissionPlugins: new Set([...settings.admissionPlugins, ...plugins]),
      admissionConfigurations: configurations,
    },
    images === undefined
      ? undefined
      : {
          post: ({ body }) => {
            const status = body.includes(images) ? { allowed: false, reason: 'no' } : { allowed: true };
            return Promise.resolve(ok({ status: 200, body: JSON.stringify({ status }) }));
          },
        },
  );
  const core = '/api/v1/namespaces/default';
  const ask = async (path: string, body: object, as = 'admin') => {
    const { code, body: answer } = await server.ask(as, 'POST', path.startsWith('/') ? path : `${core}/${path}`, body);
    return code === 201
      ? (answer as never as { readonly spec: Record<string, unknown> }).spec
      : `${code} ${answer.message ?? ''}`;
  };
  return { ask, server };
}

const pod = (name: string, spec: object = {}, container: object = {}, metadata: object = {}) => ({
  metadata: { name, ...metadata },
  spec: { containers: [{ name: 'c', image: 'nginx', ...container }], ...spec },
});

test('pods: devices are tolerated, anti-affinity stays on nodes, secrets are those of the account', async () => {
  const { ask } = start(['ExtendedResourceToleration', 'LimitPodHardAntiAffinityTopology']);
  await ask('serviceaccounts', { metadata: { name: 'default' } });
  await ask('serviceaccounts', {
    metadata: { name: 'strict', annotations: { 'kubernetes.io/enforce-mountable-secrets': 'true' } },
    secrets: [{ name: 'mine' }],
  });
  const device = await ask('pods', pod('gpu', {}, { resources: { limits: { 'example.com/gpu': '1' } } }));
  expect(typeof device === 'string' ? device : device['tolerations']).toContainEqual({
    key: 'example.com/gpu',
    operator: 'Exists',
    effect: 'NoSchedule',
  });
  const apart = { labelSelector: {}, topologyKey: 'topology.kubernetes.io/zone' };
  const affinity = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [apart] } };
  const from = (name: string) => ({ env: [{ name: 'A', valueFrom: { secretKeyRef: { name, key: 'a' } } }] });
  const mirror = { annotations: { 'kubernetes.io/config.mirror': 'x' } };
  expect([
    await ask('pods', pod('a', { affinity })),
    await ask('pods', pod('b', { serviceAccountName: 'strict' }, from('yours'))),
    typeof (await ask('pods', pod('c', { serviceAccountName: 'strict' }, from('mine')))),
    await ask('pods', pod('d', { serviceAccountName: 'x', nodeName: 'n' }, {}, mirror)),
  ]).toEqual([
    '403 pods "a" is forbidden: affinity.PodAntiAffinity.RequiredDuringScheduling has TopologyKey topology.kubernetes.io/zone but only key kubernetes.io/hostname is allowed',
    '403 pods "b" is forbidden: container c with envVar A referencing secret.secretName="yours" is not allowed because service account strict does not reference that secret',
    'object',
    '403 pods "d" is forbidden: a mirror pod may not reference service accounts',
  ]);
});

test('owners are set by who may delete and finalize', async () => {
  const { ask, server } = start(['OwnerReferencesPermissionEnforcement']);
  const group = 'rbac.authorization.k8s.io';
  await ask(`/apis/${group}/v1/clusterroles`, {
    metadata: { name: 'maps' },
    rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'create', 'patch'] }],
  });
  await ask(`/apis/${group}/v1/clusterrolebindings`, {
    metadata: { name: 'maps' },
    roleRef: { apiGroup: group, kind: 'ClusterRole', name: 'maps' },
    subjects: [{ kind: 'User', name: 'jane', apiGroup: group }],
  });
  const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: 'u' };
  const metadata = { name: 'a', ownerReferences: [owner] };
  const blocking = { name: 'b', ownerReferences: [{ ...owner, blockOwnerDeletion: true }] };
  const patched = async (change: object) => {
    const path = '/api/v1/namespaces/default/configmaps/a';
    const headers = { 'Content-Type': 'application/merge-patch+json' };
    return (await server.ask('jane', 'PATCH', path, { metadata: change }, headers)).body.message;
  };
  expect([
    await ask('configmaps', { metadata }, 'jane'),
    await ask('configmaps', { metadata: blocking }, 'jane'),
    await patched({ ownerReferences: null }),
    await patched({ labels: { a: 'b' } }),
  ]).toEqual([
    undefined,
    `403 configmaps "b" is forbidden: cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't set finalizers on: , <nil>`,
    `configmaps "a" is forbidden: cannot set an ownerRef on a resource you can't delete: , <nil>`,
    undefined,
  ]);
});

test('plugins do what their configuration says: images, limits of events, selectors', async () => {
  const { ask, server } = start(
    ['ImagePolicyWebhook', 'EventRateLimit', 'PodNodeSelector'],
    new Map<string, Record<string, unknown>>([
      ['ImagePolicyWebhook', { url: 'https://images.example.com', allowTTL: 1000, denyTTL: 1000, defaultAllow: false }],
      ['EventRateLimit', { limits: [{ type: 'Namespace', qps: 1, burst: 2 }] }],
      ['PodNodeSelector', { podNodeSelectorPluginConfig: { clusterDefaultNodeSelector: 'disk=ssd' } }],
    ]),
    'evil',
  );
  await ask('serviceaccounts', { metadata: { name: 'default' } });
  const good = await ask('pods', pod('good'));
  expect(typeof good === 'string' ? good : good['nodeSelector']).toEqual({ disk: 'ssd' });
  expect(await ask('pods', pod('bad', {}, { image: 'evil' }))).toBe(
    '403 pods "bad" is forbidden: image policy webhook backend denied one or more images: no',
  );
  const event = (name: string) =>
    ask('events', { metadata: { name }, involvedObject: { namespace: 'default' }, reason: 'x', message: 'x' });
  const said = [await event('a'), await event('b'), await event('c')];
  await server.clock.advance(1500);
  expect([...said, await event('d')]).toEqual([
    undefined,
    undefined,
    '429 limit reached on type Namespace for key default',
    undefined,
  ]);
});
