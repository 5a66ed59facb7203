import { err, ok, type Result } from '../../sim/result';
import { pod as podKind, type Pod } from '../api/core/pod';
import { conflict, notFound, type Status } from '../apimachinery/status';
import { timeOf } from '../apimachinery/time';
import type { Actor, WriteOptions } from './registry';
import type { Storage } from './storage';

/** BindingREST.setPodHostAndAnnotations. */
export function bind(
  storage: Storage,
  actor: Actor,
  namespace: string,
  name: string,
  node: string,
  uid?: string,
  { dryRun = false }: WriteOptions = {},
): Result<void, Status> {
  const pod = storage.get(podKind, namespace, name);
  const refuse = (why: string): Result<void, Status> => err(conflict({ group: '', plural: 'pods/binding' }, name, why));
  if (pod === undefined) return err(notFound(podKind.names, name));
  if (uid !== undefined && uid !== pod.metadata.uid)
    return refuse(`Precondition failed: UID in precondition: ${uid}, UID in object meta: ${pod.metadata.uid}`);
  if (pod.metadata.deletionTimestamp !== undefined)
    return refuse(`pod ${name} is being deleted, cannot be assigned to a host`);
  if (pod.spec.nodeName !== undefined && pod.spec.nodeName !== '')
    return refuse(`pod ${name} is already assigned to node "${pod.spec.nodeName}"`);
  if (pod.spec.schedulingGates !== undefined && pod.spec.schedulingGates.length > 0)
    return refuse(`pod ${name} has non-empty .spec.schedulingGates`);
  if (!dryRun) storage.write(podKind, bound(pod, node, timeOf(storage.clock.now)), 'bind', actor, { intended: pod });
  return ok(undefined);
}

function bound(pod: Pod, nodeName: string, now: string): Pod {
  const conditions = (pod.status.conditions ?? []).filter(({ type }) => type !== 'PodScheduled');
  return {
    ...pod,
    spec: { ...pod.spec, nodeName },
    status: {
      ...pod.status,
      conditions: [
        ...conditions,
        { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: now },
      ],
    },
  };
}
