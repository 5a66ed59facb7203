import { replicaSet } from '../api/apps/replicaset';
import { service } from '../api/core/service';
import { hasLabels } from '../apimachinery/selector-matcher';
import { controllerOf, type ApiObject } from '../apimachinery/object';
import type { RegistryReader } from '../apiserver/registry';
import type { LabelSelectorLike, PodLike } from './objects';

/**
 * What the Services of a pod and its owner select together, for the default spreading. Pods of one owner share the value.
 * Upstream: pkg/scheduler/framework/plugins/helper/spread.go
 */
export class DefaultSelectors {
  readonly #known = new Map<string, LabelSelectorLike | undefined>();

  constructor(readonly reader: RegistryReader) {}

  /** Services or owners changed. */
  forget(): void {
    this.#known.clear();
  }

  readonly of = (pod: PodLike): LabelSelectorLike | undefined => {
    const { namespace, labels = {} } = pod.metadata;
    const owner = controllerOf(pod as unknown as ApiObject);
    if (owner === undefined) return this.#compute(namespace, labels, undefined);
    const known = this.#known.get(owner.uid);
    if (known !== undefined || this.#known.has(owner.uid)) return known;
    const set = owner.kind === 'ReplicaSet' ? this.reader.get(replicaSet, namespace, owner.name) : undefined;
    const selector = this.#compute(namespace, labels, set?.spec.selector);
    this.#known.set(owner.uid, selector);
    return selector;
  };

  #compute(
    namespace: string | undefined,
    labels: Readonly<Record<string, string>>,
    owner: LabelSelectorLike | undefined,
  ): LabelSelectorLike | undefined {
    const wanted: Record<string, string> = {};
    for (const { spec } of this.reader.list(service, { namespace })) {
      const { selector } = spec;
      if (selector === undefined || Object.keys(selector).length === 0 || !hasLabels(labels, selector)) continue;
      Object.assign(wanted, selector);
    }
    Object.assign(wanted, owner?.matchLabels);
    const expressions = owner?.matchExpressions ?? [];
    if (Object.keys(wanted).length === 0 && expressions.length === 0) return undefined;
    return { matchLabels: wanted, ...(expressions.length === 0 ? {} : { matchExpressions: expressions }) };
  }
}
