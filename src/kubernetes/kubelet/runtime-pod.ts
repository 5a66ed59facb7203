import type { ContainerStatus, CriRuntime, PodSandboxStatus } from '../../containers/containerd/cri';
import type { Container } from '../api/core/pod-spec';

/** One incarnation of a container. */
export interface ContainerRecord {
  readonly id: string;
  readonly name: string;
  readonly attempt: number;
  /** What it was made of, to notice changes; absent for those found at start. */
  readonly spec: Container | undefined;
}

export const POD_UID = 'io.kubernetes.pod.uid';
export const CONTAINER_NAME = 'io.kubernetes.container.name';

/** What the runtime has of one pod: sandboxes and containers, the newest first. */
export class RuntimePod {
  sandboxes: readonly { readonly id: string; readonly attempt: number }[] = [];
  readonly #containers = new Map<string, readonly ContainerRecord[]>();

  constructor(readonly cri: CriRuntime) {}

  addSandbox(id: string, attempt: number): void {
    this.sandboxes = [{ id, attempt }, ...this.sandboxes].sort((a, b) => b.attempt - a.attempt);
  }

  /** Takes one in; gives back incarnations that are no longer worth keeping (all but the last two). */
  addContainer(record: ContainerRecord): readonly ContainerRecord[] {
    const all = [record, ...(this.#containers.get(record.name) ?? [])].sort((a, b) => b.attempt - a.attempt);
    this.#containers.set(record.name, all.slice(0, 2));
    return all.slice(2);
  }

  /** The status of the newest sandbox. */
  get sandbox(): PodSandboxStatus | undefined {
    const [newest] = this.sandboxes;
    if (newest === undefined) return undefined;
    const status = this.cri.podSandboxStatus(newest.id);
    return status.ok ? status.value : undefined;
  }

  records(name: string): readonly ContainerRecord[] {
    return this.#containers.get(name) ?? [];
  }

  /** The newest incarnation's status, or that before it. */
  status(name: string, back = 0): ContainerStatus | undefined {
    const record = this.records(name)[back];
    if (record === undefined) return undefined;
    const status = this.cri.containerStatus(record.id);
    return status.ok ? status.value : undefined;
  }

  get names(): Iterable<string> {
    return this.#containers.keys();
  }

  /** Containers that run now. */
  running(): readonly ContainerStatus[] {
    const running: ContainerStatus[] = [];
    for (const name of this.#containers.keys()) {
      const status = this.status(name);
      if (status?.state === 'CONTAINER_RUNNING') running.push(status);
    }
    return running;
  }

  get isEmpty(): boolean {
    return this.sandboxes.length === 0 && this.#containers.size === 0;
  }
}

/** What a runtime has at the start of a kubelet, by pod uid. */
export function discover(cri: CriRuntime): ReadonlyMap<string, RuntimePod> {
  const pods = new Map<string, RuntimePod>();
  const podOf = (uid: string): RuntimePod => {
    let found = pods.get(uid);
    if (found === undefined) pods.set(uid, (found = new RuntimePod(cri)));
    return found;
  };
  for (const { id, metadata } of cri.listPodSandbox()) podOf(metadata.uid).addSandbox(id, metadata.attempt);
  for (const { id, labels, metadata } of cri.listContainers()) {
    const uid = labels[POD_UID];
    if (uid !== undefined)
      podOf(uid).addContainer({ id, name: metadata.name, attempt: metadata.attempt, spec: undefined });
  }
  return pods;
}
