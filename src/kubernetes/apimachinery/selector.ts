import type { Labels, LabelSelector, LabelSelectorRequirement } from './object';

/** metav1.FormatLabelSelector's text, as labels.Selector prints itself: `app=web,tier in (a,b),!old`. Empty selects all. */
export function selectorText(selector: LabelSelector | undefined): string {
  const requirements = [
    ...Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => ({ key, text: `${key}=${value}` })),
    ...(selector?.matchExpressions ?? []).map((each) => ({ key: each.key, text: requirementText(each) })),
  ];
  return requirements
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ text }) => text)
    .join(',');
}

/** What a Selector column shows: metav1.FormatLabelSelector. */
export const selectorColumnText = (selector: LabelSelector | undefined): string => {
  const text = selectorText(selector);
  return text === '' ? '<none>' : text;
};

function requirementText({ key, operator, values = [] }: LabelSelectorRequirement): string {
  const list = [...values].sort().join(',');
  switch (operator) {
    case 'In':
      return `${key} in (${list})`;
    case 'NotIn':
      return `${key} notin (${list})`;
    case 'Exists':
      return key;
    case 'DoesNotExist':
      return `!${key}`;
  }
}

/** Whether labels satisfy a selector of an object. Undefined selects nothing, an empty one everything. */
export function selectorMatches(selector: LabelSelector | undefined, labels: Labels | undefined): boolean {
  if (selector === undefined) return false;
  for (const key in selector.matchLabels) if (labels?.[key] !== selector.matchLabels[key]) return false;
  return (selector.matchExpressions ?? []).every((requirement) => requirementMatches(requirement, labels));
}

export function requirementMatches(
  { key, operator, values = [] }: LabelSelectorRequirement,
  labels: Labels | undefined,
): boolean {
  const value = labels?.[key];
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
