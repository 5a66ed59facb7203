import type {
  ContainerConfig,
  CriImage,
  LinuxContainerResources,
  LinuxContainerSecurityContext,
  PodSandboxConfig,
  PortMapping,
} from '../../containers/containerd/cri';
import { err, ok, type Result } from '../../sim/result';
import type { Pod } from '../api/core/pod';
import type { Container } from '../api/core/pod-spec';
import { amount } from '../scheduler/resources';
import { expand, type Variable } from './environment';
import { CONTAINER_NAME, POD_UID } from './runtime-pod';
import { podDirectory, podText, type KubeletContext } from './types';
import { mountsOf } from './volumes';

/** The sandbox of a pod. Upstream: pkg/kubelet/kuberuntime/kuberuntime_sandbox.go */
export function sandboxConfig(pod: Pod, attempt: number, { config }: KubeletContext): PodSandboxConfig {
  const { metadata, spec } = pod;
  const { name, namespace, uid } = metadata;
  const host = spec.hostNetwork === true;
  const dns = dnsOf(pod, config.clusterDNS, config.clusterDomain);
  const portMappings = spec.containers.flatMap(({ ports = [] }) =>
    ports.flatMap(({ hostPort, containerPort, protocol, hostIP }): PortMapping[] =>
      hostPort === undefined || host
        ? []
        : [{ protocol, containerPort, hostPort, ...(hostIP === undefined ? {} : { hostIp: hostIP }) }],
    ),
  );
  return {
    metadata: { name, namespace, uid, attempt },
    hostname: host ? config.nodeName : hostnameOf(pod),
    logDirectory: logDirectory(pod),
    ...(dns === undefined ? {} : { dnsConfig: dns }),
    ...(portMappings.length === 0 ? {} : { portMappings }),
    labels: {
      ...metadata.labels,
      'io.kubernetes.pod.name': name,
      'io.kubernetes.pod.namespace': namespace,
      [POD_UID]: uid,
    },
    annotations: metadata.annotations ?? {},
    cgroupParent: cgroupOf(pod),
    namespaceOptions: namespacesOf(pod),
  };
}

export const hostnameOf = ({ metadata, spec }: Pod): string =>
  spec.hostname !== undefined && spec.hostname !== ''
    ? spec.hostname
    : metadata.name.slice(0, 63).replace(/[-.]+$/, '');

export const logDirectory = ({ metadata: { namespace, name, uid } }: Pod): string =>
  `/var/log/pods/${namespace}_${name}_${uid}`;

const namespacesOf = ({ spec }: Pod) =>
  ({
    network: spec.hostNetwork === true ? 'node' : 'pod',
    pid: spec.hostPID === true ? 'node' : spec.shareProcessNamespace === true ? 'pod' : 'container',
    ipc: spec.hostIPC === true ? 'node' : 'pod',
  }) as const;

/** pkg/kubelet/network/dns: undefined means the host's resolv.conf. */
function dnsOf({ metadata, spec }: Pod, servers: readonly string[], domain: string): PodSandboxConfig['dnsConfig'] {
  const { dnsPolicy, dnsConfig, hostNetwork } = spec;
  const cluster = dnsPolicy === 'ClusterFirstWithHostNet' || (dnsPolicy === 'ClusterFirst' && hostNetwork !== true);
  if (!cluster && dnsPolicy !== 'None' && dnsConfig === undefined) return undefined;
  const own = (dnsConfig?.options ?? []).map(({ name = '', value }) =>
    value === undefined ? name : `${name}:${value}`,
  );
  const named = new Set(own.map((option) => option.split(':', 1)[0]));
  const options = cluster ? ['ndots:5'] : [];
  return {
    servers: [...(cluster ? servers : []), ...(dnsConfig?.nameservers ?? [])],
    searches: [
      ...(cluster ? [`${metadata.namespace}.svc.${domain}`, `svc.${domain}`, domain] : []),
      ...(dnsConfig?.searches ?? []),
    ],
    options: [...options.filter((option) => !named.has(option.split(':', 1)[0])), ...own],
  };
}

/** The pod's cgroup as the systemd driver names it. */
export function cgroupOf({ metadata, status }: Pod): string {
  const uid = metadata.uid.replaceAll('-', '_');
  switch (status.qosClass) {
    case 'Guaranteed':
      return `/kubepods.slice/kubepods-pod${uid}.slice`;
    case 'Burstable':
      return `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${uid}.slice`;
    default:
      return `/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod${uid}.slice`;
  }
}

export interface ContainerInput {
  readonly pod: Pod;
  readonly container: Container;
  readonly attempt: number;
  readonly image: CriImage | undefined;
  readonly variables: readonly Variable[];
}

/** What the runtime is told of a container. Upstream: kuberuntime_container.go generateContainerConfig */
export function containerConfig(context: KubeletContext, input: ContainerInput): Result<ContainerConfig, string> {
  const { pod, container, attempt, image, variables } = input;
  const { metadata, spec } = pod;
  const { uid } = metadata;
  const refused = checkNonRoot(pod, container, image);
  if (refused !== undefined) return err(refused);
  const mounts = mountsOf(context.fs, pod, container, variables);
  if (!mounts.ok) return mounts;
  const value = (name: string): string | undefined => variables.find(({ key }) => key === name)?.value;
  const expandAll = (texts: readonly string[] | undefined): readonly string[] | undefined =>
    texts?.map((text) => expand(text, value));
  const command = expandAll(container.command);
  const args = expandAll(container.args);
  const { fs } = context;
  const files = `${podDirectory(uid)}/containers/${container.name}`;
  const termination = `${files}/${String(attempt).padStart(8, '0')}`;
  fs.mkdirAll(files);
  fs.writeFile(termination, '');
  // Whatever the umask: the container's user may be any.
  fs.chmod(termination, 0o666);
  return ok({
    metadata: { name: container.name, attempt },
    image: { image: image?.id ?? container.image, userSpecifiedImage: container.image },
    ...(command === undefined ? {} : { command }),
    ...(args === undefined ? {} : { args }),
    ...(container.workingDir === undefined ? {} : { workingDir: container.workingDir }),
    envs: variables,
    mounts: [
      ...mounts.value,
      ...(mounts.value.some(({ containerPath }) => containerPath === '/etc/hosts')
        ? []
        : [{ containerPath: '/etc/hosts', hostPath: `${podDirectory(uid)}/etc-hosts` }]),
      { containerPath: container.terminationMessagePath, hostPath: termination },
    ],
    labels: {
      [CONTAINER_NAME]: container.name,
      'io.kubernetes.pod.name': metadata.name,
      'io.kubernetes.pod.namespace': metadata.namespace,
      [POD_UID]: uid,
    },
    annotations: {
      'io.kubernetes.container.restartCount': String(attempt),
      'io.kubernetes.container.terminationMessagePath': container.terminationMessagePath,
      'io.kubernetes.container.terminationMessagePolicy': container.terminationMessagePolicy,
      'io.kubernetes.pod.terminationGracePeriod': String(spec.terminationGracePeriodSeconds),
    },
    logPath: `${container.name}/${attempt}.log`,
    ...(container.stdin === true ? { stdin: true } : {}),
    ...(container.stdinOnce === true ? { stdinOnce: true } : {}),
    ...(container.tty === true ? { tty: true } : {}),
    resources: resourcesOf(pod, container, context.config.memory),
    securityContext: securityOf(pod, container),
  });
}

/** Where the runtime leaves a container's last words. */
export const terminationFile = (uid: string, name: string, attempt: number): string =>
  `${podDirectory(uid)}/containers/${name}/${String(attempt).padStart(8, '0')}`;

function checkNonRoot(pod: Pod, { name, securityContext }: Container, image: CriImage | undefined): string | undefined {
  const nonRoot = securityContext?.runAsNonRoot ?? pod.spec.securityContext.runAsNonRoot;
  if (nonRoot !== true) return undefined;
  const where = `(pod: "${podText(pod)}", container: ${name})`;
  const user = securityContext?.runAsUser ?? pod.spec.securityContext.runAsUser;
  if (user !== undefined) return user === 0 ? `container's runAsUser breaks non-root policy ${where}` : undefined;
  if (image?.username !== undefined && image.username !== '') {
    return `container has runAsNonRoot and image has non-numeric user (${image.username}), cannot verify user is non-root ${where}`;
  }
  return (image?.uid ?? 0) === 0 ? `container has runAsNonRoot and image will run as root ${where}` : undefined;
}

const PERIOD = 100_000;

function resourcesOf({ status }: Pod, { resources }: Container, capacity: number): LinuxContainerResources {
  const { requests = {}, limits = {} } = resources;
  const cpuRequest = amount(requests['cpu'] ?? limits['cpu'] ?? '0');
  const cpuLimit = amount(limits['cpu'] ?? '0');
  const memoryLimit = amount(limits['memory'] ?? '0');
  const memoryRequest = amount(requests['memory'] ?? '0');
  const burstable = Math.round(1000 - (1000 * memoryRequest) / capacity);
  return {
    cpuShares: Math.max(2, Math.floor(cpuRequest * 1024)),
    ...(cpuLimit > 0 ? { cpuPeriod: PERIOD, cpuQuota: Math.max(1000, Math.ceil(cpuLimit * PERIOD)) } : {}),
    ...(memoryLimit > 0 ? { memoryLimitInBytes: memoryLimit } : {}),
    oomScoreAdj:
      status.qosClass === 'Guaranteed'
        ? -997
        : status.qosClass === 'BestEffort'
          ? 1000
          : Math.min(999, Math.max(3, burstable)),
  };
}

function securityOf(pod: Pod, { securityContext: own = {} }: Container): LinuxContainerSecurityContext {
  const { securityContext: common } = pod.spec;
  const user = own.runAsUser ?? common.runAsUser;
  const group = own.runAsGroup ?? common.runAsGroup;
  const groups = [...(common.supplementalGroups ?? []), ...(common.fsGroup === undefined ? [] : [common.fsGroup])];
  return {
    namespaceOptions: namespacesOf(pod),
    ...(own.privileged === true ? { privileged: true } : {}),
    ...(user === undefined ? {} : { runAsUser: user }),
    ...(group === undefined ? {} : { runAsGroup: group }),
    ...(groups.length === 0 ? {} : { supplementalGroups: groups }),
    ...(own.readOnlyRootFilesystem === true ? { readonlyRootfs: true } : {}),
    ...(own.allowPrivilegeEscalation === false ? { noNewPrivs: true } : {}),
    ...(own.capabilities?.add === undefined ? {} : { addCapabilities: own.capabilities.add }),
    ...(own.capabilities?.drop === undefined ? {} : { dropCapabilities: own.capabilities.drop }),
  };
}

/** /etc/hosts of a pod (kubelet_pods.go managedHostsFileContent). */
export function hostsFile(pod: Pod, podIP: string, domain: string): string {
  const { hostAliases = [], subdomain } = pod.spec;
  const name = hostnameOf(pod);
  const qualified =
    subdomain === undefined || subdomain === ''
      ? name
      : `${name}.${subdomain}.${pod.metadata.namespace}.svc.${domain}\t${name}`;
  const lines = [
    '# Kubernetes-managed hosts file.',
    '127.0.0.1\tlocalhost',
    '::1\tlocalhost ip6-localhost ip6-loopback',
    'fe00::0\tip6-localnet',
    'fe00::0\tip6-mcastprefix',
    'fe00::1\tip6-allnodes',
    'fe00::2\tip6-allrouters',
    `${podIP}\t${qualified}`,
  ];
  const aliases = hostAliases.map(({ ip, hostnames = [] }) => `${ip}\t${hostnames.join('\t')}`);
  return [...lines, ...(aliases.length === 0 ? [] : ['', '# Entries added by HostAliases.', ...aliases])]
    .map((line) => `${line}\n`)
    .join('');
}
