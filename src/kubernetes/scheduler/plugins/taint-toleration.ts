import { normalizeBy, unresolvable, type Plugin } from '../framework';
import { tolerates, untolerated } from '../selectors';

/** Keeps pods off nodes whose taints they do not tolerate, and prefers nodes with few PreferNoSchedule taints. */
export const taintToleration: Plugin = {
  name: 'TaintToleration',
  weight: 3,
  filter({ pod: { spec } }) {
    const tolerations = spec.tolerations ?? [];
    return ({ node }) => {
      const taints = node.spec?.taints;
      if (taints === undefined) return undefined;
      const taint = untolerated(taints, tolerations, ['NoSchedule', 'NoExecute']);
      return taint && unresolvable(`node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`);
    };
  },
  score({ pod: { spec } }) {
    const tolerations = (spec.tolerations ?? []).filter(({ effect }) => !effect || effect === 'PreferNoSchedule');
    return {
      score: ({ node }) =>
        (node.spec?.taints ?? []).filter(
          (taint) =>
            taint.effect === 'PreferNoSchedule' && !tolerations.some((toleration) => tolerates(toleration, taint)),
        ).length,
      normalize: normalizeBy(true),
    };
  },
};
