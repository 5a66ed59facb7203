import type { Clock } from '../../sim/clock';
import type { Random } from '../../sim/random';
import type { Trace } from '../../sim/trace';
import type { Registry } from '../apiserver/registry';
import { runController, type ControllerDefinition } from './controller';
import { deploymentController } from './deployment/deployment';
import { Informers } from './informers';
import { replicaSetController } from './replicaset';

/** What kube-controller-manager runs. */
export const controllers: readonly ControllerDefinition[] = [deploymentController, replicaSetController];

export interface ControllerManagerOptions {
  readonly registry: Registry;
  readonly clock: Clock;
  readonly random: Random;
  readonly trace: Trace;
  /** False while it cannot reach the server. */
  readonly connected?: () => boolean;
  readonly controllers?: readonly ControllerDefinition[];
}

/** Runs the controllers, each under its service account (--use-service-account-credentials), until the result is called. */
export function createControllerManager({
  registry,
  clock,
  random,
  trace,
  connected,
  controllers: wanted = controllers,
}: ControllerManagerOptions): () => void {
  const reach = connected === undefined ? {} : { connected };
  const informers = new Informers(
    registry.as({ user: 'system:kube-controller-manager', agent: 'kube-controller-manager', ...reach }),
  );
  const stops = wanted.map((definition) => {
    const client = registry.as({
      user: `system:serviceaccount:kube-system:${definition.name}`,
      groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system', 'system:authenticated'],
      agent: 'kube-controller-manager',
      ...reach,
    });
    return runController(definition, { client, informers, clock, random: random.fork(definition.name), trace });
  });
  informers.start();
  return () => {
    for (const stop of stops) stop();
    informers.stop();
  };
}
