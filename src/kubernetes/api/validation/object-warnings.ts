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
  const { nodeSelectorTerms = [] } = (selector ?? {}) as Terms;
  return nodeSelectorTerms.flatMap(({ matchExpressions = [] }, term) =>
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

/** validation.GetWarningsForCIDR: an address where a network is meant. */
export function cidrWarnings(place: string, cidr: string): readonly string[] {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(cidr);
  if (match === null) return [];
  const [first = 0, second = 0, third = 0, fourth = 0, bits = 0] = match.slice(1).map(Number);
  if ([first, second, third, fourth].some((part) => part > 255) || bits > 32) return [];
  const address = first * 2 ** 24 + second * 2 ** 16 + third * 256 + fourth;
  const size = 2 ** (32 - bits);
  const network = Math.floor(address / size) * size;
  const text = (number: number): string =>
    [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
  const plain = `${text(address)}/${bits}`;
  if (network !== address)
    return [
      `${place}: CIDR value ${JSON.stringify(cidr)} is ambiguous in this context (should be "${text(network)}/${bits}" or "${text(address)}/32"?)`,
    ];
  return plain === cidr
    ? []
    : [
        `${place}: non-standard CIDR value ${JSON.stringify(cidr)} will be considered invalid in a future Kubernetes release: use "${plain}"`,
      ];
}
