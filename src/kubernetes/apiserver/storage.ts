import type { Clock } from '../../sim/clock';
import type { Random } from '../../sim/random';
import type { Trace } from '../../sim/trace';
import { deepFreeze } from '../apimachinery/equal';
import type { Kind } from '../apimachinery/kind';
import type { ApiObject } from '../apimachinery/object';
import { EtcdStore, type StoreEvent } from '../etcd/store';
import { Lessor } from '../etcd/lease';
import { Cacher } from './cacher';
import { EventLeases } from './event-ttl';
import type { Actor, WatchEvent } from './registry';
import { ManagedFields, type Manager } from './managed/managed-fields';
import { WatchDelivery, Watchers } from './watchers';

/** A kind with all that the server holds of it. */
/** The revision of the first write to a new etcd, which begins with 1. */
const FIRST_WRITE = 2;

export interface Served<T extends ApiObject = ApiObject> {
  readonly kind: Kind<T>;
  readonly cacher: Cacher<T>;
  readonly watchers: Watchers;
  /** The revision at which the cache began: what came before it, it cannot tell. */
  readonly since: number;
}

/** How a write counts for who owns which fields. */
export interface OwnerOptions {
  readonly subresource?: string | undefined;
  /** Where server-side apply has worked it out. */
  readonly managers?: readonly Manager[] | undefined;
  /** What the writer asked for, before the server's own changes. */
  readonly intended?: ApiObject | undefined;
  /** The object was made for this write and nobody else has it. */
  readonly fresh?: boolean;
}

/** What is below the verbs: etcd, the caches that follow it, and the watches that follow those. */
export class Storage {
  readonly delivery: WatchDelivery;
  readonly managed = new ManagedFields();
  readonly lessor: Lessor;
  readonly #events: EventLeases;
  readonly #byResource = new Map<string, Served>();
  /** First by kind, then by apiVersion. */
  readonly #byType = new Map<string, Map<string, Served>>();

  constructor(
    readonly clock: Clock,
    readonly random: Random,
    readonly trace: Trace,
    readonly store = new EtcdStore(),
  ) {
    this.delivery = new WatchDelivery(clock, trace);
    this.lessor = new Lessor(store, clock, trace);
    this.#events = new EventLeases(clock, this.lessor);
    store.subscribe((event) => this.#follow(event));
  }

  /** Serves a kind from now on; what etcd has of it is there at once. */
  register(kind: Kind): Served {
    const known = this.#byResource.get(kind.resource);
    if (known !== undefined) {
      // The same kind may come to be stored in another version.
      this.#byType.get(kind.names.kind)?.set(kind.apiVersion, known);
      return known;
    }
    const cacher = new Cacher(kind);
    // A server's caches list when it has written its first key.
    const since = Math.max(this.store.revision, FIRST_WRITE);
    const served: Served = { kind, cacher, watchers: new Watchers(cacher, this.delivery), since };
    this.#byResource.set(kind.resource, served);
    const versions = this.#byType.get(kind.names.kind) ?? new Map<string, Served>();
    versions.set(kind.apiVersion, served);
    this.#byType.set(kind.names.kind, versions);
    for (const { value } of this.store.range(kind.prefix)) {
      const object = value as ApiObject;
      cacher.apply(object, undefined);
    }
    return served;
  }

  unregister(kind: Kind): void {
    this.#byResource.delete(kind.resource);
    this.#byType.get(kind.names.kind)?.delete(kind.apiVersion);
  }

  /** By what a path says: `apps/v1` and `deployments`. */
  kindOf(apiVersion: string, plural: string): Kind | undefined {
    const slash = apiVersion.indexOf('/');
    const resource = slash < 0 ? plural : `${plural}.${apiVersion.slice(0, slash)}`;
    // Events of events.k8s.io are kept as those of the core group.
    const kind = (this.#byResource.get(resource) ?? this.#byResource.get(plural))?.kind;
    return kind?.apiVersion === apiVersion && !kind.hidden
      ? kind
      : kind?.views.find((view) => view.apiVersion === apiVersion);
  }

  /** How many objects of a kind there are. */
  count(kind: Kind): number {
    return this.#byResource.get(kind.resource)?.cacher.size ?? 0;
  }

  get kinds(): readonly Kind[] {
    return [...this.#byResource.values()].map(({ kind }) => kind);
  }

  /** With each in all its versions. */
  get views(): readonly Kind[] {
    return this.kinds.flatMap((kind) => (kind.hidden ? kind.views : [kind, ...kind.views]));
  }

  served<T extends ApiObject>(kind: Kind<T>): Served<T> {
    const served = this.#byResource.get(kind.resource);
    if (served === undefined) throw new Error(`the server does not know ${kind.resource}`);
    return served as unknown as Served<T>;
  }

  get<T extends ApiObject>(kind: Kind<T>, namespace: string | undefined, name: string): T | undefined {
    return this.served(kind).cacher.get(kind.namespaced ? namespace : undefined, name);
  }

  /** Stores the object as the next revision and returns it with that. */
  write<T extends ApiObject>(kind: Kind<T>, object: T, verb: string, actor: Actor, owners: OwnerOptions = {}): T {
    const resourceVersion = String(this.store.revision + 1);
    const stored =
      owners.fresh === true && !Object.isFrozen(object) && !Object.isFrozen(object.metadata)
        ? stamped(object, resourceVersion)
        : { ...object, metadata: { ...object.metadata, resourceVersion } };
    const { namespace, name } = stored.metadata;
    const span = this.trace.record(actor.agent, verb, subjectOf(kind, namespace, name));
    // A creation has seen that nothing is there.
    const old = verb === 'create' ? undefined : this.get(kind, namespace, name);
    // Where the server changed nothing, what was asked for need not be kept besides.
    this.own(kind, stored, old, actor, owners, owners.intended === object ? stored : owners.intended);
    deepFreeze(stored);
    const lease = kind.prefix === eventPrefix ? this.#events.get() : undefined;
    this.store.put(etcdKey(kind, namespace, name), stored, span.id, lease);
    return stored;
  }

  /** Notes who owns what of an object, stored or only tried. */
  own(
    kind: Kind,
    object: ApiObject,
    old: ApiObject | undefined,
    actor: Actor,
    owners: OwnerOptions,
    intended = owners.intended,
  ): void {
    const { managers, subresource = '' } = owners;
    if (managers !== undefined) return this.managed.set(object, managers);
    this.managed.record(kind, object, old, { agent: actor.agent, subresource, time: this.clock.now, intended });
  }

  remove<T extends ApiObject>(kind: Kind<T>, object: T, actor: Actor): T {
    const { namespace, name } = object.metadata;
    const span = this.trace.record(actor.agent, 'delete', subjectOf(kind, namespace, name));
    this.store.delete(etcdKey(kind, namespace, name), span.id);
    return object;
  }

  /** The events after `revision` that a watch of the kind has to see first; undefined where they were compacted. */
  past(kind: Kind, revision: number): readonly WatchEvent[] | undefined {
    return this.store
      .since(revision)
      ?.filter(({ key }) => key.startsWith(kind.prefix))
      .map(watchEvent);
  }

  #follow(event: StoreEvent): void {
    if (!isObject((event.current ?? event.previous)?.value)) return;
    const change = watchEvent(event);
    const { object, type, old } = change;
    const served = this.#byType.get(object.kind)?.get(object.apiVersion);
    if (served === undefined) return;
    const gone = type === 'DELETED';
    served.cacher.apply(gone ? undefined : object, gone ? object : old);
    served.watchers.publish(change);
  }
}

function stamped<T extends ApiObject>(object: T, resourceVersion: string): T {
  (object.metadata as { resourceVersion: string }).resourceVersion = resourceVersion;
  return object;
}

/** Where both versions of events are kept; they do not stay. */
const eventPrefix = '/registry/events/';

/** Others may put anything under any key (etcdctl). */
const isObject = (value: unknown): value is ApiObject =>
  typeof value === 'object' && value !== null && 'kind' in value && 'metadata' in value;

function watchEvent({ current, previous, revision, cause }: StoreEvent): WatchEvent {
  const old = previous?.value as ApiObject | undefined;
  if (current === undefined) {
    const last = old as ApiObject;
    const object = Object.freeze({
      ...last,
      metadata: Object.freeze({ ...last.metadata, resourceVersion: String(revision) }),
    });
    return { type: 'DELETED', object, old: last, revision, cause };
  }
  const object = current.value as ApiObject;
  return old === undefined
    ? { type: 'ADDED', object, revision, cause }
    : { type: 'MODIFIED', object, old, revision, cause };
}

export const etcdKey = (kind: Kind, namespace: string | undefined, name: string): string =>
  namespace === undefined ? kind.prefix + name : `${kind.prefix}${namespace}/${name}`;

/** What the trace calls an object. */
export const subjectOf = (kind: Kind, namespace: string | undefined, name: string): string =>
  namespace === undefined ? `${kind.resource}/${name}` : `${kind.resource}/${namespace}/${name}`;
