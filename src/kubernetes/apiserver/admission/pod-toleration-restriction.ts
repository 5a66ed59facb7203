import { err, ok, type Result } from '../../../sim/result';
import { namespace as namespaceKind } from '../../api/core/namespace';
import { pod as podKind, type Pod } from '../../api/core/pod';
import type { Toleration } from '../../api/core/pod-spec';
import { qosClass } from '../../api/core/qos';
import type { ApiObject } from '../../apimachinery/object';
import { internalError, type Status } from '../../apimachinery/status';
import type { Storage } from '../storage';
import type { AdmissionPlugin, Attributes, Initializer } from './admission';
import { isSuperset, mergeTolerations } from './tolerations';

const defaults = 'scheduler.alpha.kubernetes.io/defaultTolerations';
const whitelist = 'scheduler.alpha.kubernetes.io/tolerationsWhitelist';

/** PodTolerationRestriction: what the pods of a namespace tolerate, and may. */
export const podTolerationRestriction: AdmissionPlugin = {
  name: 'PodTolerationRestriction',
  resources: [podKind.resource],
  mutate<T extends ApiObject>(of: Attributes<T>, storage: Storage, server: Initializer): Result<T, Status> {
    const { object, operation, subresource } = of;
    if (operation === 'DELETE' || subresource !== undefined) return ok(object);
    const pod = object as unknown as Pod;
    const extra: Toleration[] = [];
    if (operation === 'CREATE') {
      const own = listOf(pod, defaults, storage);
      if (typeof own === 'string') return err(internalError(own));
      extra.push(...(own ?? clusterList(server, 'default')));
    }
    if (qosClass(pod.spec) !== 'BestEffort') extra.push(memoryPressure);
    if (extra.length === 0) {
      const refusal = conflict(pod, storage, server);
      return refusal === undefined ? ok(object) : err(refusal);
    }
    const tolerations = mergeTolerations(pod.spec.tolerations ?? [], extra);
    const merged: Pod = { ...pod, spec: { ...pod.spec, tolerations } };
    const refusal = conflict(merged, storage, server);
    return refusal === undefined ? ok(merged as unknown as T) : err(refusal);
  },
  validate({ object, operation, subresource }, storage, server) {
    if (operation === 'DELETE' || subresource !== undefined) return undefined;
    return conflict(object as ApiObject as Pod, storage, server);
  },
};

const memoryPressure: Toleration = {
  key: 'node.kubernetes.io/memory-pressure',
  operator: 'Exists',
  effect: 'NoSchedule',
};

/** VerifyAgainstWhitelist, with the namespace's list or, where it has none, the cluster's. */
function conflict(pod: Pod, storage: Storage, server: Initializer): Status | undefined {
  const tolerations = pod.spec.tolerations ?? [];
  if (tolerations.length === 0) return undefined;
  const own = listOf(pod, whitelist, storage);
  if (typeof own === 'string') return internalError(own);
  const allowed = own ?? clusterList(server, 'whitelist');
  if (allowed.length === 0 || tolerations.every((each) => allowed.some((one) => isSuperset(one, each))))
    return undefined;
  return internalError(
    `pod tolerations (possibly merged with namespace default tolerations) conflict with its ${own === undefined ? 'cluster' : 'namespace'} whitelist`,
  );
}

/** Of the plugin's configuration. */
function clusterList(server: Initializer, member: 'default' | 'whitelist'): readonly Toleration[] {
  const list = server.configurations().get('PodTolerationRestriction')?.[member];
  return Array.isArray(list) ? (list as readonly Toleration[]) : [];
}

/** Undefined: the namespace says nothing; a text: it says nonsense. */
function listOf({ metadata }: Pod, annotation: string, storage: Storage): readonly Toleration[] | string | undefined {
  const text = storage.get(namespaceKind, undefined, metadata.namespace)?.metadata.annotations?.[annotation];
  if (text === undefined || text === '') return text === undefined ? undefined : [];
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list)
      ? (list as Toleration[])
      : 'json: cannot unmarshal into Go value of type []core.Toleration';
  } catch {
    return `invalid character ${JSON.stringify(text.trim()[0] ?? '').replaceAll('"', "'")} looking for beginning of value`;
  }
}
