import type { Column } from '../../apimachinery/columns';
import { humanDuration, parseTime } from '../../apimachinery/time';
import { ageColumn, column, nameColumn, orNone, wide } from '../columns';
import type { ContainerStatus, Pod } from './pod';

/** What `kubectl get pods` shows of one: printPod of pkg/printers/internalversion/printers.go. */
export interface PodSummary {
  readonly ready: string;
  readonly status: string;
  readonly restarts: string;
}

export const podColumns: readonly Column<Pod>[] = [
  nameColumn,
  column('Ready', (pod) => summaryOf(pod, 0).ready, 'The aggregate readiness state of this pod for accepting traffic.'),
  column('Status', (pod) => summaryOf(pod, 0).status, 'The aggregate status of the containers in this pod.'),
  {
    ...column<Pod>(
      'Restarts',
      (pod, now) => summaryOf(pod, now).restarts,
      'The number of times the containers in this pod have been restarted and when the last container in this pod has restarted.',
    ),
    ages: (pod) => summaryOf(pod, 0).restarts.endsWith(')'),
  },
  ageColumn,
  wide('IP', ({ status }) => orNone(status.podIPs?.[0]?.ip ?? status.podIP ?? '')),
  wide('Node', ({ spec }) => orNone(spec.nodeName ?? '')),
  wide('Nominated Node', ({ status }) => orNone(status.nominatedNodeName ?? '')),
  wide('Readiness Gates', readinessGates),
];

/** A row asks several times for the same. */
let last: { readonly pod: Pod; readonly now: number; readonly summary: PodSummary } | undefined;
function summaryOf(pod: Pod, now: number): PodSummary {
  if (last?.pod !== pod || last.now !== now) last = { pod, now, summary: podSummary(pod, now) };
  return last.summary;
}

/** READY, STATUS and RESTARTS. */
export function podSummary(pod: Pod, now: number): PodSummary {
  const { spec, status } = pod;
  const init = readInit(pod);
  let reason = init.reason;
  let total = spec.containers.length;
  let readyContainers = init.readySidecars;
  let restarts = init.sidecarRestarts;
  let lastRestart = init.lastSidecarRestart;
  for (const { restartPolicy } of spec.initContainers ?? []) if (restartPolicy === 'Always') total++;

  if (init.initializing) {
    restarts = init.restarts;
    lastRestart = init.lastRestart;
  } else {
    let hasRunning = false;
    for (let index = (status.containerStatuses?.length ?? 0) - 1; index >= 0; index--) {
      const container = status.containerStatuses?.[index];
      if (container === undefined) continue;
      restarts += container.restartCount;
      lastRestart = later(lastRestart, container);
      const { waiting, terminated, running } = container.state ?? {};
      if (has(waiting?.reason)) reason = waiting.reason;
      else if (has(terminated?.reason)) reason = terminated.reason;
      else if (terminated !== undefined)
        reason = has(terminated.signal) ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode}`;
      else if (container.ready && running !== undefined) {
        hasRunning = true;
        readyContainers++;
      }
    }
    // A finished container beside running ones is not the pod's state.
    if (reason === 'Completed' && hasRunning) reason = isReady(pod) ? 'Running' : 'NotReady';
  }

  if (pod.metadata.deletionTimestamp !== undefined) {
    if (status.reason === 'NodeLost') reason = 'Unknown';
    else if (!isTerminalPhase(status.phase)) reason = 'Terminating';
  }
  return {
    ready: `${readyContainers}/${total}`,
    status: reason,
    restarts:
      restarts !== 0 && lastRestart !== undefined
        ? `${restarts} (${humanDuration(now - lastRestart)} ago)`
        : String(restarts),
  };
}

const isTerminalPhase = (phase: Pod['status']['phase']): boolean => phase === 'Failed' || phase === 'Succeeded';

interface InitState {
  readonly reason: string;
  readonly initializing: boolean;
  readonly restarts: number;
  readonly lastRestart: number | undefined;
  readonly sidecarRestarts: number;
  readonly lastSidecarRestart: number | undefined;
  readonly readySidecars: number;
}

const noInit = {
  initializing: false,
  restarts: 0,
  lastRestart: undefined,
  sidecarRestarts: 0,
  lastSidecarRestart: undefined,
  readySidecars: 0,
};

function readInit({ spec, status }: Pod): InitState {
  let reason = has(status.reason) ? status.reason : (status.phase ?? '');
  const gated = status.conditions?.some(
    (condition) => condition.type === 'PodScheduled' && condition.reason === 'SchedulingGated',
  );
  if (gated === true) reason = 'SchedulingGated';
  if (status.initContainerStatuses === undefined) return { ...noInit, reason };

  const containers = spec.initContainers ?? [];
  const sidecars = new Set(
    containers.filter(({ restartPolicy }) => restartPolicy === 'Always').map(({ name }) => name),
  );
  let restarts = 0;
  let lastRestart: number | undefined;
  let sidecarRestarts = 0;
  let lastSidecarRestart: number | undefined;
  let readySidecars = 0;
  let initializing = false;

  for (const [index, container] of status.initContainerStatuses.entries()) {
    const sidecar = sidecars.has(container.name);
    restarts += container.restartCount;
    lastRestart = later(lastRestart, container);
    if (sidecar) {
      sidecarRestarts += container.restartCount;
      lastSidecarRestart = later(lastSidecarRestart, container);
    }
    const { waiting, terminated } = container.state ?? {};
    if (terminated !== undefined && terminated.exitCode === 0) continue;
    if (sidecar && container.started === true) {
      if (container.ready) readySidecars++;
      continue;
    }
    if (terminated !== undefined) {
      reason = has(terminated.reason)
        ? `Init:${terminated.reason}`
        : has(terminated.signal)
          ? `Init:Signal:${terminated.signal}`
          : `Init:ExitCode:${terminated.exitCode}`;
    } else if (has(waiting?.reason) && waiting.reason !== 'PodInitializing') reason = `Init:${waiting.reason}`;
    else reason = `Init:${index}/${containers.length}`;
    initializing = true;
    break;
  }
  // Once initialised, always initialised: restarted init containers do not show (isPodInitializedConditionTrue).
  if (
    initializing &&
    status.conditions?.some(({ type, status: value }) => type === 'Initialized' && value === 'True') === true
  ) {
    return { reason, initializing: false, restarts, lastRestart, sidecarRestarts, lastSidecarRestart, readySidecars };
  }
  return { reason, initializing, restarts, lastRestart, sidecarRestarts, lastSidecarRestart, readySidecars };
}

function later(last: number | undefined, { lastState }: ContainerStatus): number | undefined {
  const finished = lastState?.terminated?.finishedAt;
  if (finished === undefined || finished === null) return last;
  const at = parseTime(finished);
  return last === undefined || at > last ? at : last;
}

const has = <T extends string | number>(value: T | undefined): value is T =>
  value !== undefined && value !== '' && value !== 0;

const isReady = ({ status }: Pod): boolean =>
  status.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') === true;

function readinessGates({ spec, status }: Pod): string {
  if (spec.readinessGates === undefined || spec.readinessGates.length === 0) return '<none>';
  const met = spec.readinessGates.filter(
    ({ conditionType }) => status.conditions?.find(({ type }) => type === conditionType)?.status === 'True',
  );
  return `${met.length}/${spec.readinessGates.length}`;
}
