import type { Clock } from '../../sim/clock';
import type { Random } from '../../sim/random';
import { err, ok, type Result } from '../../sim/result';
import type { Trace } from '../../sim/trace';
import { customResourceDefinition } from '../api/apiextensions/customresourcedefinition';
import { kinds as allKinds } from '../api/index';
import type { Kind } from '../apimachinery/kind';
import type { ApiObject, Draft } from '../apimachinery/object';
import { failure, notFound, type Status } from '../apimachinery/status';
import type { EtcdStore } from '../etcd/store';
import { Tokens } from './authentication/service-account-tokens';
import { systemMasters } from './authentication/user';
import { AuthorizedClient } from './authorization/authorized-client';
import type { Authorizer } from './authorization/authorizer';
import { Admission, type AdmissionPlugin } from './admission/admission';
import { defaultPlugins } from './admission/plugins';
import { meetsWebhooks } from './admission/webhook/in-process';
import { CustomResources } from './apiextensions/custom-resources';
import { bind } from './registry-bind';
import { create } from './registry-create';
import { startCompactor } from './compactor';
import { inKeyOrder } from './key-order';
import { remove } from './registry-delete';
import { finalizeNamespace } from './registry-finalize';
import { replace, update, type Part } from './registry-update';
import type { Namespace } from '../api/core/namespace';
import type {
  Actor,
  DeleteOptions,
  ListOptions,
  Registry,
  RegistryClient,
  Watch,
  WatchEvent,
  WatchOptions,
  WriteOptions,
} from './registry';
import { Storage } from './storage';

export interface RegistryOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly trace: Trace;
  /** Default: every kind of `api/`. */
  readonly kinds?: readonly Kind[];
  /** An etcd that has something already (restored, restarted). */
  readonly store?: EtcdStore;
  /** Default: `defaultPlugins()`. */
  readonly plugins?: readonly AdmissionPlugin[];
  /** Who of the in-process components may write what; default: everybody everything. */
  readonly authorizer?: (storage: Storage) => Authorizer;
}

/** Makes the server below HTTP. Namespaces and the `kubernetes` service are up to `bootstrap`. */
export function createRegistry(options: RegistryOptions): ServerRegistry {
  const { clock, random, trace, kinds = allKinds, store, plugins = defaultPlugins(random) } = options;
  const storage = new Storage(clock, random, trace, store);
  const admission = new Admission(plugins, storage);
  for (const kind of kinds) {
    const { cacher } = storage.register(kind);
    for (const object of cacher.list()) admission.stored(kind, object, undefined);
  }
  const tokens = new Tokens(clock, random.fork('tokens'), storage);
  const registry = new RegistryServer(storage, admission, tokens, options.authorizer?.(storage));
  if (kinds.includes(customResourceDefinition)) new CustomResources(registry);
  startCompactor(clock, trace, storage.store);
  return registry;
}

class Reader {
  constructor(
    readonly storage: Storage,
    readonly admission: Admission,
  ) {}

  get revision(): number {
    return this.storage.store.revision;
  }
  get<T extends ApiObject>(kind: Kind<T>, namespace: string | undefined, name: string): T | undefined {
    return this.storage.get(kind, namespace, name);
  }
  list<T extends ApiObject>(kind: Kind<T>, { namespace, matches }: ListOptions<T> = {}): readonly T[] {
    const objects = this.storage.served(kind).cacher.list(namespace);
    return matches === undefined ? objects : objects.filter(matches);
  }
  byIndex<T extends ApiObject, Index extends string>(
    kind: Kind<T, Index>,
    index: Index | 'owner',
    value: string,
  ): readonly T[] {
    return this.storage.served(kind as unknown as Kind<T>).cacher.byIndex(index, value);
  }
}

/** With what the REST face needs besides. */
export interface ServerRegistry extends Registry {
  readonly admission: Admission;
  readonly storage: Storage;
  readonly tokens: Tokens;
}

class RegistryServer extends Reader implements ServerRegistry {
  constructor(
    storage: Storage,
    admission: Admission,
    readonly tokens: Tokens,
    readonly authorizer: Authorizer | undefined,
  ) {
    super(storage, admission);
  }

  as(actor: Actor): RegistryClient {
    const client = new Client(this.storage, this.admission, actor);
    if (this.authorizer === undefined || actor.authorized === true || actor.groups?.includes(systemMasters) === true)
      return client;
    return new AuthorizedClient(client, this.authorizer);
  }
}

class Client extends Reader implements RegistryClient {
  constructor(
    storage: Storage,
    admission: Admission,
    readonly actor: Actor,
  ) {
    super(storage, admission);
  }

  create<T extends ApiObject>(kind: Kind<T>, draft: Draft<T>, options?: WriteOptions): Result<T, Status> {
    if (this.#cutOff) return unreachable();
    return this.#meeting(
      (actor) => create(this.storage, this.admission, actor, ruling(kind), draft, options),
      () => {
        const { name, generateName = '', namespace = '' } = draft.metadata;
        return `create ${kind.resource} ${namespace}/${name ?? generateName}`;
      },
    );
  }

  update<T extends ApiObject>(kind: Kind<T>, object: T, options?: WriteOptions): Result<T, Status> {
    if (this.#cutOff) return unreachable();
    return this.#update('spec', kind, object, options);
  }

  updateStatus<T extends ApiObject>(kind: Kind<T>, object: T, options?: WriteOptions): Result<T, Status> {
    if (this.#cutOff) return unreachable();
    return this.#update('status', kind, object, options);
  }

  mutate<T extends ApiObject>(
    kind: Kind<T>,
    namespace: string | undefined,
    name: string,
    change: (current: T) => T,
    options?: WriteOptions,
  ): Result<T, Status> {
    return this.#mutate('spec', kind, namespace, name, change, options);
  }

  mutateStatus<T extends ApiObject>(
    kind: Kind<T>,
    namespace: string | undefined,
    name: string,
    change: (current: T) => T,
    options?: WriteOptions,
  ): Result<T, Status> {
    return this.#mutate('status', kind, namespace, name, change, options);
  }

  delete<T extends ApiObject>(
    kind: Kind<T>,
    namespace: string | undefined,
    name: string,
    options?: DeleteOptions,
  ): Result<T, Status> {
    if (this.#cutOff) return unreachable();
    return this.#meeting(
      (actor) => remove(this.storage, this.admission, actor, ruling(kind), namespace, name, options),
      () => `delete ${kind.resource} ${namespace ?? ''}/${name}`,
    );
  }

  bind(namespace: string, pod: string, node: string, uid?: string): Result<void, Status> {
    if (this.#cutOff) return unreachable();
    return bind(this.storage, this.actor, namespace, pod, node, uid);
  }

  finalizeNamespace(name: string, finalizers: readonly string[]): Result<Namespace, Status> {
    if (this.#cutOff) return unreachable();
    return finalizeNamespace(this.storage, this.admission, this.actor, name, finalizers);
  }

  watch<T extends ApiObject, Index extends string>(
    kind: Kind<T, Index>,
    options: WatchOptions<Index>,
    handler: (event: WatchEvent<T>) => void,
  ): Watch {
    const { cacher, watchers } = this.storage.served(kind as unknown as Kind<T>);
    const past =
      options.from === undefined
        ? initial(
            this.storage,
            cacher.kind,
            options.by === undefined
              ? cacher.list(options.namespace)
              : cacher.byIndex(options.by.index, options.by.value),
            options.ordered === true,
          )
        : (this.storage.past(kind as unknown as Kind, options.from) ?? []);
    return watchers.add(this.actor, options, handler as (event: WatchEvent) => void, past);
  }

  #update<T extends ApiObject>(part: Part, kind: Kind<T>, object: T, options?: WriteOptions): Result<T, Status> {
    return this.#meeting(
      (actor) => update(this.storage, this.admission, actor, ruling(kind), part, object, options),
      () => writeOf(part, kind, object),
    );
  }

  /** A write that may have to ask webhooks, where nobody takes care of that already; `key` tells it from others. */
  #meeting<R>(write: (actor: Actor) => Result<R, Status>, key: () => string): Result<R, Status> {
    const { actor, admission, storage } = this;
    const { webhooks } = admission;
    if (webhooks === undefined || actor.authorized === true || !meetsWebhooks(admission)) return write(actor);
    return webhooks.run(`${actor.user} ${key()}`, actor, storage.clock.now, write);
  }

  get #cutOff(): boolean {
    return this.actor.connected?.() === false;
  }

  #mutate<T extends ApiObject>(
    part: Part,
    kind: Kind<T>,
    namespace: string | undefined,
    name: string,
    change: (current: T) => T,
    options: WriteOptions = {},
  ): Result<T, Status> {
    if (this.#cutOff) return unreachable();
    const current = this.storage.get(kind, namespace, name);
    if (current === undefined) return err(notFound(kind.names, name));
    const next = change(current);
    if (next === current) return ok(current);
    return this.#meeting(
      (actor) => replace(this.storage, this.admission, actor, kind, part, next, current, options),
      () => writeOf(part, kind, current),
    );
  }
}

/** Whose rules and names hold for a write: the stored version's, but where another group has its own. */
const ruling = <T extends ApiObject>(kind: Kind<T>): Kind<T> =>
  kind.stored === undefined || kind.stored.names.group !== kind.names.group ? kind : kind.stored;

const writeOf = <T extends ApiObject>(part: Part, kind: Kind<T>, { metadata }: T): string =>
  `${part} ${kind.resource} ${metadata.namespace ?? ''}/${metadata.name}`;

/** What is there already, as a watch without `from` gets it. */
function initial(storage: Storage, kind: Kind, objects: readonly ApiObject[], ordered: boolean): readonly WatchEvent[] {
  const listed = ordered ? inKeyOrder(kind, objects) : objects;
  return listed.map((object) => {
    const { namespace, name, resourceVersion } = object.metadata;
    const stored = storage.store.get(
      namespace === undefined ? kind.prefix + name : `${kind.prefix}${namespace}/${name}`,
    );
    return { type: 'ADDED', object, revision: Number(resourceVersion), cause: stored?.cause ?? 0 };
  });
}

const unreachable = <T>(): Result<T, Status> =>
  err(failure(503, 'ServiceUnavailable', 'the server is currently unable to handle the request'));
