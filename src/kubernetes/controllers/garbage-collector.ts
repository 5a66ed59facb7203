import { kinds } from '../api';
import type { Kind } from '../apimachinery/kind';
import { splitKey, type ApiObject, type OwnerReference } from '../apimachinery/object';
import type { RegistryClient, WatchEvent } from '../apiserver/registry';
import { createEventRecorder, type EventRecorder } from '../client/events';
import { defineController, type KeyWatch } from './controller';

const FOREGROUND = 'foregroundDeletion';
const ORPHAN = 'orphan';

/** Kinds that are never garbage (--gc-ignored-resources). */
const watched = kinds.filter(({ resource }) => resource !== 'events');
const byResource = new Map(watched.map((kind) => [kind.resource, kind]));
const byType = new Map(watched.map((kind) => [`${kind.apiVersion} ${kind.names.kind}`, kind]));

/**
 * Deletes what has lost its owners, in the way the owner's deletion asks for: background, foreground or orphan.
 * The owner index of the store takes the place of upstream's graph. Upstream: pkg/controller/garbagecollector
 */
export const garbageCollector = defineController('generic-garbage-collector', ({ client, clock }) => ({
  watches: watched.map((kind) =>
    touched(client, kind, createEventRecorder({ client, clock, component: 'garbage-collector-controller' })),
  ),
  sync(key) {
    const space = key.indexOf(' ');
    const kind = byResource.get(key.slice(0, space));
    const { namespace, name } = splitKey(key.slice(space + 1));
    const object = kind === undefined ? undefined : client.get(kind, namespace, name);
    if (kind === undefined || object === undefined) return;
    const { deletionTimestamp, finalizers = [] } = object.metadata;
    if (deletionTimestamp !== undefined && finalizers.includes(ORPHAN)) orphanDependents(client, kind, object);
    else if (deletionTimestamp !== undefined && finalizers.includes(FOREGROUND)) {
      if (dependents(client, object.metadata.uid).some(([, dependent]) => blocks(dependent, object))) return;
      withoutFinalizer(client, kind, object, FOREGROUND);
    } else if (deletionTimestamp === undefined) collect(client, kind, object);
  },
}));

const keyOf = (kind: Kind, { metadata: { namespace, name } }: ApiObject): string =>
  `${kind.resource} ${namespace === undefined ? name : `${namespace}/${name}`}`;

/** Owners that begin to go and their dependents, dependents of what is gone, and whatever gets new owners. */
const touched = (client: RegistryClient, kind: Kind, events: EventRecorder): KeyWatch => ({
  kind,
  keys({ type, object, old }: WatchEvent) {
    const { metadata } = object;
    if (type === 'DELETED') {
      const keys = dependents(client, metadata.uid).map(([of, dependent]) => keyOf(of, dependent));
      // Foreground: the owner may wait for just this one.
      for (const reference of metadata.ownerReferences ?? []) {
        const owner = resolve(client, reference, metadata.namespace);
        if (owner !== undefined && isWaiting(owner[1])) keys.push(keyOf(...owner));
      }
      return keys;
    }
    const begins = metadata.deletionTimestamp !== undefined && old?.metadata.finalizers !== metadata.finalizers;
    if (begins && metadata.finalizers !== undefined) {
      const keys = metadata.finalizers.includes(FOREGROUND)
        ? dependents(client, metadata.uid).map(([of, dependent]) => keyOf(of, dependent))
        : [];
      return [keyOf(kind, object), ...keys];
    }
    const { ownerReferences } = metadata;
    if (ownerReferences === undefined || old?.metadata.ownerReferences === ownerReferences) return [];
    for (const reference of ownerReferences) reportForeign(client, events, object, reference);
    return [keyOf(kind, object)];
  },
});

type Found = readonly [Kind, ApiObject];

function dependents(client: RegistryClient, uid: string): readonly Found[] {
  const found: Found[] = [];
  for (const kind of watched) for (const object of client.byIndex(kind, 'owner', uid)) found.push([kind, object]);
  return found;
}

function resolve(client: RegistryClient, reference: OwnerReference, namespace: string | undefined): Found | undefined {
  const kind = typeOf(reference);
  if (kind === undefined) return undefined;
  const owner = client.get(kind, kind.namespaced ? namespace : undefined, reference.name);
  return owner?.metadata.uid === reference.uid ? [kind, owner] : undefined;
}

const typeOf = ({ apiVersion, kind }: OwnerReference): Kind | undefined => byType.get(`${apiVersion} ${kind}`);

/** reportInvalidNamespaceOwnerRef: an owner in another namespace than its dependent is none. */
function reportForeign(
  client: RegistryClient,
  events: EventRecorder,
  object: ApiObject,
  reference: OwnerReference,
): void {
  const { namespace = '' } = object.metadata;
  const { apiVersion, kind, name, uid } = reference;
  const of = typeOf(reference);
  if (of?.namespaced !== true || resolve(client, reference, namespace) !== undefined) return;
  if (!client.list(of).some(({ metadata }) => metadata.uid === uid)) return;
  const identity = `[${apiVersion}/${kind}, namespace: ${namespace}, name: ${name}, uid: ${uid}]`;
  const text = `ownerRef ${identity} does not exist in namespace ${JSON.stringify(namespace)}`;
  events.event(object, 'Warning', 'OwnerRefInvalidNamespace', text);
}

const isWaiting = ({ metadata }: ApiObject): boolean =>
  metadata.deletionTimestamp !== undefined && metadata.finalizers?.includes(FOREGROUND) === true;

const blocks = ({ metadata }: ApiObject, owner: ApiObject): boolean =>
  metadata.ownerReferences?.some(
    ({ uid, blockOwnerDeletion }) => uid === owner.metadata.uid && blockOwnerDeletion === true,
  ) === true;

/** attemptToDeleteItem: with a living owner only the dead references go; without one the object itself. */
function collect(client: RegistryClient, kind: Kind, object: ApiObject): void {
  const { namespace, name, uid, ownerReferences = [], finalizers = [] } = object.metadata;
  if (ownerReferences.length === 0) return;
  const solid: OwnerReference[] = [];
  let waiting = false;
  for (const reference of ownerReferences) {
    const of = typeOf(reference);
    // What belongs to no namespace cannot have an owner in one; that does not mend itself.
    if (of === undefined || (of.namespaced && namespace === undefined)) return;
    const owner = resolve(client, reference, namespace);
    if (owner === undefined) continue;
    if (isWaiting(owner[1])) waiting = true;
    else solid.push(reference);
  }
  if (solid.length > 0) {
    if (solid.length === ownerReferences.length) return;
    client.mutate(kind, namespace, name, (now) => ({ ...now, metadata: { ...now.metadata, ownerReferences: solid } }));
    return;
  }
  const own = waiting ? dependents(client, uid) : [];
  if (own.some(([, dependent]) => isWaiting(dependent))) {
    // A circle: nobody in it may wait for the others (unblockOwnerReferencesStrategicMergePatch).
    client.mutate(kind, namespace, name, (now) => ({
      ...now,
      metadata: {
        ...now.metadata,
        ownerReferences: ownerReferences.map((reference) => ({ ...reference, blockOwnerDeletion: false })),
      },
    }));
  }
  const propagationPolicy =
    own.length > 0
      ? 'Foreground'
      : finalizers.includes(ORPHAN)
        ? 'Orphan'
        : finalizers.includes(FOREGROUND)
          ? 'Foreground'
          : 'Background';
  client.delete(kind, namespace, name, { propagationPolicy, preconditions: { uid } });
}

function orphanDependents(client: RegistryClient, kind: Kind, owner: ApiObject): void {
  const { uid } = owner.metadata;
  for (const [of, { metadata }] of dependents(client, uid)) {
    client.mutate(of, metadata.namespace, metadata.name, (now) => {
      const { ownerReferences = [], ...rest } = now.metadata;
      const left = ownerReferences.filter((reference) => reference.uid !== uid);
      return { ...now, metadata: left.length === 0 ? rest : { ...rest, ownerReferences: left } };
    });
  }
  withoutFinalizer(client, kind, owner, ORPHAN);
}

function withoutFinalizer(client: RegistryClient, kind: Kind, { metadata }: ApiObject, gone: string): void {
  client.mutate(kind, metadata.namespace, metadata.name, (now) => {
    const { finalizers = [], ...rest } = now.metadata;
    const left = finalizers.filter((name) => name !== gone);
    return { ...now, metadata: left.length === 0 ? rest : { ...rest, finalizers: left } };
  });
}
