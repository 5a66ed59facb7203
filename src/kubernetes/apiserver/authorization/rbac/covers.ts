import type { PolicyRule } from '../../../api/rbac/rbac';

/** What is in one rule, so finely that a single rule of somebody else either covers it or does not: BreakdownRule. */
export function breakdown(rule: PolicyRule): readonly PolicyRule[] {
  const { verbs = [], apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  const fine: PolicyRule[] = [];
  for (const group of apiGroups)
    for (const resource of resources)
      for (const verb of verbs) {
        const one = { verbs: [verb], apiGroups: [group], resources: [resource] };
        if (resourceNames.length === 0) fine.push(one);
        else for (const name of resourceNames) fine.push({ ...one, resourceNames: [name] });
      }
  for (const url of nonResourceURLs) for (const verb of verbs) fine.push({ verbs: [verb], nonResourceURLs: [url] });
  return fine;
}

/** So many fine rules are compared; who asks for more is told of all of them (hostile input must not cost minutes). */
const most = 20_000;

/** validation.Covers: which of `wanted` the owner of `owned` does not have. */
export function missing(owned: readonly PolicyRule[], wanted: readonly PolicyRule[]): readonly PolicyRule[] {
  const left: PolicyRule[] = [];
  let seen = 0;
  for (const rule of wanted) {
    // The whole rule at once: the usual case, and what keeps cluster-admin fast.
    if (owned.some((each) => ruleCovers(each, rule))) continue;
    for (const fine of breakdown(rule)) {
      if (++seen > most) return left.length > 0 ? left : [rule];
      if (!owned.some((each) => ruleCovers(each, fine))) left.push(fine);
    }
  }
  return left;
}

const has = (values: readonly string[] | undefined, value: string): boolean => values?.includes(value) === true;
const hasAll = (values: readonly string[] | undefined, wanted: readonly string[] | undefined): boolean =>
  (wanted ?? []).every((each) => has(values, each));

function ruleCovers(owner: PolicyRule, rule: PolicyRule): boolean {
  const names = rule.resourceNames ?? [];
  const ownerNames = owner.resourceNames ?? [];
  return (
    (has(owner.verbs, '*') || hasAll(owner.verbs, rule.verbs)) &&
    (has(owner.apiGroups, '*') || hasAll(owner.apiGroups, rule.apiGroups)) &&
    (rule.resources ?? []).every((each) => resourceCovers(owner.resources, each)) &&
    (rule.nonResourceURLs ?? []).every((each) => (owner.nonResourceURLs ?? []).some((own) => urlCovers(own, each))) &&
    (ownerNames.length === 0 || (names.length > 0 && hasAll(ownerNames, names)))
  );
}

function resourceCovers(owned: readonly string[] | undefined, wanted: string): boolean {
  if (has(owned, '*') || has(owned, wanted)) return true;
  const slash = wanted.indexOf('/');
  return slash >= 0 && has(owned, `*${wanted.slice(slash)}`);
}

const urlCovers = (owned: string, wanted: string): boolean =>
  owned === '*' || owned === wanted || (owned.endsWith('*') && wanted.startsWith(owned.replace(/\*+$/, '')));

/** validation.CompactRules: verbs of the same plain resource together; what is not so plain comes first. */
export function compact(rules: readonly PolicyRule[]): readonly PolicyRule[] {
  const others: PolicyRule[] = [];
  const plain = new Map<string, { rule: PolicyRule; verbs: string[] }>();
  for (const rule of rules) {
    const { apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
    const isPlain =
      apiGroups.length === 1 && resources.length === 1 && resourceNames.length < 2 && nonResourceURLs.length === 0;
    if (!isPlain) {
      others.push(rule);
      continue;
    }
    const key = JSON.stringify([apiGroups, resources, resourceNames]);
    const known = plain.get(key);
    if (known === undefined) plain.set(key, { rule, verbs: [...rule.verbs] });
    else for (const verb of rule.verbs) if (!known.verbs.includes(verb)) known.verbs.push(verb);
  }
  return [...others, ...[...plain.values()].map(({ rule, verbs }) => ({ ...rule, verbs }))];
}

/** rbacv1helpers.CompactString: `{APIGroups:[""], Resources:["pods"], Verbs:["get"]}`. */
export function compactString(rule: PolicyRule): string {
  const parts: string[] = [];
  const add = (name: string, values: readonly string[] = []): void => {
    if (values.length > 0) parts.push(`${name}:${quoted(values)}`);
  };
  add('APIGroups', rule.apiGroups);
  add('Resources', rule.resources);
  add('NonResourceURLs', rule.nonResourceURLs);
  add('ResourceNames', rule.resourceNames);
  add('Verbs', rule.verbs);
  return `{${parts.join(', ')}}`;
}

/** fmt's `%q` of a slice. */
export const quoted = (values: readonly string[]): string =>
  `[${values.map((value) => JSON.stringify(value)).join(' ')}]`;
