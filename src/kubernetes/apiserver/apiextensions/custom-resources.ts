import { customResourceDefinition } from '../../api/apiextensions/customresourcedefinition';
import { approvalOf } from '../../api/apiextensions/approval';
import type {
  CustomResourceDefinition,
  CustomResourceDefinitionCondition,
  CustomResourceDefinitionNames,
} from '../../api/apiextensions/types';
import { equal } from '../../apimachinery/equal';
import type { Kind } from '../../apimachinery/kind';
import { timeOf } from '../../apimachinery/time';
import type { ServerRegistry } from '../create-registry';
import type { RegistryClient } from '../registry';
import { customKind } from './custom-kind';

/** Keeps a definition until its objects are gone. */
export const cleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io';

/**
 * The controllers of apiextensions-apiserver: names are accepted, resources established and served, and cleaned up when
 * their definition goes.
 */
export class CustomResources {
  readonly #client: RegistryClient;
  readonly #served = new Map<string, Kind>();

  constructor(readonly registry: ServerRegistry) {
    this.#client = registry.as({ user: 'system:apiserver', groups: ['system:masters'], agent: 'kube-apiserver' });
    // What a restored etcd has is served from the start.
    for (const crd of registry.list(customResourceDefinition)) if (isTrue(crd, 'Established')) this.#serve(crd);
    this.#client.watch(customResourceDefinition, {}, ({ type, object }) => {
      if (type === 'DELETED') this.#removed(object);
      else this.#sync(object.metadata.name);
    });
  }

  #sync(name: string): void {
    const crd = this.#client.get(customResourceDefinition, undefined, name);
    if (crd === undefined) return;
    if (crd.metadata.deletionTimestamp !== undefined && (crd.metadata.finalizers ?? []).includes(cleanupFinalizer))
      return this.#cleanUp(crd);
    const approval = approvalCondition(crd);
    if (approval !== undefined) {
      const known = conditionOf(crd, approval.type);
      if (known === undefined || !same(known, approval))
        return this.#setStatus(name, (current) => withCondition(current, approval));
    }
    const named = this.#accept(crd);
    if (named !== undefined) {
      this.#setStatus(name, named);
      return this.#others(crd);
    }
    if (isTrue(crd, 'NamesAccepted') && !isTrue(crd, 'Established'))
      return this.#setStatus(name, (current) =>
        withCondition(current, {
          type: 'Established',
          status: 'True',
          reason: 'InitialNamesAccepted',
          message: 'the initial names have been accepted',
        }),
      );
    if (isTrue(crd, 'Established')) this.#serve(crd);
  }

  /** NamingConditionController: what of the status has to change. */
  #accept(
    crd: CustomResourceDefinition,
  ): ((current: CustomResourceDefinition) => CustomResourceDefinition) | undefined {
    const { names } = crd.spec;
    const accepted = crd.status.acceptedNames;
    if (equal(names, accepted)) return undefined;
    const taken = this.#taken(crd);
    const problems: { readonly reason: string; readonly message: string }[] = [];
    const next: Record<string, unknown> = { ...accepted };
    for (const [key, reason, used] of [
      ['plural', 'PluralConflict', taken.resources],
      ['singular', 'SingularConflict', taken.resources],
      ['shortNames', 'ShortNamesConflict', taken.resources],
      ['kind', 'KindConflict', taken.kinds],
      ['listKind', 'ListKindConflict', taken.kinds],
    ] as const) {
      const wanted = [names[key] ?? []].flat();
      const mine = [accepted[key] ?? []].flat();
      const clashes = wanted.filter((each) => !mine.includes(each) && used.has(each));
      if (clashes.length === 0) {
        if (names[key] === undefined) delete next[key];
        else next[key] = names[key];
        continue;
      }
      const texts = clashes.map((each) => `${JSON.stringify(each)} is already in use`);
      problems.push({ reason, message: texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(', ')}]` });
    }
    if (names.categories === undefined) delete next['categories'];
    else next['categories'] = names.categories;
    const last = problems.at(-1);
    const condition: CustomResourceDefinitionCondition =
      last === undefined
        ? { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' }
        : { type: 'NamesAccepted', status: 'False', ...last };
    const before = conditionOf(crd, 'NamesAccepted');
    if (equal(next, accepted) && before !== undefined && same(before, condition)) return undefined;
    return (current) => {
      const named = withCondition(
        {
          ...current,
          status: { ...current.status, acceptedNames: next as unknown as CustomResourceDefinitionNames },
        },
        condition,
      );
      if (isTrue(named, 'Established')) return named;
      return withCondition(named, {
        type: 'Established',
        status: 'False',
        ...(last === undefined
          ? { reason: 'Installing', message: 'the initial names have been accepted' }
          : { reason: 'NotAccepted', message: 'not all names are accepted' }),
      });
    };
  }

  /** What the definitions of the group have already. */
  #taken({ spec }: CustomResourceDefinition): { readonly resources: Set<string>; readonly kinds: Set<string> } {
    const resources = new Set<string>();
    const kinds = new Set<string>();
    for (const other of this.#client.list(customResourceDefinition)) {
      if (other.spec.group !== spec.group) continue;
      const { plural, singular, shortNames, kind, listKind } = other.status.acceptedNames;
      for (const name of [plural, singular ?? '', ...(shortNames ?? [])]) if (name !== '') resources.add(name);
      for (const name of [kind, listKind ?? '']) if (name !== '') kinds.add(name);
    }
    return { resources, kinds };
  }

  #others({ spec, metadata }: CustomResourceDefinition): void {
    for (const other of this.#client.list(customResourceDefinition))
      if (other.spec.group === spec.group && other.metadata.name !== metadata.name) this.#sync(other.metadata.name);
  }

  #setStatus(name: string, change: (current: CustomResourceDefinition) => CustomResourceDefinition): void {
    const at = timeOf(this.registry.storage.clock.now);
    this.#client.mutateStatus(customResourceDefinition, undefined, name, (current) =>
      stamped(change(current), current, at),
    );
  }

  #serve(crd: CustomResourceDefinition): void {
    const { name } = crd.metadata;
    const kind = customKind(crd, this.#served.get(name));
    if (kind === undefined) return;
    this.#served.set(name, kind);
    this.registry.storage.register(kind);
  }

  #removed(crd: CustomResourceDefinition): void {
    const kind = this.#served.get(crd.metadata.name);
    if (kind !== undefined) this.registry.storage.unregister(kind);
    this.#served.delete(crd.metadata.name);
    this.#others(crd);
  }

  /** CRDFinalizer. */
  #cleanUp(crd: CustomResourceDefinition): void {
    const { name } = crd.metadata;
    const kind = this.#served.get(name);
    if (kind !== undefined)
      for (const object of this.#client.list(kind))
        if (object.metadata.deletionTimestamp === undefined)
          this.#client.delete(kind, object.metadata.namespace, object.metadata.name);
    if (kind !== undefined && this.#client.list(kind).length > 0) {
      // Finalizers of the objects themselves hold it up.
      this.#setStatus(name, (current) =>
        withCondition(current, {
          type: 'Terminating',
          status: 'True',
          reason: 'InstanceDeletionInProgress',
          message: 'CustomResource deletion is in progress',
        }),
      );
      const watch = this.#client.watch(kind, { from: this.registry.revision }, ({ type }) => {
        if (type !== 'DELETED') return;
        watch.stop();
        this.#sync(name);
      });
      return;
    }
    this.#setStatus(name, (current) =>
      withCondition(current, {
        type: 'Terminating',
        status: 'False',
        reason: 'InstanceDeletionCompleted',
        message: 'removed all instances',
      }),
    );
    this.#client.mutate(customResourceDefinition, undefined, name, (current) => ({
      ...current,
      metadata: {
        ...current.metadata,
        finalizers: (current.metadata.finalizers ?? []).filter((each) => each !== cleanupFinalizer),
      },
    }));
  }
}

const conditionOf = (
  { status }: CustomResourceDefinition,
  type: CustomResourceDefinitionCondition['type'],
): CustomResourceDefinitionCondition | undefined => (status.conditions ?? []).find((each) => each.type === type);

/** KubernetesAPIApprovalPolicyConformantConditionController. */
function approvalCondition(crd: CustomResourceDefinition): CustomResourceDefinitionCondition | undefined {
  const approval = approvalOf(crd);
  if (approval === undefined) return undefined;
  const { state, message } = approval;
  return {
    type: 'KubernetesAPIApprovalPolicyConformant',
    status: state === 'Approved' ? 'True' : 'False',
    reason: `${state}Annotation`,
    message,
  };
}

const isTrue = (crd: CustomResourceDefinition, type: CustomResourceDefinitionCondition['type']): boolean =>
  conditionOf(crd, type)?.status === 'True';

const same = (a: CustomResourceDefinitionCondition, b: CustomResourceDefinitionCondition): boolean =>
  a.status === b.status && a.reason === b.reason && a.message === b.message;

function withCondition(
  crd: CustomResourceDefinition,
  condition: CustomResourceDefinitionCondition,
): CustomResourceDefinition {
  const conditions = crd.status.conditions ?? [];
  const known = conditions.find(({ type }) => type === condition.type);
  if (known !== undefined && same(known, condition)) return crd;
  const next =
    known === undefined
      ? [...conditions, condition]
      : conditions.map((each) =>
          each !== known
            ? each
            : each.status === condition.status && each.lastTransitionTime !== undefined
              ? { ...condition, lastTransitionTime: each.lastTransitionTime }
              : condition,
        );
  return { ...crd, status: { ...crd.status, conditions: next } };
}

/** When a condition turned. */
function stamped(
  next: CustomResourceDefinition,
  current: CustomResourceDefinition,
  at: string,
): CustomResourceDefinition {
  if (next === current) return current;
  const conditions = (next.status.conditions ?? []).map(({ type, status, reason, message, lastTransitionTime }) => ({
    type,
    status,
    lastTransitionTime: lastTransitionTime ?? at,
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
  }));
  return { ...next, status: { ...next.status, conditions } };
}
