import type { Timer } from '../../sim/clock';
import { pod as podKind, type Pod, type PodStatus } from '../api/core/pod';
import type { Container } from '../api/core/pod-spec';
import { parseTime } from '../apimachinery/time';
import { containersToStart, type ToStart } from './actions';
import { durationText, type Backoff } from './backoff';
import { logDirectory } from './container-config';
import type { ServiceVariables } from './environment';
import type { ImageManager, WaitingReason } from './images';
import { killAll, stopSandboxes } from './kill';
import { LastWords } from './last-words';
import { killContainer, startContainer, type Field } from './lifecycle';
import { PodMounter } from './mounter';
import { PodProber } from './probes';
import type { RuntimePod } from './runtime-pod';
import { ensureSandbox } from './sandbox';
import { podStatus } from './status';
import { StatusWriter } from './status-writer';
import { containerReference, podDirectory, podText, type KubeletContext } from './types';
import { PodVolumes } from './volumes';

/** What the workers of one kubelet share. */
export interface Shared {
  readonly context: KubeletContext;
  readonly images: ImageManager;
  readonly crashes: Backoff;
  readonly services: ServiceVariables;
  /** Calls at the next look at the runtime (the generic PLEG relists each second). */
  readonly atRelist: (run: () => void) => void;
  /** When the runtime is looked at for the first time after an instant. */
  readonly relistAfter: (time: number) => number;
  /** A status could not be written: the server is out of reach. */
  readonly statusLost: (worker: PodWorker) => void;
  readonly gone: (worker: PodWorker) => void;
}

/** --sync-frequency and the retry after a failed sync, each with up to half of it added by lot. */
const RESYNC = 60_000;
const RETRY = 10_000;
const NETWORK_RETRY = 1000;

/** Brings one pod's containers to what its spec says, one sync after another. Upstream: pkg/kubelet/{pod_workers,kubelet}.go */
export class PodWorker {
  pod: Pod;
  readonly runtime: RuntimePod;
  readonly #shared: Shared;
  readonly #mounter: PodMounter;
  readonly #reasons = new Map<string, WaitingReason>();
  readonly #prober: PodProber;
  #busy = false;
  /** When the last sync ended: the next one needs a newer look at the runtime (podCache.GetNewerThan). */
  #last = -Infinity;
  #waiting = false;
  #again = false;
  #retry: Timer | undefined;
  #deadline: Timer | undefined;
  #verdict: { readonly reason: string; readonly message: string } | undefined;
  #phase: 'syncing' | 'terminating' | 'terminated' = 'syncing';
  /** The API object is gone (or, for static pods, the file). */
  #removed = false;
  /** Everything that the pod held on the node was given back. */
  #freed = false;
  /** Containers that must die, by id: what the event says, and how long they get. */
  readonly #doomed = new Map<string, { readonly message: string; readonly grace: number }>();
  readonly #lastWords: LastWords;
  readonly #writer: StatusWriter;

  constructor(shared: Shared, pod: Pod, runtime: RuntimePod) {
    this.#shared = shared;
    this.pod = pod;
    this.runtime = runtime;
    this.#writer = new StatusWriter(shared.context.client);
    this.#lastWords = new LastWords(shared.context.fs, pod.metadata.uid);
    this.#mounter = new PodMounter(shared.context);
    const target = {
      running: (name: string) => {
        const status = runtime.status(name);
        return status?.state === 'CONTAINER_RUNNING' ? { id: status.id, startedAt: status.startedAt } : undefined;
      },
      pod,
      changed: () => this.sync(),
      failed: (container: Container, id: string, type: 'liveness' | 'startup') =>
        this.#probeFailed(container, id, type),
    };
    this.#prober = new PodProber(shared.context, {
      ...target,
      get podIP() {
        return runtime.sandbox?.ip === '' || runtime.sandbox === undefined
          ? shared.context.config.nodeIP
          : runtime.sandbox.ip;
      },
    });
  }

  get uid(): string {
    return this.pod.metadata.uid;
  }
  get terminated(): boolean {
    return this.#phase === 'terminated';
  }

  /** A new version of the pod. Changes of the status alone are no reason to do anything. */
  update(pod: Pod): void {
    const before = this.pod;
    this.pod = pod;
    if (pod.metadata.deletionTimestamp !== undefined && this.#phase === 'terminated') {
      if (this.#freed) this.#release();
      return;
    }
    if (before === pod) return;
    const { deletionGracePeriodSeconds: grace } = pod.metadata;
    if (
      this.#phase === 'terminating' &&
      grace !== undefined &&
      grace < (before.metadata.deletionGracePeriodSeconds ?? Infinity)
    ) {
      for (const { id } of this.runtime.running()) this.#shared.context.cri.stopContainer(id, grace, () => undefined);
      return;
    }
    if (
      before.spec !== pod.spec ||
      before.metadata.labels !== pod.metadata.labels ||
      before.metadata.annotations !== pod.metadata.annotations ||
      before.metadata.deletionTimestamp !== pod.metadata.deletionTimestamp
    ) {
      this.sync();
    }
  }

  /** The API object is gone: nothing of it may stay. */
  remove(): void {
    this.#removed = true;
    if (this.#phase !== 'terminated') this.sync();
    else if (this.#freed) this.#release();
  }

  /** The kubelet itself decides that the pod ends (deadline, eviction). */
  fail(reason: string, message: string): void {
    if (this.#verdict !== undefined || this.#phase !== 'syncing') return;
    this.#verdict = { reason, message };
    this.sync();
  }

  sync(): void {
    if (this.#phase !== 'syncing') return;
    if (this.#busy) {
      this.#again = true;
      // What waits for volumes sees at once that the pod is to go.
      if (this.#mustEnd() && this.#mounter.cancel()) this.#finish(undefined);
      return;
    }
    const { clock } = this.#shared.context;
    if (this.#last > -Infinity && clock.now < this.#shared.relistAfter(this.#last)) {
      if (this.#waiting) return;
      this.#waiting = true;
      this.#shared.atRelist(() => {
        this.#waiting = false;
        this.sync();
      });
      return;
    }
    if (this.#retry !== undefined) clock.cancel(this.#retry);
    this.#retry = undefined;
    this.#busy = true;
    this.#again = false;
    if (this.#mustEnd()) return this.#terminate();
    const status = this.#status(false);
    this.#write(status);
    if (status.phase === 'Succeeded' || status.phase === 'Failed') return this.#terminate();
    this.#watchDeadline(status);
    this.#mounter.mount(this.pod, () =>
      this.#ensureSandbox((sandboxId) => this.#startContainers(sandboxId, (failed) => this.#finish(failed))),
    );
  }

  stop(): void {
    this.#phase = 'terminated';
    this.#prober.stop();
    if (this.#retry !== undefined) this.#shared.context.clock.cancel(this.#retry);
    if (this.#deadline !== undefined) this.#shared.context.clock.cancel(this.#deadline);
    this.#mounter.cancel();
  }

  /** Writes the status once more, after the server was out of reach. */
  rewrite(): void {
    this.#writer.forget();
    this.#write(this.#status(this.#phase === 'terminated'));
    if (this.#freed && (this.#removed || this.pod.metadata.deletionTimestamp !== undefined)) this.#release();
  }

  #mustEnd = (): boolean =>
    this.#removed || this.#verdict !== undefined || this.pod.metadata.deletionTimestamp !== undefined;

  #finish(failure: 'failed' | 'network' | undefined): void {
    const { clock, random } = this.#shared.context;
    this.#busy = false;
    this.#last = clock.now;
    if (this.#again || this.#mustEnd()) return this.sync();
    const period =
      failure === 'network'
        ? NETWORK_RETRY
        : failure === 'failed'
          ? RETRY
          : PodVolumes.mayChange(this.pod)
            ? RESYNC
            : undefined;
    if (period === undefined) return;
    const delay = period * (1 + random.fraction() / 2);
    this.#retry = clock.setTimer(delay, () => this.sync(), { background: true });
  }

  // Status.

  #status(terminal: boolean): PodStatus {
    const { clock, config } = this.#shared.context;
    return podStatus({
      pod: this.pod,
      runtime: this.runtime,
      now: clock.now,
      nodeIP: config.nodeIP,
      reasons: this.#reasons,
      probes: this.#prober,
      terminal,
      verdict: terminal ? this.#verdict : undefined,
      terminationMessage: (status, container) => this.#lastWords.of(status, container),
    });
  }

  #write(status: PodStatus): void {
    const { pod, lost } = this.#writer.write(this.pod, status);
    this.pod = pod;
    if (lost) this.#shared.statusLost(this);
  }

  #watchDeadline({ startTime }: PodStatus): void {
    const { activeDeadlineSeconds } = this.pod.spec;
    if (activeDeadlineSeconds === undefined || this.#deadline !== undefined || startTime === undefined) return;
    const { clock, events } = this.#shared.context;
    const at = parseTime(startTime) + activeDeadlineSeconds * 1000;
    this.#deadline = clock.setTimer(at - clock.now, () => {
      const message = 'Pod was active on the node longer than the specified deadline';
      events.event(this.pod, 'Normal', 'DeadlineExceeded', message);
      this.fail('DeadlineExceeded', message);
    });
  }

  // Volumes and sandbox.

  #ensureSandbox(next: (sandboxId: string) => void): void {
    if (this.#mustEnd()) return this.#finish(undefined);
    ensureSandbox(this.#shared.context, this.pod, this.runtime, (result) =>
      'id' in result ? next(result.id) : this.#finish(result.failure),
    );
  }

  // Containers.

  #startContainers(sandboxId: string, done: (failed: 'failed' | undefined) => void): void {
    if (this.#mustEnd()) return this.#finish(undefined);
    let queue: ToStart[] = [];
    let failed: 'failed' | undefined;
    const next = (): void => {
      const item = queue.shift();
      if (item === undefined || this.#mustEnd()) return done(failed);
      const { container, field } = item;
      const fail = (reason: WaitingReason): void => {
        this.#reasons.set(container.name, reason);
        failed = 'failed';
        // Later containers of an init sequence wait for this one.
        if (field === 'initContainers') queue.length = 0;
        next();
      };
      const late = this.#backOff(container, field);
      if (late !== undefined) return fail(late);
      startContainer(
        {
          context: this.#shared.context,
          images: this.#shared.images,
          services: this.#shared.services,
          runtime: this.runtime,
          pod: this.pod,
          podIP: this.runtime.sandbox?.ip ?? '',
          sandboxId,
          container,
          field,
          cancelled: this.#mustEnd,
        },
        (reason) => {
          if (reason !== undefined) return fail(reason);
          this.#reasons.delete(container.name);
          next();
        },
      );
    };
    this.#killChanged(() => {
      queue = containersToStart(this.pod, this.runtime, this.#prober);
      next();
    });
  }

  /** doBackOff: a container that ended waits longer each time. */
  #backOff(container: Container, field: Field): WaitingReason | undefined {
    const status = this.runtime.status(container.name);
    if (status?.state !== 'CONTAINER_EXITED') return undefined;
    const { crashes, context } = this.#shared;
    const key = `${this.uid} ${container.name} ${container.image}`;
    if (crashes.isSince(key, status.finishedAt)) {
      const about = containerReference(this.pod, field, container.name);
      const text = `Back-off restarting failed container ${container.name} in pod ${podText(this.pod)}`;
      context.events.event(about, 'Warning', 'BackOff', text);
      return {
        reason: 'CrashLoopBackOff',
        message: `back-off ${durationText(crashes.delay(key))} restarting failed container=${container.name} pod=${podText(this.pod)}`,
      };
    }
    crashes.next(key, status.finishedAt);
    return undefined;
  }

  /** Containers that failed a probe end, and those whose image was changed in place; they come back in the same sync. */
  #killChanged(next: () => void): void {
    const grace = this.pod.spec.terminationGracePeriodSeconds;
    const { initContainers = [], containers } = this.pod.spec;
    for (const container of [...initContainers, ...containers]) {
      const status = this.runtime.status(container.name);
      if (status?.state !== 'CONTAINER_RUNNING') continue;
      const [record] = this.runtime.records(container.name);
      const same = record?.spec === undefined || record.spec.image === container.image;
      const doom =
        this.#doomed.get(status.id) ??
        (same ? undefined : { grace, message: `Container ${container.name} definition changed, will be restarted` });
      if (doom === undefined) continue;
      killContainer(this.#shared.context, this.pod, container, status, doom, () => {
        this.#doomed.delete(status.id);
        this.#killChanged(next);
      });
      return;
    }
    next();
  }

  #probeFailed(container: Container, id: string, type: 'liveness' | 'startup'): void {
    const probe = type === 'liveness' ? container.livenessProbe : container.startupProbe;
    const grace = probe?.terminationGracePeriodSeconds ?? this.pod.spec.terminationGracePeriodSeconds;
    this.#doomed.set(id, { grace, message: `Container ${container.name} failed ${type} probe, will be restarted` });
    this.sync();
  }

  // The end.

  #terminate(): void {
    this.#phase = 'terminating';
    const { context, atRelist } = this.#shared;
    this.#prober.stop();
    if (this.#deadline !== undefined) context.clock.cancel(this.#deadline);
    const { deletionGracePeriodSeconds } = this.pod.metadata;
    const grace = Math.max(1, deletionGracePeriodSeconds ?? this.pod.spec.terminationGracePeriodSeconds);
    killAll(context, this.pod, this.runtime, grace, () => {
      stopSandboxes(context.cri, this.runtime, () => {
        this.#write(this.#status(true));
        this.#phase = 'terminated';
        // The kubelet frees what the pod held once its next look at the runtime shows that all is gone.
        atRelist(() => {
          this.#freed = true;
          PodVolumes.tearDown(context, this.pod);
          context.fs.removeAll(`${podDirectory(this.uid)}/volumes`);
          if (this.pod.metadata.deletionTimestamp !== undefined || this.#removed) this.#release();
        });
      });
    });
  }

  /** Nothing of it runs any more: the API object may go, and so may what is left on disk. */
  #release(): void {
    const { context, gone, images } = this.#shared;
    const { namespace, name, uid, deletionTimestamp } = this.pod.metadata;
    if (deletionTimestamp !== undefined && !this.#removed) {
      const deleted = context.client.delete(podKind, namespace, name, {
        gracePeriodSeconds: 0,
        preconditions: { uid },
      });
      if (!deleted.ok && deleted.error.code === 503) return this.#shared.statusLost(this);
    }
    for (const { id } of this.runtime.sandboxes) context.cri.removePodSandbox(id, () => undefined);
    context.fs.removeAll(podDirectory(uid));
    context.fs.removeAll(logDirectory(this.pod));
    images.forget(
      uid,
      this.pod.spec.containers.map(({ image }) => image),
    );
    gone(this);
  }
}
