import { err, ok, type Result } from '../../sim/result';
import type { Namespace } from '../api/core/namespace';
import type { Pod } from '../api/core/pod';
import type { Kind } from '../apimachinery/kind';
import type { ApiObject } from '../apimachinery/object';
import { conflict, notFound, type ResourceName, type Status } from '../apimachinery/status';
import { parseTime, timeOf } from '../apimachinery/time';
import type { Admission } from './admission/admission';
import type { Actor, DeleteOptions } from './registry';
import type { Storage } from './storage';

/** Store.Delete: at once, or after a grace period (pods), or when the last finalizer goes. */
export function remove<T extends ApiObject>(
  storage: Storage,
  admission: Admission,
  actor: Actor,
  kind: Kind<T>,
  namespace: string | undefined,
  name: string,
  options: DeleteOptions = {},
): Result<T, Status> {
  const old = storage.get(kind, namespace, name);
  if (old === undefined) return err(notFound(kind.names, name));
  const refusal = failedPrecondition(kind, old, options) ?? namespaceBusy(kind, old);
  if (refusal !== undefined) return err(refusal);
  const dryRun = options.dryRun ?? false;
  const admitted = admission.admit({ kind, operation: 'DELETE', object: old, old, actor, dryRun });
  if (!admitted.ok) return admitted;
  const denied = admission.validate({ kind, operation: 'DELETE', object: old, old, actor, dryRun });
  if (denied !== undefined) return err(denied);

  const grace = graceOf(kind, old, options);
  const finalizers = withCleanup(kind, old, finalizersFor(old, options));
  const waits = finalizers.length > 0 || isHeldNamespace(kind, old);

  const graceful = old.metadata.deletionTimestamp !== undefined && (old.metadata.deletionGracePeriodSeconds ?? 0) > 0;
  if (grace === 0 && !waits && !graceful) {
    if (dryRun) return ok(old);
    storage.remove(kind, old, actor);
    admission.stored(kind, undefined, old);
    return ok(old);
  }
  const marked = mark(storage, kind, old, grace, finalizers);
  if (marked === old || dryRun) return ok(marked);
  const stored = storage.write(kind, marked, 'delete', actor, { intended: old });
  admission.stored(kind, stored, old);
  if (grace > 0 || waits) return ok(stored);
  // A pod that had its time is first told that there is none left, and goes then.
  storage.remove(kind, stored, actor);
  admission.stored(kind, undefined, stored);
  return ok(stored);
}

/** The object with its deletionTimestamp; an earlier one is only ever brought forward. */
function mark<T extends ApiObject>(
  storage: Storage,
  kind: Kind<T>,
  old: T,
  grace: number,
  finalizers: readonly string[],
): T {
  const { metadata } = old;
  const had = metadata.deletionTimestamp;
  const changedFinalizers = finalizers !== metadata.finalizers && finalizers.length > 0;
  if (had !== undefined && (metadata.deletionGracePeriodSeconds ?? 0) <= grace) {
    return changedFinalizers ? { ...old, metadata: { ...metadata, finalizers } } : old;
  }
  const at =
    had === undefined
      ? storage.clock.now + grace * 1000
      : parseTime(had) - ((metadata.deletionGracePeriodSeconds ?? 0) - grace) * 1000;
  const next = {
    ...old,
    metadata: {
      ...metadata,
      deletionTimestamp: timeOf(at),
      // Namespaces set the timestamp themselves, and no grace period with it.
      ...(kind.resource === 'namespaces' ? {} : { deletionGracePeriodSeconds: grace }),
      ...(changedFinalizers ? { finalizers } : {}),
      ...(metadata.generation === undefined || had !== undefined ? {} : { generation: metadata.generation + 1 }),
    },
  };
  if (kind.cleanup !== undefined && had === undefined) return kind.cleanup.mark(next, timeOf(storage.clock.now));
  if (kind.resource !== 'namespaces') return next;
  const { status } = old as unknown as Namespace;
  return { ...next, status: { ...status, phase: 'Terminating' } };
}

/** pod strategy CheckGracefulDelete. */
function graceOf(kind: Kind, old: ApiObject, { gracePeriodSeconds }: DeleteOptions): number {
  if (kind.resource !== 'pods') return 0;
  const { spec, status } = old as Pod;
  if (spec.nodeName === undefined || spec.nodeName === '') return 0;
  if (status.phase === 'Failed' || status.phase === 'Succeeded') return 0;
  const period = gracePeriodSeconds ?? spec.terminationGracePeriodSeconds;
  return period < 0 ? 1 : period;
}

/** The server's own finalizer, from the first deletion on. */
const withCleanup = (kind: Kind, { metadata }: ApiObject, finalizers: readonly string[]): readonly string[] =>
  kind.cleanup === undefined || metadata.deletionTimestamp !== undefined || finalizers.includes(kind.cleanup.finalizer)
    ? finalizers
    : [...finalizers, kind.cleanup.finalizer];

function finalizersFor({ metadata }: ApiObject, { propagationPolicy }: DeleteOptions): readonly string[] {
  const had = metadata.finalizers ?? [];
  if (propagationPolicy === undefined) return had;
  const wanted =
    propagationPolicy === 'Foreground' ? 'foregroundDeletion' : propagationPolicy === 'Orphan' ? 'orphan' : undefined;
  const others = had.filter((each) => each !== 'foregroundDeletion' && each !== 'orphan');
  if (wanted === undefined) return others.length === had.length ? had : others;
  return had.includes(wanted) && others.length === had.length - 1 ? had : [...others, wanted];
}

const isHeldNamespace = (kind: Kind, old: ApiObject): boolean =>
  kind.resource === 'namespaces' && ((old as Namespace).spec.finalizers ?? []).length > 0;

/** Deleting a namespace twice while its content goes. */
function namespaceBusy(kind: Kind, old: ApiObject): Status | undefined {
  if (!isHeldNamespace(kind, old) || old.metadata.deletionTimestamp === undefined) return undefined;
  return conflict(
    kind.names,
    old.metadata.name,
    'The system is ensuring all content is removed from this namespace.  Upon completion, this namespace will automatically be purged by the system.',
  );
}

function failedPrecondition(kind: Kind, { metadata }: ApiObject, { preconditions }: DeleteOptions): Status | undefined {
  if (preconditions?.uid !== undefined && preconditions.uid !== metadata.uid)
    return conflict(
      precondition(kind),
      metadata.name,
      `the UID in the precondition (${preconditions.uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
    );
  if (preconditions?.resourceVersion !== undefined && preconditions.resourceVersion !== metadata.resourceVersion)
    return conflict(
      precondition(kind),
      metadata.name,
      `the ResourceVersion in the precondition (${preconditions.resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`,
    );
  return undefined;
}

/** rest.BeforeDelete names the kind here, not the resource. */
const precondition = ({ names: { group, kind } }: Kind): ResourceName => ({ group, plural: kind });
