import type { HorizontalPodAutoscaler, MetricSpec, MetricStatus, MetricTarget, MetricValue } from './hpa';

/** How many targets the column shows before it only counts. */
const SHOWN = 2;

/** printHorizontalPodAutoscaler, formatHPAMetrics: `cpu: 20%/80%`. */
export function targetsText({ spec, status }: HorizontalPodAutoscaler): string {
  const { metrics = [] } = spec;
  if (metrics.length === 0) return '<none>';
  const statuses = status.currentMetrics ?? [];
  const texts = metrics.map((metric, index) => targetText(metric, statuses[index]));
  const shown = texts.slice(0, SHOWN).join(', ');
  return texts.length > SHOWN ? `${shown} + ${texts.length - SHOWN} more...` : shown;
}

function targetText(metric: MetricSpec, status: MetricStatus | undefined): string {
  switch (metric.type) {
    case 'External':
      return averageOrValue(metric.external?.target, status?.external?.current);
    case 'Pods':
      return `${status?.pods?.current.averageValue ?? '<unknown>'}/${metric.pods?.target.averageValue ?? ''}`;
    case 'Object':
      return averageOrValue(metric.object?.target, status?.object?.current);
    case 'Resource':
      return `${metric.resource?.name ?? ''}: ${utilization(metric.resource?.target, status?.resource?.current)}`;
    case 'ContainerResource':
      return `${metric.containerResource?.name ?? ''}: ${utilization(
        metric.containerResource?.target,
        status?.containerResource?.current,
      )}`;
    default:
      return '<unknown type>';
  }
}

function averageOrValue(target: MetricTarget | undefined, current: MetricValue | undefined): string {
  return target?.averageValue === undefined
    ? `${current?.value ?? '<unknown>'}/${target?.value ?? ''}`
    : `${current?.averageValue ?? '<unknown>'}/${target.averageValue} (avg)`;
}

function utilization(target: MetricTarget | undefined, current: MetricValue | undefined): string {
  if (target?.averageValue !== undefined) return `${current?.averageValue ?? '<unknown>'}/${target.averageValue}`;
  const now = current?.averageUtilization === undefined ? '<unknown>' : `${current.averageUtilization}%`;
  return `${now}/${target?.averageUtilization === undefined ? '<auto>' : `${target.averageUtilization}%`}`;
}
