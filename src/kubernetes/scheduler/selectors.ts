import type { Labels, LabelSelectorLike, NodeLike, Requirement, SelectorTerm, Taint, Toleration } from './objects';

/** Label selector requirement, with the operators of node affinity besides. */
export function matches(labels: Labels, { key, operator, values = [] }: Requirement): boolean {
  const value = labels[key];
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
    case 'Lt': {
      const bound = values[0] ?? '';
      if (value === undefined || !/^-?\d+$/.test(value) || !/^-?\d+$/.test(bound)) return false;
      return operator === 'Gt' ? Number(value) > Number(bound) : Number(value) < Number(bound);
    }
    default:
      return false;
  }
}

/** A LabelSelector as a predicate; nil selects nothing, the empty one everything. */
export function labelMatcher(selector: LabelSelectorLike | undefined): (labels: Labels) => boolean {
  if (selector === undefined) return () => false;
  const wanted = Object.entries(selector.matchLabels ?? {});
  const expressions = selector.matchExpressions ?? [];
  return (labels) =>
    wanted.every(([key, value]) => labels[key] === value) &&
    expressions.every((expression) => matches(labels, expression));
}

/** Terms are ORed; an empty term matches nothing. */
export const matchesAnyTerm = (node: NodeLike, terms: readonly SelectorTerm[]): boolean =>
  terms.some((term) => matchesTerm(node, term));

export function matchesTerm(node: NodeLike, { matchExpressions = [], matchFields = [] }: SelectorTerm): boolean {
  if (matchExpressions.length === 0 && matchFields.length === 0) return false;
  const fields = { 'metadata.name': node.metadata.name };
  return (
    matchExpressions.every((requirement) => matches(node.metadata.labels ?? {}, requirement)) &&
    matchFields.every((requirement) => matches(fields, requirement))
  );
}

/** k8s.io/api core/v1 Toleration.ToleratesTaint. */
export function tolerates(
  { key = '', operator = 'Equal', value = '', effect = '' }: Toleration,
  taint: Taint,
): boolean {
  if (effect !== '' && effect !== taint.effect) return false;
  if (key !== '' && key !== taint.key) return false;
  if (operator === 'Exists') return true;
  return key !== '' && value === (taint.value ?? '');
}

/** The first taint with one of these effects that nothing tolerates. */
export const untolerated = (
  taints: readonly Taint[],
  tolerations: readonly Toleration[],
  effects: readonly string[],
): Taint | undefined =>
  taints.find(
    (taint) => effects.includes(taint.effect) && !tolerations.some((toleration) => tolerates(toleration, taint)),
  );
