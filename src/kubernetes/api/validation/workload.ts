import { GoText, type FieldErrors } from '../../apimachinery/field-errors';
import type { IntOrString, LabelSelector } from '../../apimachinery/object';
import { isQualifiedName, isValidLabelValue } from '../../apimachinery/names';
import { wasGivenEmpty } from '../../apimachinery/decode';
import { selectorMatches } from '../../apimachinery/selector';
import type { PodTemplateSpec } from '../core/pod-spec';
import { goMap, labelSelector, nonNegative } from './common';
import { validatePodTemplate } from './pod-spec';

/** Rules of pkg/apis/apps/validation that Deployments, ReplicaSets and DaemonSets share. */
interface Workload {
  readonly selector?: LabelSelector | undefined;
  readonly template: PodTemplateSpec;
}

/** Says nothing at all. */
export const isEmptySelector = ({ matchLabels = {}, matchExpressions = [] }: LabelSelector): boolean =>
  Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;

/** Whether the selector is one, and says nothing that is wrong. `word`: what an empty one is invalid for. */
export function validateSelector(selector: LabelSelector | undefined, word: string, errors: FieldErrors): boolean {
  if (selector === undefined) {
    errors.required('');
    return false;
  }
  const before = errors.causes.length;
  labelSelector(selector, errors);
  if (isEmptySelector(selector)) errors.invalid(goSelector(selector), `empty selector is invalid for ${word}`);
  return errors.causes.length === before;
}

/** metav1.LabelSelectorAsSelector takes it. */
export const isSelector = ({ matchLabels = {}, matchExpressions = [] }: LabelSelector): boolean =>
  Object.entries(matchLabels).every(
    ([key, value]) => isQualifiedName(key).length === 0 && isValidLabelValue(value).length === 0,
  ) &&
  matchExpressions.every(({ key = '', operator, values = [] }) => {
    if (isQualifiedName(key).length > 0 || values.some((value) => isValidLabelValue(value).length > 0)) return false;
    if (operator === 'In' || operator === 'NotIn') return values.length > 0;
    return (operator === 'Exists' || operator === 'DoesNotExist') && values.length === 0;
  });

/** The template's pods must be those that the selector finds; nothing is said of a template whose selector is none. */
export function validateSelectorAndTemplate(workload: Workload, word: string, errors: FieldErrors): void {
  const before = errors.causes.length;
  validateSelector(workload.selector, word, errors.at('selector'));
  const { selector } = workload;
  if (selector !== undefined && !isEmptySelector(selector) && errors.causes.length > before)
    return errors.at('selector').invalid(goSelector(selector), 'invalid label selector');
  validateMatch(workload, errors);
  validateWorkloadTemplate(workload.template, 'ReplicaSet', errors.at('template'));
}

export function validateMatch({ selector, template }: Workload, errors: FieldErrors): void {
  const { labels } = template.metadata;
  if (selector === undefined || (!isEmptySelector(selector) && !selectorMatches(selector, labels ?? {})))
    errors
      .at('template')
      .at('metadata')
      .at('labels')
      .invalid(
        new GoText(goMap(labels ?? (wasGivenEmpty(template.metadata, 'labels') ? {} : undefined))),
        '`selector` does not match template `labels`',
      );
}

/** A template whose pods are to run for ever. */
export function validateWorkloadTemplate(template: PodTemplateSpec, kind: string, errors: FieldErrors): void {
  validatePodTemplate(template, errors);
  const { restartPolicy, activeDeadlineSeconds } = template.spec;
  const at = errors.at('spec');
  if (restartPolicy !== 'Always') at.at('restartPolicy').notSupported(restartPolicy, ['Always']);
  if (activeDeadlineSeconds !== undefined)
    at.at('activeDeadlineSeconds').forbidden(`activeDeadlineSeconds in ${kind} is not Supported`);
}

const percentText =
  "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

/** ValidatePositiveIntOrPercent and IsNotMoreThan100Percent. */
export function validateIntOrPercent(value: IntOrString, bounded: boolean, errors: FieldErrors): void {
  if (typeof value === 'number') return nonNegative(value, errors);
  if (!/^[0-9]+%$/.test(value)) return errors.invalid(goIntOrString(value), percentText);
  if (bounded && Number(value.slice(0, -1)) > 100)
    errors.invalid(goIntOrString(value), 'must not be greater than 100%');
}

export const isZero = (value: IntOrString | undefined): boolean =>
  value === undefined || value === 0 || (typeof value === 'string' && /^0+%$/.test(value));

/** `%#v` of Go's types. */
export const goIntOrString = (value: IntOrString): GoText =>
  new GoText(
    typeof value === 'number'
      ? `intstr.IntOrString{Type:0, IntVal:${value}, StrVal:""}`
      : `intstr.IntOrString{Type:1, IntVal:0, StrVal:${JSON.stringify(value)}}`,
  );

export function goSelector(selector: LabelSelector | undefined): GoText {
  if (selector === undefined) return new GoText('"null"');
  const { matchLabels, matchExpressions } = selector;
  const strings = (items: readonly string[] | undefined): string =>
    items === undefined ? '[]string(nil)' : `[]string{${items.map((item) => JSON.stringify(item)).join(', ')}}`;
  const expressions =
    matchExpressions === undefined
      ? `[]v1.LabelSelectorRequirement${wasGivenEmpty(selector, 'matchExpressions') ? '{}' : '(nil)'}`
      : `[]v1.LabelSelectorRequirement{${matchExpressions
          .map(
            (each) =>
              `v1.LabelSelectorRequirement{Key:${JSON.stringify(each.key ?? '')}, Operator:${JSON.stringify(each.operator ?? '')}, Values:${strings(each.values ?? (wasGivenEmpty(each, 'values') ? [] : undefined))}}`,
          )
          .join(', ')}}`;
  return new GoText(
    `v1.LabelSelector{MatchLabels:${goMap(matchLabels ?? (wasGivenEmpty(selector, 'matchLabels') ? {} : undefined))}, MatchExpressions:${expressions}}`,
  );
}
