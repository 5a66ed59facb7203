import { expect, test } from 'vitest';
import type { ApiObject } from '../../apimachinery/object';
import { horizontalPodAutoscaler as kind, type HorizontalPodAutoscaler } from './hpa';

const view = kind.views[0] ?? kind;
const v1 = (spec: object, annotations?: object): ApiObject =>
  ({
    apiVersion: 'autoscaling/v1',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'web', namespace: 'default', ...(annotations === undefined ? {} : { annotations }) },
    spec: { scaleTargetRef: { kind: 'Deployment', name: 'web', apiVersion: 'apps/v1' }, maxReplicas: 3, ...spec },
  }) as unknown as ApiObject;

test('autoscaling/v1 becomes v2, and what it has no fields for goes round as annotations', () => {
  expect(view.decode(v1({ targetCPUUtilizationPercentage: 50 })).spec.metrics).toEqual([
    { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } },
  ]);
  const whole = {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'web', namespace: 'default', annotations: { mine: 'x' } },
    spec: {
      scaleTargetRef: { kind: 'Deployment', name: 'web' },
      minReplicas: 1,
      maxReplicas: 3,
      metrics: [
        { type: 'Pods', pods: { metric: { name: 'rps' }, target: { type: 'AverageValue', averageValue: '1k' } } },
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } },
      ],
      behavior: { scaleDown: { selectPolicy: 'Max', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] } },
    },
    status: { currentReplicas: 2, desiredReplicas: 2, currentMetrics: null },
  } as unknown as HorizontalPodAutoscaler;
  const printed = view.encode(whole);
  expect(printed).toEqual({
    apiVersion: 'autoscaling/v1',
    kind: 'HorizontalPodAutoscaler',
    metadata: {
      name: 'web',
      namespace: 'default',
      annotations: {
        mine: 'x',
        'autoscaling.alpha.kubernetes.io/metrics':
          '[{"type":"Pods","pods":{"metricName":"rps","targetAverageValue":"1k"}}]',
        'autoscaling.alpha.kubernetes.io/behavior':
          '{"ScaleUp":null,"ScaleDown":{"StabilizationWindowSeconds":null,"SelectPolicy":"Max","Policies":[{"Type":"Percent","Value":100,"PeriodSeconds":15}],"Tolerance":null}}',
      },
    },
    spec: {
      scaleTargetRef: { kind: 'Deployment', name: 'web' },
      minReplicas: 1,
      maxReplicas: 3,
      targetCPUUtilizationPercentage: 60,
    },
    status: { currentReplicas: 2, desiredReplicas: 2 },
  });
  expect(view.decode(printed)).toEqual(whole);
});

test('annotations that are no metrics are none', () => {
  for (const text of ['{', '7', '[1]', '{"__proto__":{"x":1}}'])
    expect(view.decode(v1({}, { 'autoscaling.alpha.kubernetes.io/metrics': text })).spec.metrics).toEqual([
      { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
    ]);
});
