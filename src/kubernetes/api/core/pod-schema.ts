import {
  atomicStrings,
  bool,
  int32,
  int64,
  intOrString,
  keyedList,
  list,
  listMap,
  named,
  need,
  patchList,
  ptr,
  quantities,
  quantity,
  str,
  struct,
  time,
  type ListSchema,
  withKeyDefaults,
} from '../../apimachinery/schema';
import { labelSelector, objectMeta } from '../meta/schema';
import { volume } from './volume-schema';

/** k8s.io/api/core/v1 types.go: pods and what they are made of. */
const localObjectReference = struct('LocalObjectReference', { name: str }, { atomic: true });

const resourceRequirements = struct('ResourceRequirements', {
  limits: quantities,
  requests: quantities,
  claims: keyedList(struct('ResourceClaim', { name: need(str), request: str }), 'name'),
});

const envVarSource = struct('EnvVarSource', {
  fieldRef: ptr(struct('ObjectFieldSelector', { apiVersion: str, fieldPath: need(str) }, { atomic: true })),
  resourceFieldRef: ptr(
    struct(
      'ResourceFieldSelector',
      { containerName: str, resource: need(str), divisor: need(quantity) },
      { atomic: true },
    ),
  ),
  configMapKeyRef: ptr(
    struct('ConfigMapKeySelector', { name: str, key: need(str), optional: ptr(bool) }, { atomic: true }),
  ),
  secretKeyRef: ptr(struct('SecretKeySelector', { name: str, key: need(str), optional: ptr(bool) }, { atomic: true })),
});

const envVar = struct('EnvVar', { name: need(str), value: str, valueFrom: ptr(envVarSource) });
const envFromSource = struct('EnvFromSource', {
  prefix: str,
  configMapRef: ptr(struct('ConfigMapEnvSource', { name: str, optional: ptr(bool) })),
  secretRef: ptr(struct('SecretEnvSource', { name: str, optional: ptr(bool) })),
});

const execAction = struct('ExecAction', { command: list(str) });
const httpGetAction = struct('HTTPGetAction', {
  path: str,
  port: need(intOrString),
  host: str,
  scheme: named('URIScheme'),
  httpHeaders: list(struct('HTTPHeader', { name: need(str), value: need(str) })),
});
const tcpSocketAction = struct('TCPSocketAction', { port: need(intOrString), host: str });

const probe = struct('Probe', {
  exec: ptr(execAction),
  httpGet: ptr(httpGetAction),
  tcpSocket: ptr(tcpSocketAction),
  grpc: ptr(struct('GRPCAction', { port: need(int32), service: { ...ptr(str), always: true } })),
  initialDelaySeconds: int32,
  timeoutSeconds: int32,
  periodSeconds: int32,
  successThreshold: int32,
  failureThreshold: int32,
  terminationGracePeriodSeconds: ptr(int64),
});

const lifecycleHandler = struct('LifecycleHandler', {
  exec: ptr(execAction),
  httpGet: ptr(httpGetAction),
  tcpSocket: ptr(tcpSocketAction),
  sleep: ptr(struct('SleepAction', { seconds: need(int64) })),
});
const lifecycle = struct('Lifecycle', {
  postStart: ptr(lifecycleHandler),
  preStop: ptr(lifecycleHandler),
  stopSignal: ptr(named('Signal')),
});

const seLinuxOptions = struct('SELinuxOptions', { user: str, role: str, type: str, level: str });
const windowsOptions = struct('WindowsSecurityContextOptions', {
  gmsaCredentialSpecName: ptr(str),
  gmsaCredentialSpec: ptr(str),
  runAsUserName: ptr(str),
  hostProcess: ptr(bool),
});
const seccompProfile = struct('SeccompProfile', {
  type: need(named('SeccompProfileType')),
  localhostProfile: ptr(str),
});
const appArmorProfile = struct('AppArmorProfile', {
  type: need(named('AppArmorProfileType')),
  localhostProfile: ptr(str),
});

const securityContext = struct('SecurityContext', {
  capabilities: ptr(struct('Capabilities', { add: list(named('Capability')), drop: list(named('Capability')) })),
  privileged: ptr(bool),
  seLinuxOptions: ptr(seLinuxOptions),
  windowsOptions: ptr(windowsOptions),
  runAsUser: ptr(int64),
  runAsGroup: ptr(int64),
  runAsNonRoot: ptr(bool),
  readOnlyRootFilesystem: ptr(bool),
  allowPrivilegeEscalation: ptr(bool),
  procMount: ptr(named('ProcMountType')),
  seccompProfile: ptr(seccompProfile),
  appArmorProfile: ptr(appArmorProfile),
});

const podSecurityContext = struct('PodSecurityContext', {
  seLinuxOptions: ptr(seLinuxOptions),
  windowsOptions: ptr(windowsOptions),
  runAsUser: ptr(int64),
  runAsGroup: ptr(int64),
  runAsNonRoot: ptr(bool),
  supplementalGroups: list(int64),
  supplementalGroupsPolicy: ptr(named('SupplementalGroupsPolicy')),
  fsGroup: ptr(int64),
  sysctls: list(struct('Sysctl', { name: need(str), value: need(str) })),
  fsGroupChangePolicy: ptr(named('PodFSGroupChangePolicy')),
  seccompProfile: ptr(seccompProfile),
  appArmorProfile: ptr(appArmorProfile),
  seLinuxChangePolicy: ptr(named('PodSELinuxChangePolicy')),
});

const containerPort = struct('ContainerPort', {
  name: str,
  hostPort: int32,
  containerPort: need(int32),
  protocol: named('Protocol'),
  hostIP: str,
});
const volumeMount = struct('VolumeMount', {
  name: need(str),
  readOnly: bool,
  recursiveReadOnly: ptr(named('RecursiveReadOnlyMode')),
  mountPath: need(str),
  subPath: str,
  mountPropagation: ptr(named('MountPropagationMode')),
  subPathExpr: str,
});

const containerFields = {
  name: need(str),
  image: str,
  command: list(str),
  args: list(str),
  workingDir: str,
  ports: withKeyDefaults(listMap(containerPort, 'containerPort', 'protocol'), { protocol: 'TCP' }),
  envFrom: list(envFromSource),
  env: listMap(envVar, 'name'),
  resources: resourceRequirements,
  resizePolicy: list(
    struct('ContainerResizePolicy', {
      resourceName: need(named('ResourceName')),
      restartPolicy: need(named('ResourceResizeRestartPolicy')),
    }),
  ),
  restartPolicy: ptr(named('ContainerRestartPolicy')),
  volumeMounts: listMap(volumeMount, 'mountPath'),
  volumeDevices: listMap(struct('VolumeDevice', { name: need(str), devicePath: need(str) }), 'devicePath'),
  livenessProbe: ptr(probe),
  readinessProbe: ptr(probe),
  startupProbe: ptr(probe),
  lifecycle: ptr(lifecycle),
  terminationMessagePath: str,
  terminationMessagePolicy: named('TerminationMessagePolicy'),
  imagePullPolicy: named('PullPolicy'),
  securityContext: ptr(securityContext),
  stdin: bool,
  stdinOnce: bool,
  tty: bool,
};
const container = struct('Container', containerFields);
const ephemeralContainer = struct('EphemeralContainer', { ...containerFields, targetContainerName: str });

const nodeSelectorRequirements = list(
  struct('NodeSelectorRequirement', {
    key: need(str),
    operator: need(named('NodeSelectorOperator')),
    values: list(str),
  }),
);
export const nodeSelectorTerm = struct(
  'NodeSelectorTerm',
  { matchExpressions: nodeSelectorRequirements, matchFields: nodeSelectorRequirements },
  { atomic: true },
);
export const nodeSelector = struct(
  'NodeSelector',
  { nodeSelectorTerms: need(list(nodeSelectorTerm)) },
  { atomic: true },
);
const podAffinityTerm = struct('PodAffinityTerm', {
  labelSelector: ptr(labelSelector),
  namespaces: list(str),
  topologyKey: need(str),
  namespaceSelector: ptr(labelSelector),
  matchLabelKeys: list(str),
  mismatchLabelKeys: list(str),
});
const podAffinity = (name: string) =>
  struct(name, {
    requiredDuringSchedulingIgnoredDuringExecution: list(podAffinityTerm),
    preferredDuringSchedulingIgnoredDuringExecution: list(
      struct('WeightedPodAffinityTerm', { weight: need(int32), podAffinityTerm: need(podAffinityTerm) }),
    ),
  });
const affinity = struct('Affinity', {
  nodeAffinity: ptr(
    struct('NodeAffinity', {
      requiredDuringSchedulingIgnoredDuringExecution: ptr(nodeSelector),
      preferredDuringSchedulingIgnoredDuringExecution: list(
        struct('PreferredSchedulingTerm', { weight: need(int32), preference: need(nodeSelectorTerm) }),
      ),
    }),
  ),
  podAffinity: ptr(podAffinity('PodAffinity')),
  podAntiAffinity: ptr(podAffinity('PodAntiAffinity')),
});

export const toleration = struct('Toleration', {
  key: str,
  operator: named('TolerationOperator'),
  value: str,
  effect: named('TaintEffect'),
  tolerationSeconds: ptr(int64),
});

const topologySpreadConstraint = struct('TopologySpreadConstraint', {
  maxSkew: need(int32),
  topologyKey: need(str),
  whenUnsatisfiable: need(named('UnsatisfiableConstraintAction')),
  labelSelector: ptr(labelSelector),
  minDomains: ptr(int32),
  nodeAffinityPolicy: ptr(named('NodeInclusionPolicy')),
  nodeTaintsPolicy: ptr(named('NodeInclusionPolicy')),
  matchLabelKeys: list(str),
});

export const podSpec = struct('PodSpec', {
  volumes: { ...listMap(volume, 'name'), retainKeys: true } satisfies ListSchema,
  initContainers: listMap(container, 'name'),
  containers: need(listMap(container, 'name')),
  ephemeralContainers: listMap(ephemeralContainer, 'name'),
  restartPolicy: named('RestartPolicy'),
  terminationGracePeriodSeconds: ptr(int64),
  activeDeadlineSeconds: ptr(int64),
  dnsPolicy: named('DNSPolicy'),
  nodeSelector: atomicStrings,
  serviceAccountName: str,
  serviceAccount: str,
  automountServiceAccountToken: ptr(bool),
  nodeName: str,
  hostNetwork: bool,
  hostPID: bool,
  hostIPC: bool,
  shareProcessNamespace: ptr(bool),
  securityContext: ptr(podSecurityContext),
  imagePullSecrets: listMap(localObjectReference, 'name'),
  hostname: str,
  subdomain: str,
  affinity: ptr(affinity),
  schedulerName: str,
  tolerations: list(toleration),
  hostAliases: listMap(struct('HostAlias', { ip: need(str), hostnames: list(str) }), 'ip'),
  priorityClassName: str,
  priority: ptr(int32),
  dnsConfig: ptr(
    struct('PodDNSConfig', {
      nameservers: list(str),
      searches: list(str),
      options: list(struct('PodDNSConfigOption', { name: str, value: ptr(str) })),
    }),
  ),
  readinessGates: list(struct('PodReadinessGate', { conditionType: need(named('PodConditionType')) })),
  runtimeClassName: ptr(str),
  enableServiceLinks: ptr(bool),
  preemptionPolicy: ptr(named('PreemptionPolicy')),
  overhead: quantities,
  topologySpreadConstraints: listMap(topologySpreadConstraint, 'topologyKey', 'whenUnsatisfiable'),
  setHostnameAsFQDN: ptr(bool),
  os: ptr(struct('PodOS', { name: need(named('OSName')) })),
  hostUsers: ptr(bool),
  schedulingGates: listMap(struct('PodSchedulingGate', { name: need(str) }), 'name'),
  resourceClaims: {
    ...listMap(
      struct('PodResourceClaim', { name: need(str), resourceClaimName: ptr(str), resourceClaimTemplateName: ptr(str) }),
      'name',
    ),
    retainKeys: true,
  } satisfies ListSchema,
  resources: ptr(resourceRequirements),
});

export const podTemplateSpec = struct('PodTemplateSpec', { metadata: objectMeta, spec: podSpec });

const containerState = struct('ContainerState', {
  waiting: ptr(struct('ContainerStateWaiting', { reason: str, message: str })),
  running: ptr(struct('ContainerStateRunning', { startedAt: time })),
  terminated: ptr(
    struct('ContainerStateTerminated', {
      exitCode: need(int32),
      signal: int32,
      reason: str,
      message: str,
      startedAt: time,
      finishedAt: time,
      containerID: str,
    }),
  ),
});

const containerStatus = struct('ContainerStatus', {
  name: need(str),
  state: containerState,
  lastState: containerState,
  ready: need(bool),
  restartCount: need(int32),
  image: need(str),
  imageID: need(str),
  containerID: str,
  started: ptr(bool),
  allocatedResources: quantities,
  resources: ptr(resourceRequirements),
  volumeMounts: listMap(
    struct('VolumeMountStatus', {
      name: need(str),
      mountPath: need(str),
      readOnly: bool,
      recursiveReadOnly: ptr(named('RecursiveReadOnlyMode')),
    }),
    'mountPath',
  ),
  user: ptr(
    struct('ContainerUser', {
      linux: ptr(struct('LinuxContainerUser', { uid: need(int64), gid: need(int64), supplementalGroups: list(int64) })),
    }),
  ),
  allocatedResourcesStatus: listMap(
    struct('ResourceStatus', {
      name: need(named('ResourceName')),
      resources: keyedList(
        struct('ResourceHealth', { resourceID: need(named('ResourceID')), health: named('ResourceHealthStatus') }),
        'resourceID',
      ),
    }),
    'name',
  ),
  stopSignal: ptr(named('Signal')),
});

export const podStatus = struct('PodStatus', {
  observedGeneration: int64,
  phase: named('PodPhase'),
  conditions: listMap(
    struct('PodCondition', {
      type: need(named('PodConditionType')),
      observedGeneration: int64,
      status: need(named('ConditionStatus')),
      lastProbeTime: time,
      lastTransitionTime: time,
      reason: str,
      message: str,
    }),
    'type',
  ),
  message: str,
  reason: str,
  nominatedNodeName: str,
  hostIP: str,
  hostIPs: patchList(struct('HostIP', { ip: need(str) }), 'ip'),
  podIP: str,
  podIPs: listMap(struct('PodIP', { ip: need(str) }), 'ip'),
  startTime: ptr(time),
  initContainerStatuses: list(containerStatus),
  containerStatuses: list(containerStatus),
  qosClass: named('PodQOSClass'),
  ephemeralContainerStatuses: list(containerStatus),
  resize: named('PodResizeStatus'),
  resourceClaimStatuses: {
    ...listMap(struct('PodResourceClaimStatus', { name: need(str), resourceClaimName: ptr(str) }), 'name'),
    retainKeys: true,
  } satisfies ListSchema,
});

export { localObjectReference, resourceRequirements };
