import { goQuote } from '../../apimachinery/field-errors';
import { isValidLabelValue } from '../../apimachinery/names';
import type { ObjectMeta, Quantities } from '../../apimachinery/object';
import type { Container, NodeSelectorTerm, PodAffinity, PodSpec, PodTemplateSpec } from '../core/pod-spec';
import { ipWarnings } from './ip';
import { fractionalWarning, nodeLabelText } from './object-warnings';
import { pathWarnings } from './volume-paths';

/** What the server accepts of pods and yet has something to say about: pkg/api/pod/warnings.go. */
const annotationTexts: Readonly<Record<string, string>> = {
  'scheduler.alpha.kubernetes.io/critical-pod': 'non-functional in v1.16+; use the "priorityClassName" field instead',
  'security.alpha.kubernetes.io/sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
  'security.alpha.kubernetes.io/unsafe-sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
};
const seccompText = 'non-functional in v1.27+; use the "seccompProfile" field instead';
const appArmorText = 'deprecated since v1.30; use the "appArmorProfile" field instead';
const noPod = 'a null labelSelector results in matching no pod';

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

type Say = (place: string, text: string) => void;
/** A container, and where it stands. */
type Placed = readonly [Container, string];

/** Of a pod, or of what pods are made of (`prefix` says where that stands). */
export function podWarnings(metadata: Pick<ObjectMeta, 'annotations'>, spec: PodSpec, prefix = ''): readonly string[] {
  const found: string[] = [];
  const say: Say = (place, text) => found.push(`${prefix}${place}: ${text}`);
  nodeWarnings(spec, say);
  const { annotations = {} } = metadata;
  for (const key of Object.keys(annotations).sort()) {
    const text = annotationTexts[key];
    if (text !== undefined) say(`metadata.annotations[${key}]`, text);
  }
  spec.volumes?.forEach((volume, index) => {
    const place = `spec.volumes[${index}]`;
    for (const name in volumeTexts)
      if (Object.hasOwn(volume, name))
        say(`${place}.${name === 'storageos' ? 'storageOS' : name}`, volumeTexts[name] ?? '');
    const resources: { requests?: Quantities; limits?: Quantities } =
      volume.ephemeral?.volumeClaimTemplate?.spec.resources ?? {};
    const at = `${prefix}${place}.ephemeral.volumeClaimTemplate.spec.resources`;
    found.push(...fractionalWarning(`${at}.requests`, resources.requests));
    found.push(...fractionalWarning(`${at}.limits`, resources.limits));
  });
  found.push(...pathWarnings(spec.volumes ?? []));
  const { hostAliases = [], imagePullSecrets = [] } = spec;
  hostAliases.forEach(({ ip }, index) => {
    if (hostAliases.findIndex((each) => each.ip === ip) < index)
      say(`spec.hostAliases[${index}].ip`, `duplicate ip ${goQuote(ip ?? '')}`);
  });
  imagePullSecrets.forEach(({ name = '' }, index) => {
    if (imagePullSecrets.findIndex((each) => (each.name ?? '') === name) < index)
      say(`spec.imagePullSecrets[${index}].name`, `duplicate name ${goQuote(name)}`);
  });
  imagePullSecrets.forEach(({ name = '' }, index) => {
    if (name === '') say(`spec.imagePullSecrets[${index}].name`, 'invalid empty name ""');
  });
  for (const name of byteResources) found.push(...fractionalWarning(`${prefix}spec.overhead`, spec.overhead, name));

  if (annotations[seccompPod] !== undefined && spec.securityContext?.seccompProfile === undefined)
    say(`metadata.annotations[${seccompPod}]`, seccompText);
  const placed = placedContainers(spec);
  for (const [container, place] of placed) {
    profileWarnings(container, annotations, spec.securityContext?.appArmorProfile !== undefined && prefix !== '', say);
    for (const name of byteResources)
      for (const part of ['limits', 'requests'] as const)
        found.push(...fractionalWarning(`${prefix}${place}.resources.${part}`, container.resources?.[part], name));
    environmentWarnings(container, place, say);
  }
  portWarnings(placed, prefix, say);
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0)
    say('spec.terminationGracePeriodSeconds', 'must be >= 0; negative values are invalid and will be treated as 1');
  termWarnings(spec.affinity?.podAffinity, 'spec.affinity.podAffinity', say);
  termWarnings(spec.affinity?.podAntiAffinity, 'spec.affinity.podAntiAffinity', say);
  spec.dnsConfig?.nameservers?.forEach((address, index) =>
    found.push(...ipWarnings(`${prefix}spec.dnsConfig.nameservers[${index}]`, address)),
  );
  hostAliases.forEach(({ ip }, index) => found.push(...ipWarnings(`${prefix}spec.hostAliases[${index}].ip`, ip ?? '')));
  return found;
}

export const templateWarnings = (template: PodTemplateSpec | undefined, place: string): readonly string[] =>
  template === undefined ? [] : podWarnings(template.metadata, template.spec, `${place}.`);

const byteResources = ['memory', 'ephemeral-storage'];
const seccompPod = 'seccomp.security.alpha.kubernetes.io/pod';

/** VisitContainersWithPath. */
const placedContainers = (spec: PodSpec): readonly Placed[] => [
  ...(spec.initContainers ?? []).map((each, index): Placed => [each, `spec.initContainers[${index}]`]),
  ...spec.containers.map((each, index): Placed => [each, `spec.containers[${index}]`]),
];

function nodeWarnings(spec: PodSpec, say: Say): void {
  for (const key of Object.keys(spec.nodeSelector ?? {}).sort()) {
    const text = nodeLabelText(key);
    if (text !== undefined) say(`spec.nodeSelector[${key}]`, text);
  }
  const term = ({ matchExpressions }: NodeSelectorTerm, place: string, checkValues: boolean): void =>
    matchExpressions?.forEach(({ key, values = [] }, index) => {
      const at = `${place}.matchExpressions[${index}]`;
      const text = nodeLabelText(key);
      if (text !== undefined) say(`${at}.key`, `${key} is ${text}`);
      if (checkValues)
        values.forEach((value, position) => {
          for (const why of isValidLabelValue(value)) say(`${at}.values[${position}]`, `${value} is invalid, ${why}`);
        });
    });
  const node = spec.affinity?.nodeAffinity;
  const base = 'spec.affinity.nodeAffinity';
  node?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms?.forEach((each, index) =>
    term(each, `${base}.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[${index}]`, false),
  );
  node?.preferredDuringSchedulingIgnoredDuringExecution?.forEach(({ preference }, index) =>
    term(preference, `${base}.preferredDuringSchedulingIgnoredDuringExecution[${index}].preference`, true),
  );
  spec.topologySpreadConstraints?.forEach(({ topologyKey, labelSelector }, index) => {
    const place = `spec.topologySpreadConstraints[${index}]`;
    const text = nodeLabelText(topologyKey);
    if (text !== undefined) say(`${place}.topologyKey`, `${topologyKey} is ${text}`);
    if (labelSelector === undefined) say(`${place}.labelSelector`, noPod);
  });
}

/** Annotations that fields have taken the place of; those of containers that are not there mean nothing. */
function profileWarnings(
  { name, securityContext }: Container,
  annotations: Readonly<Record<string, string>>,
  podProfile: boolean,
  say: Say,
): void {
  const seccomp = `container.seccomp.security.alpha.kubernetes.io/${name}`;
  if (securityContext?.seccompProfile === undefined && annotations[seccomp] !== undefined)
    say(`metadata.annotations[${seccomp}]`, seccompText);
  const appArmor = `container.apparmor.security.beta.kubernetes.io/${name}`;
  if (!podProfile && securityContext?.appArmorProfile === undefined && annotations[appArmor] !== undefined)
    say(`metadata.annotations[${appArmor}]`, appArmorText);
}

function environmentWarnings({ env }: Container, place: string, say: Say): void {
  const seen = new Set<string>();
  env?.forEach(({ name, value = '', valueFrom }, index) => {
    const former = `$(${name})`;
    // Who builds on the first value knows of it.
    if (seen.has(name) && (valueFrom !== undefined || value === former || !value.includes(former)))
      say(
        `${place}.env[${index}]`,
        `hides previous definition of ${goQuote(name)}, which may be dropped when using apply`,
      );
    seen.add(name);
  });
}

function portWarnings(containers: readonly Placed[], prefix: string, say: Say): void {
  const ports = containers.flatMap(([container, place]) =>
    (container.ports ?? []).map((port, index) => ({
      name: '',
      hostIP: '',
      hostPort: 0,
      ...port,
      at: `${place}.ports[${index}]`,
    })),
  );
  ports.forEach((port, index) => {
    if (port.hostIP !== '' && port.hostPort === 0)
      say(
        port.at,
        `hostIP set without hostPort: {Name:${port.name} HostPort:0 ContainerPort:${port.containerPort} Protocol:${port.protocol ?? ''} HostIP:${port.hostIP}}`,
      );
    for (const other of ports.slice(0, index)) {
      if (other.containerPort !== port.containerPort || other.protocol !== port.protocol) continue;
      const how =
        port.hostIP === other.hostIP && port.hostPort === other.hostPort
          ? 'duplicate'
          : port.hostPort === 0 || other.hostPort === 0
            ? 'overlapping'
            : port.hostPort === other.hostPort && (port.hostIP === '') !== (other.hostIP === '')
              ? 'dangerously ambiguous'
              : undefined;
      if (how !== undefined) say(port.at, `${how} port definition with ${prefix}${other.at}`);
    }
  });
  const named = new Map<string, string>();
  for (const { name, at } of ports) {
    if (name === '') continue;
    const before = named.get(name);
    if (before === undefined) named.set(name, at);
    else
      say(
        at,
        `duplicate port name ${goQuote(name)} with ${prefix}${before}, services and probes that select ports by name will use ${prefix}${before}`,
      );
  }
}

function termWarnings(affinity: PodAffinity | undefined, place: string, say: Say): void {
  affinity?.requiredDuringSchedulingIgnoredDuringExecution?.forEach(({ labelSelector }, index) => {
    if (labelSelector === undefined)
      say(`${place}.requiredDuringSchedulingIgnoredDuringExecution[${index}].labelSelector`, noPod);
  });
  affinity?.preferredDuringSchedulingIgnoredDuringExecution?.forEach(({ podAffinityTerm }, index) => {
    if (podAffinityTerm?.labelSelector === undefined)
      say(`${place}.preferredDuringSchedulingIgnoredDuringExecution[${index}].podAffinityTerm.labelSelector`, noPod);
  });
}
