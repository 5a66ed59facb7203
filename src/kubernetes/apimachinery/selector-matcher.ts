import type { Labels, LabelSelector, LabelSelectorRequirement } from './object';

const none: Labels = {};
const known = new WeakMap<LabelSelector, (labels: Labels | undefined) => boolean>();

/** A LabelSelector as a predicate, made once per selector. The empty one selects everything. */
export function selectorMatcher(selector: LabelSelector): (labels: Labels | undefined) => boolean {
  let matcher = known.get(selector);
  if (matcher === undefined) {
    const wanted = Object.entries(selector.matchLabels ?? {});
    const expressions = selector.matchExpressions ?? [];
    matcher = (labels = none) => {
      for (const [key, value] of wanted) if (labels[key] !== value) return false;
      for (const expression of expressions) if (!holds(labels, expression)) return false;
      return true;
    };
    known.set(selector, matcher);
  }
  return matcher;
}

/** Whether all of `wanted` stand in `labels` (a Service's selector). */
export function hasLabels(labels: Labels | undefined, wanted: Labels): boolean {
  for (const key in wanted) if (labels?.[key] !== wanted[key]) return false;
  return true;
}

function holds(labels: Labels, { key, operator, values = [] }: LabelSelectorRequirement): boolean {
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
  }
}
