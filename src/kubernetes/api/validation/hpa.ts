import type { FieldErrors } from '../../apimachinery/field-errors';
import type { HorizontalPodAutoscaler, MetricTarget } from '../autoscaling/hpa';
import { oneOf } from './common';

/** pkg/apis/autoscaling/validation: validateHorizontalPodAutoscalerSpec. */
export function validateHpa(spec: HorizontalPodAutoscaler['spec'], errors: FieldErrors): void {
  const { minReplicas, maxReplicas = 0, scaleTargetRef, metrics = [] } = spec;
  if (minReplicas !== undefined && minReplicas < 1)
    errors.at('minReplicas').invalid(minReplicas, 'must be greater than or equal to 1');
  if (maxReplicas < 1) errors.at('maxReplicas').invalid(maxReplicas, 'must be greater than 0');
  if (minReplicas !== undefined && maxReplicas < minReplicas)
    errors.at('maxReplicas').invalid(maxReplicas, 'must be greater than or equal to `minReplicas`');
  const at = errors.at('scaleTargetRef');
  if ((scaleTargetRef?.kind ?? '') === '') at.at('kind').required('');
  if ((scaleTargetRef?.name ?? '') === '') at.at('name').required('');
  metrics.forEach((metric, index) => {
    const here = errors.at('metrics').index(index);
    const types = ['ContainerResource', 'External', 'Object', 'Pods', 'Resource'];
    if (String(metric.type ?? '') === '') return here.at('type').required('must specify a metric source type');
    oneOf(metric.type, types, here.at('type'));
    if (metric.resource !== undefined) {
      if ((metric.resource.name ?? '') === '') here.at('resource').at('name').required('must specify a resource name');
      validateTarget(metric.resource.target, here.at('resource').at('target'));
    }
  });
}

function validateTarget(target: MetricTarget | undefined, errors: FieldErrors): void {
  const type = target?.type;
  if (type === undefined || String(type) === '') errors.at('type').required('must specify a metric target type');
  else if (type !== 'Utilization' && type !== 'Value' && type !== 'AverageValue')
    errors.at('type').invalid(type, 'must be either Utilization, Value, or AverageValue');
  if (target?.averageUtilization !== undefined && target.averageUtilization < 1)
    errors.at('averageUtilization').invalid(target.averageUtilization, 'must be greater than 0');
}
