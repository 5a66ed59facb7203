import { expect, test } from 'vitest';
import { apiService, type ApiService } from '../../api/apiregistration/apiservice';
import { deployment, type Deployment } from '../../api/apps/deployment';
import { horizontalPodAutoscaler, type HorizontalPodAutoscaler } from '../../api/autoscaling/hpa';
import type { Draft } from '../../apimachinery/object';
import { controllersWorld } from '../../testing/controllers-world';

/** A Deployment of one, and an autoscaler that wants at least two. */
function autoscaled() {
  const world = controllersWorld();
  const { client } = world;
  client.create(deployment, {
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } },
    },
  } as unknown as Draft<Deployment>);
  client.create(horizontalPodAutoscaler, {
    metadata: { name: 'hpa', namespace: 'default' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      minReplicas: 2,
      maxReplicas: 5,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } },
      ],
    },
  } as unknown as Draft<HorizontalPodAutoscaler>);
  return world;
}

test('without metrics a workload is kept between its bounds, and why no more is done is said', async () => {
  const { clock, client, events } = autoscaled();
  await clock.advance(16_000);
  expect(client.get(deployment, 'default', 'web')?.spec.replicas).toBe(2);
  await clock.advance(15_000);
  const why =
    'failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)';
  expect(events('hpa')).toEqual([
    'Normal SuccessfulRescale New size: 2; reason: Current number of replicas below Spec.MinReplicas',
    `Warning FailedGetResourceMetric ${why}`,
    `Warning FailedComputeMetricsReplicas invalid metrics (1 invalid out of 1), first error is: failed to get cpu resource metric value: ${why}`,
  ]);
  expect(client.get(horizontalPodAutoscaler, 'default', 'hpa')?.status).toEqual({
    currentReplicas: 2,
    desiredReplicas: 2,
    lastScaleTime: '2026-01-01T00:00:15Z',
    currentMetrics: [{ type: '' }],
    conditions: [
      {
        type: 'AbleToScale',
        status: 'True',
        lastTransitionTime: '2026-01-01T00:00:15Z',
        reason: 'SucceededGetScale',
        message: "the HPA controller was able to get the target's current scale",
      },
      {
        type: 'ScalingActive',
        status: 'False',
        lastTransitionTime: '2026-01-01T00:00:30Z',
        reason: 'FailedGetResourceMetric',
        message: `the HPA was unable to compute the replica count: ${why}`,
      },
    ],
  });
});

test('where metrics are served, nothing is said about them', async () => {
  const { clock, client, events } = autoscaled();
  client.create(apiService, {
    metadata: { name: 'v1beta1.metrics.k8s.io' },
    spec: {
      group: 'metrics.k8s.io',
      version: 'v1beta1',
      groupPriorityMinimum: 100,
      versionPriority: 100,
      insecureSkipTLSVerify: true,
      service: { namespace: 'kube-system', name: 'metrics-server' },
    },
  } as unknown as Draft<ApiService>);
  await clock.advance(31_000);
  expect(events('hpa')).toEqual([
    'Normal SuccessfulRescale New size: 2; reason: Current number of replicas below Spec.MinReplicas',
  ]);
  expect(client.get(horizontalPodAutoscaler, 'default', 'hpa')?.status.conditions?.map(({ type }) => type)).toEqual([
    'AbleToScale',
  ]);
});
