import type { MetricSpec } from '../../api/autoscaling/hpa';
import { goSelectorText } from '../go-selector';

/** Why a metric cannot be had. */
interface MetricFailure {
  /** Of the event and the condition. */
  readonly reason: string;
  readonly message: string;
  /** What the summary of all metrics says before it. */
  readonly prefix: string;
}

const CUSTOM =
  'unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered';

/** The API group whose server knows the values of a metric. */
export const groupOf = ({ resource, containerResource, external }: MetricSpec): string =>
  resource !== undefined || containerResource !== undefined
    ? 'metrics.k8s.io'
    : external !== undefined
      ? 'external.metrics.k8s.io'
      : 'custom.metrics.k8s.io';

/** What upstream says where nobody serves metrics (replica_calculator.go, metrics/client.go). */
export function failureOf(spec: MetricSpec, namespace: string): MetricFailure {
  const source = spec.resource ?? spec.containerResource;
  if (source !== undefined) {
    const { name, target } = source;
    const what = target.averageValue === undefined ? 'utilization' : 'usage';
    const message =
      `failed to get ${name} ${what}: unable to get metrics for resource ${name}: ` +
      'unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)';
    return spec.containerResource === undefined
      ? { reason: 'FailedGetResourceMetric', message, prefix: `failed to get ${name} resource metric value` }
      : {
          reason: 'FailedGetContainerResourceMetric',
          message,
          prefix: `failed to get ${spec.containerResource.container} container metric value`,
        };
  }
  if (spec.object !== undefined) {
    const { describedObject, metric } = spec.object;
    const about = `${describedObject.kind} on ${namespace} ${describedObject.name}`;
    return {
      reason: 'FailedGetObjectMetric',
      message: `unable to get metric ${metric.name}: ${about}/${CUSTOM}`,
      prefix: 'failed to get object metric value',
    };
  }
  if (spec.external !== undefined) {
    const { name, selector } = spec.external.metric;
    const chosen = selector === undefined ? 'nil' : goSelectorText(selector);
    const message =
      `unable to get external metric ${namespace}/${name}/${chosen}: unable to fetch metrics from external metrics API: ` +
      `the server could not find the requested resource (get ${name}.external.metrics.k8s.io)`;
    return { reason: 'FailedGetExternalMetric', message, prefix: `failed to get ${name} external metric value` };
  }
  const name = spec.pods?.metric.name ?? '';
  return {
    reason: 'FailedGetPodsMetric',
    message: `unable to get metric ${name}: ${CUSTOM}`,
    prefix: 'failed to get pods metric value',
  };
}
