import { rpcErrorText, type ContainerStatus as CriStatus } from '../../containers/containerd/cri';
import { decode } from '../../linux/io/bytes';
import type { Pod } from '../api/core/pod';
import type { Container, LifecycleHandler } from '../api/core/pod-spec';
import { containerConfig } from './container-config';
import { environmentOf, type ServiceVariables } from './environment';
import type { ImageManager, WaitingReason } from './images';
import { portOf } from './probes';
import type { RuntimePod } from './runtime-pod';
import { containerReference, type KubeletContext } from './types';

export type Field = 'containers' | 'initContainers' | 'ephemeralContainers';

export interface StartInput {
  readonly context: KubeletContext;
  readonly images: ImageManager;
  readonly services: ServiceVariables;
  readonly runtime: RuntimePod;
  readonly pod: Pod;
  readonly podIP: string;
  readonly sandboxId: string;
  readonly container: Container;
  readonly field: Field;
  /** True when the pod is to go: what is under way ends at the next step. */
  readonly cancelled: () => boolean;
}

/** Pull, create, start, post-start: the steps of one container. Upstream: kuberuntime_container.go startContainer */
export function startContainer(input: StartInput, done: (failure: WaitingReason | undefined) => void): void {
  const { context, images, pod, container, field } = input;
  const { cri, events } = context;
  const about = containerReference(pod, field, container.name);
  const refuse = (reason: string, message: string): void => {
    events.event(about, 'Warning', 'Failed', `Error: ${message}`);
    done({ reason, message });
  };
  images.ensure(pod, container, field, (failure) => {
    if (failure !== undefined) {
      events.event(about, 'Warning', 'Failed', `Error: ${failure.reason}`);
      done(failure);
      return;
    }
    if (input.cancelled()) return done(undefined);
    const { config, client } = context;
    const variables = environmentOf({
      reader: client,
      pod,
      container,
      podIP: input.podIP,
      nodeName: config.nodeName,
      nodeIP: config.nodeIP,
      allocatable: { cpu: config.cpus, memory: config.memory },
      services: input.services,
    });
    if (!variables.ok) return refuse('CreateContainerConfigError', variables.error);
    const attempt = nextAttempt(input.runtime.status(container.name));
    const image = cri.imageStatus({ image: container.image });
    const made = containerConfig(context, { pod, container, attempt, image, variables: variables.value });
    if (!made.ok) return refuse('CreateContainerConfigError', made.error);
    cri.createContainer(input.sandboxId, made.value, (created) => {
      if (!created.ok) return refuse('CreateContainerError', rpcErrorText(created.error));
      const id = created.value;
      const old = input.runtime.addContainer({ id, name: container.name, attempt, spec: container });
      for (const each of old) cri.removeContainer(each.id, () => undefined);
      events.event(about, 'Normal', 'Created', `Created container: ${container.name}`);
      if (input.cancelled()) return done(undefined);
      cri.startContainer(id, (started) => {
        if (!started.ok) return refuse('RunContainerError', rpcErrorText(started.error));
        events.event(about, 'Normal', 'Started', `Started container ${container.name}`);
        const hook = container.lifecycle?.postStart;
        if (hook === undefined) return done(undefined);
        runHook(context, hook, { containerId: id, container, podIP: input.podIP }, 0, (failed) => {
          if (failed === undefined) return done(undefined);
          events.event(about, 'Warning', 'FailedPostStartHook', 'PostStartHook failed');
          events.event(about, 'Normal', 'Killing', 'FailedPostStartHook');
          cri.stopContainer(id, pod.spec.terminationGracePeriodSeconds, () =>
            done({ reason: 'PostStartHookError', message: failed }),
          );
        });
      });
    });
  });
}

const nextAttempt = (status: CriStatus | undefined): number => (status === undefined ? 0 : status.metadata.attempt + 1);

interface HookTarget {
  readonly containerId: string;
  readonly container: Container;
  readonly podIP: string;
}

/** Runs a lifecycle hook; `done` gets the words of its failure. `limit`: seconds, 0 for none. */
function runHook(
  { cri, clock, probes }: KubeletContext,
  { exec, sleep, httpGet }: LifecycleHandler,
  { containerId, container, podIP }: HookTarget,
  limit: number,
  done: (failure: string | undefined) => void,
): void {
  if (exec !== undefined) {
    const command = exec.command ?? [];
    cri.execSync(containerId, command, limit, (result) => {
      if (!result.ok) done(rpcErrorText(result.error));
      else if (result.value.exitCode === 0) done(undefined);
      else {
        const said = decode(result.value.stderr) + decode(result.value.stdout);
        done(`command '${command.join(' ')}' exited with ${result.value.exitCode}: ${said}`);
      }
    });
  } else if (sleep !== undefined) {
    clock.setTimer(sleep.seconds * 1000, () => done(undefined));
  } else if (httpGet !== undefined && probes !== undefined) {
    const { path = '/', httpHeaders = [] } = httpGet;
    const host = httpGet.host === undefined || httpGet.host === '' ? podIP : httpGet.host;
    const port = portOf(httpGet.port, container);
    const url = `${httpGet.scheme.toLowerCase()}://${host}:${port}${path.startsWith('/') ? path : `/${path}`}`;
    probes.http({ url, host, port, path, headers: httpHeaders, timeout: 60_000 }, ({ ok: success, output }) =>
      done(success ? undefined : output),
    );
  } else done(undefined);
}

/** The least time that a container gets to end. */
const MINIMUM_GRACE = 2;

/** Pre-stop hook, then SIGTERM and in the end SIGKILL. Upstream: kuberuntime_container.go killContainer */
export function killContainer(
  context: KubeletContext,
  pod: Pod,
  container: Container,
  status: CriStatus,
  options: { readonly grace: number; readonly message?: string; readonly field?: Field },
  done: () => void,
): void {
  const { cri, events, clock } = context;
  const about = containerReference(pod, options.field ?? 'containers', container.name);
  events.event(about, 'Normal', 'Killing', options.message ?? `Stopping container ${container.name}`);
  const begun = clock.now;
  const stop = (): void => {
    const used = Math.round((clock.now - begun) / 1000);
    const left = options.grace === 0 ? 0 : Math.max(MINIMUM_GRACE, options.grace - used);
    cri.stopContainer(status.id, left, () => done());
  };
  const hook = container.lifecycle?.preStop;
  if (hook === undefined || options.grace === 0) return stop();
  let ended = false;
  const once = (): void => {
    if (ended) return;
    ended = true;
    stop();
  };
  const late = clock.setTimer(options.grace * 1000, once);
  const target = { containerId: status.id, container, podIP: pod.status.podIP ?? '' };
  runHook(context, hook, target, options.grace, (failure) => {
    clock.cancel(late);
    if (failure !== undefined) events.event(about, 'Warning', 'FailedPreStopHook', 'PreStopHook failed');
    once();
  });
}
