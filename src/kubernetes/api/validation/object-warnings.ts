import { parseQuantity, quantityMilli } from '../../apimachinery/quantity';
import type { Quantities } from '../../apimachinery/object';
import { nodeLabelText } from './warnings';

/** Warnings about single fields that several kinds have: pkg/api/{node,persistentvolume,persistentvolumeclaim,storage}. */
export function fractionalWarning(place: string, requests: Quantities | undefined): readonly string[] {
  const text = requests?.['storage'];
  const quantity = text === undefined ? undefined : parseQuantity(text);
  return quantity?.ok === true && quantityMilli(quantity.value) % 1000n !== 0n
    ? [`${place}[storage]: fractional byte value ${JSON.stringify(text)} is invalid, must be an integer`]
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
      const said = `${key} ${text.startsWith('use') ? '' : 'is '}${text}`;
      return [`${place}.nodeSelectorTerms[${term}].matchExpressions[${at}].key: ${said}`];
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
