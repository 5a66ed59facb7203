import { type FieldErrors, GoText, goQuote } from '../../apimachinery/field-errors';
import { defineKind, type Kind } from '../../apimachinery/kind';
import type { ApiObject, ObjectMeta } from '../../apimachinery/object';
import { bool, list, map, need, ptr, str, struct, named } from '../../apimachinery/schema';
import { object } from '../meta/schema';

export interface ResourceAttributes {
  readonly namespace?: string;
  readonly verb?: string;
  readonly group?: string;
  readonly version?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly name?: string;
  readonly fieldSelector?: Selector;
  readonly labelSelector?: Selector;
}

interface Selector {
  readonly rawSelector?: string;
  readonly requirements?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

export interface NonResourceAttributes {
  readonly path?: string;
  readonly verb?: string;
}

/** SubjectAccessReview, its local and its own form: the own form has no user. */
export interface AccessReview extends ApiObject {
  readonly spec: {
    readonly resourceAttributes?: ResourceAttributes;
    readonly nonResourceAttributes?: NonResourceAttributes;
    readonly user?: string;
    readonly groups?: readonly string[];
    readonly extra?: Readonly<Record<string, readonly string[]>>;
    readonly uid?: string;
  };
  readonly status?: object;
}

export interface SelfSubjectRulesReview extends ApiObject {
  readonly spec: { readonly namespace?: string };
  readonly status?: object;
}

const group = 'authorization.k8s.io';
const selector = (name: string) =>
  ptr(
    struct(name, {
      rawSelector: str,
      requirements: list(
        struct(`${name}Requirement`, { key: str, operator: named(`${name}Operator`), values: list(str) }),
      ),
    }),
  );

const attributes = {
  resourceAttributes: ptr(
    struct('ResourceAttributes', {
      namespace: str,
      verb: str,
      group: str,
      version: str,
      resource: str,
      subresource: str,
      name: str,
      fieldSelector: selector('FieldSelector'),
      labelSelector: selector('LabelSelector'),
    }),
  ),
  nonResourceAttributes: ptr(struct('NonResourceAttributes', { path: str, verb: str })),
};

const ofSomebody = {
  ...attributes,
  user: str,
  groups: list(str),
  extra: map({ ...list(str), go: 'v1.ExtraValue' }),
  uid: str,
};
const status = struct('SubjectAccessReviewStatus', {
  allowed: need(bool),
  denied: bool,
  reason: str,
  evaluationError: str,
});

function review(kind: string, isLocal: boolean, isSelf: boolean): Kind<AccessReview> {
  const spec = struct(`${isSelf ? 'SelfS' : 'S'}ubjectAccessReviewSpec`, isSelf ? attributes : ofSomebody);
  return defineKind<AccessReview>({
    names: { group, version: 'v1', kind, plural: `${kind.toLowerCase()}s` },
    scope: isLocal ? 'Namespaced' : 'Cluster',
    createOnly: true,
    schema: object(kind, { spec: need(spec), status }),
    validate: (given, errors) => {
      validateSpec(given.spec ?? {}, isSelf, errors.at('spec'));
      if (!isBare(given.metadata, isLocal))
        errors.at('metadata').invalid(given.metadata, isLocal ? 'must be empty except for namespace' : 'must be empty');
      if (!isLocal) return;
      const { resourceAttributes, nonResourceAttributes } = given.spec ?? {};
      const wanted = resourceAttributes?.namespace ?? '';
      if (resourceAttributes !== undefined && wanted !== given.metadata.namespace)
        errors.at('spec.resourceAttributes.namespace').invalid(wanted, 'must match metadata.namespace');
      if (nonResourceAttributes !== undefined)
        errors
          .at('spec.nonResourceAttributes')
          .invalid(goText(nonResourceAttributes), 'disallowed on this kind of request');
    },
  });
}

export const subjectAccessReview = review('SubjectAccessReview', false, false);
export const localSubjectAccessReview = review('LocalSubjectAccessReview', true, false);
export const selfSubjectAccessReview = review('SelfSubjectAccessReview', false, true);

export const selfSubjectRulesReview = defineKind<SelfSubjectRulesReview>({
  names: { group, version: 'v1', kind: 'SelfSubjectRulesReview', plural: 'selfsubjectrulesreviews' },
  scope: 'Cluster',
  createOnly: true,
  schema: object('SelfSubjectRulesReview', {
    spec: need(struct('SelfSubjectRulesReviewSpec', { namespace: str })),
    status: struct('SubjectRulesReviewStatus', {
      resourceRules: list(
        struct('ResourceRule', {
          verbs: list(str),
          apiGroups: list(str),
          resources: list(str),
          resourceNames: list(str),
        }),
      ),
      nonResourceRules: list(struct('NonResourceRule', { verbs: list(str), nonResourceURLs: list(str) })),
      incomplete: bool,
      evaluationError: str,
    }),
  }),
});

/** ValidateSubjectAccessReviewSpec, ValidateSelfSubjectAccessReviewSpec. */
function validateSpec(spec: Partial<AccessReview['spec']>, isSelf: boolean, errors: FieldErrors): void {
  const { resourceAttributes: resource, nonResourceAttributes: other, user = '', groups = [] } = spec;
  if (resource !== undefined && other !== undefined)
    errors
      .at('nonResourceAttributes')
      .invalid(goText(other), 'cannot be specified in combination with resourceAttributes');
  if (resource === undefined && other === undefined)
    errors
      .at('resourceAttributes')
      .invalid(undefined, 'exactly one of nonResourceAttributes or resourceAttributes must be specified');
  if (!isSelf && user === '' && groups.length === 0)
    errors.at('user').invalid(user, 'at least one of user or group must be specified');
  if (resource === undefined) return;
  validateSelector(resource.fieldSelector, errors.at('resourceAttributes').at('fieldSelector'));
  validateSelector(resource.labelSelector, errors.at('resourceAttributes').at('labelSelector'));
}

function validateSelector(given: Selector | undefined, errors: FieldErrors): void {
  if (given === undefined) return;
  const { rawSelector = '', requirements = [] } = given;
  if (rawSelector !== '' && requirements.length > 0)
    errors.at('rawSelector').invalid(rawSelector, 'may not specified at the same time as requirements');
  if (rawSelector === '' && requirements.length === 0)
    errors.at('requirements').required(`when ${errors.text} is specified, requirements or rawSelector is required`);
}

const goText = ({ path = '', verb = '' }: NonResourceAttributes): GoText =>
  new GoText(`authorization.NonResourceAttributes{Path:${goQuote(path)}, Verb:${goQuote(verb)}}`);

const isBare = (metadata: Partial<ObjectMeta> = {}, mayHaveNamespace: boolean): boolean =>
  Object.entries(metadata).every(
    ([key, value]) =>
      value === undefined ||
      value === null ||
      value === '' ||
      key === 'managedFields' ||
      (mayHaveNamespace && key === 'namespace'),
  );
