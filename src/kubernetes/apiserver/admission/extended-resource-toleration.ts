import { ok, type Result } from '../../../sim/result';
import { pod as podKind, type Pod } from '../../api/core/pod';
import type { Toleration } from '../../api/core/pod-spec';
import { isQualifiedName } from '../../apimachinery/names';
import type { ApiObject } from '../../apimachinery/object';
import type { Status } from '../../apimachinery/status';
import type { AdmissionPlugin, Attributes } from './admission';

/** ExtendedResourceToleration: who asks for a device may run on the nodes that are kept free for it. */
export const extendedResourceToleration: AdmissionPlugin = {
  name: 'ExtendedResourceToleration',
  resources: [podKind.resource],
  mutate<T extends ApiObject>({ object, operation, subresource }: Attributes<T>): Result<T, Status> {
    if (operation === 'DELETE' || subresource !== undefined) return ok(object);
    const pod = object as unknown as Pod;
    const asked = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].flatMap(({ resources }) =>
      Object.keys(resources?.requests ?? {}),
    );
    const devices = [...new Set(asked)].filter(isExtended).sort();
    if (devices.length === 0) return ok(object);
    const tolerations = devices.reduce(tolerate, pod.spec.tolerations ?? []);
    return ok({ ...pod, spec: { ...pod.spec, tolerations } } as unknown as T);
  },
};

/** helper.IsExtendedResourceName. */
const isExtended = (name: string): boolean =>
  name.includes('/') &&
  !name.includes('kubernetes.io/') &&
  !name.startsWith('requests.') &&
  isQualifiedName(`requests.${name}`).length === 0;

/** AddOrUpdateTolerationInPod: the same toleration is not there twice. */
function tolerate(tolerations: readonly Toleration[], key: string): readonly Toleration[] {
  const wanted: Toleration = { key, operator: 'Exists', effect: 'NoSchedule' };
  const same = (each: Toleration): boolean =>
    each.key === key && each.operator === 'Exists' && each.effect === 'NoSchedule' && (each.value ?? '') === '';
  return tolerations.some(same) ? tolerations.map((each) => (same(each) ? wanted : each)) : [...tolerations, wanted];
}
