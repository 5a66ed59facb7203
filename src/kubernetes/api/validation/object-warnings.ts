import { parseQuantity, quantityMilli } from '../../apimachinery/quantity';
import type { Quantities } from '../../apimachinery/object';

/** Labels by which nodes should no longer be chosen (pkg/api/node/util.go). */
const deprecatedLabels = new Map([
  ['beta.kubernetes.io/arch', 'deprecated since v1.14; use "kubernetes.io/arch" instead'],
  ['beta.kubernetes.io/os', 'deprecated since v1.14; use "kubernetes.io/os" instead'],
  ['failure-domain.beta.kubernetes.io/region', 'deprecated since v1.17; use "topology.kubernetes.io/region" instead'],
  ['failure-domain.beta.kubernetes.io/zone', 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead'],
  ['beta.kubernetes.io/instance-type', 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead'],
  ['app.kubernetes.io/created-by', 'deprecated since v1.9'],
  ['scheduler.alpha.kubernetes.io/preferAvoidPods', 'deprecated since v1.22; use Taints and Tolerations instead'],
  ['node-role.kubernetes.io/master', 'use "node-role.kubernetes.io/control-plane" instead'],
]);
export const nodeLabelText = (key: string): string | undefined => deprecatedLabels.get(key);

/** Warnings about single fields that several kinds have: pkg/api/{node,persistentvolume,persistentvolumeclaim,storage}. */
export function fractionalWarning(
  place: string,
  amounts: Quantities | undefined,
  resource = 'storage',
): readonly string[] {
  const text = amounts?.[resource];
  const quantity = text === undefined ? undefined : parseQuantity(text);
  return quantity?.ok === true && quantityMilli(quantity.value) % 1000n !== 0n
    ? [`${place}[${resource}]: fractional byte value ${JSON.stringify(text)} is invalid, must be an integer`]
    : [];
}

interface Terms {
  readonly nodeSelectorTerms?: readonly { readonly matchExpressions?: readonly { readonly key?: string }[] }[];
}

/** nodeapi.GetWarningsForNodeSelector. */
export function nodeSelectorWarnings(selector: unknown, place: string): readonly string[] {
  const terms = ((selector ?? {}) as Terms).nodeSelectorTerms ?? [];
  return terms.flatMap(({ matchExpressions = [] }, term) =>
    matchExpressions.flatMap(({ key = '' }, at) => {
      const text = nodeLabelText(key);
      if (text === undefined) return [];
      return [`${place}.nodeSelectorTerms[${term}].matchExpressions[${at}].key: ${key} is ${text}`];
    }),
  );
}

/** storageutil.GetWarningsForStorageClass. */
export function topologyWarnings(topologies: readonly unknown[] | undefined): readonly string[] {
  return (topologies ?? []).flatMap((term, index) => {
    const { matchLabelExpressions = [] } = term as {
      readonly matchLabelExpressions?: readonly { readonly key?: string }[];
    };
    return matchLabelExpressions.flatMap(({ key = '' }, at) => {
      const text = nodeLabelText(key);
      return text === undefined ? [] : [`allowedTopologies[${index}].matchLabelExpressions[${at}].key: ${text}`];
    });
  });
}
