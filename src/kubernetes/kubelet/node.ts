import { lease } from '../api/coordination/lease';
import { namespace } from '../api/core/namespace';
import { node, type Node, type NodeCondition, type NodeStatus } from '../api/core/node';
import { microTimeOf, timeOf } from '../apimachinery/time';
import type { KubeletContext } from './types';

/** nodeStatusUpdateFrequency, the kubelet's lease and nodeStatusReportFrequency. */
const STATUS = 10_000;
const RENEW = 10_000;
const REPORT = 300_000;
const LEASE_SECONDS = 40;
const REGISTER_RETRY = 1000;

/** Registers the node and keeps telling that it lives. Upstream: pkg/kubelet/{kubelet_node_status,nodestatus}.go, component-helpers/lease */
export class NodeReporter {
  readonly #context: KubeletContext;
  readonly #ids: { readonly machine: string; readonly boot: string };
  #stopped = false;
  #reported = 0;
  #ready = false;

  constructor(context: KubeletContext) {
    this.#context = context;
    const { fs, random } = context;
    const read = (path: string): string | undefined => {
      const text = fs.readText(path);
      return text.ok && text.value.trim() !== '' ? text.value.trim() : undefined;
    };
    this.#ids = {
      machine: read('/etc/machine-id') ?? random.hex(32),
      boot: read('/proc/sys/kernel/random/boot_id') ?? random.uuid(),
    };
  }

  start(): void {
    this.#event('Starting', 'Starting kubelet.');
    for (const what of ['HasSufficientMemory', 'HasNoDiskPressure', 'HasSufficientPID'])
      this.#statusEvent(`Node${what}`);
    this.#event('NodeAllocatableEnforced', 'Updated Node Allocatable limit across pods');
    this.#register();
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Writes the node's status if it changed, or was not told for five minutes. */
  report(): void {
    const { client, clock, config } = this.#context;
    const written = client.mutateStatus(node, undefined, config.nodeName, (now) => {
      const status = this.#status(now.status);
      const told = clock.now - this.#reported < REPORT;
      return told && !changed(status, now.status) ? now : { ...now, status };
    });
    if (!written.ok) {
      if (written.error.code === 404) this.#register();
      return;
    }
    const ready = written.value.status.conditions?.find(({ type }) => type === 'Ready');
    if (ready?.lastHeartbeatTime === timeOf(clock.now)) this.#reported = clock.now;
    const isReady = ready?.status === 'True';
    if (isReady !== this.#ready) this.#statusEvent(isReady ? 'NodeReady' : 'NodeNotReady');
    this.#ready = isReady;
  }

  #register(): void {
    if (this.#stopped) return;
    const { client, clock, config } = this.#context;
    const name = config.nodeName;
    const labels = {
      'beta.kubernetes.io/arch': 'amd64',
      'beta.kubernetes.io/os': 'linux',
      'kubernetes.io/arch': 'amd64',
      'kubernetes.io/hostname': name,
      'kubernetes.io/os': 'linux',
    };
    const known = client.get(node, undefined, name);
    const made =
      known !== undefined && client.actor.connected?.() !== false
        ? { ok: true as const }
        : client.create(node, {
            metadata: {
              name,
              labels: { ...labels, ...config.labels },
              annotations: { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' },
            },
            spec: {
              taints: [
                { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' },
                ...(config.registerWithTaints ?? []),
              ],
            },
            status: this.#status({}),
          });
    if (!made.ok && made.error.reason !== 'AlreadyExists') {
      clock.setTimer(REGISTER_RETRY, () => this.#register(), { background: true });
      return;
    }
    this.#reported = 0;
    this.#repeat(STATUS, () => this.report());
    this.#repeat(RENEW, () => this.#renew());
  }

  /** At once, then again and again. */
  #repeat(period: number, run: () => void): void {
    if (this.#stopped) return;
    run();
    this.#context.clock.setTimer(period, () => this.#repeat(period, run), { background: true });
  }

  #renew(): void {
    const { client, clock, config } = this.#context;
    const { nodeName } = config;
    const renewTime = microTimeOf(clock.now);
    const renewed = client.mutate(lease, 'kube-node-lease', nodeName, (now) => ({
      ...now,
      spec: { ...now.spec, renewTime },
    }));
    if (renewed.ok || renewed.error.code !== 404) return;
    const owner = client.get(node, undefined, nodeName);
    if (owner === undefined || client.get(namespace, undefined, 'kube-node-lease') === undefined) return;
    client.create(lease, {
      metadata: {
        name: nodeName,
        namespace: 'kube-node-lease',
        ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: nodeName, uid: owner.metadata.uid }],
      },
      spec: { holderIdentity: nodeName, leaseDurationSeconds: LEASE_SECONDS, renewTime },
    });
  }

  #status(before: NodeStatus): NodeStatus {
    const { config, cri, clock } = this.#context;
    const { cpus, memory, disk = 264_212_084 * 1024, maxPods = 110 } = config;
    const now = timeOf(clock.now);
    const condition = (type: string, status: 'True' | 'False', reason: string, message: string): NodeCondition => {
      const old = before.conditions?.find((each) => each.type === type);
      return {
        type,
        status,
        lastHeartbeatTime: now,
        lastTransitionTime: old?.status === status ? (old.lastTransitionTime ?? now) : now,
        reason,
        message,
      };
    };
    const { runtimeReady, networkReady } = cri.status();
    const complaints = [
      ...(runtimeReady ? [] : ['container runtime is down']),
      ...(networkReady.ok
        ? []
        : [
            `container runtime network not ready: NetworkReady=false reason:${networkReady.reason} message:${networkReady.message}`,
          ]),
    ];
    const amounts = (free: { readonly memory: number; readonly disk: string }) => ({
      cpu: String(cpus),
      'ephemeral-storage': free.disk,
      'hugepages-1Gi': '0',
      'hugepages-2Mi': '0',
      memory: `${Math.floor(free.memory / 1024)}Ki`,
      pods: String(maxPods),
    });
    const others = (before.conditions ?? []).filter(({ type }) => type === 'NetworkUnavailable');
    const version = cri.version();
    return {
      ...before,
      capacity: amounts({ memory, disk: `${Math.floor(disk / 1024)}Ki` }),
      // 100 MiB and a tenth of the disk are kept back for evictions (evictionHard).
      allocatable: amounts({ memory: memory - 100 * 2 ** 20, disk: String(Math.floor(disk * 0.9)) }),
      conditions: [
        ...others,
        condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
        condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
        condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
        complaints.length === 0
          ? condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status')
          : condition('Ready', 'False', 'KubeletNotReady', complaints.join(', ')),
      ],
      addresses: [
        { type: 'InternalIP', address: config.nodeIP },
        { type: 'Hostname', address: config.nodeName },
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      nodeInfo: {
        machineID: this.#ids.machine,
        systemUUID: this.#ids.machine,
        bootID: this.#ids.boot,
        kernelVersion: config.kernelVersion ?? '6.1.0-41-amd64',
        osImage: config.osImage ?? 'Debian GNU/Linux 12 (bookworm)',
        containerRuntimeVersion: `${version.runtimeName}://${version.runtimeVersion.replace(/^v/, '')}`,
        kubeletVersion: config.kubeletVersion ?? 'v1.33.13',
        kubeProxyVersion: '',
        operatingSystem: 'linux',
        architecture: 'amd64',
      },
      images: [...cri.listImages()]
        .sort((a, b) => b.size - a.size)
        .slice(0, 50)
        .map(({ repoTags, repoDigests, size }) => ({ names: [...repoDigests, ...repoTags], sizeBytes: size })),
    };
  }

  #statusEvent = (reason: string): void => {
    const { nodeName } = this.#context.config;
    this.#event(reason, `Node ${nodeName} status is now: ${reason}`);
  };

  #event(reason: string, message: string): void {
    const { nodeName } = this.#context.config;
    this.#context.events.event({ kind: 'Node', name: nodeName, uid: nodeName }, 'Normal', reason, message);
  }
}

/** Whether more than the heartbeats differ. */
function changed(now: NodeStatus, before: NodeStatus): boolean {
  const plain = (status: NodeStatus): string =>
    JSON.stringify({
      ...status,
      conditions: (status.conditions ?? []).map((each) => ({ ...each, lastHeartbeatTime: null })),
    });
  return plain(now) !== plain(before);
}

export type { Node };
