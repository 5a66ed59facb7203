import { node, type Node } from '../kubernetes/api/core/node';
import type { Draft } from '../kubernetes/apimachinery/object';
import { timeOf } from '../kubernetes/apimachinery/time';
import { createHollowNodes } from '../kubernetes/kubelet/hollow';
import { standardStages } from '../kubernetes/kubelet/hollow-stages';
import type { Host } from '../linux/host';
import { elf } from '../linux/process/executable';
import type { ControlPlane } from '../programs/kubernetes/control-plane';
import type { Clock } from '../sim/clock';
import type { Random } from '../sim/random';
import { machineId } from './base-system';
import { installControlPlane, version } from './kubeadm/install';
import { controlPlaneCommands } from './kubeadm/manifests';
import { bindClusterAdmins } from './kubeadm/rbac';
import type { HollowNodePlan, HollowPlan, HostPlan } from './topology';

export interface HollowOptions {
  readonly host: Host;
  readonly plan: HostPlan;
  readonly hollow: HollowPlan;
  readonly controlPlane: ControlPlane;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * The control plane as plain daemons of one host, with nodes that nobody runs. Nobody renews their leases either, so
 * the node controller is told not to expect it.
 */
export function startHollow({ host, plan, hollow, controlPlane, clock, random }: HollowOptions): void {
  const { fs } = host;
  const components = installControlPlane(fs, plan, { random, now: clock.now });
  for (const argv of controlPlaneCommands(components)) {
    const [name = ''] = argv;
    const file = `/usr/local/bin/${name}`;
    fs.writeFile(file, elf(name, 60_000_000), 0o755);
    const more = name === 'kube-controller-manager' ? ['--node-monitor-grace-period=8760h0m0s'] : [];
    host.spawn({ file, argv: [...argv, ...more], newSession: true, cgroup: `/system.slice/${name}.service` });
  }
  const connected = (): boolean => controlPlane.apiserver.up && controlPlane.etcd.up;
  controlPlane.apiserver.onUp(() =>
    clock.setTimer(0, () => {
      const { registry } = controlPlane;
      bindClusterAdmins(registry.as({ user: 'kubernetes-super-admin', groups: ['system:masters'], agent: 'kubeadm' }));
      createHollowNodes({
        client: registry.as({ user: 'kwok', groups: ['system:masters'], agent: 'kwok', connected }),
        clock,
        nodes: hollow.nodes.map((each) => draftOf(each, clock.now)),
        stages: standardStages(hollow.manual === undefined ? {} : { manual: hollow.manual }),
      });
    }),
  );
}

/** Whether the cluster is what a learner may begin with. */
export const hollowReady = ({ registry, apiserver }: ControlPlane, { nodes }: HollowPlan): boolean =>
  apiserver.up && registry.list(node).length >= nodes.length;

const master = 'node-role.kubernetes.io/control-plane';

function draftOf({ name, address, roles, cpus, memory, storage, podCIDR }: HollowNodePlan, now: number): Draft<Node> {
  const at = timeOf(now);
  const isMaster = roles.includes('control-plane');
  const condition = (type: string, status: 'True' | 'False', reason: string, message: string) => ({
    type,
    status,
    lastHeartbeatTime: at,
    lastTransitionTime: at,
    reason,
    message,
  });
  const fixed = { cpu: String(cpus), 'hugepages-2Mi': '0', pods: '110' };
  const id = machineId(name);
  return {
    metadata: {
      name,
      annotations: {
        'flannel.alpha.coreos.com/backend-type': 'vxlan',
        'flannel.alpha.coreos.com/kube-subnet-manager': 'true',
        'flannel.alpha.coreos.com/public-ip': address,
        'kubeadm.alpha.kubernetes.io/cri-socket': 'unix:///run/containerd/containerd.sock',
        'node.alpha.kubernetes.io/ttl': '0',
        'volumes.kubernetes.io/controller-managed-attach-detach': 'true',
      },
      labels: {
        'beta.kubernetes.io/arch': 'amd64',
        'beta.kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        ...(isMaster ? { [master]: '', 'node.kubernetes.io/exclude-from-external-load-balancers': '' } : {}),
      },
    },
    spec: {
      podCIDR,
      podCIDRs: [podCIDR],
      ...(isMaster ? { taints: [{ key: master, effect: 'NoSchedule' as const }] } : {}),
    },
    status: {
      capacity: { ...fixed, 'ephemeral-storage': `${storage[0]}Ki`, memory: `${memory[0]}Ki` },
      allocatable: { ...fixed, 'ephemeral-storage': String(storage[1]), memory: `${memory[1]}Ki` },
      conditions: [
        condition('NetworkUnavailable', 'False', 'FlannelIsUp', 'Flannel is running on this node'),
        condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
        condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
        condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
        condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
      ],
      addresses: [
        { type: 'InternalIP', address },
        { type: 'Hostname', address: name },
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      nodeInfo: {
        machineID: id,
        systemUUID: uuidOf(machineId(`${name} system`)),
        bootID: uuidOf(machineId(`${name} boot`)),
        kernelVersion: '6.8.0-51-generic',
        osImage: 'Ubuntu 24.04.3 LTS',
        containerRuntimeVersion: 'containerd://1.7.27',
        kubeletVersion: version,
        kubeProxyVersion: '',
        operatingSystem: 'linux',
        architecture: 'amd64',
      },
      runtimeHandlers: ['', 'runc'].map((handler) => ({
        name: handler,
        features: { recursiveReadOnlyMounts: true, userNamespaces: false },
      })),
    },
  };
}

const uuidOf = (hex: string): string => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
