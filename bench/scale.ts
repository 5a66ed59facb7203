import { createLab, type Lab } from '../src/cluster/lab';
import { topologies, type Topology } from '../src/cluster/topology';
import { deployment } from '../src/kubernetes/api/apps/deployment';
import type { Draft } from '../src/kubernetes/apimachinery/object';
import type { Deployment } from '../src/kubernetes/api/apps/deployment';

export interface Measured {
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly virtualMs: number;
  /** The longest the thread was kept from its event loop, in real milliseconds. */
  readonly longestTurn: number;
}

/** Watches how long the event loop is kept waiting. */
class Loop {
  longest = 0;
  #last = performance.now();

  /** One turn of the event loop, timed from the one before. */
  readonly settle = (): Promise<void> =>
    new Promise((resolve) =>
      setImmediate(() => {
        const now = performance.now();
        this.longest = Math.max(this.longest, now - this.#last);
        this.#last = now;
        resolve();
      }),
    );

  reset(): void {
    this.longest = 0;
    this.#last = performance.now();
  }
}

async function measure(
  lab: Lab | undefined,
  loop: Loop,
  cpu: () => number,
  run: () => Promise<Lab>,
): Promise<[Measured, Lab]> {
  loop.reset();
  const began = { cpu: cpu(), wall: performance.now(), virtual: lab?.clock.now };
  const after = await run();
  const virtualMs = after.clock.now - (began.virtual ?? after.hosts[0]?.bootedAt ?? after.clock.now);
  return [
    { cpuMs: cpu() - began.cpu, wallMs: performance.now() - began.wall, virtualMs, longestTurn: loop.longest },
    after,
  ];
}

/** From nothing to all nodes Ready. */
export async function measureBoot(
  cpu: () => number,
  topology: Topology | undefined = topologies.seed,
): Promise<[Measured, Lab, Loop]> {
  if (topology === undefined) throw new Error('no such topology');
  const loop = new Loop();
  const [measured, lab] = await measure(undefined, loop, cpu, async () => {
    const made = await createLab({ topology, seed: 7, settle: loop.settle });
    await made.boot();
    return made;
  });
  return [measured, lab, loop];
}

/** A Deployment of `replicas` nginx pods on the nodes of a topology until all are Ready. */
export async function measureScale(
  replicas: number,
  topology: Topology,
  cpu: () => number,
): Promise<Measured & { readonly boot: Measured }> {
  const [boot, lab, loop] = await measureBoot(cpu, topology);
  const { registry } = lab;
  if (registry === undefined) throw new Error('the lab has no cluster');
  const client = registry.as({ user: 'bench', groups: ['system:masters'], agent: 'bench' });
  const [measured] = await measure(lab, loop, cpu, async () => {
    const created = client.create(deployment, web(replicas) as unknown as Draft<Deployment>);
    if (!created.ok) throw new Error(created.error.message);
    const done = await lab.clock.runUntil(
      () => client.get(deployment, 'default', 'web')?.status.readyReplicas === replicas,
      { limit: 3_600_000 },
    );
    if (!done) {
      const ready = client.get(deployment, 'default', 'web')?.status.readyReplicas ?? 0;
      throw new Error(`only ${ready} of ${replicas} pods became Ready`);
    }
    return lab;
  });
  return { ...measured, boot };
}

const labels = { app: 'web' };
const web = (replicas: number): unknown => ({
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    replicas,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name: 'nginx', image: 'nginx' }] } },
  },
});
