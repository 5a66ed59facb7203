import type { CriRuntime } from '../../containers/containerd/cri';
import type { ServerRegistry } from '../../kubernetes/apiserver/create-registry';
import type { ApiserverSettings } from '../../kubernetes/apiserver/settings';
import type { Kubelet } from '../../kubernetes/kubelet/kubelet';
import type { TokenRequest } from '../../kubernetes/kubelet/types';
import type { Handler } from '../../linux/net/http/message';
import type { Process } from '../../linux/process/types';

/**
 * One cluster as its programs see each other. In-process components use the registry behind the server and not its HTTP
 * face, but only while there is a server: kill etcd or kube-apiserver and nobody gets through.
 */
export interface ControlPlane {
  readonly registry: ServerRegistry;
  /** What the flags of the kube-apiserver that runs say. */
  readonly settings: ApiserverSettings;
  /** The REST face of the registry. */
  readonly handler: Handler;
  readonly etcd: Service;
  readonly apiserver: Service;
  /** The container runtime of a host. */
  runtimeOf(host: string): CriRuntime | undefined;
  /** The kubelets that run, by node. */
  readonly kubelets: Map<string, Kubelet>;
  /** The token of a pod's service account (TokenRequest). */
  serviceAccountToken(request: TokenRequest): string;
}

/** Something that is there only while a process runs. */
export class Service {
  #process: Process | undefined;
  readonly #waiting = new Set<() => void>();

  /** How often somebody began to serve. */
  starts = 0;

  /** Who serves. */
  get process(): Process | undefined {
    return this.#process;
  }

  get up(): boolean {
    return this.#process !== undefined;
  }

  /** From now until `process` ends. */
  serve(process: Process): void {
    this.#process = process;
    this.starts++;
    process.atExit(() => {
      if (this.#process === process) this.#process = undefined;
    });
    const woken = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of woken) wake();
  }

  /** Calls once it is up; never at once. */
  onUp(wake: () => void): () => void {
    this.#waiting.add(wake);
    return () => this.#waiting.delete(wake);
  }
}
