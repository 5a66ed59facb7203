import { isObject, text, type JsonObject } from '../json';
import { changeAt } from './fields';
import { idOf, idsOf, type Resource } from './resource';

/** Members that name another object: below these keys, this member, of this kind. */
const references: readonly (readonly [key: string, member: string, kind: string])[] = [
  ['configMapRef', 'name', 'ConfigMap'],
  ['configMapKeyRef', 'name', 'ConfigMap'],
  ['configMap', 'name', 'ConfigMap'],
  ['secretRef', 'name', 'Secret'],
  ['secretKeyRef', 'name', 'Secret'],
  ['secret', 'secretName', 'Secret'],
  ['secret', 'name', 'Secret'],
  ['imagePullSecrets', 'name', 'Secret'],
  ['tls', 'secretName', 'Secret'],
  ['persistentVolumeClaim', 'claimName', 'PersistentVolumeClaim'],
  ['service', 'name', 'Service'],
];
const plain: Readonly<Record<string, string>> = {
  serviceAccountName: 'ServiceAccount',
  priorityClassName: 'PriorityClass',
  storageClassName: 'StorageClass',
  ingressClassName: 'IngressClass',
  volumeName: 'PersistentVolume',
};

/** What a name became: of the resource of that kind that had it, in the same namespace. */
function now(resources: readonly Resource[], kind: string, name: unknown, from: Resource): unknown {
  const home = idsOf(from);
  const found = resources.find((each) =>
    idsOf(each).some(
      (id, index, ids) =>
        id.kind === kind &&
        id.name === name &&
        index < ids.length &&
        (id.namespace === '' || home.some(({ namespace }) => namespace === id.namespace || namespace === '')),
    ),
  );
  return found ? idOf(found.object).name : name;
}

function below(value: unknown, change: (kind: string, name: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => below(item, change));
  if (!isObject(value)) return value;
  const members = Object.entries(value).map(([key, inner]): readonly [string, unknown] => {
    let next = below(inner, change);
    const kind = plain[key];
    if (kind !== undefined && typeof next === 'string') next = change(kind, next);
    for (const [under, member, of] of references) {
      if (under !== key) continue;
      next = changeAt(next, Array.isArray(next) ? ['*', member] : [member], (name) => change(of, name));
    }
    // References that say themselves of what kind they are.
    if ((key === 'scaleTargetRef' || key === 'roleRef') && isObject(next))
      next = { ...next, name: change(text(next, 'kind'), next['name']) };
    if (key === 'subjects' && Array.isArray(next))
      next = next.map((each: unknown) =>
        isObject(each) ? { ...each, name: change(text(each, 'kind'), each['name']) } : each,
      );
    return [key, next];
  });
  return Object.fromEntries(members);
}

/** Names of renamed objects follow where others name them. Upstream: api/internal/accumulator/namereferencetransformer.go. */
export const withReferences = (resources: readonly Resource[]): readonly Resource[] => {
  if (resources.every(({ before }) => before.length === 0)) return resources;
  return resources.map((resource) => {
    const { metadata, ...rest } = resource.object;
    const change = (kind: string, name: unknown): unknown => now(resources, kind, name, resource);
    let body = below(rest, change) as JsonObject;
    if (resource.object['kind'] === 'StatefulSet')
      body = changeAt(body, ['spec', 'serviceName'], (name) => change('Service', name)) as JsonObject;
    return { ...resource, object: { ...body, metadata } };
  });
};
