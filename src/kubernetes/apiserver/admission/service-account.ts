import { err, ok, type Result } from '../../../sim/result';
import type { Random } from '../../../sim/random';
import { pod as podKind, type Pod } from '../../api/core/pod';
import type { Container, PodSpec, Volume } from '../../api/core/pod-spec';
import { serviceAccount as serviceAccountKind } from '../../api/core/serviceaccount';
import { deepFreeze } from '../../apimachinery/equal';
import { generateName } from '../../apimachinery/names';
import type { ApiObject } from '../../apimachinery/object';
import { forbidden, internalError, type Status } from '../../apimachinery/status';
import type { Storage } from '../storage';
import type { AdmissionPlugin, Attributes } from './admission';
import { deny } from './deny';
import { enforcesSecrets, ephemeralSecretProblem, namesSecrets, secretProblem } from './service-account-secrets';

const tokenPath = '/var/run/secrets/kubernetes.io/serviceaccount';
const volumePrefix = 'kube-api-access-';
const mirrorAnnotation = 'kubernetes.io/config.mirror';

/** ServiceAccount: every pod runs as one, and gets a token of it to talk to the API. */
export function serviceAccountAdmission(random: Random): AdmissionPlugin {
  const draw = random.fork('serviceaccount volumes');
  return {
    name: 'ServiceAccount',
    resources: [podKind.resource],
    mutate<T extends ApiObject>(attributes: Attributes<T>, storage: Storage): Result<T, Status> {
      const { object, operation } = attributes;
      if (operation !== 'CREATE') return ok(object);
      const pod = object as unknown as Pod;
      if (isMirror(pod)) {
        const problem = mirrorProblem(pod);
        return problem === undefined ? ok(object) : err(deny(attributes as unknown as Attributes, problem));
      }
      const named = pod.spec.serviceAccountName;
      const name = named === undefined || named === '' ? 'default' : named;
      const { namespace } = pod.metadata;
      const account = storage.get(serviceAccountKind, namespace, name);
      if (account === undefined)
        return err(
          forbidden(
            podKind.names,
            pod.metadata.name,
            `error looking up service account ${namespace}/${name}: serviceaccount "${name}" not found`,
          ),
        );
      let spec: PodSpec = { ...pod.spec, serviceAccountName: name, serviceAccount: name };
      if (pod.spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true)
        spec = withToken(spec, () => generateName(volumePrefix, draw));
      if ((spec.imagePullSecrets ?? []).length === 0 && (account.imagePullSecrets ?? []).length > 0)
        spec = { ...spec, imagePullSecrets: account.imagePullSecrets ?? [] };
      const made: Pod = { ...pod, spec };
      const problem = enforcesSecrets(account) ? secretProblem(made, account) : undefined;
      return problem === undefined ? ok(made as unknown as T) : err(deny(attributes as unknown as Attributes, problem));
    },
    validate(attributes, storage): Status | undefined {
      const { object, operation, subresource } = attributes;
      const pod = object as unknown as Pod;
      const ephemeral = operation === 'UPDATE' && subresource === 'ephemeralcontainers';
      if (!ephemeral && (operation !== 'CREATE' || subresource !== undefined)) return undefined;
      if (isMirror(pod) && !ephemeral) {
        const problem = mirrorProblem(pod);
        return problem === undefined ? undefined : deny(attributes, problem);
      }
      const { namespace, name } = pod.metadata;
      const { serviceAccountName = '' } = pod.spec;
      if (serviceAccountName === '')
        return deny(attributes, `no service account specified for pod ${namespace}/${name}`);
      const account = storage.get(serviceAccountKind, namespace, serviceAccountName);
      if (account === undefined)
        return deny(
          attributes,
          `error looking up service account ${namespace}/${serviceAccountName}: serviceaccount "${serviceAccountName}" not found`,
        );
      if (!enforcesSecrets(account)) return undefined;
      if (!ephemeral) {
        const problem = secretProblem(pod, account);
        return problem === undefined ? undefined : deny(attributes, problem);
      }
      const problem = ephemeralSecretProblem(pod, account);
      return problem === undefined ? undefined : internalError(problem);
    },
  };
}

const isMirror = ({ metadata }: Pod): boolean => metadata.annotations?.[mirrorAnnotation] !== undefined;

/** What the pods that kubelets put up for their static ones may not have. */
function mirrorProblem(pod: Pod): string | undefined {
  if ((pod.spec.serviceAccountName ?? '') !== '') return 'a mirror pod may not reference service accounts';
  if (namesSecrets(pod)) return 'a mirror pod may not reference secrets';
  const sources = (pod.spec.volumes ?? []).flatMap(({ projected }) => projected?.sources ?? []);
  return sources.some(({ serviceAccountToken }) => serviceAccountToken !== undefined)
    ? 'a mirror pod may not use ServiceAccountToken volume projections'
    : undefined;
}

function withToken(spec: PodSpec, newName: () => string): PodSpec {
  const existing = spec.volumes?.find(({ name }) => name.startsWith(volumePrefix))?.name;
  const name = existing ?? newName();
  let used = false;
  const mount = Object.freeze({ name, readOnly: true, mountPath: tokenPath });
  const mounted = <C extends Container>(container: C): C => {
    if (container.volumeMounts?.some(({ mountPath }) => mountPath === tokenPath) === true) return container;
    used = true;
    return { ...container, volumeMounts: [...(container.volumeMounts ?? []), mount] };
  };
  const next: PodSpec = {
    ...spec,
    ...(spec.initContainers === undefined ? {} : { initContainers: spec.initContainers.map(mounted) }),
    containers: spec.containers.map(mounted),
  };
  if (!used || existing !== undefined) return next;
  return { ...next, volumes: [...(spec.volumes ?? []), { name, ...tokenSources }] };
}

/** serviceaccount.TokenVolumeSource, with the seven seconds that tell it from a volume that asks for an hour. */
const tokenSources: Pick<Volume, 'projected'> = deepFreeze({
  projected: {
    sources: [
      { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
      { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      {
        downwardAPI: {
          items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
        },
      },
    ],
    defaultMode: 0o644,
  },
});
