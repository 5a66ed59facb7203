import { isObject, kindOf, withAt, type JsonObject } from '../json';
import { canonical } from '../printers/quantity';

/**
 * What an object looks like after Go's typed structs: members without omitempty appear even where nobody gave them
 * (`creationTimestamp: null`, `resources: {}`, `status: {}`), quantities are canonical.
 */
export function withTypedFields(object: JsonObject): JsonObject {
  const fill = byKind[kindOf(object)];
  const dated = dateless(object);
  return fill ? fill(dated) : dated;
}

const dateless = (value: JsonObject): JsonObject =>
  withAt(value, ['metadata'], {
    creationTimestamp: null,
    ...(isObject(value['metadata']) ? value['metadata'] : {}),
  }) as JsonObject;

type Fill = (value: JsonObject) => JsonObject;

/** Changes a member if it is an object; `fallback` where it is missing. */
const at =
  (key: string, fill: Fill, fallback?: JsonObject): Fill =>
  (value) => {
    const member = value[key];
    if (isObject(member)) return { ...value, [key]: fill(member) };
    return member === undefined && fallback !== undefined ? { ...value, [key]: fill(fallback) } : value;
  };
const each =
  (key: string, fill: Fill): Fill =>
  (value) => {
    const member = value[key];
    if (!Array.isArray(member)) return value;
    return { ...value, [key]: (member as unknown[]).map((item) => (isObject(item) ? fill(item) : item)) };
  };
const all =
  (...fills: readonly Fill[]): Fill =>
  (value) =>
    fills.reduce((result, fill) => fill(result), value);
const ensure =
  (members: JsonObject): Fill =>
  (value) => ({ ...members, ...value });

const quantities: Fill = (map) =>
  Object.fromEntries(Object.entries(map).map(([key, quantity]) => [key, canonical(String(quantity))]));

const container = all(
  ensure({ resources: {} }),
  at('resources', all(at('limits', quantities), at('requests', quantities))),
);
const podSpec = all(each('containers', container), each('initContainers', container), (spec) =>
  'containers' in spec ? spec : { containers: null, ...spec },
);
const template = all(at('metadata', ensure({ creationTimestamp: null }), {}), at('spec', podSpec, {}));
const workload = at('spec', at('template', template, {}), {});
const jobSpec = at('template', template, {});

const byKind: Readonly<Record<string, Fill>> = {
  Pod: all(at('spec', podSpec, {}), ensure({ status: {} })),
  Deployment: all(workload, at('spec', ensure({ strategy: {} })), ensure({ status: {} })),
  ReplicaSet: all(workload, ensure({ status: { replicas: 0 } })),
  ReplicationController: all(at('spec', at('template', template)), ensure({ status: { replicas: 0 } })),
  StatefulSet: all(
    workload,
    at('spec', ensure({ updateStrategy: {} })),
    ensure({ status: { replicas: 0, availableReplicas: 0 } }),
  ),
  DaemonSet: all(
    workload,
    at('spec', ensure({ updateStrategy: {} })),
    ensure({ status: { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 } }),
  ),
  Job: all(at('spec', jobSpec, {}), ensure({ status: {} })),
  CronJob: all(
    at(
      'spec',
      at('jobTemplate', all(at('metadata', ensure({ creationTimestamp: null }), {}), at('spec', jobSpec, {})), {}),
    ),
    ensure({ status: {} }),
  ),
  Service: all(ensure({ spec: {} }), ensure({ status: { loadBalancer: {} } })),
  Namespace: ensure({ spec: {}, status: {} }),
};
