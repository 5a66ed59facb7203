import { err, ok, type Result } from '../../../sim/result';
import { pod as podKind, type Pod } from '../../api/core/pod';
import { priorityClass, systemClasses, type PriorityClass } from '../../api/scheduling/priorityclass';
import type { ApiObject } from '../../apimachinery/object';
import type { Status } from '../../apimachinery/status';
import type { Storage } from '../storage';
import type { AdmissionPlugin, Attributes } from './admission';
import { deny } from './deny';

/** Priority: the number behind a priority class, and only one class that is the default. */
export const priority: AdmissionPlugin = {
  name: 'Priority',
  resources: [podKind.resource, priorityClass.resource],
  mutate<T extends ApiObject>(attributes: Attributes<T>, storage: Storage): Result<T, Status> {
    const { object, old, operation, subresource, kind } = attributes;
    if (kind.resource !== podKind.resource || subresource !== undefined) return ok(object);
    const pod = object as unknown as Pod;
    if (operation === 'UPDATE') return ok(kept(pod, old as unknown as Pod) as unknown as T);
    if (operation !== 'CREATE') return ok(object);
    const refuse = (why: string): Result<T, Status> => err(deny(attributes, why));

    const { priorityClassName = '', preemptionPolicy, priority: given } = pod.spec;
    const found = priorityClassName === '' ? defaultClass(storage) : classOf(priorityClassName, storage);
    if (found === undefined) return refuse(`no PriorityClass with name ${priorityClassName} was found`);
    const { name, value, policy } = found;
    if (given !== undefined && given !== value)
      return refuse(
        `the integer value of priority (${given}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`,
      );
    if (preemptionPolicy !== undefined && preemptionPolicy !== policy)
      return refuse(
        `the string value of PreemptionPolicy (${preemptionPolicy}) must not be provided in pod spec; priority admission controller computed ${policy} from the given PriorityClass name`,
      );
    const spec = {
      ...pod.spec,
      ...(name === '' ? {} : { priorityClassName: name }),
      priority: value,
      preemptionPolicy: policy,
    };
    return ok({ ...pod, spec } as unknown as T);
  },
  validate(attributes, storage): Status | undefined {
    const { kind, operation, subresource, object } = attributes;
    if (kind.resource !== priorityClass.resource || operation === 'DELETE' || subresource !== undefined)
      return undefined;
    if ((object as PriorityClass).globalDefault !== true) return undefined;
    const current = globalDefault(storage);
    if (current === undefined || current.metadata.name === object.metadata.name) return undefined;
    return deny(
      attributes,
      `PriorityClass ${current.metadata.name} is already marked as default. Only one default can exist`,
    );
  },
};

interface Found {
  readonly name: string;
  readonly value: number;
  readonly policy: 'PreemptLowerPriority' | 'Never';
}

const nothing: Found = { name: '', value: 0, policy: 'PreemptLowerPriority' };

function classOf(name: string, storage: Storage): Found | undefined {
  const found = storage.get(priorityClass, undefined, name);
  if (found !== undefined)
    return { name, value: found.value, policy: found.preemptionPolicy ?? 'PreemptLowerPriority' };
  // The two of the system are there even before the server has written them.
  const value = Object.hasOwn(systemClasses, name) ? systemClasses[name] : undefined;
  return value === undefined ? undefined : { name, value, policy: 'PreemptLowerPriority' };
}

function defaultClass(storage: Storage): Found {
  const found = globalDefault(storage);
  if (found === undefined) return nothing;
  return { name: found.metadata.name, value: found.value, policy: found.preemptionPolicy ?? 'PreemptLowerPriority' };
}

/** Of several defaults (a race may make them) the lowest. */
function globalDefault(storage: Storage): PriorityClass | undefined {
  let lowest: PriorityClass | undefined;
  for (const each of storage.served(priorityClass).cacher.list())
    if (each.globalDefault === true && (lowest === undefined || each.value < lowest.value)) lowest = each;
  return lowest;
}

/** An update that leaves them out means no change. */
function kept(pod: Pod, { spec: { priority: value, preemptionPolicy } }: Pod): Pod {
  const lacksPriority = pod.spec.priority === undefined && value !== undefined;
  const lacksPolicy = pod.spec.preemptionPolicy === undefined && preemptionPolicy !== undefined;
  if (!lacksPriority && !lacksPolicy) return pod;
  return {
    ...pod,
    spec: { ...pod.spec, ...(lacksPriority ? { priority: value } : {}), ...(lacksPolicy ? { preemptionPolicy } : {}) },
  };
}
