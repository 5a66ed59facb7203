import type { Pod } from '../api/core/pod';
import type { Container } from '../api/core/pod-spec';
import type { Field } from './lifecycle';
import type { RuntimePod } from './runtime-pod';
import { shouldRestart, type ProbeView } from './status';

export interface ToStart {
  readonly container: Container;
  readonly field: Field;
}

/**
 * What is to be started now, in order: init containers one after another (sidecars run on), then the others.
 * Upstream: kuberuntime_manager.go computePodActions
 */
export function containersToStart(pod: Pod, runtime: RuntimePod, probes: ProbeView): ToStart[] {
  const { initContainers = [], containers, ephemeralContainers = [], restartPolicy } = pod.spec;
  const found: ToStart[] = [];
  for (const each of ephemeralContainers) {
    const container = each as Container;
    if (runtime.status(each.name) === undefined) found.push({ container, field: 'ephemeralContainers' });
  }
  const initialized = containers.some(({ name }) => runtime.status(name) !== undefined);
  for (const container of initContainers) {
    const status = runtime.status(container.name);
    if (container.restartPolicy === 'Always') {
      if (status?.state !== 'CONTAINER_RUNNING') {
        found.push({ container, field: 'initContainers' });
        if (container.startupProbe !== undefined && !initialized) return found;
      } else if (!initialized && !probes.started(container, status.id)) return found;
      continue;
    }
    if (initialized) continue;
    if (status?.state === 'CONTAINER_RUNNING') return found;
    if (status?.state === 'CONTAINER_EXITED' && status.exitCode === 0) continue;
    if (status?.state === 'CONTAINER_EXITED' && restartPolicy === 'Never') return found;
    found.push({ container, field: 'initContainers' });
    return found;
  }
  for (const container of containers) {
    if (shouldRestart(pod, container, runtime.status(container.name))) found.push({ container, field: 'containers' });
  }
  return found;
}
