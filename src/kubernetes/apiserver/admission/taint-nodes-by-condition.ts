import { ok, type Result } from '../../../sim/result';
import { node as nodeKind, type Node } from '../../api/core/node';
import type { ApiObject } from '../../apimachinery/object';
import type { Status } from '../../apimachinery/status';
import type { AdmissionPlugin, Attributes } from './admission';

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
