import { isObject, type JsonObject } from '../json';

/** Changes what is found at a path of members (`*`: every item of a list); `create` makes maps on the way. */
export function changeAt(
  value: unknown,
  path: readonly string[],
  change: (value: unknown) => unknown,
  create = false,
): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return change(value);
  if (key === '*')
    return Array.isArray(value) ? value.map((item: unknown) => changeAt(item, rest, change, create)) : value;
  if (value === undefined && create) return { [key]: changeAt(undefined, rest, change, create) };
  if (!isObject(value) || (!(key in value) && !create)) return value;
  return { ...value, [key]: changeAt(value[key], rest, change, create) };
}

/** Changes every object below (and including) a value. */
export function everywhere(value: unknown, change: (object: JsonObject) => JsonObject): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => everywhere(item, change));
  if (!isObject(value)) return value;
  return change(Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, everywhere(inner, change)])));
}

/** The path of a pod template in a workload; undefined: it has none. */
export const templateOf = (kind: string): readonly string[] | undefined =>
  kind === 'CronJob'
    ? ['spec', 'jobTemplate', 'spec', 'template']
    : ['Deployment', 'ReplicaSet', 'DaemonSet', 'StatefulSet', 'Job', 'ReplicationController'].includes(kind)
      ? ['spec', 'template']
      : undefined;
