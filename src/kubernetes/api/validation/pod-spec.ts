import { GoText, type FieldErrors } from '../../apimachinery/field-errors';
import { isQualifiedName, isValidLabelValue, validateLabels } from '../../apimachinery/names';
import type {
  Container,
  EphemeralContainer,
  PodDnsConfig,
  PodSpec,
  PodTemplateSpec,
  Toleration,
  TopologySpreadConstraint,
} from '../core/pod-spec';
import { annotationNames, inRange, isIp, label, labelSelector, notAnIp, oneOf, subdomain } from './common';
import { validateContainerCommon, validateHostPorts, validateId, validateProfile, type PodContext } from './container';
import { validateAffinity, validateSpreadKeys } from './affinity';
import { validatePodAnnotations } from './pod-annotations';
import { validateLifecycle, validateProbes } from './probes';
import { validateResources } from './resources';
import { validateVolumes } from './volumes';
import { validateHostProcess, validateWindowsOptions } from './windows';

/** ValidatePodSpec of pkg/apis/core/validation/validation.go, in its order. */
export function validatePodSpec(spec: PodSpec, errors: FieldErrors): void {
  const volumes = validateVolumes(spec.volumes ?? [], errors.at('volumes'));
  const context: PodContext = {
    volumes,
    hostNetwork: spec.hostNetwork === true,
    hostUsers: spec.hostUsers,
    gracePeriod: spec.terminationGracePeriodSeconds,
    restartPolicy: spec.restartPolicy,
  };
  validateContainers(spec, context, errors.at('containers'));
  validateInitContainers(spec, context, errors.at('initContainers'));
  validateEphemeralContainers(spec, context, errors.at('ephemeralContainers'));
  oneOfInOrder(spec.restartPolicy, ['Always', 'OnFailure', 'Never'], errors.at('restartPolicy'));
  oneOfInOrder(spec.dnsPolicy, ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'], errors.at('dnsPolicy'));
  validateLabels(spec.nodeSelector, errors.at('nodeSelector'));
  validateSecurity(spec, errors.at('securityContext'));
  validateAffinity(spec.affinity, errors.at('affinity'));
  validateDns(spec, spec.dnsConfig, errors.at('dnsConfig'));
  spec.readinessGates?.forEach(({ conditionType }, index) => {
    for (const text of isQualifiedName(conditionType ?? ''))
      errors
        .at('readinessGates')
        .index(index)
        .at('conditionType')
        .invalid(conditionType ?? '', text);
  });
  validateGates(spec, errors.at('schedulingGates'));
  validateSpread(spec.topologySpreadConstraints, errors.at('topologySpreadConstraints'));
  validateHostProcess(spec, errors);
  if (spec.hostUsers === false)
    for (const [name, set] of [
      ['hostNetwork', spec.hostNetwork],
      ['HostPID', spec.hostPID],
      ['HostIPC', spec.hostIPC],
    ] as const)
      if (set === true) errors.at(name).forbidden('when `pod.Spec.HostUsers` is false');
  if (spec.serviceAccountName !== undefined) subdomain(spec.serviceAccountName, errors.at('serviceAccountName'));
  if (spec.nodeName !== undefined) subdomain(spec.nodeName, errors.at('nodeName'));
  const { activeDeadlineSeconds } = spec;
  if (activeDeadlineSeconds !== undefined && (activeDeadlineSeconds < 1 || activeDeadlineSeconds > 2147483647))
    errors.at('activeDeadlineSeconds').invalid(activeDeadlineSeconds, inRange(1, 2147483647));
  if (spec.hostname !== undefined) label(spec.hostname, errors.at('hostname'));
  if (spec.subdomain !== undefined) label(spec.subdomain, errors.at('subdomain'));
  spec.tolerations?.forEach((toleration, index) =>
    validateToleration(toleration, errors.at('tolerations').index(index)),
  );
  spec.hostAliases?.forEach(({ ip = '', hostnames }, index) => {
    if (!isIp(ip)) errors.at('hostAliases').index(index).at('ip').invalid(ip, notAnIp);
    hostnames?.forEach((name, position) =>
      subdomain(name, errors.at('hostAliases').index(index).at('hostnames').index(position)),
    );
  });
  if (spec.priorityClassName !== undefined) subdomain(spec.priorityClassName, errors.at('priorityClassName'));
  if (spec.runtimeClassName !== undefined) subdomain(spec.runtimeClassName, errors.at('runtimeClassName'));
  if (spec.preemptionPolicy !== undefined)
    oneOfInOrder(spec.preemptionPolicy, ['PreemptLowerPriority', 'Never'], errors.at('preemptionPolicy'));
  if (spec.overhead !== undefined) validateResources({ limits: spec.overhead }, errors.at('overhead'));
  if (spec.os !== undefined) {
    const { name = '' } = spec.os;
    if (name === '') errors.at('os').at('name').required('cannot be empty');
    else if (name !== 'linux' && name !== 'windows') errors.at('os').notSupported(name, ['linux', 'windows']);
    validateOs(spec, name, errors);
  }
}

const notOnWindows = {
  pod: [
    'appArmorProfile',
    'seLinuxOptions',
    'hostUsers',
    'hostPID',
    'hostIPC',
    'seccompProfile',
    'fsGroup',
    'fsGroupChangePolicy',
    'sysctls',
    'shareProcessNamespace',
    'runAsUser',
    'runAsGroup',
    'supplementalGroups',
    'supplementalGroupsPolicy',
    'seLinuxChangePolicy',
  ],
  container: [
    'appArmorProfile',
    'seLinuxOptions',
    'seccompProfile',
    'capabilities',
    'readOnlyRootFilesystem',
    'privileged',
    'allowPrivilegeEscalation',
    'procMount',
    'runAsUser',
    'runAsGroup',
  ],
};
/** Upstream keeps them in the security context; false is as good as nothing. */
const ofSpec = new Set(['hostUsers', 'hostPID', 'hostIPC', 'shareProcessNamespace']);

/** validateLinux, validateWindows. */
function validateOs(spec: PodSpec, os: string, errors: FieldErrors): void {
  if (os !== 'linux' && os !== 'windows') return;
  const contexts: [Readonly<Record<string, unknown>>, FieldErrors, readonly string[]][] = [
    [(spec.securityContext ?? {}) as Readonly<Record<string, unknown>>, errors, notOnWindows.pod],
  ];
  for (const kind of ['initContainers', 'containers', 'ephemeralContainers'] as const)
    spec[kind]?.forEach(({ securityContext }, index) =>
      contexts.push([
        (securityContext ?? {}) as Readonly<Record<string, unknown>>,
        errors.at(kind).index(index),
        notOnWindows.container,
      ]),
    );
  const own = spec as unknown as Readonly<Record<string, unknown>>;
  for (const [context, at, names] of contexts) {
    const place = at.at('securityContext');
    if (os === 'linux') {
      if (context['windowsOptions'] !== undefined)
        place.at('windowsOptions').forbidden('windows options cannot be set for a linux pod');
      continue;
    }
    for (const name of names) {
      const value = ofSpec.has(name) ? own[name] : context[name];
      const pointer = name !== 'hostPID' && name !== 'hostIPC';
      if (value === undefined || (!pointer && value === false) || (Array.isArray(value) && value.length === 0))
        continue;
      (ofSpec.has(name) ? at : place).at(name).forbidden('cannot be set for a windows pod');
    }
  }
}

/** Enumerations whose supported values are told in the order of the source. */
function oneOfInOrder(value: string, supported: readonly string[], errors: FieldErrors): void {
  if (value === undefined || value === '') errors.required('');
  else if (!supported.includes(value)) errors.notSupported(value, supported);
}

function validateContainers({ containers }: PodSpec, context: PodContext, errors: FieldErrors): void {
  if (containers.length === 0) errors.required('');
  const names = new Set<string>();
  containers.forEach((container, index) => {
    const at = errors.index(index);
    validateContainerCommon(container, context, at);
    if (container.name !== undefined && names.has(container.name)) at.at('name').duplicate(container.name);
    names.add(container.name);
    validateLifecycle(container.lifecycle, context.gracePeriod, at.at('lifecycle'));
    validateProbes(container, context.gracePeriod, at);
    if (container.restartPolicy !== undefined)
      at.at('restartPolicy').forbidden('may not be set for non-init containers');
  });
  validateHostPorts(containers, errors);
}

const onlySidecars = 'may not be set for init containers without restartPolicy=Always';

function validateInitContainers(
  { initContainers = [], containers }: PodSpec,
  context: PodContext,
  errors: FieldErrors,
): void {
  const names = new Set(containers.map(({ name }) => name));
  initContainers.forEach((container, index) => {
    const at = errors.index(index);
    validateContainerCommon(container, context, at);
    const sidecar = container.restartPolicy === 'Always';
    if (container.restartPolicy !== undefined && !sidecar)
      at.at('restartPolicy').notSupported(container.restartPolicy, ['Always']);
    if (container.name !== undefined && container.name !== '') {
      if (names.has(container.name)) at.at('name').duplicate(container.name);
      names.add(container.name);
    }
    validateHostPorts([container], errors);
    if (sidecar) {
      validateLifecycle(container.lifecycle, context.gracePeriod, at.at('lifecycle'));
      validateProbes(container, context.gracePeriod, at);
      return;
    }
    for (const field of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const)
      if (container[field] !== undefined) at.at(field).forbidden(onlySidecars);
  });
}

/** Fields that make no sense in a container that comes to look around. */
const notEphemeral = [
  'ports',
  'resources',
  'resizePolicy',
  'restartPolicy',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
] as const;

function validateEphemeralContainers(spec: PodSpec, context: PodContext, errors: FieldErrors): void {
  const { ephemeralContainers, containers, initContainers = [] } = spec;
  if (ephemeralContainers === undefined) return;
  const others = new Set([...containers, ...initContainers].map(({ name }) => name));
  const names = new Set(others);
  ephemeralContainers.forEach((container: EphemeralContainer, index) => {
    const at = errors.index(index);
    validateContainerCommon(container, context, at);
    if (names.has(container.name)) at.at('name').duplicate(container.name);
    names.add(container.name);
    const target = container.targetContainerName;
    if (target !== undefined && target !== '' && !others.has(target)) at.at('targetContainerName').notFound(target);
    for (const field of notEphemeral) {
      const value = (container as Container)[field];
      const empty = typeof value === 'object' && Object.keys(value).length === 0;
      const nothing = empty && (Array.isArray(value) || field === 'resources');
      if (value !== undefined && !nothing) at.at(field).forbidden('cannot be set for an Ephemeral Container');
    }
    container.volumeMounts?.forEach((mount, position) => {
      for (const field of ['subPath', 'subPathExpr'] as const)
        if ((mount[field] ?? '') !== '')
          at.at('volumeMounts').index(position).at(field).forbidden('cannot be set for an Ephemeral Container');
    });
  });
}

const sysctlName = /^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/;
const sysctlText =
  'must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$';

function validateSecurity(spec: PodSpec, errors: FieldErrors): void {
  const { securityContext: security } = spec;
  if (spec.shareProcessNamespace === true && spec.hostPID === true)
    errors.at('shareProcessNamespace').invalid(true, 'ShareProcessNamespace and HostPID cannot both be enabled');
  validateId(security.fsGroup, errors.at('fsGroup'));
  validateId(security.runAsUser, errors.at('runAsUser'));
  validateId(security.runAsGroup, errors.at('runAsGroup'));
  security.supplementalGroups?.forEach((group, index) =>
    validateId(group, errors.at('supplementalGroups').index(index)),
  );
  const names = new Set<string>();
  security.sysctls?.forEach(({ name = '' }, index) => {
    const at = errors.at('sysctls').index(index).at('name');
    if (name === '') at.required('');
    else if (name.length > 253 || !sysctlName.test(name)) at.invalid(name, sysctlText);
    else if (names.has(name)) at.duplicate(name);
    if (spec.hostNetwork === true && /^net[./]/.test(name))
      at.invalid(name, "may not be specified when 'hostNetwork' is true");
    names.add(name);
  });
  if (security.fsGroupChangePolicy !== undefined)
    oneOf(security.fsGroupChangePolicy, ['Always', 'OnRootMismatch'], errors.at('fsGroupChangePolicy'));
  validateProfile(security.seccompProfile, 'seccomp', errors.at('seccompProfile'));
  validateProfile(security.appArmorProfile, 'AppArmor', errors.at('appArmorProfile'));
  if (security.supplementalGroupsPolicy !== undefined)
    oneOf(security.supplementalGroupsPolicy, ['Merge', 'Strict'], errors.at('supplementalGroupsPolicy'));
  validateWindowsOptions(security.windowsOptions, errors.at('windowsOptions'));
  if (security.seLinuxChangePolicy !== undefined && security.seLinuxChangePolicy !== 'Recursive')
    errors.at('seLinuxChangePolicy').notSupported(security.seLinuxChangePolicy, ['Recursive']);
}

function validateDns({ dnsPolicy }: PodSpec, config: PodDnsConfig | undefined, errors: FieldErrors): void {
  if (dnsPolicy === 'None') {
    if (config === undefined) return errors.required('must provide `dnsConfig` when `dnsPolicy` is None');
    if ((config.nameservers ?? []).length === 0)
      errors.at('nameservers').required('must provide at least one DNS nameserver when `dnsPolicy` is None');
  }
  if (config === undefined) return;
  const { nameservers = [], searches = [], options = [] } = config;
  if (nameservers.length > 3)
    errors.at('nameservers').invalid(goStrings(nameservers), 'must not have more than 3 nameservers');
  nameservers.forEach((address, index) => {
    if (!isIp(address)) errors.at('nameservers').index(index).invalid(address, notAnIp);
  });
  if (searches.length > 32)
    errors.at('searches').invalid(goStrings(searches), 'must not have more than 32 search paths');
  searches.forEach((search, index) => {
    const name = search.replace(/\.$/, '');
    if (!/^[a-z0-9_]([-_a-z0-9]*[a-z0-9_])?(\.[a-z0-9_]([-_a-z0-9]*[a-z0-9_])?)*$/.test(name) && search !== '.')
      errors
        .at('searches')
        .index(index)
        .invalid(
          name,
          "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
        );
  });
  options.forEach(({ name = '' }, index) => {
    if (name === '') errors.at('options').index(index).required('must not be empty');
  });
}

/** `%#v` of a []string. */
export const goStrings = (items: readonly string[]): GoText =>
  new GoText(`[]string{${items.map((item) => JSON.stringify(item)).join(', ')}}`);

function validateGates({ schedulingGates, nodeName }: PodSpec, errors: FieldErrors): void {
  const names = new Set<string>();
  schedulingGates?.forEach(({ name = '' }, index) => {
    for (const text of isQualifiedName(name)) errors.index(index).invalid(name, text);
    if (names.has(name)) errors.index(index).duplicate(name);
    names.add(name);
  });
  void nodeName;
}

function validateSpread(constraints: readonly TopologySpreadConstraint[] | undefined, errors: FieldErrors): void {
  constraints?.forEach((constraint, index) => {
    const at = errors.index(index);
    const { maxSkew = 0, topologyKey = '', whenUnsatisfiable = '', minDomains } = constraint;
    if (maxSkew <= 0) at.at('maxSkew').invalid(maxSkew, 'must be greater than zero');
    if (topologyKey === '') at.at('topologyKey').required('can not be empty');
    if (whenUnsatisfiable !== 'DoNotSchedule' && whenUnsatisfiable !== 'ScheduleAnyway')
      at.at('whenUnsatisfiable').notSupported(whenUnsatisfiable, ['DoNotSchedule', 'ScheduleAnyway']);
    const pair = `{${topologyKey}, ${whenUnsatisfiable}}`;
    const twin = constraints.findIndex(
      (each, other) =>
        other > index && each.topologyKey === topologyKey && each.whenUnsatisfiable === whenUnsatisfiable,
    );
    if (twin >= 0) at.at('{topologyKey, whenUnsatisfiable}').duplicate(pair);
    if (minDomains !== undefined) {
      if (minDomains <= 0) at.at('minDomains').invalid(minDomains, 'must be greater than zero');
      if (whenUnsatisfiable !== 'DoNotSchedule')
        at.at('minDomains').invalid(
          minDomains,
          `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`,
        );
    }
    for (const field of ['nodeAffinityPolicy', 'nodeTaintsPolicy'] as const) {
      const policy = constraint[field];
      if (policy !== undefined) oneOf(policy, ['Honor', 'Ignore'], at.at(field));
    }
    validateSpreadKeys(constraint.matchLabelKeys, constraint.labelSelector, at.at('matchLabelKeys'));
    labelSelector(constraint.labelSelector, at.at('labelSelector'));
  });
}

/** ValidateTolerations. */
export function validateToleration(toleration: Toleration, errors: FieldErrors): void {
  const { key = '', operator, value = '', effect = '', tolerationSeconds } = toleration;
  if (key !== '') for (const text of isQualifiedName(key)) errors.at('key').invalid(key, text);
  if (key === '' && operator !== 'Exists')
    errors
      .at('operator')
      .invalid(
        operator ?? '',
        'operator must be Exists when `key` is empty, which means "match all values and all keys"',
      );
  if (tolerationSeconds !== undefined && effect !== 'NoExecute')
    errors.at('effect').invalid(effect, "effect must be 'NoExecute' when `tolerationSeconds` is set");
  switch (operator) {
    case undefined:
    case 'Equal':
      for (const text of isValidLabelValue(value)) errors.at('operator').invalid(value, text);
      break;
    case 'Exists':
      if (value !== '') errors.at('operator').invalid(value, "value must be empty when `operator` is 'Exists'");
      break;
    default:
      errors.at('operator').notSupported(operator, ['Equal', 'Exists']);
  }
  if (effect !== '') oneOfEffects(effect, errors.at('effect'));
}

function oneOfEffects(effect: string, errors: FieldErrors): void {
  if (!['NoSchedule', 'PreferNoSchedule', 'NoExecute'].includes(effect))
    errors.notSupported(effect, ['NoSchedule', 'PreferNoSchedule', 'NoExecute']);
}

/** ValidatePodTemplateSpec. */
export function validatePodTemplate({ metadata, spec }: PodTemplateSpec, errors: FieldErrors): void {
  // Upstream's paths leave `metadata` out here.
  validateLabels(metadata.labels, errors.at('labels'));
  annotationNames(metadata.annotations, errors.at('annotations'));
  validatePodAnnotations(metadata.annotations, spec, errors.at('annotations'));
  validatePodSpec(spec, errors.at('spec'));
  if (spec.ephemeralContainers !== undefined && spec.ephemeralContainers.length > 0)
    errors.at('spec').at('ephemeralContainers').forbidden('ephemeral containers not allowed in pod template');
}
