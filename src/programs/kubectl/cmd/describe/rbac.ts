import { list, text, type JsonObject } from '../../json';
import { quiet } from './context';
import { head } from './writer';

interface Rule {
  readonly group: string | undefined;
  readonly resource: string | undefined;
  readonly resourceName: string | undefined;
  readonly url: string | undefined;
  readonly verbs: readonly string[];
}

const strings = (value: unknown, field: string): readonly string[] => list(value, field).map(String);

/** One rule for each group, resource and name, or for each URL and verb (rbac.BreakdownRule). */
function brokenDown(rule: unknown): readonly Rule[] {
  const found: Rule[] = [];
  const verbs = strings(rule, 'verbs');
  const names = strings(rule, 'resourceNames');
  for (const group of strings(rule, 'apiGroups'))
    for (const resource of strings(rule, 'resources'))
      for (const verb of verbs)
        for (const resourceName of names.length === 0 ? [undefined] : names)
          found.push({ group, resource, resourceName, url: undefined, verbs: [verb] });
  for (const url of strings(rule, 'nonResourceURLs'))
    for (const verb of verbs)
      found.push({ group: undefined, resource: undefined, resourceName: undefined, url, verbs: [verb] });
  return found;
}

/** Rules that only differ in the verb become one (rbac.CompactRules). */
function compact(rules: readonly Rule[]): readonly Rule[] {
  const byResource = new Map<string, Rule>();
  const others: Rule[] = [];
  for (const rule of rules) {
    if (rule.url !== undefined) {
      others.push(rule);
      continue;
    }
    const key = JSON.stringify([rule.group, rule.resource, rule.resourceName]);
    const known = byResource.get(key);
    const verbs = rule.verbs.filter((verb) => !known?.verbs.includes(verb));
    byResource.set(key, known === undefined ? rule : { ...known, verbs: [...known.verbs, ...verbs] });
  }
  return [...others, ...byResource.values()];
}

const bracketed = (value: string | undefined): string => (value === undefined ? '[]' : `[${value}]`);

// The order is that of the Go value's text.
const sortText = ({ verbs, group, resource, resourceName, url }: Rule): string =>
  `&PolicyRule{Verbs:[${verbs.join(' ')}],APIGroups:${bracketed(group)},Resources:${bracketed(resource)},ResourceNames:${bracketed(resourceName)},NonResourceURLs:${bracketed(url)},}`;

function resourceText({ resource, group }: Rule): string {
  if (resource === undefined) return '';
  const [first = '', ...rest] = resource.split('/');
  const combined = group === undefined || group === '' ? first : `${first}.${group}`;
  return rest.length === 0 ? combined : `${combined}/${rest.join('/')}`;
}

/** The rules as rows, for roles and for `auth can-i --list`. */
export function ruleRows(rules: readonly unknown[]): readonly string[] {
  return compact(rules.flatMap(brokenDown))
    .toSorted((a, b) => (sortText(a) < sortText(b) ? -1 : sortText(a) > sortText(b) ? 1 : 0))
    .map(
      (rule) =>
        `${resourceText(rule)}\t${bracketed(rule.url)}\t${bracketed(rule.resourceName)}\t[${rule.verbs.join(' ')}]\n`,
    );
}

export const describeRole = quiet((w, role) => {
  head(w, role, { namespaced: false });
  w.write(0, 'PolicyRule:\n');
  w.write(1, 'Resources\tNon-Resource URLs\tResource Names\tVerbs\n');
  w.write(1, '---------\t-----------------\t--------------\t-----\n');
  for (const row of ruleRows(list(role, 'rules'))) w.write(1, row);
});

export const describeBinding = quiet((w, binding: JsonObject) => {
  head(w, binding, { namespaced: false });
  w.write(0, 'Role:\n');
  w.field(1, 'Kind', text(binding, 'roleRef', 'kind'));
  w.field(1, 'Name', text(binding, 'roleRef', 'name'));
  w.write(0, 'Subjects:\n');
  w.write(1, 'Kind\tName\tNamespace\n');
  w.write(1, '----\t----\t---------\n');
  for (const subject of list(binding, 'subjects'))
    w.write(1, `${text(subject, 'kind')}\t${text(subject, 'name')}\t${text(subject, 'namespace')}\n`);
});
