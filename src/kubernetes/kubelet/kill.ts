import type { CriRuntime } from '../../containers/containerd/cri';
import type { Pod } from '../api/core/pod';
import type { Container } from '../api/core/pod-spec';
import { killContainer } from './lifecycle';
import type { RuntimePod } from './runtime-pod';
import type { KubeletContext } from './types';

/** Stops what runs of a pod: containers together, then sidecars one by one, the last first. */
export function killAll(context: KubeletContext, pod: Pod, runtime: RuntimePod, grace: number, done: () => void): void {
  const { initContainers = [], containers, ephemeralContainers = [] } = pod.spec;
  const sidecars = initContainers.filter(({ restartPolicy }) => restartPolicy === 'Always').reverse();
  const last = new Set(sidecars.map(({ name }) => name));
  const all = [...containers, ...(ephemeralContainers as readonly Container[]), ...initContainers];
  const kill = (which: readonly Container[], next: () => void): void => {
    const running = which.flatMap((container) => {
      const status = runtime.status(container.name);
      return status?.state === 'CONTAINER_RUNNING' ? [{ container, status }] : [];
    });
    let left = running.length;
    if (left === 0) return next();
    for (const { container, status } of running) {
      killContainer(context, pod, container, status, { grace }, () => {
        if (--left === 0) next();
      });
    }
  };
  const rest = (): void => {
    const sidecar = sidecars.shift();
    if (sidecar === undefined) done();
    else kill([sidecar], rest);
  };
  kill(
    all.filter(({ name }) => !last.has(name)),
    rest,
  );
}

export function stopSandboxes(cri: CriRuntime, runtime: RuntimePod, done: () => void): void {
  let left = runtime.sandboxes.length;
  if (left === 0) return done();
  for (const { id } of runtime.sandboxes) {
    cri.stopPodSandbox(id, () => {
      if (--left === 0) done();
    });
  }
}
