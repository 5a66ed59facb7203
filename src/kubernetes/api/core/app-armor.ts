import type { Container, PodSpec, SecurityContext } from './pod-spec';
import type { Pod } from './pod';

type Profile = NonNullable<SecurityContext['appArmorProfile']>;

/** DeprecatedAppArmorAnnotationKeyPrefix; the container's name follows. */
const prefix = 'container.apparmor.security.beta.kubernetes.io/';

/** applyAppArmorVersionSkew: new pods say it both ways, so that old and new kubelets find it. */
export function withAppArmor<P extends Pick<Pod, 'metadata' | 'spec'>>(pod: P): P {
  const { spec, metadata } = pod;
  if (!isConcerned(spec, metadata.annotations)) return pod;
  const whole = spec.securityContext?.appArmorProfile;
  const annotations: Record<string, string> = { ...metadata.annotations };
  const visit = <C extends Container>(container: C): C => {
    const key = prefix + container.name;
    const own = container.securityContext?.appArmorProfile;
    const said = Object.hasOwn(annotations, key) ? annotations[key] : undefined;
    if (said === undefined) {
      const text = annotationOf(own ?? whole);
      if (text !== '') annotations[key] = text;
      return container;
    }
    const profile = profileOf(said);
    if (own !== undefined || profile === undefined || isSame(profile, whole)) return container;
    return { ...container, securityContext: { ...container.securityContext, appArmorProfile: profile } };
  };
  const { initContainers } = spec;
  return {
    ...pod,
    spec: {
      ...spec,
      ...(initContainers === undefined ? {} : { initContainers: initContainers.map(visit) }),
      containers: spec.containers.map(visit),
    },
    ...(Object.keys(annotations).length === 0 ? {} : { metadata: { ...metadata, annotations } }),
  };
}

/** Hardly any pod is: no need to copy it. */
function isConcerned(spec: PodSpec, annotations: Readonly<Record<string, string>> | undefined): boolean {
  if ((spec as { readonly os?: { readonly name?: string } }).os?.name === 'windows') return false;
  if (spec.securityContext?.appArmorProfile !== undefined) return true;
  for (const key in annotations) if (key.startsWith(prefix)) return true;
  return [...spec.containers, ...(spec.initContainers ?? [])].some(
    ({ securityContext }) => securityContext?.appArmorProfile !== undefined,
  );
}

/** appArmorAnnotationForField. */
function annotationOf(profile: Profile | undefined): string {
  switch (profile?.type) {
    case 'Unconfined':
      return 'unconfined';
    case 'RuntimeDefault':
      return 'runtime/default';
    case 'Localhost':
      return profile.localhostProfile === undefined ? '' : `localhost/${profile.localhostProfile}`;
    default:
      return '';
  }
}

/** apparmor.ProfileFromAnnotation; what is no profile stays an annotation. */
function profileOf(text: string): Profile | undefined {
  if (text === 'unconfined') return { type: 'Unconfined' };
  if (text === 'runtime/default') return { type: 'RuntimeDefault' };
  const name = /^localhost\/(.*)$/s.exec(text)?.[1];
  return name === undefined || name.trim() === '' ? undefined : { type: 'Localhost', localhostProfile: name };
}

const isSame = (a: Profile, b: Profile | undefined): boolean =>
  a.type === b?.type && a.localhostProfile === b.localhostProfile;
