import { GoText, type FieldErrors } from '../../apimachinery/field-errors';
import { isQualifiedName } from '../../apimachinery/names';
import type { Container, ContainerPort, EnvFromSource, EnvVar, SecurityContext, Volume } from '../core/pod-spec';
import {
  configKeyProblems,
  descendingPath,
  inRange,
  label,
  oneOf,
  portNameProblems,
  portRange,
  subdomain,
} from './common';
import { sharpV } from '../gotypes/sharp';
import { goValueOf } from '../gotypes/value';
import { validateResources } from './resources';
import { validateWindowsOptions } from './windows';

/** What a container's rules need to know of its pod. */
export interface PodContext {
  readonly volumes: ReadonlyMap<string, Volume>;
  readonly hostNetwork: boolean;
  readonly hostUsers: boolean | undefined;
  readonly gracePeriod: number;
  readonly restartPolicy?: string;
}

type AnyContainer = Omit<Container, 'restartPolicy'> & { readonly restartPolicy?: string };

const messagePolicies = ['File', 'FallbackToLogsOnError'];

/** validateContainerCommon of pkg/apis/core/validation/validation.go. */
export function validateContainerCommon(container: AnyContainer, context: PodContext, errors: FieldErrors): void {
  const { name = '', image = '' } = container;
  if (name === '') errors.at('name').required('');
  else label(name, errors.at('name'));
  if (image === '') errors.at('image').required('');
  if (image !== image.trim()) errors.at('image').invalid(image, 'must not have leading or trailing whitespace');
  if (!messagePolicies.includes(container.terminationMessagePolicy))
    errors.at('terminationMessagePolicy').notSupported(container.terminationMessagePolicy, messagePolicies);
  validatePorts(container.ports, context, errors.at('ports'));
  container.env?.forEach((variable, index) => validateEnv(variable, errors.at('env').index(index)));
  container.envFrom?.forEach((source, index) =>
    validateEnvFrom(source, errors.at('envFrom').index(index), errors.at('envFrom')),
  );
  validateMounts(container, context, errors);
  oneOf(container.imagePullPolicy, ['Always', 'IfNotPresent', 'Never'], errors.at('imagePullPolicy'));
  validateResources(container.resources, errors.at('resources'));
  validateResizePolicy(container.resizePolicy ?? [], context, errors.at('resizePolicy'));
  validateSecurityContext(container.securityContext, context, errors.at('securityContext'));
}

function validatePorts(
  ports: readonly ContainerPort[] | undefined,
  { hostNetwork }: PodContext,
  errors: FieldErrors,
): void {
  const names = new Set<string>();
  ports?.forEach((port, index) => {
    const at = errors.index(index);
    if (port.name !== undefined && port.name !== '') {
      const problems = portNameProblems(port.name);
      if (problems.length > 0) for (const text of problems) at.at('name').invalid(port.name, text);
      else if (names.has(port.name)) at.at('name').duplicate(port.name);
      else names.add(port.name);
    }
    if (port.containerPort === undefined || port.containerPort === 0) at.at('containerPort').required('');
    else if (port.containerPort < 1 || port.containerPort > 65535)
      at.at('containerPort').invalid(port.containerPort, portRange);
    const { hostPort } = port;
    if (hostPort !== undefined && hostPort !== 0 && (hostPort < 1 || hostPort > 65535))
      at.at('hostPort').invalid(hostPort, portRange);
    if (hostNetwork && hostPort !== undefined && hostPort !== port.containerPort)
      at.at('hostPort').invalid(hostPort, 'must match `containerPort` when `hostNetwork` is true');
    oneOf(port.protocol, ['SCTP', 'TCP', 'UDP'], at.at('protocol'));
  });
}

/** Across the containers of a pod: checkHostPortConflicts. */
export function validateHostPorts(containers: readonly AnyContainer[], errors: FieldErrors): void {
  const taken = new Set<string>();
  containers.forEach(({ ports }, index) =>
    ports?.forEach(({ hostPort, protocol, hostIP = '' }, position) => {
      if (hostPort === undefined || hostPort === 0) return;
      const key = `${protocol}/${hostIP}/${hostPort}`;
      if (taken.has(key)) errors.index(index).at('ports').index(position).at('hostPort').duplicate(key);
      taken.add(key);
    }),
  );
}

const envName = /^[\x20-\x3c\x3e-\x7e]+$/;
export const envNameText =
  "a valid environment variable name must consist only of printable ASCII characters other than '='";
const fieldPaths = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];
const resourcePaths = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
];

function validateEnv({ name = '', value, valueFrom }: EnvVar, errors: FieldErrors): void {
  if (name === '') errors.at('name').required('');
  else if (!envName.test(name)) errors.at('name').invalid(name, envNameText);
  if (valueFrom === undefined) return;
  const at = errors.at('valueFrom');
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = valueFrom;
  if (fieldRef !== undefined) validateFieldRef(fieldRef, fieldPaths, at.at('fieldRef'));
  if (resourceFieldRef !== undefined) validateResourceFieldRef(resourceFieldRef, false, at.at('resourceFieldRef'));
  for (const [reference, field] of [
    [configMapKeyRef, 'configMapKeyRef'],
    [secretKeyRef, 'secretKeyRef'],
  ] as const) {
    if (reference === undefined) continue;
    subdomain(reference.name ?? '', at.at(field).at('name'));
    const { key = '' } = reference;
    if (key === '') at.at(field).at('key').required('');
    else for (const text of configKeyProblems(key)) at.at(field).at('key').invalid(key, text);
  }
  const count = [fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef].filter((each) => each !== undefined).length;
  if (count === 0)
    at.invalid('', 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`');
  if (value !== undefined && value !== '') {
    if (count > 0) at.invalid('', 'may not be specified when `value` is not empty');
  } else if (count > 1) at.invalid('', 'may not have more than one field specified at a time');
}

/** validateObjectFieldSelector. */
export function validateFieldRef(
  { apiVersion, fieldPath = '' }: { readonly apiVersion: string; readonly fieldPath: string },
  supported: readonly string[],
  errors: FieldErrors,
): void {
  if (apiVersion === '') return errors.at('apiVersion').required('');
  if (fieldPath === '') return errors.at('fieldPath').required('');
  if (apiVersion !== 'v1')
    return errors
      .at('fieldPath')
      .invalid(fieldPath, `error converting fieldPath: unsupported pod version: ${apiVersion}`);
  const subscript = /^(.*)\['(.*)'\]$/.exec(fieldPath);
  if (subscript !== null) {
    const [, path = '', key = ''] = subscript;
    if (path === 'metadata.annotations') {
      for (const text of isQualifiedName(key.toLowerCase())) errors.invalid(key, text);
      return;
    }
    if (path === 'metadata.labels') {
      for (const text of isQualifiedName(key)) errors.invalid(key, text);
      return;
    }
    return errors.invalid(path, 'does not support subscript');
  }
  if (
    !/^(metadata\.(name|namespace|uid|labels|annotations)|spec\.(nodeName|restartPolicy|serviceAccountName|schedulerName|hostNetwork)|status\.(phase|hostIP|hostIPs|podIP|podIPs|nominatedNodeName))$/.test(
      fieldPath,
    )
  )
    return errors
      .at('fieldPath')
      .invalid(fieldPath, `error converting fieldPath: field label not supported: ${fieldPath}`);
  if (!supported.includes(fieldPath)) errors.at('fieldPath').notSupported(fieldPath, supported);
}

/** validateContainerResourceFieldSelector. */
export function validateResourceFieldRef(
  {
    containerName,
    resource = '',
    divisor = '0',
  }: { readonly containerName?: string; readonly resource: string; readonly divisor?: string },
  volume: boolean,
  errors: FieldErrors,
): void {
  if (volume && (containerName === undefined || containerName === '')) return errors.at('containerName').required('');
  if (resource === '') return errors.at('resource').required('');
  if (!resourcePaths.includes(resource) && !/^(limits|requests)\.hugepages-/.test(resource))
    return errors.at('resource').notSupported(resource, resourcePaths);
  const cpu = resource.endsWith('.cpu');
  const allowed = cpu
    ? ['1m', '1']
    : ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei'];
  if (divisor === '0' || allowed.includes(divisor)) return;
  const name = resource.slice(resource.indexOf('.') + 1);
  errors
    .at('divisor')
    .invalid(
      resource,
      cpu
        ? "only divisor's values 1m and 1 are supported with the cpu resource"
        : `only divisor's values ${allowed.join(', ')} are supported with the ${name} resource`,
    );
}

function validateEnvFrom(
  { prefix, configMapRef, secretRef }: EnvFromSource,
  errors: FieldErrors,
  list: FieldErrors,
): void {
  if (prefix !== undefined && prefix !== '' && !envName.test(prefix)) errors.at('prefix').invalid(prefix, envNameText);
  for (const [reference, field] of [
    [configMapRef, 'configMapRef'],
    [secretRef, 'secretRef'],
  ] as const) {
    if (reference === undefined) continue;
    const { name = '' } = reference;
    if (name === '') errors.at(field).at('name').required('');
    else subdomain(name, errors.at(field).at('name'));
  }
  if (configMapRef === undefined && secretRef === undefined)
    list.invalid('', 'must specify one of: `configMapRef` or `secretRef`');
  else if (configMapRef !== undefined && secretRef !== undefined)
    list.invalid('', 'may not have more than one field specified at a time');
}

/** ValidateVolumeMounts and ValidateVolumeDevices. */
function validateMounts(
  { volumeMounts = [], volumeDevices = [], securityContext }: AnyContainer,
  { volumes }: PodContext,
  errors: FieldErrors,
): void {
  const paths = new Set<string>();
  const deviceNames = new Set(volumeDevices.map(({ name }) => name));
  const devicePaths = new Set(volumeDevices.map(({ devicePath }) => devicePath));
  volumeMounts.forEach((mount, index) => {
    const at = errors.at('volumeMounts').index(index);
    const { name = '', mountPath = '' } = mount;
    if (name === '') at.at('name').required('');
    if (!volumes.has(name)) at.at('name').notFound(name);
    if (mountPath === '') at.at('mountPath').required('');
    if (paths.has(mountPath)) at.at('mountPath').invalid(mountPath, 'must be unique');
    paths.add(mountPath);
    if (deviceNames.has(name)) at.at('name').invalid(name, 'must not already exist in volumeDevices');
    if (devicePaths.has(mountPath))
      at.at('mountPath').invalid(mountPath, 'must not already exist as a path in volumeDevices');
    const list = errors.at('volumeMounts');
    if ((mount.subPath ?? '') !== '') descendingPath(mount.subPath ?? '', list.at('subPath'));
    if ((mount.subPathExpr ?? '') !== '') {
      if ((mount.subPath ?? '') !== '')
        at.at('subPathExpr').invalid(mount.subPathExpr, 'subPathExpr and subPath are mutually exclusive');
      descendingPath(mount.subPathExpr ?? '', list.at('subPathExpr'));
    }
    const { mountPropagation, recursiveReadOnly } = mount;
    if (mountPropagation !== undefined) {
      oneOf(mountPropagation, ['Bidirectional', 'HostToContainer', 'None'], list.at('mountPropagation'));
      if (mountPropagation === 'Bidirectional' && securityContext?.privileged !== true)
        list
          .at('mountPropagation')
          .forbidden('Bidirectional mount propagation is available only to privileged containers');
    }
    if (recursiveReadOnly !== undefined) {
      if (!['Disabled', 'Enabled', 'IfPossible'].includes(recursiveReadOnly))
        list.at('recursiveReadOnly').notSupported(recursiveReadOnly, ['Disabled', 'Enabled', 'IfPossible']);
      else if (recursiveReadOnly !== 'Disabled' && mount.readOnly !== true)
        list.at('recursiveReadOnly').forbidden('may only be specified when readOnly is true');
    }
  });
  const mountNames = new Set(volumeMounts.map(({ name }) => name));
  const seenNames = new Set<string>();
  const seenPaths = new Set<string>();
  volumeDevices.forEach(({ name = '', devicePath = '' }, index) => {
    const at = errors.at('volumeDevices').index(index);
    const volume = volumes.get(name);
    if (name === '') at.at('name').required('');
    if (seenNames.has(name)) at.at('name').invalid(name, 'must be unique');
    // A block device can only come from a claim.
    if (volume !== undefined && volume.persistentVolumeClaim === undefined && !('ephemeral' in volume))
      at.at('name').invalid(
        name,
        'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode',
      );
    if (volume === undefined) at.at('name').notFound(name);
    if (devicePath === '') at.at('devicePath').required('');
    if (seenPaths.has(devicePath)) at.at('devicePath').invalid(devicePath, 'must be unique');
    if (devicePath.split('/').includes('..'))
      at.at('devicePath').invalid(devicePath, "can not contain backsteps ('..')");
    else seenPaths.add(devicePath);
    if (mountNames.has(name)) at.at('name').invalid(name, 'must not already exist in volumeMounts');
    if (name !== '') seenNames.add(name);
  });
}

const idRange = inRange(0, 2147483647);
export function validateId(value: number | undefined, errors: FieldErrors): void {
  if (value !== undefined && (value < 0 || value > 2147483647)) errors.invalid(value, idRange);
}

const types = ['Localhost', 'RuntimeDefault', 'Unconfined'];
const PATH_MAX = 4096;

/** validateSeccompProfileField, validateAppArmorProfileField. */
export function validateProfile(
  profile: { readonly type: string; readonly localhostProfile?: string } | undefined,
  word: 'seccomp' | 'AppArmor',
  errors: FieldErrors,
): void {
  if (profile === undefined) return;
  const { type = '', localhostProfile: path } = profile;
  const at = errors.at('localhostProfile');
  const seccomp = word === 'seccomp';
  const known = types.includes(type);
  const wrongType = (): void => {
    if (type === '')
      errors.at('type').required(`type is required when ${seccomp ? 'seccomp' : 'appArmor'}Profile is set`);
    else if (!known) errors.at('type').notSupported(type, types);
  };
  if (seccomp) wrongType();
  if (type === 'Localhost') {
    if (path === undefined) at.required(`must be set when ${word} type is Localhost`);
    else if (seccomp) descendingPath(path, at);
    else {
      if (path.trim() !== path) at.invalid(path, 'must not be padded with whitespace');
      else if (path === '') at.required('must be set when AppArmor type is Localhost');
      if (path.length > PATH_MAX - 1) at.tooLong(PATH_MAX - 1);
    }
  } else if (path !== undefined && (seccomp || known)) {
    const text = seccomp ? new GoText(sharpV(goValueOf('core.SeccompProfile', profile))) : path;
    at.invalid(text, `can only be set when ${word} type is Localhost`);
  }
  if (!seccomp) wrongType();
}

/** ValidateSecurityContext. */
function validateSecurityContext(
  context: SecurityContext | undefined,
  { hostUsers }: PodContext,
  errors: FieldErrors,
): void {
  if (context === undefined) return;
  validateId(context.runAsUser, errors.at('runAsUser'));
  validateId(context.runAsGroup, errors.at('runAsGroup'));
  const { procMount } = context;
  if (procMount !== undefined) {
    if (!['Default', 'Unmasked'].includes(procMount))
      errors.at('procMount').notSupported(procMount, ['Default', 'Unmasked']);
    if (hostUsers !== false && procMount === 'Unmasked')
      errors.at('procMount').invalid(procMount, '`hostUsers` must be false to use `Unmasked`');
  }
  validateProfile(context.seccompProfile, 'seccomp', errors.at('seccompProfile'));
  if (context.allowPrivilegeEscalation === false) {
    if (context.privileged === true)
      errors.invalid(
        goSecurityContext(context),
        'cannot set `allowPrivilegeEscalation` to false and `privileged` to true',
      );
    if (context.capabilities?.add?.some((each) => each === 'CAP_SYS_ADMIN') === true)
      errors.invalid(
        goSecurityContext(context),
        'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN',
      );
  }
  validateWindowsOptions(context.windowsOptions, errors.at('windowsOptions'));
  validateProfile(context.appArmorProfile, 'AppArmor', errors.at('appArmorProfile'));
}

/** `%#v` of the internal type. */
const goSecurityContext = (context: SecurityContext): GoText =>
  new GoText(sharpV(goValueOf('core.SecurityContext', context)));

const resizable = ['cpu', 'memory'];
const resizePolicies = ['NotRequired', 'RestartContainer'];

/** validateResizePolicy: the names of resources print themselves, so they stand without quotes. */
function validateResizePolicy(
  policies: readonly { readonly resourceName?: string; readonly restartPolicy?: string }[],
  { restartPolicy: ofPod }: PodContext,
  errors: FieldErrors,
): void {
  const seen = new Set<string>();
  policies.forEach(({ resourceName = '', restartPolicy = '' }, index) => {
    if (seen.has(resourceName)) errors.index(index).duplicate(new GoText(resourceName));
    seen.add(resourceName);
    if (resourceName === '') errors.required('');
    else if (!resizable.includes(resourceName)) errors.notSupported(new GoText(resourceName), resizable);
    if (restartPolicy === '') errors.required('');
    else if (!resizePolicies.includes(restartPolicy)) errors.notSupported(restartPolicy, resizePolicies);
    if (ofPod === 'Never' && restartPolicy !== 'NotRequired')
      errors.invalid(restartPolicy, "must be 'NotRequired' when `restartPolicy` is 'Never'");
  });
}
