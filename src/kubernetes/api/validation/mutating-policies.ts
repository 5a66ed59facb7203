import type { FieldErrors } from '../../apimachinery/field-errors';
import { compileFor, declarations, type Declarations } from '../admissionregistration/expressions';
import type { MutatingAdmissionPolicySpec, Mutation } from '../admissionregistration/mutatingadmissionpolicy';
import type { MutatingAdmissionPolicyBinding } from '../admissionregistration/mutatingadmissionpolicybinding';
import type { MatchResources } from '../admissionregistration/rules';
import { bindingParts, policyParts } from './admission-policies';
import { oneOf } from './common';

/** What an expression of a patch has to give. */
export const patchResults = { ApplyConfiguration: ['Object'], JSONPatch: ['list(JSONPatch)'] } as const;

const operations = ['*', 'CREATE', 'UPDATE'];

/** validateMutatingAdmissionPolicySpec. */
export function validateMutatingPolicy(
  spec: MutatingAdmissionPolicySpec,
  sameConditions: boolean,
  errors: FieldErrors,
): void {
  const { mutations = [], reinvocationPolicy = '' } = spec;
  const parts = policyParts(spec, sameConditions, errors, (matched) =>
    mutates(matched, errors.at('matchConstraints.resourceRules.operations')),
  );
  const declared = { ...parts, authorizer: true };
  if (mutations.length === 0) errors.at('mutations').required('mutations must contain at least one item');
  mutations.forEach((each, index) => mutation(each, declared, errors.at('mutations').index(index)));
  if (reinvocationPolicy === '') errors.at('reinvocationPolicy').required('');
  else oneOf(reinvocationPolicy, ['IfNeeded', 'Never'], errors.at('reinvocationPolicy'));
}

/** What goes cannot be changed. */
function mutates({ resourceRules = [] }: MatchResources, errors: FieldErrors): void {
  for (const operation of resourceRules.flatMap((rule) => rule.operations))
    if (!operations.includes(operation)) errors.notSupported(operation, operations);
}

function mutation({ patchType = '', ...given }: Mutation, declared: Declarations, errors: FieldErrors): void {
  if (patchType === '') return errors.at('patchType').required('');
  if (patchType !== 'JSONPatch' && patchType !== 'ApplyConfiguration')
    return errors.at('patchType').notSupported(patchType, ['ApplyConfiguration', 'JSONPatch']);
  const [own, other] =
    patchType === 'JSONPatch'
      ? (['jsonPatch', 'applyConfiguration'] as const)
      : (['applyConfiguration', 'jsonPatch'] as const);
  const part = given[own];
  if (part === undefined) errors.at(own).required(`must be specified when patchType is ${patchType}`);
  else {
    const at = errors.at(own).at('expression');
    const expression = (part.expression ?? '').trim();
    if (expression === '') at.required('expression is not specified');
    else {
      const compiled = compileFor(expression, declarations(declared), patchResults[patchType], true);
      if (!compiled.ok) at.invalid(part.expression, compiled.error);
    }
  }
  if (given[other] !== undefined)
    errors.at(other).invalid(`{${other}}`, `must not be specified when patchType is ${patchType}`);
}

/** validateMutatingAdmissionPolicyBindingSpec. */
export function validateMutatingBinding(spec: MutatingAdmissionPolicyBinding['spec'], errors: FieldErrors): void {
  bindingParts(spec, 'matchResources', errors);
  if (spec.matchResources !== undefined)
    mutates(spec.matchResources, errors.at('matchResources.resourceRules.operations'));
}
