import { node as nodeKind } from '../../../kubernetes/api/core/node';
import { pod as podKind } from '../../../kubernetes/api/core/pod';
import { parseFieldSelector } from '../../../kubernetes/apimachinery/field-selector';
import { matchesLabels, parseLabelSelector } from '../../../kubernetes/apimachinery/label-selector';
import type { ApiObject } from '../../../kubernetes/apimachinery/object';
import { badRequest, failure, notFound, type Status } from '../../../kubernetes/apimachinery/status';
import { timeOf } from '../../../kubernetes/apimachinery/time';
import type { RegistryReader } from '../../../kubernetes/apiserver/registry';
import { requestInfo, type RequestInfo } from '../../../kubernetes/apiserver/rest/request-info';
import { answer, refuse } from '../../../kubernetes/apiserver/rest/respond';
import type { Request, Response } from '../../../linux/net/http/message';
import { err, ok, type Result } from '../../../sim/result';
import { metricsOpenapi } from './openapi';
import type { MetricsStorage, Usage } from './storage';

const group = 'metrics.k8s.io';
const apiVersion = `${group}/v1beta1`;
const offered = { groupVersion: apiVersion, version: 'v1beta1' };
const apiGroup = { name: group, versions: [offered], preferredVersion: offered };

const resource = (name: string, kind: string, namespaced: boolean) => ({
  name,
  singularName: '',
  namespaced,
  kind,
  verbs: ['get', 'list'],
});

/** Cores and bytes as quantities, in the units that metrics-server gives them. */
const usageOf = ({ cpu, memory }: Usage): object => ({
  cpu: `${Math.round(cpu * 1e9)}n`,
  memory: `${Math.floor(memory / 1024)}Ki`,
});

/** time.Duration, as Go writes it: `15s`, `15.014s`. */
const windowOf = (ms: number): string =>
  ms < 60_000 ? `${ms / 1000}s` : `${Math.floor(ms / 60_000)}m${(ms % 60_000) / 1000}s`;

interface Row {
  readonly object: object;
  readonly cells: readonly unknown[];
}

export interface MetricsApiParts {
  readonly reader: RegistryReader;
  readonly storage: MetricsStorage;
  readonly now: () => number;
}

/** What metrics-server answers under /apis and /openapi; undefined: nothing of it. */
export function metricsApi(request: Request, parts: MetricsApiParts): Response | undefined {
  const info = requestInfo(request.method, request.url);
  switch (info.path.replace(/\/+$/, '')) {
    case '/apis':
      return answer(200, { kind: 'APIGroupList', apiVersion: 'v1', groups: [apiGroup] });
    case `/apis/${group}`:
      return answer(200, { kind: 'APIGroup', apiVersion: 'v1', ...apiGroup });
    case `/apis/${apiVersion}`:
      return answer(200, {
        kind: 'APIResourceList',
        apiVersion: 'v1',
        groupVersion: apiVersion,
        resources: [resource('nodes', 'NodeMetrics', false), resource('pods', 'PodMetrics', true)],
      });
    default:
      break;
  }
  const described = metricsOpenapi(info.path.replace(/\/+$/, ''));
  if (described !== undefined) return described;
  if (!info.isResource || info.group !== group || info.version !== 'v1beta1' || info.subresource !== '')
    return undefined;
  const isTable = /as=Table/.test(request.headers.get('Accept') ?? '');
  if (info.resource !== 'nodes' && info.resource !== 'pods') return undefined;
  if (info.verb !== 'get' && info.verb !== 'list')
    return refuse(failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource'));
  const found = info.verb === 'get' ? one(info, parts) : many(info, parts);
  if (!found.ok) return refuse(found.error);
  if (isTable) return tableOf(info, found.value);
  const [first] = found.value;
  if (info.verb === 'get') return answer(200, { kind: kindOf(info), apiVersion, ...first?.object });
  return answer(200, {
    kind: `${kindOf(info)}List`,
    apiVersion,
    metadata: {},
    items: found.value.map(({ object }) => object),
  });
}

const kindOf = ({ resource: name }: RequestInfo): string => (name === 'nodes' ? 'NodeMetrics' : 'PodMetrics');

function one(info: RequestInfo, parts: MetricsApiParts): Result<readonly Row[], Status> {
  const isNode = info.resource === 'nodes';
  const object = isNode
    ? parts.reader.get(nodeKind, undefined, info.name)
    : parts.reader.get(podKind, info.namespace, info.name);
  if (object === undefined)
    return err(notFound({ group: '', plural: isNode ? 'node' : 'pods' }, isNode ? info.name : info.name));
  const row = rowOf(object, parts);
  const name = isNode ? info.name : `${info.namespace ?? ''}/${info.name}`;
  return row === undefined ? err(notFound({ group, plural: isNode ? 'nodemetrics' : 'podmetrics' }, name)) : ok([row]);
}

function many(info: RequestInfo, parts: MetricsApiParts): Result<readonly Row[], Status> {
  const labels = parseLabelSelector(info.query.get('labelSelector') ?? '');
  if (!labels.ok) return err(badRequest(labels.error));
  const fields = parseFieldSelector(info.query.get('fieldSelector') ?? '');
  if (!fields.ok) return err(badRequest(fields.error));
  const objects: readonly ApiObject[] =
    info.resource === 'nodes'
      ? parts.reader.list(nodeKind)
      : parts.reader.list(podKind, { namespace: info.namespace, matches: ({ status }) => status.phase === 'Running' });
  const key = ({ metadata }: ApiObject): string => `${metadata.namespace ?? ''}/${metadata.name}`;
  const valueOf = ({ metadata }: ApiObject, field: string): string | undefined =>
    field === 'metadata.name' ? metadata.name : field === 'metadata.namespace' ? metadata.namespace : undefined;
  return ok(
    objects
      .filter(
        (each) =>
          matchesLabels(labels.value, each.metadata.labels) &&
          fields.value.every(({ field, equal, value }) => (valueOf(each, field) === value) === equal),
      )
      .sort((a, b) => (key(a) < key(b) ? -1 : 1))
      .flatMap((each) => rowOf(each, parts) ?? []),
  );
}

/** NodeMetrics or PodMetrics of an object; undefined while there are none. */
function rowOf({ kind, metadata }: ApiObject, { storage, now }: MetricsApiParts): Row | undefined {
  const { name, namespace, labels } = metadata;
  const own = {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    creationTimestamp: timeOf(now()),
    ...(labels === undefined ? {} : { labels }),
  };
  const told = ({ timestamp, window }: Usage): object => ({
    timestamp: timeOf(timestamp),
    window: windowOf(window),
  });
  if (kind === 'Node') {
    const used = storage.node(name);
    if (used === undefined) return undefined;
    return { object: { metadata: own, ...told(used), usage: usageOf(used) }, cells: cellsOf(name, used) };
  }
  const containers = storage.pod(namespace ?? '', name);
  const [first] = containers ?? [];
  if (containers === undefined || first === undefined) return undefined;
  const oldest = containers.reduce((before, each) => (each.timestamp < before.timestamp ? each : before), first);
  const all = {
    ...oldest,
    cpu: containers.reduce((sum, { cpu }) => sum + cpu, 0),
    memory: containers.reduce((sum, { memory }) => sum + memory, 0),
  };
  const used = containers.map((each) => ({ name: each.name, usage: usageOf(each) }));
  return { object: { metadata: own, ...told(oldest), containers: used }, cells: cellsOf(name, all) };
}

const cellsOf = (name: string, used: Usage): readonly unknown[] => [
  name,
  ...Object.values(usageOf(used)),
  windowOf(used.window),
];

function tableOf({ query }: RequestInfo, rows: readonly Row[]): Response {
  const column = (name: string, format: string, type = 'string') => ({
    name,
    type,
    format,
    description: '',
    priority: 0,
  });
  const whole = query.get('includeObject') === 'Object';
  return answer(200, {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: {},
    columnDefinitions: [
      column('Name', 'name'),
      column('cpu', 'quantity'),
      column('memory', 'quantity'),
      column('Window', 'duration'),
    ],
    rows: rows.map(({ object, cells }) => ({
      cells,
      object: whole
        ? object
        : {
            kind: 'PartialObjectMetadata',
            apiVersion: 'meta.k8s.io/v1',
            metadata: (object as { readonly metadata: object }).metadata,
          },
    })),
  });
}
