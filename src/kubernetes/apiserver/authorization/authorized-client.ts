import { err, type Result } from '../../../sim/result';
import { namespace as namespaceKind, type Namespace } from '../../api/core/namespace';
import { pod as podKind } from '../../api/core/pod';
import type { Kind } from '../../apimachinery/kind';
import type { ApiObject, Draft } from '../../apimachinery/object';
import type { Status } from '../../apimachinery/status';
import type { User } from '../authentication/user';
import type {
  Actor,
  DeleteOptions,
  ListOptions,
  RegistryClient,
  Watch,
  WatchEvent,
  WatchOptions,
  WriteOptions,
} from '../registry';
import { resourceQuestion, userOf } from './ask';
import type { Authorizer } from './authorizer';
import { forbiddenTo } from './forbidden';

type Verb = 'create' | 'update' | 'patch' | 'delete';

/**
 * The registry as a component of the cluster meets it: what it writes has to be allowed to its identity, as if it came
 * through HTTP. Reads come from caches whose watches were opened before.
 */
export class AuthorizedClient implements RegistryClient {
  readonly #user: User;

  constructor(
    readonly inner: RegistryClient,
    readonly authorizer: Authorizer,
  ) {
    this.#user = userOf(inner.actor);
  }

  get actor(): Actor {
    return this.inner.actor;
  }
  get revision(): number {
    return this.inner.revision;
  }
  get<T extends ApiObject>(kind: Kind<T>, namespace: string | undefined, name: string): T | undefined {
    return this.inner.get(kind, namespace, name);
  }
  list<T extends ApiObject>(kind: Kind<T>, options?: ListOptions<T>): readonly T[] {
    return this.inner.list(kind, options);
  }
  byIndex<T extends ApiObject, Index extends string>(
    kind: Kind<T, Index>,
    index: Index | 'owner',
    value: string,
  ): readonly T[] {
    return this.inner.byIndex(kind, index, value);
  }

  create<T extends ApiObject>(kind: Kind<T>, draft: Draft<T>, options?: WriteOptions): Result<T, Status> {
    const refusal = this.#refusal(['create'], kind, draft.metadata.namespace, '');
    return refusal ?? this.inner.create(kind, draft, options);
  }
  update<T extends ApiObject>(kind: Kind<T>, object: T, options?: WriteOptions): Result<T, Status> {
    const { namespace, name } = object.metadata;
    const refusal = this.#refusal(['update'], kind, namespace, name, options?.subresource ?? '');
    return refusal ?? this.inner.update(kind, object, options);
  }
  updateStatus<T extends ApiObject>(kind: Kind<T>, object: T, options?: WriteOptions): Result<T, Status> {
    const { namespace, name } = object.metadata;
    const refusal = this.#refusal(writes, kind, namespace, name, options?.subresource ?? 'status');
    return refusal ?? this.inner.updateStatus(kind, object, options);
  }
  mutate<T extends ApiObject>(
    kind: Kind<T>,
    namespace: string | undefined,
    name: string,
    change: (current: T) => T,
    options?: WriteOptions,
  ): Result<T, Status> {
    const refusal = this.#refusal(writes, kind, namespace, name, options?.subresource ?? '');
    return refusal ?? this.inner.mutate(kind, namespace, name, change, options);
  }
  mutateStatus<T extends ApiObject>(
    kind: Kind<T>,
    namespace: string | undefined,
    name: string,
    change: (current: T) => T,
    options?: WriteOptions,
  ): Result<T, Status> {
    const refusal = this.#refusal(writes, kind, namespace, name, options?.subresource ?? 'status');
    return refusal ?? this.inner.mutateStatus(kind, namespace, name, change, options);
  }
  delete<T extends ApiObject>(
    kind: Kind<T>,
    namespace: string | undefined,
    name: string,
    options?: DeleteOptions,
  ): Result<T, Status> {
    return this.#refusal(['delete'], kind, namespace, name) ?? this.inner.delete(kind, namespace, name, options);
  }
  bind(namespace: string, pod: string, node: string, uid?: string): Result<void, Status> {
    const refusal = this.#refusal(['create'], podKind, namespace, pod, 'binding');
    return refusal ?? this.inner.bind(namespace, pod, node, uid);
  }
  finalizeNamespace(name: string, finalizers: readonly string[]): Result<Namespace, Status> {
    const refusal = this.#refusal(['update'], namespaceKind, name, name, 'finalize');
    return refusal ?? this.inner.finalizeNamespace(name, finalizers);
  }
  watch<T extends ApiObject, Index extends string>(
    kind: Kind<T, Index>,
    options: WatchOptions<Index>,
    handler: (event: WatchEvent<T>) => void,
  ): Watch {
    return this.inner.watch(kind, options, handler);
  }

  /** Why none of the verbs is allowed; which of them a component would choose is its own matter. */
  #refusal<T extends ApiObject>(
    verbs: readonly Verb[],
    { names, namespaced }: Kind<T>,
    namespace: string | undefined,
    name: string,
    subresource = '',
  ): Result<never, Status> | undefined {
    let refusal: Status | undefined;
    for (const verb of verbs) {
      const attributes = resourceQuestion(this.#user, {
        verb,
        group: names.group,
        resource: names.plural,
        subresource,
        namespace: namespaced || names.plural === 'namespaces' ? (namespace ?? '') : '',
        name,
      });
      const { decision, reason } = this.authorizer.authorize(attributes);
      if (decision === 'Allow') return undefined;
      refusal ??= forbiddenTo(attributes, reason);
    }
    return refusal === undefined ? undefined : err(refusal);
  }
}

const writes: readonly Verb[] = ['update', 'patch'];
