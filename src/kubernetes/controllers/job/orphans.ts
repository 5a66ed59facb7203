import { isJobFinished, job as jobKind } from '../../api/batch/job';
import { pod as podKind, type Pod } from '../../api/core/pod';
import { controllerOf } from '../../apimachinery/object';
import type { RegistryClient } from '../../apiserver/registry';
import { isTracked, TRACKING } from './pods';

const OURS = 'kubernetes.io/job-controller';

/** managedByExternalController */
export const isManagedByOther = ({ spec }: { readonly spec: { readonly managedBy?: string } }): boolean =>
  spec.managedBy !== undefined && spec.managedBy !== OURS;

/** removeTrackingFinalizerPatch */
export function untrack(client: RegistryClient, { metadata: { namespace, name, uid } }: Pod): void {
  client.mutate(podKind, namespace, name, (now) => {
    if (now.metadata.uid !== uid || !isTracked(now)) return now;
    const { finalizers = [], ...rest } = now.metadata;
    const left = finalizers.filter((each) => each !== TRACKING);
    return { ...now, metadata: left.length === 0 ? rest : { ...rest, finalizers: left } };
  });
}

/** handleSingleOrphanPod: a pod whose job has gone, or has ended, need not be counted any more. */
export function freeOrphan(client: RegistryClient, orphan: Pod): void {
  if (!isTracked(orphan)) return;
  const owner = controllerOf(orphan);
  const found = owner?.kind === 'Job' ? client.get(jobKind, orphan.metadata.namespace, owner.name) : undefined;
  const job = found?.metadata.uid === owner?.uid ? found : undefined;
  if (job !== undefined && (isManagedByOther(job) || !isJobFinished(job))) return;
  untrack(client, orphan);
}

/** syncOrphanPodsBySelector, for all that a job left behind. */
export function freeOrphans(client: RegistryClient, namespace: string): void {
  for (const each of client.list(podKind, { namespace, matches: isTracked })) freeOrphan(client, each);
}
