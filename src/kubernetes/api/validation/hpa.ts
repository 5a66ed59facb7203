import type { FieldErrors } from '../../apimachinery/field-errors';
import { isPathSegment } from '../../apimachinery/names';
import { quantityValue } from '../../apimachinery/quantity';
import type { HorizontalPodAutoscaler, MetricSpec, MetricTarget, ScalingRules } from '../autoscaling/hpa';
import { goQuantity, label, nonNegative, oneOf } from './common';
import { validateContainerResource } from './resource-names';

const longestWindow = 3600;
const longestPeriod = 1800;

/** pkg/apis/autoscaling/validation: validateHorizontalPodAutoscalerSpec. */
export function validateHpa(spec: HorizontalPodAutoscaler['spec'], errors: FieldErrors): void {
  const { minReplicas, maxReplicas = 0, scaleTargetRef, metrics = [], behavior } = spec;
  if (minReplicas !== undefined && minReplicas < 1)
    errors.at('minReplicas').invalid(minReplicas, 'must be greater than or equal to 1');
  if (maxReplicas < 1) errors.at('maxReplicas').invalid(maxReplicas, 'must be greater than 0');
  if (minReplicas !== undefined && maxReplicas < minReplicas)
    errors.at('maxReplicas').invalid(maxReplicas, 'must be greater than or equal to `minReplicas`');
  validateReference(scaleTargetRef, errors.at('scaleTargetRef'));
  metrics.forEach((metric, index) => validateMetric(metric, errors.at('metrics').index(index)));
  if (minReplicas === 0 && !metrics.some(({ type }) => type === 'Object' || type === 'External'))
    errors
      .at('metrics')
      .forbidden('must specify at least one Object or External metric to support scaling to zero replicas');
  for (const direction of ['scaleUp', 'scaleDown'] as const) {
    const rules = behavior?.[direction];
    if (rules !== undefined) validateRules(rules, errors.at('behavior').at(direction));
  }
}

export function validateHpaStatus(status: HorizontalPodAutoscaler['status'], errors: FieldErrors): void {
  nonNegative(status.currentReplicas, errors.at('currentReplicas'));
  nonNegative(status.desiredReplicas, errors.at('desiredReplicas'));
}

/** A name that may stand in a path. */
function pathName(name: string | undefined, missing: string, errors: FieldErrors): void {
  if (name === undefined || name === '') errors.required(missing);
  else for (const text of isPathSegment(name)) errors.invalid(name, text);
}

function validateReference(
  reference: { readonly kind?: string; readonly name?: string } | undefined,
  errors: FieldErrors,
): void {
  pathName(reference?.kind, '', errors.at('kind'));
  pathName(reference?.name, '', errors.at('name'));
}

function validateRules(rules: ScalingRules, errors: FieldErrors): void {
  const { stabilizationWindowSeconds: window, selectPolicy, policies = [], tolerance } = rules;
  const at = errors.at('stabilizationWindowSeconds');
  if (window !== undefined && window < 0) at.invalid(window, 'must be greater than or equal to zero');
  if (window !== undefined && window > longestWindow)
    at.invalid(window, `must be less than or equal to ${longestWindow}`);
  if (selectPolicy !== undefined) oneOf(selectPolicy, ['Disabled', 'Max', 'Min'], errors.at('selectPolicy'));
  if (policies.length === 0) errors.at('policies').required('must specify at least one Policy');
  policies.forEach(({ type, value, periodSeconds }, index) => {
    const here = errors.at('policies').index(index);
    oneOf(type, ['Percent', 'Pods'], here.at('type'));
    if (value <= 0) here.at('value').invalid(value, 'must be greater than zero');
    if (periodSeconds <= 0) here.at('periodSeconds').invalid(periodSeconds, 'must be greater than zero');
    if (periodSeconds > longestPeriod)
      here.at('periodSeconds').invalid(periodSeconds, `must be less than or equal to ${longestPeriod}`);
  });
  if (tolerance !== undefined && quantityValue(tolerance) < 0)
    errors.at('tolerance').invalid(tolerance, 'must be greater than or equal to 0');
}

const types = ['ContainerResource', 'External', 'Object', 'Pods', 'Resource'];
/** The member that each type wants, in the order in which they are looked at. */
const sources = ['object', 'external', 'pods', 'resource', 'containerResource'] as const;

function validateMetric(metric: MetricSpec, errors: FieldErrors): void {
  const type = String(metric.type ?? '');
  if (type === '') errors.at('type').required('must specify a metric source type');
  oneOf(type, types, errors.at('type'));
  const present = sources.filter((name) => metric[name] !== undefined);
  // Only the first is looked into.
  const [first] = present;
  if (first !== undefined) validateSource(metric, first, errors.at(first));
  const expected = sources.find((name) => name.toLowerCase() === type.toLowerCase() && types.includes(type));
  if (expected === undefined) errors.at('type').notSupported(type, types);
  else if (metric[expected] === undefined)
    errors.at(expected).required('must populate information for the given metric source');
  if (present.length === 1) return;
  for (const name of present)
    if (name !== expected) errors.at(name).forbidden('must populate the given metric source only');
}

function validateSource(metric: MetricSpec, name: (typeof sources)[number], errors: FieldErrors): void {
  const at = errors.at('target');
  const target = metric[name]?.target;
  const { value, averageValue, averageUtilization } = target ?? {};
  if (name === 'object') validateReference(metric.object?.describedObject, errors.at('describedObject'));
  if (name === 'object' || name === 'external' || name === 'pods')
    pathName(metric[name]?.metric?.name, 'must specify a metric name', errors.at('metric').at('name'));
  else {
    const resource = metric[name]?.name ?? '';
    if (resource === '') errors.at('name').required('must specify a resource name');
    else if (name === 'containerResource') validateContainerResource(resource, errors.at('name'));
  }
  if (name === 'containerResource') {
    const container = metric.containerResource?.container ?? '';
    if (container === '') errors.at('container').required('must specify a container');
    else label(container, errors.at('container'));
  }
  validateTarget(target, at);
  switch (name) {
    case 'object':
      if (value === undefined && averageValue === undefined)
        at.at('averageValue').required('must set either a target value or averageValue');
      return;
    case 'external':
      if (value === undefined && averageValue === undefined)
        at.at('averageValue').required('must set either a target value for metric or a per-pod target');
      if (value !== undefined && averageValue !== undefined)
        at.at('value').forbidden('may not set both a target value for metric and a per-pod target');
      return;
    case 'pods':
      if (averageValue === undefined) at.at('averageValue').required('must specify a positive target averageValue');
      return;
    default:
      if (averageUtilization === undefined && averageValue === undefined)
        at.at('averageUtilization').required('must set either a target raw value or a target utilization');
      if (averageUtilization !== undefined && averageValue !== undefined)
        at.at('averageValue').forbidden('may not set both a target raw value and a target utilization');
  }
}

function validateTarget(target: MetricTarget | undefined, errors: FieldErrors): void {
  const type = String(target?.type ?? '');
  if (type === '') errors.at('type').required('must specify a metric target type');
  if (type !== 'Utilization' && type !== 'Value' && type !== 'AverageValue')
    errors.at('type').invalid(type, 'must be either Utilization, Value, or AverageValue');
  for (const name of ['value', 'averageValue'] as const) {
    const amount = target?.[name];
    if (amount !== undefined && quantityValue(amount) <= 0)
      errors.at(name).invalid(goQuantity(amount), 'must be positive');
  }
  const { averageUtilization } = target ?? {};
  if (averageUtilization !== undefined && averageUtilization < 1)
    errors.at('averageUtilization').invalid(averageUtilization, 'must be greater than 0');
}
