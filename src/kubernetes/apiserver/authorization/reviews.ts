import type { AccessReview, ResourceAttributes, SelfSubjectRulesReview } from '../../api/authorization/reviews';
import type { ApiObject } from '../../apimachinery/object';
import { badRequest, type Status } from '../../apimachinery/status';
import type { User } from '../authentication/user';
import type { Routed } from '../rest/exchange';
import type { ReviewAnswer } from '../rest/reviews';
import { decided, type Attributes, type Verdict } from './authorizer';

/** SubjectAccessReview, LocalSubjectAccessReview, SelfSubjectAccessReview: pkg/registry/authorization. */
export function reviewAccess({ user, server, kind }: Routed, review: ApiObject): ReviewAnswer | Promise<ReviewAnswer> {
  const { spec } = review as AccessReview;
  const isSelf = kind.names.kind === 'SelfSubjectAccessReview';
  const attributes = attributesOf(isSelf ? user : userOf(spec), spec);
  const verdict = server.authorizer.authorize(attributes);
  return verdict.until === undefined
    ? answerOf(spec, verdict)
    : decided(server.authorizer, attributes).then((later) => answerOf(spec, later));
}

function answerOf(spec: AccessReview['spec'], { decision, reason, error }: Verdict): ReviewAnswer {
  return {
    spec,
    status: {
      allowed: decision === 'Allow',
      ...(decision === 'Deny' ? { denied: true } : {}),
      ...(reason === '' ? {} : { reason }),
      ...(error === undefined ? {} : { evaluationError: error }),
    },
  };
}

const userOf = ({ user = '', uid, groups = [], extra }: AccessReview['spec']): User => ({
  name: user,
  ...(uid === undefined ? {} : { uid }),
  groups,
  ...(extra === undefined ? {} : { extra }),
});

/** authorizationutil.AuthorizationAttributesFrom. */
function attributesOf(user: User, { resourceAttributes, nonResourceAttributes }: AccessReview['spec']): Attributes {
  if (resourceAttributes === undefined) {
    const { path = '', verb = '' } = nonResourceAttributes ?? {};
    return { user, verb, isResource: false, group: '', resource: '', subresource: '', namespace: '', name: '', path };
  }
  const { verb = '', group = '', resource = '', subresource = '', namespace = '', name = '' } = resourceAttributes;
  const fields = fieldsOf(resourceAttributes);
  const asked = { user, verb, isResource: true, group, resource, subresource, namespace, name, path: '' };
  return fields === undefined ? asked : { ...asked, fields };
}

function fieldsOf({ fieldSelector }: ResourceAttributes): ReadonlyMap<string, string> | undefined {
  if (fieldSelector === undefined) return undefined;
  const { requirements = [] } = fieldSelector;
  const single = requirements.filter(({ operator, values = [] }) => operator === 'In' && values.length === 1);
  return new Map(single.map(({ key, values = [] }) => [key, values[0] ?? '']));
}

/** SelfSubjectRulesReview: pkg/registry/authorization/selfsubjectrulesreview. */
export function reviewRules({ user, server }: Routed, review: ApiObject): ReviewAnswer | Status {
  const { namespace = '' } = (review as SelfSubjectRulesReview).spec ?? {};
  if (namespace === '') return badRequest('no namespace on request');
  const found = server.authorizer.rulesFor?.(user, namespace) ?? { rules: [], errors: [], incomplete: true };
  const resourceRules = found.rules
    .filter(({ resources = [] }) => resources.length > 0)
    .map(({ verbs, apiGroups, resources, resourceNames }) => ({
      verbs,
      apiGroups,
      resources,
      ...(resourceNames === undefined || resourceNames.length === 0 ? {} : { resourceNames }),
    }));
  const nonResourceRules = found.rules
    .filter(({ nonResourceURLs = [] }) => nonResourceURLs.length > 0)
    .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs }));
  const { errors, incomplete } = found;
  const evaluationError = errors.length === 1 ? errors[0] : `[${errors.join(', ')}]`;
  return {
    isNew: true,
    spec: {},
    status: { resourceRules, nonResourceRules, incomplete, ...(errors.length === 0 ? {} : { evaluationError }) },
  };
}
