import { equal } from '../../apimachinery/equal';
import { GoText, type FieldErrors } from '../../apimachinery/field-errors';
import type { Labels } from '../../apimachinery/object';
import type { Container, NodeAffinity, NodeSelectorTerm, PodSpec, Toleration } from '../core/pod-spec';
import { cmpDiff } from '../gotypes/cmp/diff';
import { sharpV } from '../gotypes/sharp';
import { goValueOf } from '../gotypes/value';
import { goMap, inRange } from './common';

const fewFields =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

/** ValidatePodUpdate: a pod hardly changes once it is there. */
export function validatePodSpecUpdate(spec: PodSpec, old: PodSpec, errors: FieldErrors): void {
  if (spec === old) return;
  if (!validateContainerUpdates(spec.containers, old.containers, errors.at('containers'))) return;
  if (!validateContainerUpdates(spec.initContainers ?? [], old.initContainers ?? [], errors.at('initContainers')))
    return;
  if (!validateDeadlineUpdate(spec.activeDeadlineSeconds, old.activeDeadlineSeconds, errors)) return;
  validateAddedTolerations(spec.tolerations ?? [], old.tolerations ?? [], errors.at('tolerations'));
  spec.schedulingGates?.forEach(({ name }, index) => {
    if (old.schedulingGates?.some((gate) => gate.name === name) !== true)
      errors
        .at('schedulingGates')
        .index(index)
        .at('name')
        .forbidden(`only deletion is allowed, but found new scheduling gate '${name}'`);
  });
  if (equal(spec, old)) return;
  const munged = mungedSpec(spec, old, errors);
  if (equal(munged, old)) return;
  const diff = cmpDiff(goValueOf('core.PodSpec', old), goValueOf('core.PodSpec', munged));
  errors.forbidden(`${fewFields}\n${diff}`);
}

/** ValidateContainerUpdates; false: the lists do not fit each other. */
function validateContainerUpdates(
  containers: readonly Container[],
  old: readonly Container[],
  errors: FieldErrors,
): boolean {
  if (containers.length !== old.length) {
    errors.forbidden('pod updates may not add or remove containers');
    return false;
  }
  containers.forEach(({ image = '' }, index) => {
    const at = errors.index(index).at('image');
    if (image === '') at.required('');
    else if (image !== image.trim()) at.invalid(image, 'must not have leading or trailing whitespace');
  });
  return true;
}

function validateDeadlineUpdate(deadline: number | undefined, old: number | undefined, errors: FieldErrors): boolean {
  const at = errors.at('activeDeadlineSeconds');
  if (deadline === undefined) {
    if (old !== undefined) at.invalid(undefined, 'must not update from a positive integer to nil value');
    return true;
  }
  if (deadline < 0 || deadline > 2147483647) {
    at.invalid(deadline, inRange(0, 2147483647));
    return false;
  }
  if (old === undefined || deadline <= old) return true;
  at.invalid(deadline, 'must be less than or equal to previous value');
  return false;
}

/** validateOnlyAddedTolerations: only how long they last may change. */
function validateAddedTolerations(
  tolerations: readonly Toleration[],
  old: readonly Toleration[],
  errors: FieldErrors,
): void {
  const timeless = ({ tolerationSeconds: _seconds, ...rest }: Toleration): object => rest;
  if (!old.every((each) => tolerations.some((other) => equal(timeless(each), timeless(other)))))
    errors.forbidden('existing toleration can not be modified except its tolerationSeconds');
}

/** The new spec with all that may change as it was. */
function mungedSpec(spec: PodSpec, old: PodSpec, errors: FieldErrors): PodSpec {
  const images = (containers: readonly Container[], like: readonly Container[]): readonly Container[] =>
    containers.map((container, index) => ({ ...container, image: like[index]?.image ?? '' }));
  const {
    activeDeadlineSeconds: _deadline,
    schedulingGates: _gates,
    tolerations: _tolerations,
    initContainers,
    ...rest
  } = spec;
  const negative = old.terminationGracePeriodSeconds < 0 && spec.terminationGracePeriodSeconds === 1;
  const munged: PodSpec = {
    ...rest,
    containers: images(spec.containers, old.containers),
    ...(initContainers === undefined ? {} : { initContainers: images(initContainers, old.initContainers ?? []) }),
    ...(old.activeDeadlineSeconds === undefined ? {} : { activeDeadlineSeconds: old.activeDeadlineSeconds }),
    ...(old.schedulingGates === undefined ? {} : { schedulingGates: old.schedulingGates }),
    ...(old.tolerations === undefined ? {} : { tolerations: old.tolerations }),
    ...(negative ? { terminationGracePeriodSeconds: old.terminationGracePeriodSeconds } : {}),
  };
  return (old.schedulingGates ?? []).length === 0 ? munged : mungedGated(munged, old, errors);
}

/** A gated pod may still be narrowed down: node selectors and required node affinity may grow. */
function mungedGated(spec: PodSpec, old: PodSpec, errors: FieldErrors): PodSpec {
  const { nodeSelector, affinity, ...rest } = spec;
  const selectors = Object.entries(old.nodeSelector ?? {});
  if (selectors.some(([key, value]) => nodeSelector?.[key] !== value))
    errors
      .at('nodeSelector')
      .invalid(
        new GoText(goMap(nodeSelector ?? {})),
        'only additions to spec.nodeSelector are allowed (no mutations or deletions)',
      );
  const oldAffinity = old.affinity?.nodeAffinity;
  let kept = affinity;
  if (!equal(oldAffinity, affinity?.nodeAffinity)) {
    validateNodeAffinityMutation(affinity?.nodeAffinity, oldAffinity, errors.at('affinity').at('nodeAffinity'));
    const { nodeAffinity: _node, ...others } = affinity ?? {};
    const alone = old.affinity === undefined && Object.keys(others).length === 0;
    kept = alone ? undefined : { ...others, ...(oldAffinity === undefined ? {} : { nodeAffinity: oldAffinity }) };
  }
  return {
    ...rest,
    ...(old.nodeSelector === undefined ? {} : { nodeSelector: old.nodeSelector }),
    ...(kept === undefined ? {} : { affinity: kept }),
  };
}

function validateNodeAffinityMutation(
  affinity: NodeAffinity | undefined,
  old: NodeAffinity | undefined,
  errors: FieldErrors,
): void {
  const terms = affinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const oldTerms = old?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const at = errors.at('requiredDuringSchedulingIgnoredDuringExecution').at('nodeSelectorTerms');
  const text = (type: string, value: unknown): GoText => new GoText(sharpV(goValueOf(type, value)));
  if (oldTerms.length > 0 && oldTerms.length !== terms.length)
    return at.invalid(
      text('[]core.NodeSelectorTerm', terms),
      'no additions/deletions to non-empty NodeSelectorTerms list are allowed',
    );
  oldTerms.forEach((oldTerm, index) => {
    if (!onlyAdds(terms[index] ?? {}, oldTerm))
      at.index(index).invalid(
        text('core.NodeSelectorTerm', terms[index]),
        'only additions are allowed (no mutations or deletions)',
      );
  });
}

/** validateNodeSelectorTermHasOnlyAdditions. */
function onlyAdds(term: NodeSelectorTerm, old: NodeSelectorTerm): boolean {
  const nothing = ({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm): boolean =>
    matchExpressions.length + matchFields.length === 0;
  if (nothing(old) && !nothing(term)) return false;
  return (['matchExpressions', 'matchFields'] as const).every((name) => {
    const were = old[name] ?? [];
    return equal((term[name] ?? []).slice(0, were.length), were);
  });
}

const appArmor = 'container.apparmor.security.beta.kubernetes.io/';
const mirror = 'kubernetes.io/config.mirror';

/** ValidatePodSpecificAnnotationUpdates. */
export function validatePodAnnotationUpdates(
  annotations: Labels | undefined = {},
  old: Labels | undefined = {},
  errors: FieldErrors,
): void {
  for (const [key, value] of Object.entries(old)) {
    if (annotations[key] === value) continue;
    if (key.startsWith(appArmor)) errors.key(key).forbidden('may not remove or update AppArmor annotations');
    if (key === mirror) errors.key(key).forbidden('may not remove or update mirror pod annotation');
  }
  for (const key of Object.keys(annotations)) {
    if (Object.hasOwn(old, key)) continue;
    if (key.startsWith(appArmor)) errors.key(key).forbidden('may not add AppArmor annotations');
    if (key === mirror) errors.key(key).forbidden('may not add mirror pod annotation');
  }
}
