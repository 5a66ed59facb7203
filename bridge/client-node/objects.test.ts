import {
  AppsV1Api,
  AuthorizationV1Api,
  CoreV1Api,
  KubernetesObjectApi,
  PatchStrategy,
  VersionApi,
  setHeaderOptions,
  type V1ConfigMap,
} from '@kubernetes/client-node';
import { describe, expect, it } from 'vitest';
import { draft, failure, namespace, useClients } from './testing';

const clients = useClients();

describe('who asks', () => {
  it.each(['kubernetes-admin@kubernetes', 'token'])('is the administrator in context %s', async (context) => {
    const api = clients.configOf(context).makeApiClient(AuthorizationV1Api);
    const { status } = await api.createSelfSubjectAccessReview({
      body: { spec: { resourceAttributes: { verb: '*', resource: '*', group: '*' } } },
    });
    expect(status?.allowed).toBe(true);
  });

  it('is whom a service account token names, with the rights of RBAC', async () => {
    const core = clients.certificate.makeApiClient(CoreV1Api);
    await core.createNamespacedServiceAccount({ namespace, body: { metadata: { name: 'robot' } } });
    const { status } = await core.createNamespacedServiceAccountToken({
      name: 'robot',
      namespace,
      body: { spec: { audiences: [] } },
    });
    const robot = clients.configOf('token');
    robot.addUser({ name: 'robot', token: status?.token ?? '' });
    robot.addContext({ name: 'robot', cluster: 'kubernetes', user: 'robot' });
    robot.setCurrentContext('robot');
    const refused = await failure(robot.makeApiClient(CoreV1Api).listNamespacedPod({ namespace }));
    expect(refused.code).toBe(403);
    expect(refused.status.message).toBe(
      'pods is forbidden: User "system:serviceaccount:default:robot" cannot list resource "pods" in API group "" in the namespace "default"',
    );
  });
});

describe('objects', () => {
  it('knows the version', async () => {
    expect((await clients.token.makeApiClient(VersionApi).getCode()).minor).toBe('33');
  });

  it('creates, reads, replaces, lists by label, deletes', async () => {
    const core = clients.token.makeApiClient(CoreV1Api);
    const body = draft('one', { a: '1' });
    const made = await core.createNamespacedConfigMap({
      namespace,
      body: { ...body, metadata: { name: 'one', labels: { of: 'crud' } } },
    });
    expect(made.metadata?.creationTimestamp).toBeInstanceOf(Date);
    await core.replaceNamespacedConfigMap({ name: 'one', namespace, body: { ...made, data: { a: '2' } } });
    const { items } = await core.listNamespacedConfigMap({ namespace, labelSelector: 'of=crud' });
    expect(items.map(({ data }) => data)).toEqual([{ a: '2' }]);
    expect((await core.deleteNamespacedConfigMap({ name: 'one', namespace })).status).toBe('Success');
  });

  it('lists in chunks', async () => {
    const core = clients.certificate.makeApiClient(CoreV1Api);
    const names: string[] = [];
    let rest: string | undefined;
    do {
      const { items, metadata } = await core.listNamespacedPod({
        namespace: 'kube-system',
        limit: 3,
        ...(rest === undefined ? {} : { _continue: rest }),
      });
      expect(items.length).toBeLessThanOrEqual(3);
      names.push(...items.map((pod) => pod.metadata?.name ?? ''));
      rest = metadata?._continue;
    } while (rest !== undefined && rest !== '');
    const whole = await core.listNamespacedPod({ namespace: 'kube-system' });
    expect(names).toEqual(whole.items.map((pod) => pod.metadata?.name));
  });

  it('says what is wrong: 404, 409, 422, 400', async () => {
    const core = clients.token.makeApiClient(CoreV1Api);
    const missing = await failure(core.readNamespacedConfigMap({ name: 'nothing', namespace }));
    expect([missing.code, missing.status.reason, missing.status.message]).toEqual([
      404,
      'NotFound',
      'configmaps "nothing" not found',
    ]);
    const made = await core.createNamespacedConfigMap({ namespace, body: draft('twice', {}) });
    const twice = await failure(core.createNamespacedConfigMap({ namespace, body: draft('twice', {}) }));
    expect([twice.code, twice.status.reason]).toEqual([409, 'AlreadyExists']);
    await core.replaceNamespacedConfigMap({ name: 'twice', namespace, body: { ...made, data: { a: 'b' } } });
    const stale = await failure(core.replaceNamespacedConfigMap({ name: 'twice', namespace, body: made }));
    expect([stale.code, stale.status.reason]).toEqual([409, 'Conflict']);
    const invalid = await failure(core.createNamespacedConfigMap({ namespace, body: draft('Upper', {}) }));
    expect([invalid.code, invalid.status.details?.causes?.[0]?.field]).toEqual([422, 'metadata.name']);
    const selector = await failure(core.listNamespacedConfigMap({ namespace, fieldSelector: 'no.such=field' }));
    expect([selector.code, selector.status.reason]).toEqual([400, 'BadRequest']);
  });
});

describe('patches', () => {
  it('JSON, merge and strategic', async () => {
    const apps = clients.certificate.makeApiClient(AppsV1Api);
    const name = 'patched';
    const labels = { app: name };
    await apps.createNamespacedDeployment({
      namespace,
      body: {
        metadata: { name },
        spec: {
          replicas: 0,
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { containers: [{ name: 'a', image: 'nginx:1.27' }] } },
        },
      },
    });
    const patch = (kind: PatchStrategy, body: unknown) =>
      apps.patchNamespacedDeployment({ name, namespace, body }, setHeaderOptions('Content-Type', kind));
    await patch(PatchStrategy.JsonPatch, [{ op: 'add', path: '/metadata/labels', value: { by: 'json' } }]);
    await patch(PatchStrategy.MergePatch, { metadata: { annotations: { by: 'merge' } } });
    const { metadata, spec } = await patch(PatchStrategy.StrategicMergePatch, {
      spec: { template: { spec: { containers: [{ name: 'b', image: 'busybox' }] } } },
    });
    expect(metadata?.labels).toEqual({ by: 'json' });
    expect(metadata?.annotations).toMatchObject({ by: 'merge' });
    expect(spec?.template.spec?.containers.map((each) => each.name)).toEqual(['b', 'a']);
    const wrong = await failure(patch(PatchStrategy.JsonPatch, [{ op: 'test', path: '/spec/replicas', value: 7 }]));
    expect([wrong.code, wrong.status.reason]).toEqual([422, 'Invalid']);
  });

  it('server-side apply with owners, conflicts and force', async () => {
    const objects = KubernetesObjectApi.makeApiClient(clients.token);
    const apply = (value: string, manager: string, force = false) =>
      objects.patch(
        draft('applied', { value }),
        undefined,
        undefined,
        manager,
        force,
        PatchStrategy.ServerSideApply,
      ) as Promise<V1ConfigMap>;
    const first = await apply('1', 'first');
    expect(first.metadata?.managedFields?.map(({ manager, operation }) => [manager, operation])).toEqual([
      ['first', 'Apply'],
    ]);
    const refused = await failure(apply('2', 'second'));
    expect(refused.code).toBe(409);
    expect(refused.status.message).toContain('conflict with "first": .data.value');
    expect((await apply('2', 'second', true)).data).toEqual({ value: '2' });
    expect((await apply('2', 'second')).metadata?.resourceVersion).toBe(
      (await objects.read<V1ConfigMap>(draft('applied', {}) as never)).metadata?.resourceVersion,
    );
  });
});
