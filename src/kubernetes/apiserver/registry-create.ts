import { err, ok, type Result } from '../../sim/result';
import { namespace as namespaceKind } from '../api/core/namespace';
import { equal } from '../apimachinery/equal';
import { FieldErrors } from '../apimachinery/field-errors';
import type { Kind } from '../apimachinery/kind';
import { generateName, isPathSegment } from '../apimachinery/names';
import type { ApiObject, Draft, ObjectMeta, OwnerReference } from '../apimachinery/object';
import { alreadyExists, badRequest, failure, invalid, notFound, type Status } from '../apimachinery/status';
import { timeOf } from '../apimachinery/time';
import type { Admission } from './admission/admission';
import type { Actor, WriteOptions } from './registry';
import type { Storage } from './storage';
import { validateMeta } from './validate-meta';

/** rest.BeforeCreate and Store.Create: from what a client sent to what is stored. */
export function create<T extends ApiObject>(
  storage: Storage,
  admission: Admission,
  actor: Actor,
  kind: Kind<T>,
  draft: Draft<T>,
  { dryRun = false, subresource, managers }: WriteOptions = {},
): Result<T, Status> {
  const { names } = kind;
  const given = draft.metadata;
  if (kind.namespaced && (given.namespace === undefined || given.namespace === ''))
    return err(badRequest('an empty namespace may not be set during creation'));

  warnOfDoubleOwners(actor, given.ownerReferences);
  const intended = kind.defaults(newObject(kind, draft, newMeta(storage, kind, given)));

  // Names are generated, and what users may not set is reset, after mutating admission.
  const requested = orElse(given.name, orElse(given.generateName, 'Unknown'));
  const admitted = admission.admit({ kind, operation: 'CREATE', object: intended, requested, actor, dryRun });
  if (!admitted.ok) return admitted;
  // Store.BeginCreate: what a service is given, before anybody looks whether it is right.
  const allocated = admission.allocate({
    ...({ kind, operation: 'CREATE', actor, dryRun } as const),
    object: kind.prepareForCreate(admitted.value),
  });
  if (!allocated.ok) return allocated;
  let valid = allocated.value;
  const { name, namespace } = valid.metadata;

  const errors = new FieldErrors();
  validateMeta(kind, valid.metadata, errors.at('metadata'));
  kind.validate(valid, errors);
  kind.validateCreate(valid, errors);
  // rest.BeforeCreate looks at the name again where the kind had nothing to say.
  if (!errors.any && kind.nameRule === 'any')
    for (const text of isPathSegment(name)) errors.at('metadata').at('name').invalid(name, text);
  actor.told?.('validate', kind.resource, errors.any ? { causes: errors.causes } : undefined);
  if (errors.any) return refuse(admission, kind, valid, err(invalid(names.group, names.kind, name, errors.causes)));
  // Warnings are about what was sent; what the server corrects silently shows only there.
  if (actor.warn !== undefined) kind.warnings(intended).forEach(actor.warn);
  valid = kind.canonicalize(valid);
  const attributes = { kind, operation: 'CREATE', object: valid, actor, dryRun } as const;
  const refusal = admission.validate(attributes);
  if (refusal !== undefined) return refuse(admission, kind, valid, err(refusal));

  if (kind.namespaced && storage.get(namespaceKind, undefined, namespace ?? '') === undefined)
    return refuse(admission, kind, valid, err(notFound({ group: '', plural: 'namespaces' }, namespace ?? '')));
  if (storage.get(kind, namespace, name) !== undefined)
    return refuse(admission, kind, valid, err(exists(kind, given, name)));
  const object = valid;

  const owners = { subresource, managers, intended, fresh: true };
  const { resourceVersion = '' } = given;
  // A dry run does not come to the storage, which would refuse it (storage.ErrResourceVersionSetOnCreate).
  if (dryRun) {
    const tried = resourceVersion === '' ? object : withRevision(object, resourceVersion);
    storage.own(kind, tried, undefined, actor, owners);
    return refuse(admission, kind, tried, ok(tried));
  }
  const stored = storage.write(kind, object, 'create', actor, owners);
  admission.stored(kind, stored, undefined);
  return ok(stored);
}

const orElse = (text: string | undefined, fallback: string): string =>
  text === undefined || text === '' ? fallback : text;

const withRevision = <T extends ApiObject>(object: T, resourceVersion: string): T => ({
  ...object,
  metadata: { ...object.metadata, resourceVersion },
});

/** Gives back what admission has reserved. */
function refuse<T extends ApiObject, R>(admission: Admission, kind: Kind<T>, object: T, result: R): R {
  admission.release(kind, object);
  return result;
}

/** The members of typed kinds are known, and are put in one by one: a copy of any shape takes longer. */
function newObject<T extends ApiObject>(kind: Kind<T>, draft: Draft<T>, metadata: ObjectMeta): T {
  const { apiVersion } = kind.stored ?? kind;
  const head = { kind: kind.names.kind, apiVersion, metadata };
  if (kind.openApi !== undefined) return { ...draft, ...head } as unknown as T;
  const given = draft as Readonly<Record<string, unknown>>;
  const object: Record<string, unknown> = head;
  for (const member in given) if (!(member in head)) object[member] = given[member];
  return object as unknown as T;
}

function newMeta(storage: Storage, kind: Kind, given: Partial<ObjectMeta>): ObjectMeta {
  const { clock, random } = storage;
  const name =
    given.name === undefined || given.name === ''
      ? given.generateName === undefined || given.generateName === ''
        ? ''
        : unusedName(storage, kind, given.namespace, given.generateName)
      : given.name;
  const { namespace, generation, labels, annotations, ownerReferences, finalizers } = given;
  // Members in upstream's order, one by one: every object of a kind gets one shape. Others are not the writer's to set.
  const meta: { -readonly [K in keyof ObjectMeta]?: ObjectMeta[K] } = { name };
  if (given.generateName !== undefined) meta.generateName = given.generateName;
  if (kind.namespaced && namespace !== undefined) meta.namespace = namespace;
  meta.uid = random.uuid();
  if (kind.hasGeneration) meta.generation = 1;
  else if (generation !== undefined) meta.generation = generation;
  meta.creationTimestamp = timeOf(clock.now);
  if (labels !== undefined) meta.labels = labels;
  if (annotations !== undefined) meta.annotations = annotations;
  if (ownerReferences !== undefined) meta.ownerReferences = distinctOwners(ownerReferences);
  if (finalizers !== undefined) meta.finalizers = finalizers;
  return meta as ObjectMeta;
}

/** maxNameGenerationCreateAttempts */
const attempts = 8;

/** RetryGenerateName: who meets a name that is taken tries another. */
function unusedName(storage: Storage, kind: Kind, namespace: string | undefined, prefix: string): string {
  let name = '';
  for (let attempt = 0; attempt < attempts; attempt++) {
    name = generateName(prefix, storage.random);
    if (storage.get(kind, namespace, name) === undefined) break;
  }
  return name;
}

function exists(kind: Kind, given: Partial<ObjectMeta>, name: string): Status {
  const status = alreadyExists(kind.names, name);
  if (given.name !== undefined && given.name !== '') return status;
  // rest.CheckGeneratedNameError
  return failure(
    409,
    'AlreadyExists',
    `${kind.resource} "${name}" already exists, the server was not able to generate a unique name for the object`,
    status.details,
  );
}

/** Who sends the same owner twice (dedupOwnerReferences) is told. */
export function warnOfDoubleOwners(actor: Actor, owners: readonly OwnerReference[] | undefined): void {
  if (owners === undefined || actor.warn === undefined) return;
  const left = distinctOwners(owners);
  if (left.length === owners.length) return;
  const uids = new Set(owners.filter((owner) => !left.includes(owner)).map(({ uid }) => uid));
  actor.warn(
    `.metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${[...uids].join(', ')}`,
  );
}

/** The same owner twice is one owner. */
export const distinctOwners = (owners: readonly OwnerReference[]): readonly OwnerReference[] =>
  owners.length < 2
    ? owners
    : owners.filter((owner, index) => owners.findIndex((each) => equal(each, owner)) === index);
