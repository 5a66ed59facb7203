import type { PolicyRule } from '../../../api/rbac/rbac';
import type { Attributes } from '../authorizer';

const all = '*';

/** rbac.RuleAllows: whether one rule allows what is asked. */
export function ruleAllows(attributes: Attributes, rule: PolicyRule): boolean {
  if (!matches(rule.verbs, attributes.verb)) return false;
  if (!attributes.isResource) return nonResourceMatches(rule, attributes.path);
  return (
    matches(rule.apiGroups, attributes.group) &&
    resourceMatches(rule, attributes.resource, attributes.subresource) &&
    nameMatches(rule, attributes.name)
  );
}

const matches = (values: readonly string[] | undefined, wanted: string): boolean => {
  if (values === undefined) return false;
  for (const value of values) if (value === all || value === wanted) return true;
  return false;
};

function resourceMatches({ resources = [] }: PolicyRule, resource: string, subresource: string): boolean {
  for (const value of resources) {
    if (value === all) return true;
    if (subresource === '') {
      if (value === resource) return true;
      continue;
    }
    // "pods/log" and "*/scale", without making text for each rule.
    const slash = value.length - subresource.length - 1;
    if (slash < 1 || value[slash] !== '/' || !value.endsWith(subresource)) continue;
    if (slash === 1 && value.startsWith(all)) return true;
    if (slash === resource.length && value.startsWith(resource)) return true;
  }
  return false;
}

const nameMatches = ({ resourceNames = [] }: PolicyRule, name: string): boolean =>
  resourceNames.length === 0 || resourceNames.includes(name);

function nonResourceMatches({ nonResourceURLs = [] }: PolicyRule, path: string): boolean {
  for (const url of nonResourceURLs) {
    if (url === all || url === path) return true;
    if (url.endsWith(all) && path.startsWith(url.replace(/\*+$/, ''))) return true;
  }
  return false;
}
