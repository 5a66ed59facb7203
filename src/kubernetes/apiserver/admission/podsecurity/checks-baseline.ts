import { goQuote } from '../../../apimachinery/field-errors';
import type { Volume } from '../../../api/core/pod-spec';
import { containersText, namesWhere, plural, quoted, setters, sorted, type Check, type CheckPod } from './check';

const baseline = (id: string, ...versions: readonly (readonly [since: number, check: CheckPod])[]): Check => ({
  id,
  level: 'baseline',
  versions: versions.map(([since, check]) => ({ since, check })),
});

const goodProfiles: ReadonlySet<string> = new Set(['RuntimeDefault', 'Localhost']);
const appArmorPrefix = 'container.apparmor.security.beta.kubernetes.io/';

const appArmor: CheckPod = ({ annotations = {} }, spec) => {
  const bad = new Set<string>();
  const isBad = (profile: { readonly type: string } | undefined): boolean => {
    if (profile === undefined || goodProfiles.has(profile.type)) return false;
    bad.add(profile.type);
    return true;
  };
  const pod = isBad(spec.securityContext?.appArmorProfile);
  const names = namesWhere(spec, ({ securityContext }) => isBad(securityContext?.appArmorProfile));
  const notes = Object.entries(annotations).flatMap(([key, value]) =>
    key.startsWith(appArmorPrefix) && value !== '' && value !== 'runtime/default' && !value.startsWith('localhost/')
      ? [`${key}=${goQuote(value)}`]
      : [],
  );
  const values = [...sorted(bad), ...notes.sort()];
  const who = [setters(pod, names), ...(notes.length === 0 ? [] : [plural('annotation', notes.length)])]
    .filter((each) => each !== '')
    .join(' and ');
  if (who === '') return undefined;
  return {
    reason: plural('forbidden AppArmor profile', values.length),
    detail: `${who} must not set AppArmor profile type to ${quoted(values)}`,
  };
};

const usualCapabilities: ReadonlySet<string> = new Set(
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(
    ' ',
  ),
);

const capabilities: CheckPod = (_metadata, spec) => {
  const bad = new Set<string>();
  const names = namesWhere(spec, ({ securityContext }) => {
    const added = (securityContext?.capabilities?.add ?? []).filter((each) => !usualCapabilities.has(each));
    for (const each of added) bad.add(each);
    return added.length > 0;
  });
  if (names.length === 0) return undefined;
  return {
    reason: 'non-default capabilities',
    detail: `${containersText(names)} must not include ${quoted(sorted(bad))} in securityContext.capabilities.add`,
  };
};

const hostNamespaces: CheckPod = (_metadata, spec) => {
  const shared = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((each) => spec[each] === true);
  if (shared.length === 0) return undefined;
  return { reason: 'host namespaces', detail: shared.map((each) => `${each}=true`).join(', ') };
};

const hostPathVolumes: CheckPod = (_metadata, { volumes = [] }) => {
  const names = volumes.flatMap(({ name, hostPath }: Volume) => (hostPath === undefined ? [] : [name]));
  if (names.length === 0) return undefined;
  return { reason: 'hostPath volumes', detail: `${plural('volume', names.length)} ${quoted(names)}` };
};

const hostPorts: CheckPod = (_metadata, spec) => {
  const bad = new Set<string>();
  const names = namesWhere(spec, ({ ports = [] }) => {
    const taken = ports.filter(({ hostPort = 0 }) => hostPort !== 0);
    for (const { hostPort } of taken) bad.add(String(hostPort));
    return taken.length > 0;
  });
  if (names.length === 0) return undefined;
  const use = names.length === 1 ? 'uses' : 'use';
  return {
    reason: 'hostPort',
    detail: `${containersText(names)} ${use} ${plural('hostPort', bad.size)} ${sorted(bad).join(', ')}`,
  };
};

const privileged: CheckPod = (_metadata, spec) => {
  const names = namesWhere(spec, ({ securityContext }) => securityContext?.privileged === true);
  if (names.length === 0) return undefined;
  return { reason: 'privileged', detail: `${containersText(names)} must not set securityContext.privileged=true` };
};

const procMount: CheckPod = (_metadata, spec) => {
  const bad = new Set<string>();
  const names = namesWhere(spec, ({ securityContext }) => {
    const mount = securityContext?.procMount;
    if (mount === undefined || mount === 'Default') return false;
    bad.add(mount);
    return true;
  });
  if (names.length === 0) return undefined;
  return {
    reason: 'procMount',
    detail: `${containersText(names)} must not set securityContext.procMount to ${quoted(sorted(bad))}`,
  };
};

const seLinuxTypes = ['', 'container_t', 'container_init_t', 'container_kvm_t'];

const seLinuxOptions =
  (allowed: readonly string[]): CheckPod =>
  (_metadata, spec) => {
    const types = new Set<string>();
    let user = false;
    let role = false;
    const isBad = (options: Readonly<Record<string, string>> | undefined): boolean => {
      if (options === undefined) return false;
      const { type = '', user: asUser = '', role: asRole = '' } = options;
      if (!allowed.includes(type)) types.add(type);
      user ||= asUser !== '';
      role ||= asRole !== '';
      return !allowed.includes(type) || asUser !== '' || asRole !== '';
    };
    const pod = isBad(spec.securityContext?.seLinuxOptions);
    const names = namesWhere(spec, ({ securityContext }) => isBad(securityContext?.seLinuxOptions));
    if (!pod && names.length === 0) return undefined;
    const data = [
      ...(types.size === 0 ? [] : [`${plural('type', types.size)} ${quoted(sorted(types))}`]),
      ...(user ? ['user may not be set'] : []),
      ...(role ? ['role may not be set'] : []),
    ];
    return {
      reason: 'seLinuxOptions',
      detail: `${setters(pod, names)} set forbidden securityContext.seLinuxOptions: ${data.join('; ')}`,
    };
  };

const seccompPod = 'seccomp.security.alpha.kubernetes.io/pod';
const seccompContainer = 'container.seccomp.security.alpha.kubernetes.io/';

/** Up to 1.18 seccomp profiles were annotations. */
const seccompAnnotations: CheckPod = ({ annotations = {} }, spec) => {
  const keys = [seccompPod, ...namesWhere(spec, () => true).map((name) => seccompContainer + name)];
  const bad = keys.flatMap((key) => {
    const value = annotations[key];
    return value === undefined ||
      value === 'runtime/default' ||
      value === 'docker/default' ||
      value.startsWith('localhost/')
      ? []
      : [`${key}=${goQuote(value)}`];
  });
  if (bad.length === 0) return undefined;
  const list = sorted(bad);
  return { reason: 'seccompProfile', detail: `forbidden ${plural('annotation', list.length)} ${list.join(', ')}` };
};

/** Profiles that are set and must not be. */
export const seccompProfile: CheckPod = (_metadata, spec) => {
  const bad = new Set<string>();
  const isBad = (profile: { readonly type: string } | undefined): boolean => {
    if (profile === undefined || goodProfiles.has(profile.type)) return false;
    bad.add(profile.type);
    return true;
  };
  const pod = isBad(spec.securityContext?.seccompProfile);
  const names = namesWhere(spec, ({ securityContext }) => isBad(securityContext?.seccompProfile));
  if (!pod && names.length === 0) return undefined;
  return {
    reason: 'seccompProfile',
    detail: `${setters(pod, names)} must not set securityContext.seccompProfile.type to ${quoted(sorted(bad))}`,
  };
};

const sysctls1_0 = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
];
const sysctls1_27 = [...sysctls1_0, 'net.ipv4.ip_local_reserved_ports'];
const sysctls1_29 = [
  ...sysctls1_27,
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
];
const sysctls1_32 = [...sysctls1_29, 'net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem'];

const sysctls =
  (allowed: readonly string[]): CheckPod =>
  (_metadata, spec) => {
    const bad = (spec.securityContext?.sysctls ?? []).filter(({ name }) => !allowed.includes(name));
    if (bad.length === 0) return undefined;
    return { reason: 'forbidden sysctls', detail: bad.map(({ name }) => name).join(', ') };
  };

const windowsHostProcess: CheckPod = (_metadata, spec) => {
  const isHost = (options: Readonly<Record<string, unknown>> | undefined): boolean => options?.['hostProcess'] === true;
  const pod = isHost(spec.securityContext?.windowsOptions);
  const names = namesWhere(spec, ({ securityContext }) => isHost(securityContext?.windowsOptions));
  if (!pod && names.length === 0) return undefined;
  return {
    reason: 'hostProcess',
    detail: `${setters(pod, names)} must not set securityContext.windowsOptions.hostProcess=true`,
  };
};

/** The baseline controls of 1.33, in the order of their ids. */
export const baselineChecks: readonly Check[] = [
  baseline('appArmorProfile', [0, appArmor]),
  baseline('capabilities_baseline', [0, capabilities]),
  baseline('hostNamespaces', [0, hostNamespaces]),
  baseline('hostPathVolumes', [0, hostPathVolumes]),
  baseline('hostPorts', [0, hostPorts]),
  baseline('privileged', [0, privileged]),
  baseline('procMount', [0, procMount]),
  baseline(
    'seLinuxOptions',
    [0, seLinuxOptions(seLinuxTypes)],
    [31, seLinuxOptions([...seLinuxTypes, 'container_engine_t'])],
  ),
  baseline('seccompProfile_baseline', [0, seccompAnnotations], [19, seccompProfile]),
  baseline(
    'sysctls',
    [0, sysctls(sysctls1_0)],
    [27, sysctls(sysctls1_27)],
    [29, sysctls(sysctls1_29)],
    [32, sysctls(sysctls1_32)],
  ),
  baseline('windowsHostProcess', [0, windowsHostProcess]),
];
