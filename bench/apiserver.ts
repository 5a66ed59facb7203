import { deployment } from '../src/kubernetes/api/apps/deployment';
import { configMap } from '../src/kubernetes/api/core/configmap';
import type { PodSpec } from '../src/kubernetes/api/core/pod-spec';
import { pod } from '../src/kubernetes/api/core/pod';
import { serviceAccount } from '../src/kubernetes/api/core/serviceaccount';
import { createApiserver } from '../src/kubernetes/apiserver/apiserver';
import { bootstrap } from '../src/kubernetes/apiserver/bootstrap';
import { createRegistry } from '../src/kubernetes/apiserver/create-registry';
import { strategicMerge } from '../src/kubernetes/apiserver/rest/strategic-merge';
import { noBytes } from '../src/linux/io/bytes';
import { Headers } from '../src/linux/net/http/message';
import { Clock } from '../src/sim/clock';
import { Random } from '../src/sim/random';
import { Trace } from '../src/sim/trace';

interface ApiserverCosts {
  /** Objects created and told to a watcher, a second. */
  readonly writes: number;
  /** A list of 10,000 pods as a Table, ms of CPU. */
  readonly table: number;
  /** One strategic patch of a Deployment, µs. */
  readonly patch: number;
  /** A server with all kinds, from nothing to its first answer, ms of CPU. */
  readonly boot: number;
}

const tableAccept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
const peer = { commonName: 'kubernetes-admin', organizations: ['system:masters'] };

/** A server with all its kinds, and the namespaces that it makes itself. */
export function startApiserver() {
  const trace = new Trace();
  const clock = new Clock({ start: 0, trace, settle: () => new Promise((resolve) => setImmediate(resolve)) });
  const random = new Random(1);
  const registry = createRegistry({ clock, random, trace });
  bootstrap(registry, { advertiseAddress: '172.30.1.2' });
  const handler = createApiserver({ registry, clock, random, trace });
  const get = (url: string, accept = 'application/json') =>
    handler(
      { method: 'GET', url, headers: new Headers({ Accept: accept }), body: noBytes },
      { remote: '127.0.0.1', peer },
    );
  return { clock, registry, get, client: registry.as({ user: 'bench', groups: ['system:masters'], agent: 'bench' }) };
}

/** The median of some rounds. */
async function median(rounds: number, measure: () => Promise<number>): Promise<number> {
  const all: number[] = [];
  for (let round = 0; round < rounds; round++) all.push(await measure());
  all.sort((a, b) => a - b);
  return all[Math.floor(rounds / 2)] ?? NaN;
}

async function measureWrites(cpu: () => number): Promise<number> {
  const { clock, client } = startApiserver();
  const count = 20_000;
  let seen = 0;
  client.watch(configMap, {}, () => void seen++);
  const before = cpu();
  for (let index = 0; index < count; index++)
    client.create(configMap, { metadata: { name: `c${index}`, namespace: 'default' }, data: { index: 'x' } });
  await clock.advance(1000);
  if (seen < count) throw new Error(`the watcher saw ${seen} of ${count}`);
  return count / ((cpu() - before) / 1000);
}

/** What a client leaves out, the server fills in. */
const spec = { containers: [{ name: 'nginx', image: 'nginx' }] } as unknown as PodSpec;

async function measureTable(cpu: () => number): Promise<number> {
  const { client, get } = startApiserver();
  client.create(serviceAccount, { metadata: { name: 'default', namespace: 'default' } });
  for (let index = 0; index < 10_000; index++) {
    const made = client.create(pod, {
      metadata: { name: `p${index}`, namespace: 'default', labels: { app: 'web' } },
      spec,
    });
    if (!made.ok) throw new Error(made.error.message);
  }
  return median(5, async () => {
    const before = cpu();
    const { status } = await get('/api/v1/pods', tableAccept);
    if (status !== 200) throw new Error(`a list gave ${status}`);
    return cpu() - before;
  });
}

function measurePatch(cpu: () => number): number {
  const original = {
    metadata: { name: 'web', labels: { app: 'web' } },
    spec: {
      replicas: 3,
      template: {
        metadata: { labels: { app: 'web' } },
        spec: {
          containers: [
            { name: 'nginx', image: 'nginx:1.28', ports: [{ containerPort: 80 }], env: [{ name: 'A', value: '1' }] },
            { name: 'log', image: 'busybox' },
          ],
        },
      },
    },
  };
  const containers = [{ name: 'nginx', image: 'nginx:1.29', env: [{ name: 'B', value: '2' }] }];
  const patch = { spec: { replicas: 5, template: { spec: { containers } } } };
  const rounds = 20_000;
  for (let round = 0; round < rounds; round++) strategicMerge(original, patch, deployment.schema);
  const before = cpu();
  for (let round = 0; round < rounds; round++) strategicMerge(original, patch, deployment.schema);
  return ((cpu() - before) / rounds) * 1000;
}

/** What the apiserver costs by itself, without a network before it. */
export async function measureApiserver(cpu: () => number): Promise<ApiserverCosts> {
  const boot = await median(9, async () => {
    const before = cpu();
    await startApiserver().get('/api/v1/namespaces');
    return cpu() - before;
  });
  await measureWrites(cpu);
  const slower = await median(3, async () => -(await measureWrites(cpu)));
  return { boot, writes: -slower, table: await measureTable(cpu), patch: measurePatch(cpu) };
}
