import type { PolicyRule } from '../../../../api/rbac/rbac';

/** Rules by the name of their role, each in the form that `ruleOf` reads. */
export type RoleTable = Readonly<Record<string, readonly string[]>>;

/**
 * A rule of the default policy: `VERBS GROUPS RESOURCES [NAMES]` or `VERBS URLS`, lists with commas, `core` for the
 * group without a name.
 */
export function ruleOf(text: string): PolicyRule {
  const [verbs = '', groups = '', resources, names] = text.split(' ');
  const list = (part: string): readonly string[] => part.split(',');
  if (resources === undefined) return { verbs: list(verbs), nonResourceURLs: list(groups) };
  return {
    verbs: list(verbs),
    apiGroups: list(groups).map((group) => (group === 'core' ? '' : group)),
    resources: list(resources),
    ...(names === undefined ? {} : { resourceNames: list(names) }),
  };
}
