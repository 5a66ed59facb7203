import { err, ok, type Result } from '../../sim/result';
import { namespace as namespaceKind, type Namespace } from '../api/core/namespace';
import { notFound, type Status } from '../apimachinery/status';
import type { Admission } from './admission/admission';
import type { Actor } from './registry';
import type { Storage } from './storage';

/** namespaces/finalize: FinalizeREST of pkg/registry/core/namespace. */
export function finalizeNamespace(
  storage: Storage,
  admission: Admission,
  actor: Actor,
  name: string,
  finalizers: readonly string[],
): Result<Namespace, Status> {
  const old = storage.get(namespaceKind, undefined, name);
  if (old === undefined) return err(notFound(namespaceKind.names, name));
  const object: Namespace = { ...old, spec: finalizers.length === 0 ? {} : { finalizers } };
  const { deletionTimestamp, finalizers: others = [] } = object.metadata;
  if (deletionTimestamp !== undefined && finalizers.length === 0 && others.length === 0) {
    storage.remove(namespaceKind, object, actor);
    admission.stored(namespaceKind, undefined, old);
    return ok(object);
  }
  return ok(storage.write(namespaceKind, object, 'finalize', actor));
}
