import type { ContainerStatus as CriStatus } from '../../containers/containerd/cri';
import type { ContainerState, ContainerStatus, Pod, PodCondition, PodStatus } from '../api/core/pod';
import type { Container } from '../api/core/pod-spec';
import { timeOf } from '../apimachinery/time';
import type { WaitingReason } from './images';
import type { RuntimePod } from './runtime-pod';

export interface StatusInput {
  readonly pod: Pod;
  readonly runtime: RuntimePod;
  readonly now: number;
  readonly nodeIP: string;
  /** Why containers could not be started at the last try. */
  readonly reasons: ReadonlyMap<string, WaitingReason>;
  readonly probes: ProbeView;
  /** All of its containers have been stopped for good. */
  readonly terminal: boolean;
  /** Evicted, DeadlineExceeded, refused: overrides the phase. */
  readonly verdict?: { readonly reason: string; readonly message: string } | undefined;
  /** Last words of a container that ended. */
  readonly terminationMessage: (status: CriStatus, container: Container) => string;
}

/** What probes say of running containers. */
export interface ProbeView {
  started(container: Container, id: string): boolean;
  ready(container: Container, id: string): boolean;
}

/** A pod's status as the runtime shows it. Upstream: pkg/kubelet/kubelet_pods.go generateAPIPodStatus */
export function podStatus(input: StatusInput): PodStatus {
  const { pod, runtime, nodeIP, terminal, verdict, now } = input;
  const { initContainers, containers } = pod.spec;
  const hasInit = (initContainers ?? []).length > 0;
  const inits = initContainers?.map((container) => containerStatus(input, container, true, hasInit));
  const mains = containers.map((container) => containerStatus(input, container, false, hasInit));
  const ephemerals = pod.spec.ephemeralContainers?.map((container) =>
    containerStatus(input, container as Container, false, false),
  );
  const phase = verdict !== undefined ? 'Failed' : phaseOf(pod, inits ?? [], mains, terminal);
  const sandbox = runtime.sandbox;
  const isUp = sandbox?.state === 'SANDBOX_READY' && (sandbox.network === 'node' || sandbox.ip !== '');
  const ip = pod.spec.hostNetwork === true ? nodeIP : (sandbox?.ip ?? '') || (pod.status.podIP ?? '');
  const before = pod.status;
  const conditions = conditionsOf(input, phase, inits ?? [], mains, isUp);
  return {
    ...(before.observedGeneration === undefined ? {} : { observedGeneration: before.observedGeneration }),
    phase,
    conditions,
    ...(verdict === undefined ? {} : { message: verdict.message, reason: verdict.reason }),
    hostIP: nodeIP,
    hostIPs: [{ ip: nodeIP }],
    ...(ip === '' ? {} : { podIP: ip, podIPs: [{ ip }] }),
    startTime: before.startTime ?? timeOf(now),
    ...(inits === undefined ? {} : { initContainerStatuses: inits }),
    containerStatuses: mains,
    ...(before.qosClass === undefined ? {} : { qosClass: before.qosClass }),
    ...(ephemerals === undefined ? {} : { ephemeralContainerStatuses: ephemerals }),
  };
}

/** shouldRestart of a container that ended (or never was). */
export function shouldRestart({ spec, metadata }: Pod, container: Container, status: CriStatus | undefined): boolean {
  if (metadata.deletionTimestamp !== undefined) return false;
  if (status === undefined || status.state === 'CONTAINER_CREATED') return true;
  if (status.state === 'CONTAINER_RUNNING') return false;
  if (container.restartPolicy === 'Always' || spec.restartPolicy === 'Always') return true;
  if (spec.restartPolicy === 'Never') return false;
  return status.exitCode !== 0;
}

function containerStatus(input: StatusInput, container: Container, isInit: boolean, hasInit: boolean): ContainerStatus {
  const { pod, runtime, reasons, probes } = input;
  const { name } = container;
  const current = runtime.status(name);
  const previous = runtime.status(name, 1);
  const isSidecar = isInit && container.restartPolicy === 'Always';
  const lastTerminated = previous === undefined ? undefined : terminated(input, previous, container);
  let state: ContainerState = { waiting: { reason: hasInit ? 'PodInitializing' : 'ContainerCreating' } };
  let lastState: ContainerState = lastTerminated === undefined ? {} : { terminated: lastTerminated };
  if (current?.state === 'CONTAINER_RUNNING') state = { running: { startedAt: timeOf(current.startedAt) } };
  else if (current?.state === 'CONTAINER_EXITED') state = { terminated: terminated(input, current, container) };
  if (state.running === undefined && !input.terminal) {
    const reason = reasons.get(name);
    const done = isInit && !isSidecar && current?.state === 'CONTAINER_EXITED' && current.exitCode === 0;
    if (reason !== undefined && !done && (current === undefined || shouldRestart(pod, container, current))) {
      if (state.terminated !== undefined) lastState = { terminated: state.terminated };
      state = { waiting: { reason: reason.reason, message: reason.message } };
    }
  }
  const isRunning = current?.state === 'CONTAINER_RUNNING';
  const started = isRunning && (isInit && !isSidecar ? true : probes.started(container, current.id));
  const ready =
    isInit && !isSidecar
      ? current?.state === 'CONTAINER_EXITED' && current.exitCode === 0
      : isRunning && started && probes.ready(container, current.id);
  const shown = current !== undefined;
  return {
    name,
    state,
    lastState,
    ready,
    restartCount: current?.metadata.attempt ?? 0,
    image: shown ? current.image : container.image,
    imageID: shown ? current.imageRef : '',
    ...(shown ? { containerID: `containerd://${current.id}` } : {}),
    started,
    ...(shown ? resourcesOf(container) : {}),
    ...mountsOf(container),
    ...(shown ? userOf(pod, container) : {}),
  };
}

function resourcesOf({ resources }: Container): Partial<ContainerStatus> {
  const { limits, requests } = resources;
  return {
    ...(requests === undefined ? {} : { allocatedResources: requests }),
    resources: { ...(limits === undefined ? {} : { limits }), ...(requests === undefined ? {} : { requests }) },
  };
}

const mounts = new WeakMap<object, NonNullable<ContainerStatus['volumeMounts']>>();

function mountsOf({ volumeMounts }: Container): Partial<ContainerStatus> {
  if (volumeMounts === undefined || volumeMounts.length === 0) return {};
  let shown = mounts.get(volumeMounts);
  if (shown === undefined) {
    shown = volumeMounts.map(({ name, mountPath, readOnly }) => ({
      name,
      mountPath,
      ...(readOnly === true ? { readOnly: true, recursiveReadOnly: 'Disabled' } : {}),
    }));
    mounts.set(volumeMounts, shown);
  }
  return { volumeMounts: shown };
}

function userOf({ spec }: Pod, { securityContext }: Container): Partial<ContainerStatus> {
  const uid = securityContext?.runAsUser ?? spec.securityContext.runAsUser ?? 0;
  const gid = securityContext?.runAsGroup ?? spec.securityContext.runAsGroup ?? 0;
  const groups = [...new Set([gid, ...(spec.securityContext.supplementalGroups ?? [])])];
  return { user: { linux: { uid, gid, supplementalGroups: groups } } };
}

function terminated(
  input: StatusInput,
  status: CriStatus,
  container: Container,
): NonNullable<ContainerState['terminated']> {
  const message = status.message !== '' ? status.message : input.terminationMessage(status, container);
  const at = (ms: number): string => (ms === 0 ? '1970-01-01T00:00:00Z' : timeOf(ms));
  return {
    exitCode: status.exitCode,
    reason: status.reason === '' ? (status.exitCode === 0 ? 'Completed' : 'Error') : status.reason,
    ...(message === '' ? {} : { message }),
    startedAt: at(status.startedAt),
    finishedAt: at(status.finishedAt),
    containerID: `containerd://${status.id}`,
  };
}

/** getPhase */
function phaseOf(
  { spec }: Pod,
  inits: readonly ContainerStatus[],
  mains: readonly ContainerStatus[],
  terminal: boolean,
): NonNullable<PodStatus['phase']> {
  const sidecars = new Set(
    (spec.initContainers ?? []).filter((c) => c.restartPolicy === 'Always').map(({ name }) => name),
  );
  let initializing = 0;
  let failed = 0;
  for (const { name, state, lastState, started } of inits) {
    if (sidecars.has(name)) {
      if (started !== true && state?.terminated === undefined) initializing++;
      continue;
    }
    const ended = state?.terminated ?? (state?.waiting === undefined ? undefined : lastState?.terminated);
    if (state?.running !== undefined) initializing++;
    else if (ended === undefined) initializing++;
    else if (ended.exitCode !== 0) failed++;
    else if (state?.waiting !== undefined) initializing++;
  }
  let running = 0;
  let waiting = 0;
  let stopped = 0;
  let succeeded = 0;
  for (const { state, lastState } of mains) {
    if (state?.running !== undefined) running++;
    else if (state?.terminated !== undefined) {
      stopped++;
      if (state.terminated.exitCode === 0) succeeded++;
    } else if (lastState?.terminated !== undefined) stopped++;
    else waiting++;
  }
  if (failed > 0 && spec.restartPolicy === 'Never') return 'Failed';
  if (initializing > 0 || failed > 0) {
    if (!terminal) return 'Pending';
  }
  if (waiting > 0 && !terminal) return 'Pending';
  if (running > 0) return 'Running';
  if (stopped > 0) {
    if (terminal) return stopped === succeeded && waiting === 0 ? 'Succeeded' : 'Failed';
    if (spec.restartPolicy === 'Always') return 'Running';
    if (stopped === succeeded) return 'Succeeded';
    return spec.restartPolicy === 'Never' ? 'Failed' : 'Running';
  }
  return terminal ? 'Failed' : 'Pending';
}

/** The five conditions of the kubelet, in its order; others stay. A condition keeps its time while its status stays. */
function conditionsOf(
  { pod, now }: StatusInput,
  phase: NonNullable<PodStatus['phase']>,
  inits: readonly ContainerStatus[],
  mains: readonly ContainerStatus[],
  isUp: boolean,
): readonly PodCondition[] {
  const before = pod.status.conditions ?? [];
  const time = timeOf(now);
  const make = (type: string, holds: boolean, reason?: string, message?: string): PodCondition => {
    const status = holds ? 'True' : 'False';
    const old = before.find((condition) => condition.type === type);
    if (old?.status === status && old.reason === reason && old.message === message) return old;
    return {
      type,
      status,
      lastProbeTime: null,
      lastTransitionTime: old?.status === status ? (old.lastTransitionTime ?? time) : time,
      ...(reason === undefined ? {} : { reason }),
      ...(message === undefined ? {} : { message }),
    };
  };
  const unready = mains.filter(({ ready }) => !ready).map(({ name }) => name);
  const sidecars = (pod.spec.initContainers ?? []).filter((c) => c.restartPolicy === 'Always').map(({ name }) => name);
  for (const { name, ready } of inits) if (sidecars.includes(name) && !ready) unready.unshift(name);
  const containersReady: readonly [boolean, string?, string?] =
    phase === 'Succeeded'
      ? [false, 'PodCompleted']
      : phase === 'Failed'
        ? [false, 'PodFailed']
        : unready.length > 0
          ? [false, 'ContainersNotReady', `containers with unready status: [${unready.join(' ')}]`]
          : [true];
  const gates = (pod.spec.readinessGates ?? []).filter(
    ({ conditionType }) => before.find(({ type }) => type === conditionType)?.status !== 'True',
  );
  const ready: readonly [boolean, string?, string?] =
    containersReady[0] && gates.length > 0
      ? [
          false,
          'ReadinessGatesNotReady',
          gates
            .map(({ conditionType }) =>
              before.some(({ type }) => type === conditionType)
                ? `the status of pod readiness gate "${conditionType}" is not "True", but False`
                : `corresponding condition of pod readiness gate "${conditionType}" does not exist.`,
            )
            .join(', '),
        ]
      : containersReady;
  const own = new Set(['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady']);
  const rest = before.filter(({ type }) => !own.has(type));
  const scheduled = rest.some(({ type }) => type === 'PodScheduled') ? [] : [make('PodScheduled', true)];
  return [
    make('PodReadyToStartContainers', isUp),
    make('Initialized', ...initializedOf(pod, inits, phase)),
    make('Ready', ...ready),
    make('ContainersReady', ...containersReady),
    ...rest,
    ...scheduled,
  ];
}

function initializedOf(
  { spec }: Pod,
  inits: readonly ContainerStatus[],
  phase: string,
): readonly [boolean, string?, string?] {
  if (phase === 'Succeeded') return [true, 'PodCompleted'];
  const incomplete = inits.filter(({ name, ready, started }) => {
    const sidecar = spec.initContainers?.find((container) => container.name === name)?.restartPolicy === 'Always';
    return sidecar ? started !== true : !ready;
  });
  if (incomplete.length === 0) return [true];
  if (phase === 'Failed') return [false, 'PodFailed'];
  const names = incomplete.map(({ name }) => name).join(' ');
  return [false, 'ContainersNotInitialized', `containers with incomplete status: [${names}]`];
}
