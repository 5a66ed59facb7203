import { err, ok, type Result } from '../../../sim/result';
import { pod as podKind, type Pod } from '../../api/core/pod';
import type { Toleration } from '../../api/core/pod-spec';
import { runtimeClass, type RuntimeClass } from '../../api/node/runtimeclass';
import { goQuote } from '../../apimachinery/field-errors';
import type { ApiObject, Quantities } from '../../apimachinery/object';
import { compareQuantities } from '../../apimachinery/quantity';
import type { Status } from '../../apimachinery/status';
import type { Storage } from '../storage';
import type { AdmissionPlugin, Attributes } from './admission';
import { amountOf } from './amounts';
import { deny } from './deny';
import { mergeTolerations } from './tolerations';

const mismatch = "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead";

/** RuntimeClass: what a runtime costs besides, and where it is to be found. */
export const runtimeClassAdmission: AdmissionPlugin = {
  name: 'RuntimeClass',
  resources: [podKind.resource],
  mutate<T extends ApiObject>(attributes: Attributes<T>, storage: Storage): Result<T, Status> {
    const { object, operation, subresource } = attributes;
    const pod = object as unknown as Pod;
    const name = pod.spec.runtimeClassName;
    if (operation !== 'CREATE' || subresource !== undefined || name === undefined) return ok(object);
    const found = storage.get(runtimeClass, undefined, name);
    if (found === undefined) return err(deny(attributes, `pod rejected: RuntimeClass ${goQuote(name)} not found`));
    let { spec } = pod;
    if (found.overhead !== undefined) {
      const fixed = found.overhead.podFixed;
      if (spec.overhead !== undefined && !sameAmounts(fixed, spec.overhead)) return err(deny(attributes, mismatch));
      if (fixed !== undefined) spec = { ...spec, overhead: fixed };
    }
    const conflict = selectorConflict(pod, found);
    if (conflict !== undefined) return err(deny(attributes, conflict));
    const { scheduling } = found;
    if (scheduling?.nodeSelector !== undefined)
      spec = { ...spec, nodeSelector: { ...spec.nodeSelector, ...scheduling.nodeSelector } };
    if (scheduling?.tolerations !== undefined)
      spec = {
        ...spec,
        tolerations: mergeTolerations(spec.tolerations ?? [], scheduling.tolerations as readonly Toleration[]),
      };
    return ok(spec === pod.spec ? object : ({ ...pod, spec } as unknown as T));
  },
  validate(attributes, storage): Status | undefined {
    const { object, operation, subresource } = attributes;
    if (operation !== 'CREATE' || subresource !== undefined) return undefined;
    const { overhead, runtimeClassName } = (object as Pod).spec;
    if (overhead === undefined && runtimeClassName === undefined) return undefined;
    const found = runtimeClassName === undefined ? undefined : storage.get(runtimeClass, undefined, runtimeClassName);
    if (found?.overhead !== undefined)
      return sameAmounts(found.overhead.podFixed, overhead) ? undefined : deny(attributes, mismatch);
    if (overhead === undefined) return undefined;
    return deny(attributes, 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead');
  },
};

function selectorConflict({ spec }: Pod, { scheduling }: RuntimeClass): string | undefined {
  for (const [key, value] of Object.entries(scheduling?.nodeSelector ?? {})) {
    const had =
      spec.nodeSelector !== undefined && Object.hasOwn(spec.nodeSelector, key) ? spec.nodeSelector[key] : value;
    if (had !== value)
      return `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${had}`;
  }
  return undefined;
}

function sameAmounts(a: Quantities = {}, b: Quantities = {}): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && compareQuantities(amountOf(a[name]), amountOf(b[name])) === 0)
  );
}
