import type {
  FlowSchema,
  FlowSubject,
  NonResourcePolicyRule,
  PolicyRulesWithSubjects,
  ResourcePolicyRule,
} from '../../api/flowcontrol/flowschema';
import type { User } from '../authentication/user';
import type { RequestInfo } from '../rest/request-info';

/** matchesFlowSchema: k8s.io/apiserver/pkg/util/flowcontrol/rule.go */
export const matchesFlowSchema = ({ spec }: FlowSchema, user: User, info: RequestInfo): boolean =>
  (spec.rules ?? []).some((rule) => matchesRule(rule, user, info));

const matchesRule = (rule: PolicyRulesWithSubjects, user: User, info: RequestInfo): boolean =>
  (rule.subjects ?? []).some((subject) => matchesSubject(subject, user)) &&
  (info.isResource
    ? (rule.resourceRules ?? []).some((each) => matchesResource(each, info))
    : (rule.nonResourceRules ?? []).some((each) => matchesPath(each, info)));

const accounts = 'system:serviceaccount:';

function matchesSubject({ kind, user, group, serviceAccount }: FlowSubject, { name, groups }: User): boolean {
  switch (kind) {
    case 'User':
      return user !== undefined && (user.name === '*' || user.name === name);
    case 'Group':
      return group !== undefined && (group.name === '*' || groups.includes(group.name));
    case 'ServiceAccount': {
      if (serviceAccount === undefined) return false;
      const ofNamespace = `${accounts}${serviceAccount.namespace}:`;
      return serviceAccount.name === '*' ? name.startsWith(ofNamespace) : name === ofNamespace + serviceAccount.name;
    }
    default:
      return false;
  }
}

const has = (list: readonly string[] | null | undefined, wanted: string): boolean =>
  list !== null && list !== undefined && (list.includes('*') || list.includes(wanted));

function matchesResource(rule: ResourcePolicyRule, info: RequestInfo): boolean {
  const { verb, group, resource, subresource, namespace = '' } = info;
  if (!has(rule.verbs, verb) || !has(rule.apiGroups, group)) return false;
  if (!has(rule.resources, subresource === '' ? resource : `${resource}/${subresource}`)) return false;
  return namespace === '' ? rule.clusterScope === true : has(rule.namespaces, namespace);
}

const matchesPath = ({ verbs, nonResourceURLs }: NonResourcePolicyRule, { verb, path }: RequestInfo): boolean =>
  has(verbs, verb) &&
  (nonResourceURLs ?? []).some((rule) => {
    if (rule === '*' || rule === path) return true;
    const prefix = rule.replace(/\*$/, '');
    return path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`);
  });
