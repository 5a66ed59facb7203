import type { Pod } from '../../api/core/pod';
import type { Container } from '../../api/core/pod-spec';
import type { ServiceAccount } from '../../api/core/serviceaccount';

const enforce = 'kubernetes.io/enforce-mountable-secrets';
/** strconv.ParseBool */
const yes: ReadonlySet<string> = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);

export const enforcesSecrets = ({ metadata }: ServiceAccount): boolean =>
  yes.has(metadata.annotations?.[enforce] ?? '');

/** limitSecretReferences: the first secret that the pod names and its account does not. */
export function secretProblem({ spec }: Pod, account: ServiceAccount): string | undefined {
  const known = new Set((account.secrets ?? []).map(({ name }) => name));
  const by = `is not allowed because service account ${account.metadata.name} does not reference that`;
  for (const { secret } of spec.volumes ?? []) {
    const name = secret?.secretName ?? '';
    if (secret !== undefined && !known.has(name)) return `volume with secret.secretName="${name}" ${by} secret`;
  }
  const inContainers =
    containerProblem('init container', spec.initContainers ?? [], known, by) ??
    containerProblem('container', spec.containers, known, by);
  if (inContainers !== undefined) return inContainers;
  const pulls = new Set((account.imagePullSecrets ?? []).map(({ name }) => name));
  const index = (spec.imagePullSecrets ?? []).findIndex(({ name }) => !pulls.has(name));
  return index < 0
    ? undefined
    : `imagePullSecrets[${index}].name="${spec.imagePullSecrets?.[index]?.name ?? ''}" ${by} imagePullSecret`;
}

/** limitEphemeralContainerSecretReferences. */
export const ephemeralSecretProblem = ({ spec }: Pod, account: ServiceAccount): string | undefined =>
  containerProblem(
    'ephemeral container',
    spec.ephemeralContainers ?? [],
    new Set((account.secrets ?? []).map(({ name }) => name)),
    `is not allowed because service account ${account.metadata.name} does not reference that`,
  );

function containerProblem(
  what: string,
  containers: readonly Container[],
  known: ReadonlySet<string | undefined>,
  by: string,
): string | undefined {
  for (const { name: container, env = [], envFrom = [] } of containers) {
    for (const { name, valueFrom } of env) {
      const secret = valueFrom?.secretKeyRef;
      if (secret !== undefined && !known.has(secret.name))
        return `${what} ${container} with envVar ${name} referencing secret.secretName="${secret.name ?? ''}" ${by} secret`;
    }
    for (const { secretRef } of envFrom)
      if (secretRef !== undefined && !known.has(secretRef.name))
        return `${what} ${container} with envFrom referencing secret.secretName="${secretRef.name ?? ''}" ${by} secret`;
  }
  return undefined;
}

/** VisitPodSecretNames, as far as it matters whether there is one. */
export function namesSecrets({ spec }: Pod): boolean {
  if ((spec.imagePullSecrets ?? []).length > 0) return true;
  const containers = [...spec.containers, ...(spec.initContainers ?? []), ...(spec.ephemeralContainers ?? [])];
  if (
    containers.some(
      ({ env = [], envFrom = [] }) =>
        env.some(({ valueFrom }) => valueFrom?.secretKeyRef !== undefined) ||
        envFrom.some(({ secretRef }) => secretRef !== undefined),
    )
  )
    return true;
  return (spec.volumes ?? []).some((volume) => hasSecret(volume, 0));
}

/** Volumes name secrets as `secretRef`, `secretName` or, projected, as a source `secret`. */
function hasSecret(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null || depth > 5) return false;
  return Object.entries(value).some(
    ([key, each]) =>
      (each !== undefined && (key === 'secret' || key === 'secretRef' || key === 'nodePublishSecretRef')) ||
      (key === 'secretName' && typeof each === 'string') ||
      hasSecret(each, depth + 1),
  );
}
