import { equal } from '../apimachinery/equal';
import { pod as podKind, type Pod, type PodStatus } from '../api/core/pod';
import type { RegistryClient } from '../apiserver/registry';

/** Tells the server a pod's status, where it differs from what was told last. Upstream: pkg/kubelet/status/status_manager.go */
export class StatusWriter {
  #written: PodStatus | undefined;

  constructor(readonly client: RegistryClient) {}

  /** The pod with its status as it is now known. `lost`: the server is out of reach. */
  write(pod: Pod, status: PodStatus): { readonly pod: Pod; readonly lost: boolean } {
    if (this.#written !== undefined && equal(this.#written, status)) return { pod, lost: false };
    const { namespace, name, uid } = pod.metadata;
    const written = this.client.mutateStatus(podKind, namespace, name, (now) =>
      now.metadata.uid === uid || isMirror(now) ? { ...now, status: merged(status, now.status) } : now,
    );
    if (!written.ok) return { pod: { ...pod, status }, lost: written.error.code === 503 };
    this.#written = status;
    const own = written.value.metadata.uid === uid;
    return { pod: { ...pod, status: own ? written.value.status : status }, lost: false };
  }

  /** The next status is told in any case. */
  forget(): void {
    this.#written = undefined;
  }
}

const isMirror = ({ metadata }: Pod): boolean => metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined;

/** What others wrote (DisruptionTarget, gates, nominations) stays. */
function merged(status: PodStatus, now: PodStatus): PodStatus {
  const ours = new Set((status.conditions ?? []).map(({ type }) => type));
  const others = (now.conditions ?? []).filter(({ type }) => !ours.has(type));
  return others.length === 0 ? status : { ...status, conditions: [...(status.conditions ?? []), ...others] };
}
