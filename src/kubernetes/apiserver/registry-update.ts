import { err, ok, type Result } from '../../sim/result';
import { equal } from '../apimachinery/equal';
import { FieldErrors, GoText } from '../apimachinery/field-errors';
import type { Kind } from '../apimachinery/kind';
import type { ApiObject, ObjectMeta } from '../apimachinery/object';
import { conflict, invalid, modified, notFound, type Status } from '../apimachinery/status';
import type { Admission } from './admission/admission';
import type { Actor, WriteOptions } from './registry';
import { distinctOwners, warnOfDoubleOwners } from './registry-create';
import { etcdKey, type Storage } from './storage';
import { validateFinalizers, validateMeta, validateMetaParts, validateStandardFinalizer } from './validate-meta';

export type Part = 'spec' | 'status';

/**
 * Store.Update of an object or its status subresource: conflicts, what the client may not touch, generation, admission,
 * validation; writes nothing where nothing changed.
 */
export function update<T extends ApiObject>(
  storage: Storage,
  admission: Admission,
  actor: Actor,
  kind: Kind<T>,
  part: Part,
  sent: T,
  options: WriteOptions = {},
): Result<T, Status> {
  const { name, namespace, resourceVersion, uid } = sent.metadata;
  const old = storage.get(kind, namespace, name);
  if (old === undefined) return err(notFound(kind.names, name));
  if (uid !== undefined && uid !== '' && uid !== old.metadata.uid)
    return err(
      conflict(
        kind.names,
        name,
        `StorageError: invalid object, Code: 4, Key: ${etcdKey(kind, namespace, name).slice('/registry'.length)}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`,
      ),
    );
  const unversioned = resourceVersion === undefined || resourceVersion === '';
  if (unversioned && options.conditional === true && !kind.unconditionalUpdate)
    return err(invalid(kind.names.group, kind.names.plural, name, [versionMissing]));
  if (!unversioned && resourceVersion !== old.metadata.resourceVersion) return err(modified(kind.names, name));
  const { ownerReferences } = sent.metadata;
  warnOfDoubleOwners(actor, ownerReferences);
  const single =
    ownerReferences === undefined
      ? sent
      : { ...sent, metadata: { ...sent.metadata, ownerReferences: distinctOwners(ownerReferences) } };
  return replace(storage, admission, actor, kind, part, single, old, options);
}

const versionMissing = {
  reason: 'FieldValueInvalid',
  message: 'Invalid value: 0x0: must be specified for an update',
  field: 'metadata.resourceVersion',
};

/** The same where `sent` was made of `old` just now. */
export function replace<T extends ApiObject>(
  storage: Storage,
  admission: Admission,
  actor: Actor,
  kind: Kind<T>,
  part: Part,
  sent: T,
  old: T,
  options: WriteOptions,
): Result<T, Status> {
  if (sent === old) return ok(old);
  const { dryRun = false, managers } = options;
  const intended = part === 'spec' ? kind.defaults(merged(kind, sent, old)) : withStatusOf(sent, old);
  const prepared = part === 'spec' ? kind.prepareForUpdate(intended, old) : kind.prepareForStatusUpdate(intended, old);
  const generated = withGeneration(kind, prepared, old);

  const subresource = options.subresource ?? (part === 'status' ? 'status' : undefined);
  const attributes = {
    ...({ kind, operation: 'UPDATE', object: generated, old, actor, dryRun } as const),
    ...(subresource === undefined ? {} : { subresource }),
  };
  const admitted = admission.admit(attributes);
  if (!admitted.ok) return admitted;
  // Store.BeginUpdate, as for new objects.
  const allocated = admission.allocate({ ...attributes, object: admitted.value });
  if (!allocated.ok) return allocated;
  const object = allocated.value;

  // Equal but for the managed fields' times: upstream skips the write too (SkipNonApplied, no-op updates in etcd3).
  if (
    managers === undefined &&
    equal(object, old) &&
    (sent.metadata.deletionTimestamp ?? '') === (old.metadata.deletionTimestamp ?? '')
  ) {
    if (actor.warn !== undefined && part === 'spec') kind.warnings(object, old).forEach(actor.warn);
    return ok(old);
  }

  const errors = new FieldErrors();
  if (part === 'spec') {
    const changed = kindChanged(object, old);
    const touched = sent.metadata !== old.metadata;
    const meta = errors.at('metadata');
    if (touched) {
      // rest.BeforeUpdate: ValidateObjectMetaAccessor and ValidateObjectMetaAccessorUpdate, then the strategy's own.
      validateMetaParts(object.metadata, meta);
      validateFinalizers(object.metadata.finalizers ?? [], meta.at('finalizers'));
      validateMetaUpdate(sent.metadata, object.metadata, old.metadata, meta);
    }
    for (const step of kind.updateValidation) {
      if (step === 'validate') {
        if (changed) kind.validate(object, errors);
      } else if (step === 'update') kind.validateUpdate(object, old, errors);
      else if (!touched) continue;
      else if (step === 'meta') validateMeta(kind, object.metadata, meta);
      else {
        validateMetaUpdate(sent.metadata, object.metadata, old.metadata, meta);
        object.metadata.finalizers?.forEach((finalizer, index) =>
          validateStandardFinalizer(finalizer, meta.at('finalizers').index(index)),
        );
      }
    }
  } else kind.validateStatusUpdate(object, old, errors);
  actor.told?.('validate', kind.resource, errors.any ? { causes: errors.causes } : undefined);
  if (errors.any) {
    admission.release(kind, object);
    return err(invalid(kind.names.group, kind.names.kind, object.metadata.name, errors.causes));
  }
  if (actor.warn !== undefined && part === 'spec') kind.warnings(object, old).forEach(actor.warn);
  const refusal = admission.validate({ ...attributes, object });
  if (refusal !== undefined) {
    admission.release(kind, object);
    return err(refusal);
  }

  const owners = { subresource, managers, intended };
  if (isFinished(object) && !dryRun) {
    storage.own(kind, object, old, actor, owners);
    storage.remove(kind, object, actor);
    admission.stored(kind, undefined, old);
    return ok(object);
  }
  if (dryRun) {
    admission.release(kind, object);
    storage.own(kind, object, old, actor, owners);
    return ok(object);
  }
  const verb = part === 'status' ? 'update status' : 'update';
  const stored = storage.write(kind, object, verb, actor, owners);
  admission.stored(kind, stored, old);
  return ok(stored);
}

/** Deletion waited for finalizers, and the last one is gone (deletionGracePeriodSeconds 0 means that nothing else is waited for). */
const isFinished = ({ metadata, spec }: ApiObject & { readonly spec?: unknown }): boolean =>
  metadata.deletionTimestamp !== undefined &&
  (metadata.finalizers === undefined || metadata.finalizers.length === 0) &&
  (metadata.deletionGracePeriodSeconds === undefined || metadata.deletionGracePeriodSeconds === 0) &&
  !hasSpecFinalizers(spec);

/** Namespaces wait for `spec.finalizers` as well. */
const hasSpecFinalizers = (spec: unknown): boolean =>
  typeof spec === 'object' &&
  spec !== null &&
  'finalizers' in spec &&
  Array.isArray(spec.finalizers) &&
  spec.finalizers.length > 0;

/** What was sent, with the parts that belong to the server as they were. */
function merged<T extends ApiObject>(kind: Kind<T>, sent: T, old: T): T {
  const { apiVersion } = kind.stored ?? kind;
  const metadata = keepSystemMeta(sent.metadata, old.metadata);
  const next = { ...sent, apiVersion, kind: kind.names.kind, metadata };
  if (!kind.hasStatus) return next;
  const { status: _sent, ...rest } = next as T & { readonly status?: unknown };
  const { status } = old as T & { readonly status?: unknown };
  return (status === undefined ? rest : { ...rest, status }) as unknown as T;
}

function withStatusOf<T extends ApiObject>(sent: T, old: T): T {
  const { status } = sent as T & { readonly status?: unknown };
  const { labels: _labels, annotations: _annotations, ...system } = keepSystemMeta(sent.metadata, old.metadata);
  const { labels, annotations } = sent.metadata;
  const metadata = {
    ...system,
    ...(labels === undefined ? {} : { labels }),
    ...(annotations === undefined ? {} : { annotations }),
    ...(old.metadata.finalizers === undefined ? {} : { finalizers: old.metadata.finalizers }),
    ...(old.metadata.ownerReferences === undefined ? {} : { ownerReferences: old.metadata.ownerReferences }),
  };
  return {
    ...old,
    metadata: equal(metadata, old.metadata) ? old.metadata : metadata,
    ...(status === undefined ? {} : { status }),
  };
}

function keepSystemMeta(sent: ObjectMeta, old: ObjectMeta): ObjectMeta {
  if (sent === old) return old;
  const {
    deletionTimestamp: _deletion,
    deletionGracePeriodSeconds: _grace,
    generation: _generation,
    managedFields: _managed,
    ...rest
  } = sent;
  return {
    ...rest,
    ...(old.namespace === undefined ? {} : { namespace: old.namespace }),
    uid: old.uid,
    resourceVersion: old.resourceVersion,
    creationTimestamp: old.creationTimestamp,
    ...(old.generation === undefined ? {} : { generation: old.generation }),
    ...(old.deletionTimestamp === undefined ? {} : { deletionTimestamp: old.deletionTimestamp }),
    ...(old.deletionGracePeriodSeconds === undefined
      ? {}
      : { deletionGracePeriodSeconds: old.deletionGracePeriodSeconds }),
  };
}

function withGeneration<T extends ApiObject>(kind: Kind<T>, object: T, old: T): T {
  if (!kind.hasGeneration || equal(kind.generation(object), kind.generation(old))) return object;
  return { ...object, metadata: { ...object.metadata, generation: (old.metadata.generation ?? 0) + 1 } };
}

/** Whether more than metadata's counters changed, so that the whole must be looked at again. */
function kindChanged(object: ApiObject, old: ApiObject): boolean {
  for (const key in object)
    if (key !== 'metadata' && object[key as keyof ApiObject] !== old[key as keyof ApiObject]) return true;
  return false;
}

/** ValidateObjectMetaAccessorUpdate: what an update of the metadata must leave as it is, and what it says. */
function validateMetaUpdate(sent: ObjectMeta, meta: ObjectMeta, old: ObjectMeta, errors: FieldErrors): void {
  if (old.deletionTimestamp !== undefined) {
    const added = (meta.finalizers ?? []).filter((each) => !(old.finalizers ?? []).includes(each));
    if (added.length > 0)
      errors
        .at('finalizers')
        .forbidden(
          `no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map((each) => `"${each}"`).join(', ')}}`,
        );
  }
  const { deletionTimestamp } = sent;
  // A client may leave it out, but not make it up.
  if (deletionTimestamp !== undefined && deletionTimestamp !== old.deletionTimestamp)
    errors.at('deletionTimestamp').invalid(new GoText(goTime(deletionTimestamp)), 'field is immutable');
  validateMetaParts(meta, errors);
}

/** time.Time as Go prints it. */
const goTime = (time: string): string => `${time.slice(0, 10)} ${time.slice(11, 19)} +0000 UTC`;
