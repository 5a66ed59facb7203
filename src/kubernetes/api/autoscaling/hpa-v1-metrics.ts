import type { LabelSelector, Quantity } from '../../apimachinery/object';
import type { CrossVersionObjectReference, MetricSpec, MetricStatus, MetricTarget, MetricValue } from './hpa';

/** Metrics as autoscaling/v1 had them: pkg/apis/autoscaling/v1/conversion.go. In annotations, so in Go's order. */
interface V1Source {
  readonly target?: CrossVersionObjectReference;
  readonly name?: string;
  readonly container?: string;
  readonly metricName?: string;
  readonly selector?: LabelSelector;
  readonly metricSelector?: LabelSelector;
  readonly targetValue?: Quantity;
  readonly averageValue?: Quantity;
  readonly targetAverageValue?: Quantity;
  readonly targetAverageUtilization?: number;
  readonly currentValue?: Quantity;
  readonly currentAverageValue?: Quantity;
  readonly currentAverageUtilization?: number;
}

const sources = ['object', 'pods', 'resource', 'containerResource', 'external'] as const;
type Source = (typeof sources)[number];

type V1Metric = { readonly type: MetricSpec['type'] } & Partial<Record<Source, V1Source>>;

/** Without what is undefined, as `omitempty` prints. */
const compact = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T;

export const writeMetric = (metric: MetricSpec): V1Metric => {
  const { object, pods, resource, containerResource, external } = metric;
  return compact({
    type: metric.type,
    object:
      object &&
      compact({
        target: object.describedObject,
        metricName: object.metric.name,
        targetValue: object.target.value ?? '0',
        selector: object.metric.selector,
        averageValue: object.target.averageValue,
      }),
    pods:
      pods &&
      compact({
        metricName: pods.metric.name,
        targetAverageValue: pods.target.averageValue ?? '0',
        selector: pods.metric.selector,
      }),
    resource: resource && writeResource(resource),
    containerResource: containerResource && {
      ...writeResource(containerResource),
      container: containerResource.container,
    },
    external:
      external &&
      compact({
        metricName: external.metric.name,
        metricSelector: external.metric.selector,
        targetValue: external.target.value,
        targetAverageValue: external.target.averageValue,
      }),
  }) as V1Metric;
};

const writeResource = ({ name, target }: { readonly name: string; readonly target: MetricTarget }): V1Source =>
  compact({
    name,
    targetAverageUtilization: target.averageUtilization,
    targetAverageValue: target.averageValue,
  }) as V1Source;

export const writeStatus = (status: MetricStatus): V1Metric => {
  const { object, pods, resource, containerResource, external } = status;
  return compact({
    type: status.type,
    object:
      object &&
      compact({
        target: { kind: '', name: '' },
        metricName: object.metric.name,
        currentValue: object.current.value ?? '0',
        selector: object.metric.selector,
        averageValue: object.current.averageValue,
      }),
    pods:
      pods &&
      compact({
        metricName: pods.metric.name,
        currentAverageValue: pods.current.averageValue ?? '0',
        selector: pods.metric.selector,
      }),
    resource: resource && writeUse(resource),
    containerResource: containerResource && { ...writeUse(containerResource), container: containerResource.container },
    external:
      external &&
      compact({
        metricName: external.metric.name,
        metricSelector: external.metric.selector,
        currentValue: external.current.value ?? '0',
        currentAverageValue: external.current.averageValue,
      }),
  }) as V1Metric;
};

const writeUse = ({ name, current }: { readonly name: string; readonly current: MetricValue }): V1Source =>
  compact({
    name,
    currentAverageUtilization: current.averageUtilization,
    currentAverageValue: current.averageValue ?? '0',
  }) as V1Source;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What the annotation holds, or nothing where that is not metrics. */
export function readMetrics(value: unknown): readonly MetricSpec[] {
  if (!Array.isArray(value) || !value.every(isRecord)) return [];
  return (value as unknown as readonly V1Metric[]).map((metric) => {
    const result: Record<string, unknown> = { type: metric.type };
    for (const name of sources) {
      const source = metric[name];
      if (isRecord(source)) result[name] = readSource(name, source);
    }
    return result as unknown as MetricSpec;
  });
}

const identifier = (source: V1Source, selector: LabelSelector | undefined) =>
  compact({ name: source.metricName ?? '', selector });

function readSource(name: Source, source: V1Source): unknown {
  const { averageValue, targetValue, targetAverageValue, targetAverageUtilization } = source;
  switch (name) {
    case 'object':
      return {
        describedObject: source.target,
        target: compact({
          type: averageValue === undefined ? 'Value' : 'AverageValue',
          value: targetValue,
          averageValue,
        }),
        metric: identifier(source, source.selector),
      };
    case 'pods':
      return {
        metric: identifier(source, source.selector),
        target: compact({ type: 'AverageValue', averageValue: targetAverageValue }),
      };
    case 'external':
      return {
        metric: identifier(source, source.metricSelector),
        target: compact({
          type: targetValue === undefined ? 'AverageValue' : 'Value',
          value: targetValue,
          averageValue: targetAverageValue,
        }),
      };
    default:
      return {
        name: source.name ?? '',
        target: compact({
          type: targetAverageUtilization === undefined ? 'AverageValue' : 'Utilization',
          averageValue: targetAverageValue,
          averageUtilization: targetAverageUtilization,
        }),
        ...(name === 'containerResource' ? { container: source.container ?? '' } : {}),
      };
  }
}

export function readStatuses(value: unknown): readonly MetricStatus[] | undefined {
  if (!Array.isArray(value) || !value.every(isRecord)) return undefined;
  return (value as unknown as readonly V1Metric[]).map((metric) => {
    const result: Record<string, unknown> = { type: metric.type };
    for (const name of sources) {
      const source = metric[name];
      if (!isRecord(source)) continue;
      const { currentValue, currentAverageValue, currentAverageUtilization, averageValue } = source as V1Source;
      const current = compact({
        value: currentValue,
        averageValue: currentAverageValue ?? averageValue,
        averageUtilization: currentAverageUtilization,
      });
      const { selector, metricSelector, container, name: resource } = source as V1Source;
      result[name] =
        name === 'resource' || name === 'containerResource'
          ? compact({ name: resource ?? '', current, container })
          : { metric: identifier(source, selector ?? metricSelector), current };
    }
    return result as unknown as MetricStatus;
  });
}
