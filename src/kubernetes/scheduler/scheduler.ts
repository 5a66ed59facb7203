import type { Clock } from '../../sim/clock';
import type { Random } from '../../sim/random';
import type { Trace } from '../../sim/trace';
import { replicaSet } from '../api/apps/replicaset';
import { node, type Node } from '../api/core/node';
import { pod, type Pod, type PodCondition } from '../api/core/pod';
import { persistentVolume } from '../api/core/persistentvolume';
import { persistentVolumeClaim } from '../api/core/persistentvolumeclaim';
import { service } from '../api/core/service';
import { storageClass } from '../api/storage/storageclass';
import { timeOf } from '../apimachinery/time';
import type { RegistryClient, WatchEvent } from '../apiserver/registry';
import { createActionRecorder } from '../client/events';
import { claimsOf } from '../client/volume-helpers';
import { Algorithm, type Decision, type ScoreTable } from './algorithm';
import { Cluster } from './cluster';
import { DefaultSelectors } from './default-selector';
import { fitError } from './messages';
import type { PodInfo } from './node-info';
import { preempt } from './preemption';
import { defaultProfile } from './profile';
import { SchedulingQueue, type QueuedPod } from './queue';
import { bindVolumes, storageLister } from './volumes';

export interface SchedulerOptions {
  readonly client: RegistryClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly trace: Trace;
  /** The host it runs on, as events name the reporter. */
  readonly hostname?: string;
  readonly schedulerName?: string;
  /** Sees each decision with its table of scores. */
  readonly onDecision?: (pod: Pod, decision: Decision) => void;
}

export interface Scheduler {
  stop(): void;
  readonly cluster: Cluster;
}

/** So many pods are placed in one turn of the thread. */
const AT_ONCE = 50;

/** VolumeBindingArgs.bindTimeoutSeconds, and how often it is looked at. */
const VOLUMES_BOUND_WITHIN = 600_000;
const VOLUMES_POLLED = 1000;

/** How long a pod waits at most before it is tried again without any change (flushUnschedulablePodsLeftover). */
const LEFTOVER = 300_000;

/** The scheduling loop. Upstream: pkg/scheduler/schedule_one.go, eventhandlers.go */
export function createScheduler({
  client,
  clock,
  random,
  trace,
  hostname = 'controlplane',
  schedulerName = 'default-scheduler',
  onDecision,
}: SchedulerOptions): Scheduler {
  const recorder = createActionRecorder({ client, clock, component: schedulerName, host: hostname });
  const selectors = new DefaultSelectors(client);
  const cluster = new Cluster(selectors.of, storageLister(client));
  const algorithm = new Algorithm(defaultProfile, random);
  /** Which node each known pod is counted on, by uid. */
  const placed = new Map<string, string>();
  const nominated = new Map<string, { readonly pod: Pod; readonly node: string }>();
  let due = false;
  let stopped = false;

  const queue = new SchedulingQueue(
    clock,
    () => trace.current,
    () => {
      if (due || stopped) return;
      due = true;
      clock.setTimer(0, run);
    },
  );

  function run(): void {
    for (let done = 0; done < AT_ONCE; done++) {
      const queued = stopped ? undefined : queue.pop();
      if (queued === undefined) {
        due = false;
        return;
      }
      trace.within(queued.cause, () => scheduleOne(queued));
    }
    clock.goOn(run);
  }

  function scheduleOne(queued: QueuedPod): void {
    const { namespace, name, uid } = queued.pod.metadata;
    const current = client.get(pod, namespace, name);
    if (current === undefined || current.metadata.uid !== uid || !isWaiting(current)) {
      queue.delete(uid);
      return;
    }
    const decision = withNominated(current, () => algorithm.decide(current, cluster));
    onDecision?.(current, decision);
    if (decision.node === undefined) {
      const fit = fitError(decision.nodes, decision.rejected.values());
      const result = decision.nodes === 0 ? undefined : preempt(defaultProfile, current, cluster, decision.rejected);
      if (result?.node !== undefined) evict(current, result.node, result.victims);
      const text = result?.node === undefined && result !== undefined ? `${fit} ${result.message}` : fit;
      fail(queued, current, 'Unschedulable', text, result?.node);
      queue.failed(queued);
      return;
    }
    nominated.delete(uid);
    cluster.addPod(uid, current, decision.node);
    placed.set(uid, decision.node);
    bindWhenReady(queued, current, decision, clock.now + VOLUMES_BOUND_WITHIN);
  }

  /** The binding cycle: volumes come first (PreBind), and may take their time. */
  function bindWhenReady(queued: QueuedPod, current: Pod, decision: Decision & { node: string }, until: number): void {
    const { namespace, name, uid } = current.metadata;
    const info = cluster.node(decision.node);
    const volumes = info === undefined ? 'bound' : bindVolumes(client, current, info.node);
    if (volumes === 'waiting' && clock.now < until) {
      clock.setTimer(
        VOLUMES_POLLED,
        () => {
          if (!stopped && client.get(pod, namespace, name)?.metadata.uid === uid)
            bindWhenReady(queued, current, decision, until);
        },
        { background: true },
      );
      return;
    }
    if (volumes !== 'bound') {
      const why = volumes === 'waiting' ? 'context deadline exceeded' : volumes.error;
      forget(uid);
      fail(queued, current, 'SchedulerError', `running PreBind plugin "VolumeBinding": binding volumes: ${why}`);
      queue.retry(queued);
      return;
    }
    const bound = trace.within(record(current, decision.node, decision.table), () =>
      client.bind(namespace, name, decision.node, uid),
    );
    if (!bound.ok) {
      forget(uid);
      fail(
        queued,
        current,
        'SchedulerError',
        `binding rejected: running Bind plugin "DefaultBinder": ${bound.error.message}`,
      );
      queue.retry(queued);
      return;
    }
    queue.delete(uid);
    const text = `Successfully assigned ${namespace}/${name} to ${decision.node}`;
    recorder.event(current, 'Normal', 'Scheduled', 'Binding', text);
  }

  /** Pods that wait for their victims to go count as if they were there, for those that are no more important. */
  function withNominated(current: Pod, decide: () => Decision): Decision {
    const others = [...nominated].filter(
      ([uid, { pod: other }]) =>
        uid !== current.metadata.uid && (other.spec.priority ?? 0) >= (current.spec.priority ?? 0),
    );
    for (const [uid, { pod: other, node: where }] of others) cluster.addPod(`nominated ${uid}`, other, where);
    const decision = decide();
    for (const [uid, { node: where }] of others) cluster.removePod(`nominated ${uid}`, where);
    return decision;
  }

  function evict(current: Pod, where: string, victims: readonly PodInfo[]): void {
    nominated.set(current.metadata.uid, { pod: current, node: where });
    for (const victim of victims) {
      const { namespace = '', name: victimName } = victim.pod.metadata;
      const found = client.get(pod, namespace, victimName);
      if (found === undefined || found.metadata.deletionTimestamp !== undefined) continue;
      client.mutateStatus(pod, namespace, victimName, (now) => ({
        ...now,
        status: {
          ...now.status,
          conditions: [
            ...(now.status.conditions ?? []).filter(({ type }) => type !== 'DisruptionTarget'),
            {
              type: 'DisruptionTarget',
              status: 'True' as const,
              lastProbeTime: null,
              lastTransitionTime: timeOf(clock.now),
              reason: 'PreemptionByScheduler',
              message: `${schedulerName}: preempting to accommodate a higher priority pod`,
            },
          ],
        },
      }));
      client.delete(pod, namespace, victimName);
      const text = `Preempted by pod ${current.metadata.uid} on node ${where}`;
      recorder.event(found, 'Normal', 'Preempted', 'Preempting', text);
    }
  }

  const record = ({ metadata }: Pod, chosen: string, table: ScoreTable): number =>
    trace.record(schedulerName, 'bind', `pods/${metadata.namespace}/${metadata.name}`, { node: chosen, table }).id;

  function fail(queued: QueuedPod, current: Pod, reason: string, message: string, nominate?: string): void {
    recorder.event(current, 'Warning', 'FailedScheduling', 'Scheduling', message);
    const { namespace, name } = current.metadata;
    const written = client.mutateStatus(pod, namespace, name, (now) => {
      const before = now.status.conditions?.find(({ type }) => type === 'PodScheduled');
      const same = before?.status === 'False' && before.reason === reason && before.message === message;
      if (same && (nominate === undefined || now.status.nominatedNodeName === nominate)) return now;
      const next: PodCondition = {
        type: 'PodScheduled',
        status: 'False',
        lastProbeTime: null,
        lastTransitionTime: before?.status === 'False' ? (before.lastTransitionTime ?? null) : timeOf(clock.now),
        reason,
        message,
      };
      const others = now.status.conditions?.filter(({ type }) => type !== 'PodScheduled') ?? [];
      const nominatedNodeName = nominate === undefined ? {} : { nominatedNodeName: nominate };
      return { ...now, status: { ...now.status, ...nominatedNodeName, conditions: [...others, next] } };
    });
    if (written.ok) queued.pod = written.value;
  }

  const isWaiting = ({ spec, status, metadata }: Pod): boolean =>
    spec.nodeName === undefined &&
    spec.schedulerName === schedulerName &&
    metadata.deletionTimestamp === undefined &&
    status.phase !== 'Succeeded' &&
    status.phase !== 'Failed' &&
    (spec.schedulingGates === undefined || spec.schedulingGates.length === 0);

  function forget(uid: string): void {
    const where = placed.get(uid);
    if (where === undefined) return;
    placed.delete(uid);
    cluster.removePod(uid, where);
  }

  function onPod({ type, object, old }: WatchEvent<Pod>): void {
    const { uid } = object.metadata;
    const { nodeName } = object.spec;
    const finished = object.status.phase === 'Succeeded' || object.status.phase === 'Failed';
    if (type === 'DELETED' || finished) {
      queue.delete(uid);
      nominated.delete(uid);
      if (!placed.has(uid)) return;
      forget(uid);
      queue.moveAll();
      return;
    }
    if (nodeName === undefined) {
      if (isWaiting(object)) queue.put(object, old !== undefined && asksOtherwise(object, old));
      else queue.delete(uid);
      return;
    }
    if (placed.get(uid) === nodeName && (old === undefined || !asksOtherwise(object, old))) return;
    forget(uid);
    queue.delete(uid);
    placed.set(uid, nodeName);
    cluster.addPod(uid, object, nodeName);
  }

  function onNode({ type, object, old }: WatchEvent<Node>): void {
    if (type === 'DELETED') {
      cluster.removeNode(object.metadata.name);
      return;
    }
    cluster.setNode(object);
    if (old === undefined || offersOtherwise(object, old)) queue.moveAll();
  }

  const storageChanged = (): void => queue.moveAll(({ pod: waiting }) => claimsOf(waiting).length > 0);
  const forgetSelectors = (): void => selectors.forget();
  const watches = [
    client.watch(node, {}, onNode),
    client.watch(pod, {}, onPod),
    client.watch(service, {}, forgetSelectors),
    client.watch(persistentVolume, {}, storageChanged),
    client.watch(persistentVolumeClaim, {}, storageChanged),
    client.watch(storageClass, {}, storageChanged),
    client.watch(replicaSet, {}, ({ type, object, old }) => {
      if (type === 'DELETED' || (old !== undefined && old.spec.selector !== object.spec.selector)) selectors.forget();
    }),
  ];
  const leftover = (): void => {
    if (stopped) return;
    queue.moveAll();
    clock.setTimer(LEFTOVER, leftover, { background: true });
  };
  clock.setTimer(LEFTOVER, leftover, { background: true });

  return {
    cluster,
    stop() {
      stopped = true;
      for (const watch of watches) watch.stop();
    },
  };
}

const asksOtherwise = (now: Pod, old: Pod): boolean =>
  now.spec !== old.spec || now.metadata.labels !== old.metadata.labels;

const offersOtherwise = (now: Node, old: Node): boolean =>
  now.spec !== old.spec ||
  now.metadata.labels !== old.metadata.labels ||
  now.status.allocatable !== old.status.allocatable;
