import { normalizeBy, unresolvable, type Plugin } from '../framework';
import type { NodeLike, PodSpecLike, SelectorTerm } from '../objects';
import { matchesAnyTerm, matchesTerm } from '../selectors';

const rejection = unresolvable("node(s) didn't match Pod's node affinity/selector");
/** Nodes that the affinity's `metadata.name` fields rule out beforehand (PreFilterResult). */
const ruledOut = unresolvable("node(s) didn't satisfy plugin(s) [NodeAffinity]");

/** `nodeSelector` and node affinity, required and preferred. */
export const nodeAffinity: Plugin = {
  name: 'NodeAffinity',
  weight: 2,
  filter({ pod: { spec } }) {
    const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
    if (spec.nodeSelector === undefined && terms === undefined) return undefined;
    const named = terms && namedNodes(terms);
    return ({ node }) => {
      if (named !== undefined && !named.has(node.metadata.name)) return ruledOut;
      return required(spec, node) ? undefined : rejection;
    };
  },
  score({ pod: { spec } }) {
    const preferred = spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution;
    if (preferred === undefined || preferred.length === 0) return undefined;
    return {
      score: ({ node }) =>
        preferred.reduce((sum, { weight, preference }) => sum + (matchesTerm(node, preference) ? weight : 0), 0),
      normalize: normalizeBy(false),
    };
  },
};

export function required(spec: PodSpecLike, node: NodeLike): boolean {
  const labels = node.metadata.labels ?? {};
  if (spec.nodeSelector !== undefined) {
    for (const key in spec.nodeSelector) if (labels[key] !== spec.nodeSelector[key]) return false;
  }
  const affinity = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return affinity === undefined || matchesAnyTerm(node, affinity.nodeSelectorTerms);
}

/** The node names that the terms allow, if each of them names some. */
function namedNodes(terms: readonly SelectorTerm[]): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  for (const { matchFields = [] } of terms) {
    const fields = matchFields.filter(({ key, operator }) => key === 'metadata.name' && operator === 'In');
    if (fields.length === 0) return undefined;
    const [first, ...others] = fields.map(({ values = [] }) => values);
    for (const name of first ?? []) if (others.every((values) => values.includes(name))) names.add(name);
  }
  return names;
}
