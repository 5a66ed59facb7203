import { setImmediate as turn } from 'node:timers/promises';
import { Clock } from '../../sim/clock';
import { Random } from '../../sim/random';
import { Trace } from '../../sim/trace';
import { event } from '../api/core/event';
import { namespace } from '../api/core/namespace';
import { createRegistry } from '../apiserver/create-registry';
import { createHollowNodes, hollowNode } from '../kubelet/hollow';
import { timedStages } from '../kubelet/hollow-timed';
import { createScheduler } from '../scheduler/scheduler';
import { createControllerManager } from '../controllers/manager';

/** A control plane over one node without a machine; pods say in annotations `test/…` how they fare. For tests. */
export function controllersWorld(): {
  readonly clock: Clock;
  readonly client: ReturnType<ReturnType<typeof createRegistry>['as']>;
  readonly registry: ReturnType<typeof createRegistry>;
  readonly events: (name: string) => readonly string[];
} {
  const trace = new Trace();
  const clock = new Clock({ start: Date.UTC(2026, 0, 1), trace, settle: () => turn() });
  const random = new Random(7);
  const registry = createRegistry({ clock, random: random.fork('registry'), trace });
  const client = registry.as({ user: 'kubernetes-admin', groups: ['system:masters'], agent: 'kubectl' });
  for (const name of ['default', 'kube-system', 'kube-public'])
    client.create(namespace, { metadata: { name }, spec: {} });
  createControllerManager({ registry, clock, random, trace, rootCa: 'PEM', tokens: registry.tokens });
  const scheduler = registry.as({ user: 'system:kube-scheduler', agent: 'kube-scheduler' });
  createScheduler({ client: scheduler, clock, random: random.fork('scheduler'), trace });
  createHollowNodes({
    client: registry.as({ user: 'system:admin', groups: ['system:masters'], agent: 'kwok' }),
    clock,
    stages: timedStages('test'),
    nodes: [hollowNode({ name: 'node-1', address: '172.31.0.1', podCIDR: '10.100.0.0/16' }, clock.now)],
  });
  const events = (name: string): readonly string[] =>
    client
      .list(event)
      .filter(({ involvedObject }) => involvedObject.name === name)
      .map(({ type, reason, message }) => `${type} ${reason} ${message}`);
  return { clock, client, registry, events };
}
