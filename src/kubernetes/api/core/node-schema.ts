import {
  any,
  bool,
  int32,
  int64,
  list,
  listMap,
  map,
  mergedSet,
  named,
  need,
  ptr,
  quantities,
  str,
  struct,
  time,
} from '../../apimachinery/schema';
import { conditionOf, object } from '../meta/schema';

/** k8s.io/api/core/v1 Node. */
const taint = struct('Taint', { key: need(str), value: str, effect: need(named('TaintEffect')), timeAdded: ptr(time) });

const systemInfo = struct('NodeSystemInfo', {
  machineID: need(str),
  systemUUID: need(str),
  bootID: need(str),
  kernelVersion: need(str),
  osImage: need(str),
  containerRuntimeVersion: need(str),
  kubeletVersion: need(str),
  kubeProxyVersion: need(str),
  operatingSystem: need(str),
  architecture: need(str),
  swap: ptr(struct('NodeSwapStatus', { capacity: ptr(int64) })),
});

const attachedVolume = struct('AttachedVolume', { name: need(named('UniqueVolumeName')), devicePath: need(str) });

const configSource = struct('NodeConfigSource', {
  configMap: ptr(
    struct('ConfigMapNodeConfigSource', {
      namespace: need(str),
      name: need(str),
      uid: str,
      resourceVersion: str,
      kubeletConfigKey: need(str),
    }),
  ),
});

export const nodeSchema = object('Node', {
  spec: struct('NodeSpec', {
    podCIDR: str,
    podCIDRs: mergedSet(str),
    providerID: str,
    unschedulable: bool,
    taints: list(taint),
    configSource: ptr(configSource),
    externalID: str,
  }),
  status: struct('NodeStatus', {
    capacity: quantities,
    allocatable: quantities,
    phase: named('NodePhase'),
    conditions: listMap(conditionOf('Node', 'lastHeartbeatTime'), 'type'),
    addresses: listMap(struct('NodeAddress', { type: need(named('NodeAddressType')), address: need(str) }), 'type'),
    daemonEndpoints: struct('NodeDaemonEndpoints', {
      kubeletEndpoint: struct('DaemonEndpoint', { Port: need(int32) }),
    }),
    nodeInfo: systemInfo,
    images: list(struct('ContainerImage', { names: list(str), sizeBytes: int64 })),
    volumesInUse: list(named('UniqueVolumeName')),
    volumesAttached: list(attachedVolume),
    config: ptr(any),
    runtimeHandlers: list(
      struct('NodeRuntimeHandler', { name: { schema: str, pointer: false, always: true }, features: ptr(map(bool)) }),
    ),
    features: ptr(map(bool)),
  }),
});
