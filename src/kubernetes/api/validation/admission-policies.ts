import { GoText, type FieldErrors } from '../../apimachinery/field-errors';
import { isDns1035Label, isDns1123Subdomain, isPathSegment } from '../../apimachinery/names';
import { celTypes } from '../../cel/index';
import { compileFor, declarations, type Declarations } from '../admissionregistration/expressions';
import type { BindingSpec, ParamRef, PolicySpec } from '../admissionregistration/policies';
import type { MatchResources } from '../admissionregistration/rules';
import type { Validation, ValidatingAdmissionPolicySpec } from '../admissionregistration/validatingadmissionpolicy';
import type { ValidatingAdmissionPolicyBinding } from '../admissionregistration/validatingadmissionpolicybinding';
import { failurePolicies, goSlice, matchConditions, matchResources } from './admission-rules';
import { labelSelector, oneOf, qualifiedName } from './common';

const mostAnnotations = 20;
const longestAnnotation = 5 * 1024;
const nothingToSay = 'validations or auditAnnotations must contain at least one item';
const identifier = /^[_a-zA-Z][_a-zA-Z0-9]*$/;
const reserved = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);

/** What all policies are asked; gives what their expressions may speak of. `constrain`: what one kind asks besides. */
export function policyParts(
  spec: PolicySpec,
  sameConditions: boolean,
  errors: FieldErrors,
  constrain: (given: MatchResources) => void = () => undefined,
): Declarations {
  const { paramKind, matchConstraints } = spec;
  const params = paramKind !== undefined;
  oneOf(spec.failurePolicy ?? 'Fail', failurePolicies, errors.at('failurePolicy'));
  if (paramKind !== undefined) validateParamKind(paramKind, errors.at('paramKind'));
  if (matchConstraints === undefined) errors.at('matchConstraints').required('');
  else {
    matchResources(matchConstraints, errors.at('matchConstraints'));
    if ((matchConstraints.resourceRules ?? []).length === 0) errors.at('matchConstraints.resourceRules').required('');
    constrain(matchConstraints);
  }
  if (!sameConditions) matchConditions(spec.matchConditions, params, errors.at('matchConditions'));
  const variables = variablesOf(spec, params, errors.at('variables'));
  return { params, ...(variables === undefined ? {} : { variables }) };
}

/** validateValidatingAdmissionPolicySpec. */
export function validatePolicy(
  metadata: { readonly name?: string },
  spec: ValidatingAdmissionPolicySpec,
  sameConditions: boolean,
  errors: FieldErrors,
): void {
  const declared = policyParts(spec, sameConditions, errors);
  const { validations = [], auditAnnotations = [] } = spec;
  if (validations.length === 0 && auditAnnotations.length === 0) {
    errors.at('validations').required(nothingToSay);
    errors.at('auditAnnotations').required(nothingToSay);
    return;
  }
  validations.forEach((each, index) => validation(each, declared, errors.at('validations').index(index)));
  annotations(metadata.name ?? '', auditAnnotations, declared, errors.at('auditAnnotations'));
}

/** The types of `variables`, each of which may speak of those before it. */
function variablesOf(
  { variables = [] }: PolicySpec,
  params: boolean,
  errors: FieldErrors,
): ReadonlyMap<string, celTypes.CelType> | undefined {
  if (variables.length === 0) return undefined;
  const known = new Map<string, celTypes.CelType>();
  variables.forEach(({ name = '', expression = '' }, index) => {
    const at = errors.index(index);
    if (name.trim() === '') at.at('name').required('name is not specified');
    else if (!identifier.test(name) || reserved.has(name))
      at.at('name').invalid(name, 'name is not a valid CEL identifier');
    if (expression.trim() === '') return at.at('expression').required('expression is not specified');
    const compiled = compileFor(expression, declarations({ params, authorizer: true, variables: known }), []);
    if (!compiled.ok) at.at('expression').invalid(expression, compiled.error);
    known.set(name, compiled.ok ? compiled.value.type : celTypes.dyn);
  });
  return known;
}

function validation(given: Validation, declared: Declarations, errors: FieldErrors): void {
  const { expression = '', message = '', messageExpression = '', reason } = given;
  if (expression.trim() === '') errors.at('expression').required('expression is not specified');
  else {
    const compiled = compileFor(expression, declarations({ ...declared, authorizer: true }), ['bool']);
    if (!compiled.ok) errors.at('expression').invalid(expression, compiled.error);
  }
  if (messageExpression !== '' && messageExpression.trim() === '')
    errors.at('messageExpression').invalid(messageExpression, 'must be non-empty if specified');
  else if (messageExpression !== '') {
    const compiled = compileFor(messageExpression, declarations(declared), ['string']);
    if (!compiled.ok) errors.at('messageExpression').invalid(messageExpression, compiled.error);
  }
  if (message !== '' && message.trim() === '')
    errors.at('message').invalid(message, 'message must be non-empty if specified');
  else if (/[\n\r]/.test(message.trim())) errors.at('message').invalid(message, 'message must not contain line breaks');
  if (reason !== undefined) oneOf(reason, ['Forbidden', 'Invalid', 'RequestEntityTooLarge'], errors.at('reason'));
}

function annotations(
  policy: string,
  given: readonly { readonly key: string; readonly valueExpression: string }[],
  declared: Declarations,
  errors: FieldErrors,
): void {
  if (given.length > mostAnnotations)
    errors.invalid(
      new GoText(
        `[]admissionregistration.AuditAnnotation{${given
          .map(
            ({ key = '', valueExpression = '' }) =>
              `admissionregistration.AuditAnnotation{Key:${JSON.stringify(key)}, ValueExpression:${JSON.stringify(valueExpression)}}`,
          )
          .join(', ')}}`,
      ),
      `must not have more than ${mostAnnotations} auditAnnotations`,
    );
  const keys = new Set<string>();
  given.forEach(({ key = '', valueExpression = '' }, index) => {
    const at = errors.index(index);
    if (policy === '') at.at('key').invalid(key, 'requires metadata.name be non-empty');
    else qualifiedName(`${policy}/${key}`, at.at('key'));
    const trimmed = valueExpression.trim();
    const value = at.at('valueExpression');
    if (trimmed === '') value.required('valueExpression is not specified');
    else if (trimmed.length > longestAnnotation) value.required(`must not exceed ${longestAnnotation} bytes in length`);
    else {
      const compiled = compileFor(trimmed, declarations({ ...declared, authorizer: true }), ['string', 'null_type']);
      if (!compiled.ok) value.invalid(valueExpression, compiled.error);
    }
    if (keys.has(key)) at.at('key').duplicate(key);
    keys.add(key);
  });
}

function validateParamKind(
  { apiVersion = '', kind = '' }: { readonly apiVersion?: string; readonly kind?: string },
  errors: FieldErrors,
): void {
  const at = errors.at('apiVersion');
  const parts = apiVersion === '/' ? ['', ''] : apiVersion.split('/');
  if (apiVersion === '') at.required('');
  else if (parts.length > 2) at.invalid(apiVersion, `unexpected GroupVersion string: ${apiVersion}`);
  else {
    const [group, version] = parts.length === 1 ? ['', parts[0] ?? ''] : [parts[0] ?? '', parts[1] ?? ''];
    const wrong = group === '' ? [] : isDns1123Subdomain(group);
    if (wrong.length > 0) at.invalid(group, wrong.join(','));
    const problems = isDns1035Label(version);
    if (version === '') at.invalid(apiVersion, 'version must be specified');
    else if (problems.length > 0) at.invalid(version, problems.join(','));
  }
  const problems = isDns1035Label(kind.toLowerCase());
  if (kind === '') errors.at('kind').required('');
  else if (problems.length > 0)
    errors.at('kind').invalid(kind, `may have mixed case, but should otherwise match: ${problems.join(',')}`);
}

/** What all bindings are asked; `matched` is the path of what they match. */
export function bindingParts(spec: BindingSpec, matched: string, errors: FieldErrors): void {
  const { policyName = '' } = spec;
  if (policyName === '') errors.at('policyName').required('');
  else for (const text of isDns1123Subdomain(policyName)) errors.at('policyName').invalid(policyName, text);
  if (spec.paramRef !== undefined) validateParamRef(spec.paramRef, errors.at('paramRef'));
  matchResources(spec.matchResources, errors.at(matched));
}

/** validateValidatingAdmissionPolicyBindingSpec; the path of matchResources is misspelt upstream. */
export function validateBinding(spec: ValidatingAdmissionPolicyBinding['spec'], errors: FieldErrors): void {
  const { validationActions = [] } = spec;
  bindingParts(spec, 'matchResouces', errors);

  const at = errors.at('validationActions');
  const seen = new Set<string>();
  validationActions.forEach((action, index) => {
    oneOf(action, ['Deny', 'Warn', 'Audit'], at.index(index));
    if (seen.has(action)) at.index(index).duplicate(action);
    seen.add(action);
  });
  if (seen.has('Deny') && seen.has('Warn'))
    at.invalid(
      goSlice('admissionregistration.ValidationAction', validationActions),
      'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)',
    );
  if (seen.size === 0) at.required('at least one validation action is required');
}

function validateParamRef(
  { name = '', selector, parameterNotFoundAction: action = '' }: ParamRef,
  errors: FieldErrors,
): void {
  const exclusive = 'name and selector are mutually exclusive';
  if (name !== '') {
    for (const text of isPathSegment(name)) errors.at('name').invalid(name, text);
    if (selector !== undefined) errors.at('name').forbidden(exclusive);
  }
  if (selector !== undefined) {
    labelSelector(selector, errors.at('selector'));
    if (name !== '') errors.at('selector').forbidden(exclusive);
  }
  if (name === '' && selector === undefined) errors.required('one of name or selector must be specified');
  const at = errors.at('parameterNotFoundAction');
  if (action === '') at.required('');
  else if (action !== 'Deny' && action !== 'Allow') at.notSupported(action, ['Deny', 'Allow']);
}
