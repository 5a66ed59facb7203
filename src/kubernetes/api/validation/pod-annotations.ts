import type { FieldErrors } from '../../apimachinery/field-errors';
import { goQuote } from '../../apimachinery/field-errors';
import type { PodSpec } from '../core/pod-spec';

const mirror = 'kubernetes.io/config.mirror';
const deletionCost = 'controller.kubernetes.io/pod-deletion-cost';
const seccompPod = 'seccomp.security.alpha.kubernetes.io/pod';
const seccompContainer = 'container.seccomp.security.alpha.kubernetes.io/';
const appArmor = 'container.apparmor.security.beta.kubernetes.io/';

/** ValidatePodSpecificAnnotations. */
export function validatePodAnnotations(
  annotations: Readonly<Record<string, string>> | undefined,
  spec: PodSpec,
  errors: FieldErrors,
): void {
  if (annotations === undefined) return;
  const mirrored = annotations[mirror];
  if (mirrored !== undefined && (spec.nodeName ?? '') === '')
    errors.key(mirror).invalid(mirrored, 'must set spec.nodeName if mirror pod annotation is set');
  const cost = annotations[deletionCost];
  if (cost !== undefined && !isCost(cost)) errors.key(deletionCost).invalid(cost, 'must be a 32bit integer');
  for (const key in annotations)
    if (key === seccompPod || key.startsWith(seccompContainer)) seccompProfile(annotations[key] ?? '', errors.at(key));
  for (const key in annotations) {
    if (!key.startsWith(appArmor)) continue;
    const name = key.slice(appArmor.length);
    const { containers = [], initContainers = [], ephemeralContainers = [] } = spec;
    if (![...containers, ...initContainers, ...ephemeralContainers].some((each) => each.name === name))
      errors.key(key).invalid(name, 'container not found');
    const profile = annotations[key] ?? '';
    if (!/^($|runtime\/default$|unconfined$|localhost\/)/.test(profile))
      errors.key(key).invalid(profile, `invalid AppArmor profile name: ${goQuote(profile)}`);
  }
}

/** ParseInt of 32 bits, without a plus or zeros before it. */
const isCost = (text: string): boolean =>
  /^(0|-?[1-9]\d{0,9})$/.test(text) && Number(text) >= -(2 ** 31) && Number(text) < 2 ** 31;

function seccompProfile(profile: string, errors: FieldErrors): void {
  if (['runtime/default', 'docker/default', 'unconfined'].includes(profile)) return;
  if (!profile.startsWith('localhost/')) return errors.invalid(profile, 'must be a valid seccomp profile');
  const path = profile.slice('localhost/'.length);
  if (path.startsWith('/')) errors.invalid(path, 'must be a relative path');
  if (path.split('/').includes('..')) errors.invalid(path, "must not contain '..'");
}
