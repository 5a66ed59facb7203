import { rpcErrorText } from '../../containers/containerd/cri';
import type { Pod } from '../api/core/pod';
import { hostsFile, logDirectory, sandboxConfig } from './container-config';
import { killAll } from './kill';
import type { RuntimePod } from './runtime-pod';
import { podDirectory, type KubeletContext } from './types';

/** The pod's sandbox, or why there is none. */
export type SandboxResult = { readonly id: string } | { readonly failure: 'failed' | 'network' };

/** Gives the sandbox that is there, or makes one; one that is no longer ready is replaced. Upstream: kuberuntime_sandbox.go */
export function ensureSandbox(
  context: KubeletContext,
  pod: Pod,
  runtime: RuntimePod,
  done: (result: SandboxResult) => void,
): void {
  const { cri, events } = context;
  const current = runtime.sandbox;
  if (current?.state === 'SANDBOX_READY') return done({ id: current.id });
  const network = cri.status().networkReady;
  if (!network.ok && pod.spec.hostNetwork !== true) {
    const why = `container runtime network not ready: NetworkReady=false reason:${network.reason} message:${network.message}`;
    events.event(pod, 'Warning', 'NetworkNotReady', `network is not ready: ${why}`);
    return done({ failure: 'network' });
  }
  if (current === undefined) return create(context, pod, runtime, 0, done);
  events.event(pod, 'Normal', 'SandboxChanged', 'Pod sandbox changed, it will be killed and re-created.');
  killAll(context, pod, runtime, pod.spec.terminationGracePeriodSeconds, () =>
    cri.stopPodSandbox(current.id, () => create(context, pod, runtime, current.metadata.attempt + 1, done)),
  );
}

function create(
  context: KubeletContext,
  pod: Pod,
  runtime: RuntimePod,
  attempt: number,
  done: (result: SandboxResult) => void,
): void {
  const { cri, events, fs, config } = context;
  fs.mkdirAll(logDirectory(pod));
  cri.runPodSandbox(sandboxConfig(pod, attempt, context), (made) => {
    if (!made.ok) {
      const text = `Failed to create pod sandbox: ${rpcErrorText(made.error)}`;
      events.event(pod, 'Warning', 'FailedCreatePodSandBox', text);
      return done({ failure: 'failed' });
    }
    runtime.addSandbox(made.value, attempt);
    const hosts = fs.readText('/etc/hosts');
    const content =
      pod.spec.hostNetwork === true
        ? `# Kubernetes-managed hosts file (host network).\n${hosts.ok ? hosts.value : ''}`
        : hostsFile(pod, runtime.sandbox?.ip ?? '', config.clusterDomain);
    fs.writeFile(`${podDirectory(pod.metadata.uid)}/etc-hosts`, content, 0o644);
    done({ id: made.value });
  });
}
