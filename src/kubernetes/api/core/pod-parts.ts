import { equal } from '../../apimachinery/equal';
import { goQuote, type FieldErrors } from '../../apimachinery/field-errors';
import type { Kind } from '../../apimachinery/kind';
import { quantityValue } from '../../apimachinery/quantity';
import { pod, type Pod } from './pod';
import { cmpDiff } from '../gotypes/cmp/diff';
import { goValueOf } from '../gotypes/value';
import type { Container, EphemeralContainer } from './pod-spec';
import { qosClass } from './qos';

/** Pods as seen through their subresources: what else a client sends counts for nothing, and other rules hold. */
export const podEphemeralContainers: Kind<Pod> = {
  ...pod,
  prepareForUpdate: ({ spec: { ephemeralContainers } }, old) => {
    const { ephemeralContainers: _old, ...rest } = old.spec;
    return { ...old, spec: ephemeralContainers === undefined ? rest : { ...rest, ephemeralContainers } };
  },
  validateUpdate: validateEphemeral,
};

export const podResize: Kind<Pod> = {
  ...pod,
  prepareForUpdate: ({ spec }, old) => {
    const resized = <C extends Container>(container: C, sent: Container | undefined): C =>
      sent === undefined || sent.name !== container.name
        ? container
        : {
            ...container,
            resources: sent.resources,
            ...(sent.resizePolicy === undefined ? {} : { resizePolicy: sent.resizePolicy }),
          };
    const { containers, initContainers } = old.spec;
    return {
      ...old,
      spec: {
        ...old.spec,
        containers: containers.map((each, index) => resized(each, spec.containers[index])),
        ...(initContainers === undefined
          ? {}
          : { initContainers: initContainers.map((each, index) => resized(each, spec.initContainers?.[index])) }),
      },
    };
  },
  validateUpdate: validateResize,
};

const isMirror = ({ metadata }: Pod): boolean => metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined;

/** ValidatePodEphemeralContainersUpdate: they may be added, and that is all. */
function validateEphemeral({ spec }: Pod, old: Pod, errors: FieldErrors): void {
  const at = errors.at('spec').at('ephemeralContainers');
  if (isMirror(old)) return errors.at('').forbidden('static pods do not support ephemeral containers');
  for (const before of old.spec.ephemeralContainers ?? []) {
    const now = spec.ephemeralContainers?.find(({ name }) => name === before.name);
    if (now === undefined) at.forbidden(`existing ephemeral containers ${goQuote(before.name)} may not be removed\n`);
    else if (!equal(now, before))
      at.forbidden(
        `existing ephemeral containers ${goQuote(before.name)} may not be changed\n${ephemeralDiff(before, now)}`,
      );
  }
}

const ephemeralDiff = (before: EphemeralContainer, now: EphemeralContainer): string =>
  cmpDiff(goValueOf('core.EphemeralContainer', before), goValueOf('core.EphemeralContainer', now));

/** ValidatePodResize: CPU and memory may become more or less, but not come or go. */
function validateResize(object: Pod, old: Pod, errors: FieldErrors): void {
  const { spec } = object;
  if (isMirror(old)) return errors.at('').forbidden('static pods cannot be resized');
  if (old.spec.os?.name === 'windows') return errors.at('').forbidden('windows pods cannot be resized');
  const at = errors.at('spec');
  if (qosClass(spec) !== qosClass(old.spec))
    at.invalid(old.status.qosClass ?? qosClass(old.spec), 'Pod QOS Class may not change as a result of resizing');
  old.spec.initContainers?.forEach((container, index) => {
    const now = spec.initContainers?.[index];
    if (now === undefined || (container as { readonly restartPolicy?: string }).restartPolicy !== 'Always') return;
    validateContainer(now, container, at.at('initContainers').index(index).at('resources'));
  });
  old.spec.containers.forEach((container, index) => {
    const now = spec.containers[index];
    if (now !== undefined) validateContainer(now, container, at.at('containers').index(index).at('resources'));
  });
  old.spec.initContainers?.forEach((container, index) => {
    const restarts = (container as { readonly restartPolicy?: string }).restartPolicy === 'Always';
    if (!restarts && !equal(container.resources, spec.initContainers?.[index]?.resources))
      at.forbidden('resources for non-sidecar init containers are immutable');
  });
}

function validateContainer({ resources, resizePolicy }: Container, old: Container, errors: FieldErrors): void {
  for (const name of ['requests', 'limits'] as const) {
    const before = Object.keys(old.resources[name] ?? {});
    if (before.some((each) => resources[name]?.[each] === undefined))
      errors.at(name).forbidden(`resource ${name} cannot be removed`);
    const mutable = (amounts: Container['resources']['limits']): Record<string, string> =>
      Object.fromEntries(Object.entries(amounts ?? {}).filter(([each]) => each !== 'cpu' && each !== 'memory'));
    if (!equal(mutable(resources[name]), mutable(old.resources[name])))
      errors.forbidden('only cpu and memory resources are mutable');
  }
  const [less, more] = [resources.limits?.['memory'], old.resources.limits?.['memory']];
  const restarts = resizePolicy?.some(
    ({ resourceName, restartPolicy }) => resourceName === 'memory' && restartPolicy === 'RestartContainer',
  );
  if (less !== undefined && more !== undefined && restarts !== true && quantityValue(less) < quantityValue(more))
    errors.at('limits').forbidden('memory limits cannot be decreased unless resizePolicy is RestartContainer');
}
