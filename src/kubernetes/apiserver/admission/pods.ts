import { err, ok, type Result } from '../../../sim/result';
import { node as nodeKind, type Node } from '../../api/core/node';
import { pod as podKind, type Pod } from '../../api/core/pod';
import type { Toleration } from '../../api/core/pod-spec';
import { forbidden, type Status } from '../../apimachinery/status';
import type { ApiObject } from '../../apimachinery/object';
import type { AdmissionPlugin, Attributes } from './admission';

/** How long a pod stays on a node that is lost, in seconds (--default-not-ready-toleration-seconds). */
const tolerated = 300;
const lost = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'] as const;

/** DefaultTolerationSeconds. */
export const defaultTolerationSeconds: AdmissionPlugin = {
  name: 'DefaultTolerationSeconds',
  resources: [podKind.resource],
  mutate<T extends ApiObject>({ object, operation }: Attributes<T>): Result<T, Status> {
    if (operation !== 'CREATE') return ok(object);
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

const builtIn: Readonly<Record<string, number>> = {
  'system-cluster-critical': 2_000_000_000,
  'system-node-critical': 2_000_001_000,
};

/** Priority: the number behind a priority class. The two built-in classes are always there. */
export const priority: AdmissionPlugin = {
  name: 'Priority',
  resources: [podKind.resource],
  mutate<T extends ApiObject>({ object, operation }: Attributes<T>): Result<T, Status> {
    if (operation !== 'CREATE') return ok(object);
    const pod = object as unknown as Pod;
    const { priorityClassName, preemptionPolicy } = pod.spec;
    const value = priorityClassName === undefined || priorityClassName === '' ? 0 : builtIn[priorityClassName];
    if (value === undefined)
      return err(
        forbidden(podKind.names, pod.metadata.name, `no PriorityClass with name ${priorityClassName ?? ''} was found`),
      );
    if (pod.spec.priority !== undefined && pod.spec.priority !== value)
      return err(
        forbidden(
          podKind.names,
          pod.metadata.name,
          `the integer value of priority (${pod.spec.priority}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`,
        ),
      );
    const spec = { ...pod.spec, priority: value, preemptionPolicy: preemptionPolicy ?? 'PreemptLowerPriority' };
    return ok({ ...pod, spec } as unknown as T);
  },
};

/** TaintNodesByCondition: a new node takes no pods until somebody has seen it ready. */
export const taintNodesByCondition: AdmissionPlugin = {
  name: 'TaintNodesByCondition',
  resources: [nodeKind.resource],
  mutate<T extends ApiObject>({ object, operation }: Attributes<T>): Result<T, Status> {
    if (operation !== 'CREATE') return ok(object);
    const node = object as unknown as Node;
    const taint = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' } as const;
    const taints = node.spec.taints ?? [];
    if (taints.some(({ key, effect }) => key === taint.key && effect === taint.effect)) return ok(object);
    return ok({ ...node, spec: { ...node.spec, taints: [...taints, taint] } } as unknown as T);
  },
};
