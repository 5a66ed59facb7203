import {
  ApiException,
  AppsV1Api,
  Attach,
  AuthorizationV1Api,
  CoordinationV1Api,
  CoreV1Api,
  Exec,
  KubeConfig,
  KubernetesObjectApi,
  Log,
  PatchStrategy,
  PortForward,
  V1MicroTime,
  VersionApi,
  Watch,
  makeInformer,
  setHeaderOptions,
  type V1ConfigMap,
  type V1Lease,
  type V1Status,
} from '@kubernetes/client-node';
import { PassThrough, Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBridge, type Bridge } from './bridge';

const faults: unknown[] = [];
const namespace = 'default';
let bridge: Bridge;
let certificate: KubeConfig;
let token: KubeConfig;

beforeAll(async () => {
  bridge = await startBridge({
    seed: 7,
    topology: 'seed',
    port: 0,
    speed: 20,
    kubeconfig: undefined,
    dockerSocket: undefined,
    fault: (error) => faults.push(error),
  });
  certificate = configOf('kubernetes-admin@kubernetes');
  token = configOf('token');
}, 60_000);

afterAll(async () => {
  await bridge.close();
  expect(faults).toEqual([]);
});

function configOf(context: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromString(bridge.kubeconfig ?? '');
  config.setCurrentContext(context);
  return config;
}

/** A sink and what was written to it so far. */
class Sink extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    this.emit('more');
    done();
  }
  async until(part: string): Promise<void> {
    while (!this.text.includes(part)) await new Promise((resolve) => this.once('more', resolve));
  }
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
}

async function failure(asked: Promise<unknown>): Promise<{ code: number; status: V1Status }> {
  const error: unknown = await asked.then(
    () => undefined,
    (fault: unknown) => fault,
  );
  if (!(error instanceof ApiException)) throw new Error(`no ApiException: ${String(error)}`);
  return { code: error.code, status: JSON.parse(String(error.body)) as V1Status };
}

const draft = (name: string, data: Record<string, string>): V1ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace },
  data,
});

describe('who asks', () => {
  it.each(['kubernetes-admin@kubernetes', 'token'])('is the administrator in context %s', async (context) => {
    const api = configOf(context).makeApiClient(AuthorizationV1Api);
    const { status } = await api.createSelfSubjectAccessReview({
      body: { spec: { resourceAttributes: { verb: '*', resource: '*', group: '*' } } },
    });
    expect(status?.allowed).toBe(true);
  });

  it('is whom a service account token names, with the rights of RBAC', async () => {
    const core = certificate.makeApiClient(CoreV1Api);
    await core.createNamespacedServiceAccount({ namespace, body: { metadata: { name: 'robot' } } });
    const { status } = await core.createNamespacedServiceAccountToken({
      name: 'robot',
      namespace,
      body: { spec: { audiences: [] } },
    });
    const robot = configOf('token');
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
    expect((await token.makeApiClient(VersionApi).getCode()).minor).toBe('33');
  });

  it('creates, reads, replaces, lists by label, deletes', async () => {
    const core = token.makeApiClient(CoreV1Api);
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
    const core = certificate.makeApiClient(CoreV1Api);
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
    const core = token.makeApiClient(CoreV1Api);
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
    const apps = certificate.makeApiClient(AppsV1Api);
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
    const objects = KubernetesObjectApi.makeApiClient(token);
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

describe('watching', () => {
  it('hears what happens from a revision on, and ends when told', async () => {
    const core = token.makeApiClient(CoreV1Api);
    const { metadata } = await core.listNamespacedConfigMap({ namespace });
    const seen: string[] = [];
    let over = false;
    const abort = await new Watch(token).watch(
      `/api/v1/namespaces/${namespace}/configmaps`,
      { resourceVersion: metadata?.resourceVersion, allowWatchBookmarks: true, fieldSelector: 'metadata.name=seen' },
      (type, object: V1ConfigMap) => seen.push(`${type} ${JSON.stringify(object.data)}`),
      () => (over = true),
    );
    const made = await core.createNamespacedConfigMap({ namespace, body: draft('seen', { n: '1' }) });
    await core.replaceNamespacedConfigMap({ name: 'seen', namespace, body: { ...made, data: { n: '2' } } });
    await core.deleteNamespacedConfigMap({ name: 'seen', namespace });
    await until(() => seen.filter((each) => !each.startsWith('BOOKMARK')).length === 3);
    expect(seen.filter((each) => !each.startsWith('BOOKMARK'))).toEqual([
      'ADDED {"n":"1"}',
      'MODIFIED {"n":"2"}',
      'DELETED {"n":"2"}',
    ]);
    abort.abort();
    await until(() => over);
  });

  it('says what is wrong with one', async () => {
    const errors: unknown[] = [];
    await new Watch(token).watch(
      `/api/v1/namespaces/${namespace}/nothing`,
      {},
      () => undefined,
      (error: unknown) => errors.push(error),
    );
    await until(() => errors.length > 0);
    expect(String(errors[0])).toBe('Error: Not Found');
  });

  it('keeps the cache of an informer', async () => {
    const core = certificate.makeApiClient(CoreV1Api);
    const labelSelector = 'for=informer';
    const make = (name: string, n: string) => ({
      ...draft(name, { n }),
      metadata: { name, labels: { for: 'informer' } },
    });
    const first = await core.createNamespacedConfigMap({ namespace, body: make('before', '1') });
    const informer = makeInformer<V1ConfigMap>(
      certificate,
      `/api/v1/namespaces/${namespace}/configmaps`,
      () => core.listNamespacedConfigMap({ namespace, labelSelector }),
      labelSelector,
    );
    const seen: string[] = [];
    for (const verb of ['add', 'update', 'delete'] as const) {
      informer.on(verb, ({ metadata, data }) => seen.push(`${verb} ${metadata?.name} ${data?.['n']}`));
    }
    const faultsOfIt: unknown[] = [];
    informer.on('error', (error: unknown) => faultsOfIt.push(error));
    await informer.start();
    await core.createNamespacedConfigMap({ namespace, body: make('after', '1') });
    await core.replaceNamespacedConfigMap({ name: 'before', namespace, body: { ...first, data: { n: '2' } } });
    await core.deleteNamespacedConfigMap({ name: 'after', namespace });
    await until(() => seen.length === 4);
    expect(faultsOfIt).toEqual([]);
    await informer.stop();
    expect(seen).toEqual(['add before 1', 'add after 1', 'update before 2', 'delete after 1']);
    expect(informer.list().map(({ metadata }) => metadata?.name)).toEqual(['before']);
  });
});

describe('election of a leader by Lease', () => {
  const name = 'leader';

  /** One try: takes or renews the lease if it may. */
  async function tryLead(identity: string): Promise<boolean> {
    const leases = token.makeApiClient(CoordinationV1Api);
    const now = new V1MicroTime(bridge.world.lab.clock.now);
    const spec = { holderIdentity: identity, leaseDurationSeconds: 15, renewTime: now };
    let found: V1Lease;
    try {
      found = await leases.readNamespacedLease({ name, namespace });
    } catch (error) {
      if (!(error instanceof ApiException) || error.code !== 404) throw error;
      const body = { metadata: { name }, spec: { ...spec, acquireTime: now } };
      return leases.createNamespacedLease({ namespace, body }).then(() => true, conflicting);
    }
    const { holderIdentity, renewTime, leaseDurationSeconds = 0, leaseTransitions = 0 } = found.spec ?? {};
    const mine = holderIdentity === identity;
    // What the client reads of a MicroTime is its text.
    const expires = new Date(String(renewTime)).getTime() + leaseDurationSeconds * 1000;
    if (!mine && expires > bridge.world.lab.clock.now) return false;
    const body = {
      ...found,
      spec: { ...found.spec, ...spec, ...(mine ? {} : { leaseTransitions: leaseTransitions + 1 }) },
    };
    return leases.replaceNamespacedLease({ name, namespace, body }).then(() => true, conflicting);
  }
  const conflicting = (error: unknown): boolean => {
    if (error instanceof ApiException && error.code === 409) return false;
    throw error;
  };

  it('one of several at a time; another when the first is silent', async () => {
    const first = await Promise.all(['a', 'b', 'c'].map(async (each) => ({ each, leads: await tryLead(each) })));
    const leaders = first.filter(({ leads }) => leads).map(({ each }) => each);
    expect(leaders).toHaveLength(1);
    const [leader = ''] = leaders;
    expect(await tryLead(leader)).toBe(true);
    const other = ['a', 'b', 'c'].find((each) => each !== leader) ?? '';
    await until(() => tryLead(other));
    const { spec } = await token.makeApiClient(CoordinationV1Api).readNamespacedLease({ name, namespace });
    expect([spec?.holderIdentity, spec?.leaseTransitions]).toEqual([other, 1]);
  });
});

describe.each(['kubernetes-admin@kubernetes', 'token'])('a pod, in context %s', (context) => {
  const name = context === 'token' ? 'shell-token' : 'shell';
  let config: KubeConfig;

  beforeAll(async () => {
    config = configOf(context);
    const core = config.makeApiClient(CoreV1Api);
    await core.createNamespacedPod({
      namespace,
      body: {
        metadata: { name },
        spec: {
          containers: [
            {
              name: 'main',
              image: 'busybox:1.36',
              command: ['sh', '-c', 'echo ready; while read line; do echo "got $line"; done; sleep 3600'],
              stdin: true,
            },
            { name: 'web', image: 'nginx:1.27' },
          ],
        },
      },
    });
    await until(async () => {
      const { status } = await core.readNamespacedPod({ name, namespace });
      return status?.conditions?.some((each) => each.type === 'Ready' && each.status === 'True') ?? false;
    });
  }, 40_000);

  it('runs a command, with its streams and its status', async () => {
    const [out, err] = [new Sink(), new Sink()];
    const status = await new Promise<V1Status>((resolve, reject) => {
      new Exec(config)
        .exec(
          namespace,
          name,
          'main',
          ['sh', '-c', 'cat; echo oh >&2; exit 3'],
          out,
          err,
          input('hello\n'),
          false,
          resolve,
        )
        .catch(reject);
    });
    expect([out.text, err.text]).toEqual(['hello\n', 'oh\n']);
    expect([status.status, status.reason, status.details?.causes?.[0]]).toEqual([
      'Failure',
      'NonZeroExitCode',
      { reason: 'ExitCode', message: '3' },
    ]);
  });

  it('attaches', async () => {
    const out = new Sink();
    const typed = new PassThrough();
    const socket = await new Attach(config).attach(namespace, name, 'main', out, null, typed, false);
    typed.write('ahoy\n');
    await out.until('got ahoy\n');
    socket.close();
  });

  it('streams logs', async () => {
    const sink = new Sink();
    const abort = await new Log(config).log(namespace, name, 'main', sink, { follow: true });
    await sink.until('ready\n');
    abort.abort();
  });

  it('forwards a port', async () => {
    const [out, err] = [new Sink(), new Sink()];
    // Its end would close the whole connection.
    const typed = new PassThrough();
    const socket = await new PortForward(config).portForward(namespace, name, [80], out, err, typed);
    typed.write('GET / HTTP/1.0\r\n\r\n');
    await out.until('</html>');
    expect(out.text).toMatch(/^HTTP\/1\.[01] 200 OK\r\n/);
    expect(err.text).toBe('');
    if ('close' in socket) socket.close();
  });
});

/** A stream that says `text` and then ends. */
function input(text: string): PassThrough {
  const stream = new PassThrough();
  stream.end(text);
  return stream;
}
