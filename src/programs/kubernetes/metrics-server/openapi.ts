import { answer } from '../../../kubernetes/apiserver/rest/respond';
import type { Response } from '../../../linux/net/http/message';

const path = 'apis/metrics.k8s.io/v1beta1';
const types = 'io.k8s.metrics.pkg.apis.metrics.v1beta1';
const reference = (name: string): object => ({ $ref: `#/components/schemas/${types}.${name}` });

/** Resources by name, as containers and nodes use them. */
const usage = { type: 'object', additionalProperties: { type: 'string' } };
const measured = {
  apiVersion: { type: 'string' },
  kind: { type: 'string' },
  metadata: { type: 'object' },
  timestamp: { type: 'string', format: 'date-time' },
  window: { type: 'string' },
};
const marked = (kind: string): object => ({
  'x-kubernetes-group-version-kind': [{ group: 'metrics.k8s.io', kind, version: 'v1beta1' }],
});

const schemas = {
  [`${types}.ContainerMetrics`]: {
    description: 'What a container uses.',
    type: 'object',
    required: ['name', 'usage'],
    properties: { name: { type: 'string', default: '' }, usage },
  },
  [`${types}.NodeMetrics`]: {
    description: 'What a node uses.',
    type: 'object',
    required: ['timestamp', 'window', 'usage'],
    properties: { ...measured, usage },
    ...marked('NodeMetrics'),
  },
  [`${types}.PodMetrics`]: {
    description: 'What the containers of a pod use.',
    type: 'object',
    required: ['timestamp', 'window', 'containers'],
    properties: { ...measured, containers: { type: 'array', items: reference('ContainerMetrics') } },
    ...marked('PodMetrics'),
  },
};

const operation = (action: string, kind: string): object => ({
  get: {
    tags: ['metrics_v1beta1'],
    responses: { '200': { description: 'OK', content: { 'application/json': { schema: reference(kind) } } } },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': { group: 'metrics.k8s.io', kind, version: 'v1beta1' },
  },
});

const paths = {
  [`/${path}/nodes`]: operation('list', 'NodeMetrics'),
  [`/${path}/nodes/{name}`]: operation('get', 'NodeMetrics'),
  [`/${path}/namespaces/{namespace}/pods`]: operation('list', 'PodMetrics'),
  [`/${path}/namespaces/{namespace}/pods/{name}`]: operation('get', 'PodMetrics'),
  [`/${path}/pods`]: operation('list', 'PodMetrics'),
};

/** What metrics-server says of its own API; undefined: no such path. */
export function metricsOpenapi(asked: string): Response | undefined {
  if (asked === '/openapi/v3') return answer(200, { paths: { [path]: { serverRelativeURL: `/openapi/v3/${path}` } } });
  if (asked !== `/openapi/v3/${path}`) return undefined;
  return answer(200, {
    openapi: '3.0.0',
    info: { title: 'Kubernetes metrics-server', version: 'unversioned' },
    paths,
    components: { schemas },
  });
}
