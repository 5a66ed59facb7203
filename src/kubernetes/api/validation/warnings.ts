import { isDns1123Label } from '../../apimachinery/names';
import type { ApiObject, ObjectMeta } from '../../apimachinery/object';
import type { Container, PodSpec, PodTemplateSpec, SecurityContext } from '../core/pod-spec';

/** What the server accepts and yet has something to say about: pkg/api/pod/warnings.go and its like. */
const deprecatedLabels: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'failure-domain.beta.kubernetes.io/region': 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone': 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'beta.kubernetes.io/instance-type': 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
};

/** Labels by which nodes should no longer be chosen. */
export const nodeLabelText = (key: string): string | undefined =>
  key === 'node-role.kubernetes.io/master'
    ? 'use "node-role.kubernetes.io/control-plane" instead'
    : deprecatedLabels[key];

const criticalPod = 'scheduler.alpha.kubernetes.io/critical-pod';
const seccompPod = 'seccomp.security.alpha.kubernetes.io/pod';
const seccompContainer = 'container.seccomp.security.alpha.kubernetes.io/';
const appArmor = 'container.apparmor.security.beta.kubernetes.io/';

const volumeTexts: Readonly<Record<string, string>> = {
  photonPersistentDisk: 'deprecated in v1.11, non-functional in v1.16+',
  gitRepo: 'deprecated in v1.11, and disabled by default in v1.33+',
  scaleIO: 'deprecated in v1.16, non-functional in v1.22+',
  flocker: 'deprecated in v1.22, non-functional in v1.25+',
  storageos: 'deprecated in v1.22, non-functional in v1.25+',
  quobyte: 'deprecated in v1.22, non-functional in v1.25+',
  glusterfs: 'deprecated in v1.25, non-functional in v1.26+',
  cephfs: 'deprecated in v1.28, non-functional in v1.31+',
  rbd: 'deprecated in v1.28, non-functional in v1.31+',
};

/** Annotations of containers that are not there mean nothing. */
const everything: Pick<SecurityContext, 'seccompProfile' | 'appArmorProfile'> = {
  seccompProfile: { type: 'Unconfined' },
  appArmorProfile: { type: 'Unconfined' },
};

/** The container that an annotation is about, by the last part of its key. */
const containerOf = (spec: PodSpec, key: string): Pick<Container, 'securityContext'> | undefined =>
  [...(spec.initContainers ?? []), ...spec.containers].find(({ name }) => key.endsWith(`/${name}`));

/** Of a pod, or of what pods are made of. */
export function podWarnings(metadata: Pick<ObjectMeta, 'annotations'>, spec: PodSpec, prefix = ''): readonly string[] {
  const found: string[] = [];
  const say = (place: string, text: string): number => found.push(`${prefix}${place}: ${text}`);
  for (const key of Object.keys(spec.nodeSelector ?? {}).sort()) {
    const text = nodeLabelText(key);
    if (text !== undefined) say(`spec.nodeSelector[${key}]`, text);
  }
  affinityWarnings(spec, say);
  for (const key of Object.keys(metadata.annotations ?? {}).sort()) {
    const place = `metadata.annotations[${key}]`;
    if (key === criticalPod) say(place, 'non-functional in v1.16+; use the "priorityClassName" field instead');
    if (key === seccompPod && spec.securityContext?.seccompProfile === undefined)
      say(place, 'non-functional in v1.27+; use the "seccompProfile" field instead');
    const { securityContext: own } = containerOf(spec, key) ?? { securityContext: everything };
    if (key.startsWith(seccompContainer) && own?.seccompProfile === undefined)
      say(place, 'non-functional in v1.27+; use the "seccompProfile" field instead');
    if (key.startsWith(appArmor) && own?.appArmorProfile === undefined)
      say(place, 'deprecated since v1.30; use the "appArmorProfile" field instead');
  }
  spec.volumes?.forEach((volume, index) => {
    for (const [name, text] of Object.entries(volumeTexts))
      if (Object.hasOwn(volume, name)) say(`spec.volumes[${index}].${name === 'storageos' ? 'storageOS' : name}`, text);
  });
  const ports = new Map<string, string>();
  spec.containers.forEach((container, index) => {
    containerWarnings(container, `spec.containers[${index}]`, ports, prefix, say);
  });
  spec.initContainers?.forEach((container, index) => {
    containerWarnings(container, `spec.initContainers[${index}]`, ports, prefix, say);
  });
  spec.imagePullSecrets?.forEach(({ name = '' }, index) => {
    if (name === '') say(`spec.imagePullSecrets[${index}].name`, 'invalid empty name ""');
  });
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0)
    say('spec.terminationGracePeriodSeconds', 'must be >= 0; negative values are invalid and will be treated as 1');
  return found;
}

export const templateWarnings = (template: PodTemplateSpec | undefined, place: string): readonly string[] =>
  template === undefined ? [] : podWarnings(template.metadata, template.spec, `${place}.`);

type Say = (place: string, text: string) => number;

function containerWarnings(
  container: Container,
  place: string,
  names: Map<string, string>,
  prefix: string,
  say: Say,
): void {
  const seen = new Set<string>();
  container.env?.forEach(({ name, value = '' }, index) => {
    // Who builds on the first value knows of it.
    if (seen.has(name) && !value.includes(`$(${name})`))
      say(
        `${place}.env[${index}]`,
        `hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`,
      );
    seen.add(name);
  });
  container.ports?.forEach(({ name = '', hostIP = '', hostPort = 0, containerPort, protocol }, index) => {
    const here = `${place}.ports[${index}]`;
    const before = names.get(name);
    if (name !== '' && before !== undefined)
      say(
        here,
        `duplicate port name ${JSON.stringify(name)} with ${prefix}${before}, services and probes that select ports by name will use ${prefix}${before}`,
      );
    else if (name !== '') names.set(name, here);
    const same = container.ports?.findIndex(
      (each) =>
        each.containerPort === containerPort &&
        each.protocol === protocol &&
        (each.hostPort ?? 0) === hostPort &&
        (each.hostIP ?? '') === hostIP,
    );
    if (same !== undefined && same >= 0 && same < index)
      say(here, `duplicate port definition with ${prefix}${place}.ports[${same}]`);
    if (hostIP !== '' && hostPort === 0)
      say(
        here,
        `hostIP set without hostPort: {Name:${name} HostPort:0 ContainerPort:${containerPort} Protocol:${protocol ?? ''} HostIP:${hostIP}}`,
      );
  });
}

interface Terms {
  readonly matchExpressions?: readonly { readonly key: string }[];
}

function affinityWarnings({ affinity }: PodSpec, say: Say): void {
  const node = affinity?.nodeAffinity;
  const look = (place: string, term: Terms | undefined): void =>
    term?.matchExpressions?.forEach(({ key }, index) => {
      const text = nodeLabelText(key);
      if (text !== undefined)
        say(`${place}.matchExpressions[${index}].key`, `${key} ${text.startsWith('use') ? '' : 'is '}${text}`);
    });
  const base = 'spec.affinity.nodeAffinity';
  node?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms.forEach((term, index) =>
    look(`${base}.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[${index}]`, term as Terms),
  );
  node?.preferredDuringSchedulingIgnoredDuringExecution?.forEach(({ preference }, index) =>
    look(`${base}.preferredDuringSchedulingIgnoredDuringExecution[${index}].preference`, preference as Terms),
  );
}

/** Names that pods get are their host names. */
export function nameWarnings({ metadata }: ApiObject, what: string): readonly string[] {
  const problems = hostnameProblems(metadata.name);
  return problems.length === 0
    ? []
    : [
        `metadata.name: this is used in ${what}, which can result in surprising behavior; a DNS label is recommended: [${problems.join(' ')}]`,
      ];
}

const hostnameProblems = (name: string): readonly string[] =>
  isDns1123Label(name).map((text) =>
    name.includes('.') && text.startsWith('a lowercase') ? 'must not contain dots' : text,
  );

export const inPodNames = 'Pod names and hostnames';
export const inHostname = "the Pod's hostname";
