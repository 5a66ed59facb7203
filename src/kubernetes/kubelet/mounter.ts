import type { Timer } from '../../sim/clock';
import type { Pod } from '../api/core/pod';
import { podDirectory, type KubeletContext } from './types';
import { PodVolumes } from './volumes';

/** The volume manager looks each 100 ms. What failed is tried again after 500 ms, then doubled up to about two minutes. */
const WAIT = 100;
const RETRY_FIRST = 500;
const RETRY_MOST = 122_000;

/** Mounts a pod's volumes before its containers start, and keeps their contents up to date. Upstream: pkg/kubelet/volumemanager */
export class PodMounter {
  readonly #context: KubeletContext;
  readonly #volumes: PodVolumes;
  #mounted = false;
  #timer: Timer | undefined;

  constructor(context: KubeletContext) {
    this.#context = context;
    this.#volumes = new PodVolumes(context, context.config.nodeIP);
  }

  /** Calls `next` when everything is there; tries for as long as it is not cancelled. */
  mount(pod: Pod, next: () => void): void {
    if (!this.#mounted) return this.#try(pod, next, WAIT, RETRY_FIRST);
    this.#volumes.setUp(pod);
    next();
  }

  /** True if somebody was waiting. */
  cancel(): boolean {
    if (this.#timer === undefined) return false;
    this.#context.clock.cancel(this.#timer);
    this.#timer = undefined;
    return true;
  }

  #try(pod: Pod, next: () => void, delay: number, retry: number): void {
    const { clock, events, fs } = this.#context;
    this.#timer = clock.setTimer(
      delay,
      () => {
        this.#timer = undefined;
        fs.mkdirAll(podDirectory(pod.metadata.uid));
        const done = this.#volumes.setUp(pod);
        if (done.ok) {
          this.#mounted = true;
          return next();
        }
        const text = `MountVolume.SetUp failed for volume "${done.error.volume}" : ${done.error.message}`;
        events.event(pod, 'Warning', 'FailedMount', text);
        this.#try(pod, next, retry, Math.min(retry * 2, RETRY_MOST));
      },
      { background: delay > WAIT },
    );
  }
}
