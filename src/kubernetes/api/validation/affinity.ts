import { GoText, type FieldErrors } from '../../apimachinery/field-errors';
import { isDns1123Label, isQualifiedName } from '../../apimachinery/names';
import type { LabelSelector } from '../../apimachinery/object';
import type { Affinity, NodeSelectorTerm, PodAffinityTerm } from '../core/pod-spec';
import { labelSelector, subdomain, validateRequirement } from './common';

/** validateAffinity of pkg/apis/core/validation/validation.go. */
export function validateAffinity(affinity: Affinity | undefined, errors: FieldErrors): void {
  if (affinity === undefined) return;
  const { nodeAffinity, podAffinity, podAntiAffinity } = affinity;
  if (nodeAffinity !== undefined) {
    const at = errors.at('nodeAffinity');
    const required = nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution;
    if (required !== undefined) validateNodeSelector(required, at.at('requiredDuringSchedulingIgnoredDuringExecution'));
    nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution?.forEach(({ weight, preference }, index) => {
      const each = at.at('preferredDuringSchedulingIgnoredDuringExecution').index(index);
      if (weight <= 0 || weight > 100) each.at('weight').invalid(weight, 'must be in the range 1-100');
      validateTerm(preference, each.at('preference'));
    });
  }
  for (const [rules, field] of [
    [podAffinity, 'podAffinity'],
    [podAntiAffinity, 'podAntiAffinity'],
  ] as const) {
    const at = errors.at(field);
    rules?.requiredDuringSchedulingIgnoredDuringExecution?.forEach((term, index) =>
      validateAffinityTerm(term, at.at('requiredDuringSchedulingIgnoredDuringExecution').index(index)),
    );
    rules?.preferredDuringSchedulingIgnoredDuringExecution?.forEach(({ weight, podAffinityTerm }, index) => {
      const each = at.at('preferredDuringSchedulingIgnoredDuringExecution').index(index);
      if (weight <= 0 || weight > 100) each.at('weight').invalid(weight, 'must be in the range 1-100');
      validateAffinityTerm(podAffinityTerm, each.at('podAffinityTerm'));
    });
  }
}

/** ValidateNodeSelector. */
export function validateNodeSelector(
  { nodeSelectorTerms: terms }: { readonly nodeSelectorTerms?: readonly NodeSelectorTerm[] },
  errors: FieldErrors,
): void {
  const at = errors.at('nodeSelectorTerms');
  if ((terms ?? []).length === 0) at.required('must have at least one node selector term');
  terms?.forEach((term, index) => validateTerm(term, at.index(index)));
}

/** ValidateNodeSelectorTerm. */
function validateTerm({ matchExpressions, matchFields }: NodeSelectorTerm, errors: FieldErrors): void {
  matchExpressions?.forEach((requirement, index) => {
    const at = errors.at('matchExpressions').index(index);
    validateRequirement(requirement, at, ({ operator, values = [] }) => {
      if (operator !== 'Gt' && operator !== 'Lt')
        at.at('operator').invalid(new GoText(JSON.stringify(operator ?? '')), 'not a valid selector operator');
      else if (values.length !== 1)
        at.at('values').required("must be specified single value when `operator` is 'Lt' or 'Gt'");
    });
  });
  matchFields?.forEach(({ key = '', operator, values = [] }, index) => {
    const at = errors.at('matchFields').index(index);
    if (operator === 'In' || operator === 'NotIn') {
      if (values.length !== 1)
        at.at('values').required("must be only one value when `operator` is 'In' or 'NotIn' for node field selector");
    } else at.at('operator').invalid(operator ?? '', 'not a valid selector operator');
    if (key !== 'metadata.name') at.at('key').invalid(key, 'not a valid field selector key');
    else values.forEach((value, position) => subdomain(value, at.at('values').index(position)));
  });
}

/** validatePodAffinityTerm. */
function validateAffinityTerm(term: PodAffinityTerm, errors: FieldErrors): void {
  const { topologyKey = '', matchLabelKeys, mismatchLabelKeys } = term;
  labelSelector(term.labelSelector, errors.at('labelSelector'));
  labelSelector(term.namespaceSelector, errors.at('namespaceSelector'));
  for (const name of term.namespaces ?? [])
    for (const text of isDns1123Label(name)) errors.at('namespace').invalid(name, text);
  validateKeys(matchLabelKeys, term.labelSelector, errors.at('matchLabelKeys'));
  validateKeys(mismatchLabelKeys, term.labelSelector, errors.at('mismatchLabelKeys'));
  matchLabelKeys?.forEach((key, index) => {
    if (mismatchLabelKeys?.includes(key) === true)
      errors.at('matchLabelKeys').index(index).invalid(key, 'exists in both matchLabelKeys and mismatchLabelKeys');
  });
  if (topologyKey === '') errors.at('topologyKey').required('can not be empty');
  for (const text of isQualifiedName(topologyKey)) errors.at('topologyKey').invalid(topologyKey, text);
}

/** Keys of labels of the pod itself, which only make sense next to a selector. */
export function validateSpreadKeys(
  keys: readonly string[] | undefined,
  selector: LabelSelector | undefined,
  errors: FieldErrors,
): void {
  if (keys === undefined || keys.length === 0) return;
  if (selector === undefined) errors.forbidden('must not be specified when labelSelector is not set');
  const selected = new Set([
    ...Object.keys(selector?.matchLabels ?? {}),
    ...(selector?.matchExpressions ?? []).map(({ key }) => key),
  ]);
  keys.forEach((key, index) => {
    for (const text of isQualifiedName(key)) errors.index(index).invalid(key, text);
    if (selected.has(key)) errors.index(index).invalid(key, 'exists in both matchLabelKeys and labelSelector');
  });
}

/** The same of affinity, whose selector may name them as well. */
function validateKeys(keys: readonly string[] | undefined, selector: unknown, errors: FieldErrors): void {
  if (keys === undefined || keys.length === 0) return;
  if (selector === undefined) return errors.forbidden('must not be specified when labelSelector is not set');
  keys.forEach((key, index) => {
    for (const text of isQualifiedName(key)) errors.index(index).invalid(key, text);
  });
}
