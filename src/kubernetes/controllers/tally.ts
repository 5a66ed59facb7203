import type { ReplicaSet } from '../api/apps/replicaset';
import type { Pod } from '../api/core/pod';
import { hasLabels, selectorMatcher } from '../apimachinery/selector-matcher';
import { isActive, isController, isReady } from './pods';

/** What a set's pods add up to. */
export interface Counts {
  /** Active pods that the selector matches. */
  readonly replicas: number;
  /** Of these, those with all labels of the template. */
  readonly labelled: number;
  readonly ready: number;
}

const OURS = 1;
const LABELLED = 2;
const READY = 4;
/** Owned and active, but not matched by the selector. */
const STRAY = 8;

/**
 * Counts the pods of one ReplicaSet, and looks again only at those that changed since the last count: a set of a thousand
 * pods is synced thousands of times while they start.
 */
export class Tally {
  #spec: ReplicaSet['spec'] | undefined;
  #owned: readonly Pod[] = [];
  #flags = new Uint8Array(0);
  #counts = { replicas: 0, labelled: 0, ready: 0 };
  #strays = 0;

  /** Undefined where a pod of the set's is not what the selector matches: somebody has to release it first. */
  count({ spec, metadata: { uid } }: ReplicaSet, owned: readonly Pod[]): Counts | undefined {
    if (spec !== this.#spec || owned.length < this.#owned.length) this.#forget();
    this.#spec = spec;
    if (this.#flags.length < owned.length) {
      const flags = new Uint8Array(Math.max(16, owned.length * 2));
      flags.set(this.#flags);
      this.#flags = flags;
    }
    const matches = selectorMatcher(spec.selector);
    const wanted = spec.template.metadata.labels ?? {};
    const known = this.#owned;
    for (let index = 0; index < owned.length; index++) {
      const pod = owned[index];
      if (pod === undefined || pod === known[index]) continue;
      const { labels } = pod.metadata;
      let flags = 0;
      if (isActive(pod) && isController(pod, uid)) {
        if (!matches(labels)) flags = STRAY;
        else flags = OURS | (hasLabels(labels, wanted) ? LABELLED : 0) | (isReady(pod) ? READY : 0);
      }
      this.#change(this.#flags[index] ?? 0, -1);
      this.#change(flags, 1);
      this.#flags[index] = flags;
    }
    this.#owned = owned;
    return this.#strays > 0 ? undefined : this.#counts;
  }

  #change(flags: number, by: number): void {
    if ((flags & OURS) !== 0) this.#counts.replicas += by;
    if ((flags & LABELLED) !== 0) this.#counts.labelled += by;
    if ((flags & READY) !== 0) this.#counts.ready += by;
    if ((flags & STRAY) !== 0) this.#strays += by;
  }

  #forget(): void {
    this.#owned = [];
    this.#flags.fill(0);
    this.#counts = { replicas: 0, labelled: 0, ready: 0 };
    this.#strays = 0;
  }
}
