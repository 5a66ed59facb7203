import { err, ok, type Result } from '../../../sim/result';
import { namespace as namespaceKind } from '../../api/core/namespace';
import { pod as podKind, type Pod } from '../../api/core/pod';
import type { Toleration } from '../../api/core/pod-spec';
import { qosClass } from '../../api/core/qos';
import type { ApiObject } from '../../apimachinery/object';
import { internalError, type Status } from '../../apimachinery/status';
import type { Storage } from '../storage';
import type { AdmissionPlugin, Attributes } from './admission';
import { isSuperset, mergeTolerations } from './tolerations';

const defaults = 'scheduler.alpha.kubernetes.io/defaultTolerations';
const whitelist = 'scheduler.alpha.kubernetes.io/tolerationsWhitelist';

/** PodTolerationRestriction: what the pods of a namespace tolerate, and may. */
export const podTolerationRestriction: AdmissionPlugin = {
  name: 'PodTolerationRestriction',
  resources: [podKind.resource],
  mutate<T extends ApiObject>({ object, operation, subresource }: Attributes<T>, storage: Storage): Result<T, Status> {
    if (operation === 'DELETE' || subresource !== undefined) return ok(object);
    const pod = object as unknown as Pod;
    let tolerations = pod.spec.tolerations ?? [];
    if (operation === 'CREATE') tolerations = mergeTolerations(listOf(pod, defaults, storage), tolerations);
    if (qosClass(pod.spec) !== 'BestEffort' && operation === 'CREATE')
      tolerations = mergeTolerations(tolerations, [memoryPressure]);
    const allowed = listOf(pod, whitelist, storage);
    if (allowed.length > 0 && !tolerations.every((each) => allowed.some((one) => isSuperset(one, each))))
      return err(
        internalError(
          'pod tolerations (possibly merged with namespace default tolerations) conflict with its namespace whitelist',
        ),
      );
    if (tolerations.length === 0) return ok(object);
    return ok({ ...pod, spec: { ...pod.spec, tolerations } } as unknown as T);
  },
};

const memoryPressure: Toleration = {
  key: 'node.kubernetes.io/memory-pressure',
  operator: 'Exists',
  effect: 'NoSchedule',
};

function listOf({ metadata }: Pod, annotation: string, storage: Storage): readonly Toleration[] {
  const text = storage.get(namespaceKind, undefined, metadata.namespace)?.metadata.annotations?.[annotation] ?? '';
  try {
    const list: unknown = text === '' ? [] : JSON.parse(text);
    return Array.isArray(list) ? (list as Toleration[]) : [];
  } catch {
    return [];
  }
}
