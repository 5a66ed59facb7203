import { mutatingAdmissionPolicy } from '../api/admissionregistration/mutatingadmissionpolicy';
import { mutatingAdmissionPolicyBinding } from '../api/admissionregistration/mutatingadmissionpolicybinding';
import type { Kind } from '../apimachinery/kind';
import type { ApiserverSettings } from './settings';
import type { Storage } from './storage';

/** Kinds that are served only where a feature gate is on and --runtime-config asks for their version. */
const gated: readonly (readonly [gate: string, kind: Kind])[] = [
  ['MutatingAdmissionPolicy', mutatingAdmissionPolicy as unknown as Kind],
  ['MutatingAdmissionPolicy', mutatingAdmissionPolicyBinding as unknown as Kind],
];

/** Serves what the flags turn on, and no longer what they turned on before. */
export function serveAlpha(
  storage: Storage,
  { featureGates, runtimeConfig }: Pick<ApiserverSettings, 'featureGates' | 'runtimeConfig'>,
): void {
  for (const [gate, kind] of gated) {
    const wanted =
      featureGates.has(gate) &&
      (runtimeConfig.has(kind.apiVersion) || runtimeConfig.has('api/all') || runtimeConfig.has('api/alpha'));
    const served = storage.kinds.some(({ resource }) => resource === kind.resource);
    if (wanted && !served) storage.register(kind);
    else if (!wanted && served) storage.unregister(kind);
  }
}
