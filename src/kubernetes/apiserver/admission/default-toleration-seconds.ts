import { ok, type Result } from '../../../sim/result';
import { pod as podKind, type Pod } from '../../api/core/pod';
import type { Toleration } from '../../api/core/pod-spec';
import type { ApiObject } from '../../apimachinery/object';
import type { Status } from '../../apimachinery/status';
import type { AdmissionPlugin, Attributes } from './admission';

/** How long a pod stays on a node that is lost, in seconds (--default-not-ready-toleration-seconds). */
const tolerated = 300;
const lost = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'] as const;

/** DefaultTolerationSeconds: pods stay five minutes on nodes that are lost, unless they say otherwise. */
export const defaultTolerationSeconds: AdmissionPlugin = {
  name: 'DefaultTolerationSeconds',
  resources: [podKind.resource],
  mutate<T extends ApiObject>({ object, operation, subresource }: Attributes<T>): Result<T, Status> {
    if (operation === 'DELETE' || subresource !== undefined) return ok(object);
    const pod = object as unknown as Pod;
    const had = pod.spec.tolerations ?? noTolerations;
    if (had.length === 0) return ok({ ...pod, spec: { ...pod.spec, tolerations: usual } } as unknown as T);
    const missing = lost.filter((key) => !had.some((each) => covers(each, key)));
    if (missing.length === 0) return ok(object);
    const added = missing.map(tolerate);
    return ok({ ...pod, spec: { ...pod.spec, tolerations: [...had, ...added] } } as unknown as T);
  },
};

const tolerate = (key: string): Toleration =>
  Object.freeze({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: tolerated });
const noTolerations: readonly Toleration[] = [];
/** Of pods that say nothing themselves: one list for all. */
const usual: readonly Toleration[] = Object.freeze(lost.map(tolerate));

const covers = ({ key = '', effect }: Toleration, wanted: string): boolean =>
  (key === wanted || key === '') && (effect === undefined || effect === 'NoExecute');
