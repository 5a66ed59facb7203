import { at, patches, type Thing } from '../client';
import { area, type Behaviour, type Behaviours, type Framework } from '../framework';
import {
  HTTPD,
  contains,
  isReady,
  logs,
  outputOf,
  podOf,
  reach,
  ready,
  serve,
  shellContainer,
  SLEEP,
  start,
} from '../pods';
import { namespacedOperations } from './operations';
import { pausePod, template } from './objects';

const POD = 'test-pod';
const read = (f: Framework, name = POD): Promise<Thing> => f.api.get(f.at('pods', name));
const restarts = (pod: Thing): number => Number(at(pod, 'status', 'containerStatuses', 0, 'restartCount') ?? 0);

/** Restarts so often within a time, or never. */
const lives =
  (script: string, livenessProbe: object, wanted: number, limit = 240_000): Behaviour =>
  async (f) => {
    await start(f, { script, container: { livenessProbe }, spec: { restartPolicy: 'Always' } });
    await reach(f, POD, 'Running');
    let last = restarts(await read(f));
    for (const end = f.lab.clock.now + limit; f.lab.clock.now < end && last < wanted;) {
      await f.lab.clock.advance(2000);
      const now = restarts(await read(f));
      f.holds(now >= last, 'restarts are never fewer');
      last = now;
    }
    if (wanted === 0) {
      await f.lab.clock.advance(limit);
      last = restarts(await read(f));
    }
    f.holds(wanted === 0 ? last === 0 : last >= wanted, `${wanted} restarts (${last})`);
  };
const exec = {
  exec: { command: ['cat', '/tmp/health'] },
  initialDelaySeconds: 15,
  timeoutSeconds: 5,
  failureThreshold: 1,
};
const http = (path: string, initialDelaySeconds = 15, failureThreshold = 1) => ({
  httpGet: { path, port: 8080 },
  initialDelaySeconds,
  failureThreshold,
});
/** Healthy for ten seconds. */
const failsLater = `${serve('ok', 8080)} & echo ok > /tmp/www/healthz; sleep 10; rm /tmp/www/healthz; sleep 600`;

const probes: Behaviours = area('[sig-node] Probing container', {
  'with readiness probe should not be ready before initial delay and never restart [NodeConformance]': async (f) => {
    const readinessProbe = { httpGet: { path: '/', port: 8080 }, initialDelaySeconds: 15 };
    await start(f, { script: serve('ok', 8080), container: { readinessProbe } });
    const pod = await ready(f, POD);
    const started = Date.parse(String(at(pod, 'status', 'containerStatuses', 0, 'state', 'running', 'startedAt')));
    const conditions = (at(pod, 'status', 'conditions') ?? []) as readonly Readonly<Record<string, string>>[];
    const since = Date.parse(conditions.find(({ type }) => type === 'Ready')?.['lastTransitionTime'] ?? '');
    f.holds(since - started >= 15_000, `ready after ${since - started} ms`);
    f.equal(restarts(pod), 0, 'the restarts');
  },
  'with readiness probe that fails should never be ready and never restart [NodeConformance]': async (f) => {
    const readinessProbe = { exec: { command: ['/bin/false'] }, initialDelaySeconds: 15 };
    await start(f, { script: SLEEP, container: { readinessProbe } });
    await reach(f, POD, 'Running');
    for (let seconds = 0; seconds < 60; seconds += 2) {
      await f.lab.clock.advance(2000);
      f.holds(!isReady(await read(f)), 'it is not ready');
    }
    f.equal(restarts(await read(f)), 0, 'the restarts');
  },
  'should be restarted with a exec "cat /tmp/health" liveness probe [NodeConformance]': lives(
    'echo ok >/tmp/health; sleep 10; rm -rf /tmp/health; sleep 600',
    exec,
    1,
  ),
  'should *not* be restarted with a exec "cat /tmp/health" liveness probe [NodeConformance]': lives(
    'echo ok >/tmp/health; sleep 600',
    exec,
    0,
  ),
  'should be restarted with a /healthz http liveness probe [NodeConformance]': lives(failsLater, http('/healthz'), 1),
  'should *not* be restarted with a tcp:8080 liveness probe [NodeConformance]': lives(
    serve('ok', 8080),
    { tcpSocket: { port: 8080 }, initialDelaySeconds: 15, failureThreshold: 1 },
    0,
  ),
  'should have monotonically increasing restart count [NodeConformance]': lives(
    failsLater,
    http('/healthz', 5),
    5,
    840_000,
  ),
  'should *not* be restarted with a /healthz http liveness probe [NodeConformance]': lives(
    serve('ok', 8080),
    http('/', 15, 5),
    0,
  ),
});

/** A pod that notes who asked for what, and one with a hook that tells it. */
const hook =
  (which: 'postStart' | 'preStop', how: 'exec' | 'http'): Behaviour =>
  async (f) => {
    // Its access log tells.
    await start(f, { name: 'handler', image: HTTPD });
    const handler = await reach(f, 'handler', 'Running');
    const host = String(at(handler, 'status', 'podIP'));
    const path = `/?msg=${which}`;
    const handle =
      how === 'http'
        ? { httpGet: { path, host, port: 80 } }
        : { exec: { command: ['sh', '-c', `wget -qO- "http://${host}${path}"`] } };
    await start(f, {
      script: SLEEP,
      container: { lifecycle: { [which]: handle } },
      spec: { terminationGracePeriodSeconds: 15 },
    });
    await ready(f, POD);
    const told = async (): Promise<boolean> => (await logs(f, 'handler')).includes(`msg=${which}`);
    if (which === 'postStart') await f.until(told, 'the hook to be called', 60_000);
    await f.api.delete(f.at('pods', POD));
    await f.gone(f.at('pods', POD));
    if (which === 'preStop') await f.until(told, 'the hook to be called', 60_000);
  };

const hooks: Behaviours = area('[sig-node] Container Lifecycle Hook when create a pod with lifecycle hook', {
  'should execute poststart exec hook properly [NodeConformance]': hook('postStart', 'exec'),
  'should execute poststart http hook properly [NodeConformance]': hook('postStart', 'http'),
  'should execute prestop exec hook properly [NodeConformance]': hook('preStop', 'exec'),
  'should execute prestop http hook properly [NodeConformance]': hook('preStop', 'http'),
});

const labels = { name: 'foo' };
const plain: Behaviours = area('[sig-node] Pods', {
  'should get a host IP [NodeConformance]': async (f) => {
    await f.api.create(f.at('pods'), pausePod(POD));
    f.holds(typeof at(await reach(f, POD, 'Running'), 'status', 'hostIP') === 'string', 'there is an address');
  },
  'should be submitted and removed [NodeConformance]': async (f) => {
    const watch = await f.api.watch(`${f.at('pods')}?labelSelector=name%3Dfoo`);
    await f.api.create(f.at('pods'), pausePod(POD, { terminationGracePeriodSeconds: 30 }, labels));
    await watch.next('ADDED');
    f.equal((await f.api.get(`${f.at('pods')}?labelSelector=name%3Dfoo`)).items.length, 1, 'how many there are');
    await reach(f, POD, 'Running');
    await f.api.delete(f.at('pods', POD), { gracePeriodSeconds: 30 });
    const { object } = await watch.until('DELETED', POD, 'metadata', 'name');
    f.holds(object.metadata.deletionTimestamp !== undefined, 'the last object tells when');
    f.holds(at(object, 'spec', 'terminationGracePeriodSeconds') !== 0, 'the grace period');
    f.equal((await f.api.get(f.at('pods'))).items.length, 0, 'how many are left');
  },
  'should be updated [NodeConformance]': async (f) => {
    await f.api.create(f.at('pods'), pausePod(POD, {}, labels));
    await reach(f, POD, 'Running');
    await f.change(f.at('pods', POD), (it) => ({ ...it, metadata: { ...it.metadata, labels: { time: 'now' } } }));
    await reach(f, POD, 'Running');
    f.equal((await f.api.get(`${f.at('pods')}?labelSelector=time%3Dnow`)).items.length, 1, 'how many are found');
  },
  'should allow activeDeadlineSeconds to be updated [NodeConformance]': async (f) => {
    await f.api.create(f.at('pods'), pausePod(POD));
    await reach(f, POD, 'Running');
    await f.change(f.at('pods', POD), (it) => ({
      ...it,
      spec: { ...(it['spec'] as object), activeDeadlineSeconds: 5 },
    }));
    f.equal(at(await reach(f, POD, 'Failed'), 'status', 'reason'), 'DeadlineExceeded', 'the reason');
  },
  'should contain environment variables for services [NodeConformance]': async (f) => {
    await f.api.create(f.at('services'), {
      metadata: { name: 'fooservice' },
      spec: { ports: [{ port: 8765, targetPort: 8080 }], selector: labels },
    });
    await f.lab.clock.advance(2000);
    const said = await outputOf(f, { script: 'env' });
    for (const name of ['HOST', 'PORT']) contains(f, said, `FOOSERVICE_SERVICE_${name}=`);
    contains(f, said, 'FOOSERVICE_PORT=', 'FOOSERVICE_PORT_8765_TCP_PORT=', 'FOOSERVICE_PORT_8765_TCP_PROTO=');
    contains(f, said, 'FOOSERVICE_PORT_8765_TCP=', 'FOOSERVICE_PORT_8765_TCP_ADDR=');
  },
  'should delete a collection of pods': async (f) => {
    for (const name of ['one', 'two', 'three'])
      await f.api.create(f.at('pods'), pausePod(name, {}, { type: 'Testing' }));
    for (const name of ['one', 'two', 'three']) await reach(f, name, 'Running');
    await f.api.delete(`${f.at('pods')}?labelSelector=type%3DTesting`, { gracePeriodSeconds: 1 });
    await f.until(async () => (await f.api.get(f.at('pods'))).items.length === 0, 'all to be gone');
  },
  'should patch a pod status': async (f) => {
    await f.api.create(f.at('pods'), pausePod(POD));
    await reach(f, POD, 'Running');
    const own = { type: 'example.com/own', status: 'True' };
    const patched = await f.api.patch(
      `${f.at('pods', POD)}/status`,
      { status: { conditions: [own] } },
      patches.strategic,
    );
    f.holds(JSON.stringify(at(patched, 'status', 'conditions')).includes(own.type), 'the condition');
    await f.api.patch(`${f.at('pods', POD)}/status`, { status: { message: 'Patched by e2e test', reason: 'E2E' } });
    f.equal(at(await f.api.get(`${f.at('pods', POD)}/status`), 'metadata', 'name'), POD, 'whose status it is');
  },
  'should run through the lifecycle of Pods and PodStatus': async (f) => {
    const selector = 'labelSelector=test-pod-static%3Dtrue';
    const watch = await f.api.watch(`${f.at('pods')}?${selector}`);
    await f.api.create(
      f.at('pods'),
      pausePod(POD, { terminationGracePeriodSeconds: 1 }, { 'test-pod-static': 'true' }),
    );
    await watch.until('ADDED', POD, 'metadata', 'name');
    await watch.until('MODIFIED', 'Running', 'status', 'phase');
    const image = 'registry.k8s.io/pause:3.9';
    const patch = { metadata: { labels: { own: 'patched' } }, spec: { containers: [{ name: 'nginx', image }] } };
    await f.api.patch(f.at('pods', POD), patch, patches.strategic);
    await watch.until('MODIFIED', 'patched', 'metadata', 'labels', 'own');
    f.equal(at(await read(f), 'spec', 'containers', 0, 'image'), image, 'the image');
    await f.lab.clock.advance(5000);
    const changed = await f.change(
      f.at('pods', POD),
      (it) => {
        const conditions = (at(it, 'status', 'conditions') ?? []) as readonly { readonly type: string }[];
        return {
          ...it,
          status: {
            ...(it['status'] as object),
            conditions: conditions.map((one) => (one.type === 'Ready' ? { ...one, status: 'False' } : one)),
          },
        };
      },
      '/status',
    );
    f.holds(!isReady(changed), 'the updated status says so');
    await f.api.delete(`${f.at('pods')}?${selector}`);
    await watch.until('DELETED', POD, 'metadata', 'name');
  },
});

const rest: Behaviours = {
  ...area('[sig-node] Pods Extended', {
    'Pods Set QOS Class should be set on Pods with matching resource requests and limits for memory and cpu': async (
      f,
    ) => {
      const amounts = { cpu: '100m', memory: '100Mi' };
      const made = await f.api.create(
        f.at('pods'),
        podOf({ script: SLEEP, container: { resources: { requests: amounts, limits: amounts } } }),
      );
      f.equal(at(made, 'status', 'qosClass'), 'Guaranteed', 'the class');
      f.equal(at(await read(f), 'status', 'qosClass'), 'Guaranteed', 'the class');
    },
  }),
  ...area('[sig-node] PodTemplates', {
    'should run the lifecycle of PodTemplates': async (f) => {
      const path = f.at('podtemplates', 'nginx');
      const selector = `labelSelector=podtemplate-static%3D${f.namespace}`;
      const all = async (): Promise<number> => (await f.api.get(`/api/v1/podtemplates?${selector}`)).items.length;
      f.equal(await all(), 0, 'how many there are at first');
      const own = { 'podtemplate-static': f.namespace };
      await f.api.create(f.at('podtemplates'), { metadata: { name: 'nginx', labels: own }, template: template({}) });
      f.equal((await f.api.get(path)).metadata.name, 'nginx', 'the name');
      await f.api.patch(path, { metadata: { labels: { podtemplate: 'patched' } } }, patches.strategic);
      f.equal((await f.api.get(path)).metadata.labels?.['podtemplate'], 'patched', 'the label');
      await f.api.delete(path);
      f.equal(await all(), 0, 'how many are left');
    },
    'should delete a collection of pod templates': async (f) => {
      const selector = 'labelSelector=podtemplate-set%3Dtrue';
      for (const name of ['test-podtemplate-1', 'test-podtemplate-2', 'test-podtemplate-3'])
        await f.api.create(f.at('podtemplates'), {
          metadata: { name, labels: { 'podtemplate-set': 'true' } },
          template: template({}),
        });
      const count = async (): Promise<number> => (await f.api.get(`${f.at('podtemplates')}?${selector}`)).items.length;
      f.equal(await count(), 3, 'how many there are');
      await f.api.delete(`${f.at('podtemplates')}?${selector}`);
      f.equal(await count(), 0, 'how many are left');
    },
    'should replace a pod template': async (f) => {
      const path = f.at('podtemplates', 'one');
      await f.api.create(f.at('podtemplates'), { metadata: { name: 'one' }, template: template({}) });
      const replaced = await f.change(path, (it) => ({
        ...it,
        metadata: { ...it.metadata, annotations: { updated: 'true' } },
      }));
      f.equal(replaced.metadata.annotations?.['updated'], 'true', 'the annotation');
    },
  }),
  ...area('[sig-node] Lease', {
    'lease API should be available': async (f) => {
      const spec = { holderIdentity: 'holder', leaseDurationSeconds: 30, leaseTransitions: 0 };
      const times = { acquireTime: '2025-01-01T00:00:00.000000Z', renewTime: '2025-01-01T00:00:05.000000Z' };
      const made = await f.api.create(f.at('coordination.k8s.io/v1/leases'), {
        metadata: { name: 'lease' },
        spec: { ...spec, ...times },
      });
      f.equal(made['spec'], { ...spec, ...times }, 'what is made');
      await namespacedOperations(f, { resource: 'coordination.k8s.io/v1/leases', body: { spec } });
    },
  }),
  ...area('[sig-node] Containers', {
    'should use the image defaults if command and args are blank [NodeConformance]': async (f) => {
      await start(f, { image: 'docker.io/library/httpd:2.4' });
      await reach(f, POD, 'Running');
      await f.until(async () => (await logs(f, POD)).includes('resuming normal operations'), 'the default command');
    },
    "should be able to override the image's default arguments (container cmd) [NodeConformance]": async (f) => {
      const said = await outputOf(f, { container: { args: ['echo', 'override', 'arguments'] } });
      f.equal(said, 'override arguments\n', 'what it says');
    },
    "should be able to override the image's default command (container entrypoint) [NodeConformance]": async (f) => {
      contains(f, await outputOf(f, { image: HTTPD, container: { command: ['httpd', '-v'] } }), 'Server version');
    },
    "should be able to override the image's default command and arguments [NodeConformance]": async (f) => {
      const container = { command: ['/bin/echo'], args: ['override', 'arguments'] };
      f.equal(await outputOf(f, { container }), 'override arguments\n', 'what it says');
    },
  }),
  ...area('[sig-node] Ephemeral Containers [NodeConformance]', {
    'will start an ephemeral container in an existing pod': async (f) => {
      await start(f, { script: SLEEP });
      await reach(f, POD, 'Running');
      await attach(f, 'debugger', 'echo polo; sleep 1000');
      await f.until(async () => at(await read(f), ...ephemeral(0), 'state', 'running') !== undefined, 'the debugger');
      await f.until(async () => (await logs(f, POD, 'debugger')).includes('polo'), 'the debugger to speak');
    },
    'should update the ephemeral containers in an existing pod': async (f) => {
      await start(f, { script: SLEEP });
      await reach(f, POD, 'Running');
      await attach(f, 'debugger', 'sleep 1000');
      await f.until(async () => at(await read(f), ...ephemeral(0), 'state', 'running') !== undefined, 'the debugger');
      await f.change(
        f.at('pods', POD),
        (it) => {
          const spec = it['spec'] as Readonly<Record<string, unknown>>;
          const now = (spec['ephemeralContainers'] ?? []) as readonly object[];
          return { ...it, spec: { ...spec, ephemeralContainers: [...now, shellContainer('sleep 1000', 'debugger2')] } };
        },
        '/ephemeralcontainers',
      );
      await f.until(async () => at(await read(f), ...ephemeral(1), 'state', 'running') !== undefined, 'the other');
    },
  }),
  ...area('[sig-node] PreStop', {
    'should call prestop when killing a pod': async (f) => {
      await hook('preStop', 'http')(f);
    },
  }),
};
const ephemeral = (index: number) => ['status', 'ephemeralContainerStatuses', index] as const;
const attach = (f: Framework, name: string, script: string): Promise<Thing> =>
  f.api.patch(
    `${f.at('pods', POD)}/ephemeralcontainers`,
    { spec: { ephemeralContainers: [shellContainer(script, name)] } },
    patches.strategic,
  );

export const podBehaviours: Behaviours = { ...probes, ...hooks, ...plain, ...rest };
