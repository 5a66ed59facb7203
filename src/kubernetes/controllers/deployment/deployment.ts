import { deployment, type Deployment, type DeploymentStatus } from '../../api/apps/deployment';
import { replicaSet, type ReplicaSet } from '../../api/apps/replicaset';
import { pod } from '../../api/core/pod';
import { equal } from '../../apimachinery/equal';
import { selectorMatcher } from '../../apimachinery/selector-matcher';
import { controllerOf, keyOf, splitKey } from '../../apimachinery/object';
import type { WatchEvent } from '../../apiserver/registry';
import { defineController, every, ownedBy, type ControllerContext, type KeyWatch, type Outcome } from '../controller';
import { claim } from '../pods';
import { newReplicas, proportional, shrinkOld } from './rolling';
import {
  byCreation,
  DESIRED_REPLICAS,
  findNew,
  HASH_LABEL,
  newSetAnnotations,
  replicasAnnotations,
  REVISION,
  revisionOf,
  sameTemplate,
  setName,
} from './revisions';
import {
  calculateStatus,
  condition,
  conditionOf,
  hasProgressDeadline,
  isComplete,
  rolloutStatus,
  stuckDelay,
  withCondition,
} from './status';
import { isSaturated, oldOf, rolloutOf, sizeOf, withNew } from './sets';
import { podTemplateHash } from './template-hash';
import { ownerRef } from '../pods';

/** Rolls deployments out over replica sets. Upstream: pkg/controller/deployment/deployment_controller.go */
export const deploymentController = defineController('deployment-controller', (context) => {
  const { client } = context;
  return {
    watches: [
      every(deployment),
      ownedBy(replicaSet, deployment),
      every(replicaSet, (set) => {
        if (controllerOf(set) !== undefined) return undefined;
        const { namespace, labels } = set.metadata;
        return client
          .list(deployment, { namespace, matches: ({ spec }) => selectorMatcher(spec.selector)(labels) })
          .map((found) => keyOf(found));
      }),
      lastPodGone(context),
    ],
    sync(key) {
      const { namespace, name } = splitKey(key);
      const found = client.get(deployment, namespace, name);
      return found === undefined ? undefined : new Sync(context, key, found).run();
    },
  };
});

/** Strategy Recreate waits for the last old pod to go. */
const lastPodGone = ({ client }: ControllerContext): KeyWatch => ({
  kind: pod,
  keys({ type, object }: WatchEvent) {
    if (type !== 'DELETED') return [];
    const owner = controllerOf(object);
    if (owner?.kind !== 'ReplicaSet') return [];
    const { namespace } = object.metadata;
    const above = client.get(replicaSet, namespace, owner.name);
    const reference = above === undefined ? undefined : controllerOf(above);
    if (reference?.kind !== 'Deployment') return [];
    const found = client.get(deployment, namespace, reference.name);
    return found?.spec.strategy.type === 'Recreate' ? [keyOf(found)] : [];
  },
});

/** One look at one deployment. `d` follows what is written in its course. */
class Sync {
  #d: Deployment;
  readonly #context: ControllerContext;
  #failed = false;

  constructor(
    context: ControllerContext,
    readonly key: string,
    found: Deployment,
  ) {
    this.#context = context;
    this.#d = found;
  }

  run(): Outcome {
    const { client, clock, events } = this.#context;
    const { selector } = this.#d.spec;
    if (Object.keys(selector.matchLabels ?? {}).length === 0 && (selector.matchExpressions ?? []).length === 0) {
      const text = 'This deployment is selecting all pods. A non-empty selector is required.';
      events.event(this.#d, 'Warning', 'SelectingAll', text);
      return undefined;
    }
    const matches = selectorMatcher(selector);
    const sets = claim({
      client,
      kind: replicaSet,
      owner: this.#d,
      matches: ({ metadata }) => matches(metadata.labels),
    });
    if (this.#d.metadata.deletionTimestamp !== undefined) {
      const fresh = findNew(this.#d, sets);
      this.#writeStatus(calculateStatus(this.#d, sets, fresh, clock.now));
      return undefined;
    }
    this.#checkPaused();
    if (this.#d.spec.paused === true || this.#isScaling(sets)) this.#scaleOnly(sets);
    else if (this.#d.spec.strategy.type === 'Recreate') this.#recreate(sets);
    else this.#roll(sets);
    return this.#failed ? 'retry' : undefined;
  }

  /** Being paused is no lack of progress: the clock of the deadline stands. */
  #checkPaused(): void {
    if (!hasProgressDeadline(this.#d)) return;
    const progressing = conditionOf(this.#d.status, 'Progressing');
    if (progressing?.reason === 'ProgressDeadlineExceeded') return;
    const known = progressing?.reason === 'DeploymentPaused';
    const paused = this.#d.spec.paused === true;
    if (paused === known) return;
    const { now } = this.#context.clock;
    const next = paused
      ? condition('Progressing', 'Unknown', 'DeploymentPaused', 'Deployment is paused', now)
      : condition('Progressing', 'Unknown', 'DeploymentResumed', 'Deployment is resumed', now);
    this.#writeStatus(withCondition(this.#d.status, next));
  }

  #isScaling(sets: readonly ReplicaSet[]): boolean {
    const fresh = this.#newSet(sets, false);
    return withNew(sets, fresh).some(({ spec, metadata }) => {
      const desired = metadata.annotations?.[DESIRED_REPLICAS];
      return spec.replicas > 0 && desired !== undefined && Number(desired) !== this.#d.spec.replicas;
    });
  }

  #scaleOnly(sets: readonly ReplicaSet[]): void {
    const fresh = this.#newSet(sets, false);
    const old = oldOf(sets, fresh);
    this.#scale(fresh, old);
    if (this.#d.spec.paused === true) this.#cleanUp(old);
    this.#writeStatus(
      calculateStatus(this.#d, this.#present(sets), fresh && this.#reread(fresh), this.#context.clock.now),
    );
  }

  #roll(sets: readonly ReplicaSet[]): void {
    const fresh = this.#newSet(sets, true);
    if (fresh === undefined) return;
    const old = oldOf(sets, fresh);
    const rollout = rolloutOf(this.#d);
    const { replicas } = this.#d.spec;
    const all = [...old, fresh].map(sizeOf);
    const grown =
      fresh.spec.replicas > replicas
        ? replicas
        : fresh.spec.replicas === replicas
          ? replicas
          : newReplicas(rollout, all, fresh.spec.replicas);
    if (!this.#setSize(fresh, grown)) {
      let shrunk = false;
      const active = old.filter(({ spec }) => spec.replicas > 0);
      const sizes = shrinkOld(rollout, sizeOf(fresh), active.map(sizeOf));
      for (const set of active) {
        const size = sizes.get(set.metadata.name);
        if (size !== undefined && this.#setSize(set, size)) shrunk = true;
      }
      if (!shrunk && isComplete(this.#d, this.#d.status)) this.#cleanUp(old);
    }
    this.#syncRolloutStatus(withNew(sets, fresh), fresh);
  }

  #recreate(sets: readonly ReplicaSet[]): void {
    let fresh = this.#newSet(sets, false);
    const old = oldOf(sets, fresh);
    let shrunk = false;
    for (const set of old) if (set.spec.replicas > 0 && this.#setSize(set, 0)) shrunk = true;
    if (shrunk || this.#oldPodsRun(old)) {
      this.#syncRolloutStatus(withNew(sets, fresh), fresh);
      return;
    }
    fresh ??= this.#newSet(sets, true);
    if (fresh === undefined) return;
    this.#setSize(fresh, this.#d.spec.replicas);
    if (isComplete(this.#d, this.#d.status)) this.#cleanUp(old);
    this.#syncRolloutStatus(withNew(sets, fresh), fresh);
  }

  #oldPodsRun(old: readonly ReplicaSet[]): boolean {
    return old.some(
      (set) =>
        set.status.replicas > 0 ||
        this.#context.client
          .byIndex(pod, 'owner', set.metadata.uid)
          .some(({ status: { phase } }) => phase !== 'Failed' && phase !== 'Succeeded'),
    );
  }

  /** Outside a rollout, or when `spec.replicas` changed in the middle of one. */
  #scale(fresh: ReplicaSet | undefined, old: readonly ReplicaSet[]): void {
    const { replicas, strategy } = this.#d.spec;
    const active = withNew(old, fresh).filter(({ spec }) => spec.replicas > 0);
    const only =
      active.length === 1 ? active[0] : active.length === 0 ? (fresh ?? [...old].sort(byCreation).at(-1)) : undefined;
    if (only !== undefined) {
      if (only.spec.replicas !== replicas) this.#setSize(only, replicas);
      return;
    }
    if (active.length === 0) return;
    if (fresh !== undefined && isSaturated(this.#d, fresh)) {
      for (const set of active) if (set !== fresh) this.#setSize(set, 0);
      return;
    }
    if (strategy.type !== 'RollingUpdate') return;
    const sizes = proportional(rolloutOf(this.#d), this.#d.status.replicas ?? 0, active.map(sizeOf));
    for (const set of active) this.#setSize(set, sizes.get(set.metadata.name) ?? set.spec.replicas, true);
  }

  /** True if the size changed. `always`: keeps the annotations up to date even where the size stays. */
  #setSize(set: ReplicaSet, size: number, always = false): boolean {
    const before = set.spec.replicas;
    if (size === before && !always) return false;
    const annotations = replicasAnnotations(this.#d);
    const written = this.#context.client.mutate(replicaSet, set.metadata.namespace, set.metadata.name, (now) => {
      const same = equal({ ...now.metadata.annotations, ...annotations }, now.metadata.annotations);
      if (same && now.spec.replicas === size) return now;
      return {
        ...now,
        metadata: { ...now.metadata, annotations: { ...now.metadata.annotations, ...annotations } },
        spec: { ...now.spec, replicas: size },
      };
    });
    if (!written.ok) {
      this.#failed = true;
      return false;
    }
    if (size === before) return false;
    const text = `Scaled ${size > before ? 'up' : 'down'} replica set ${set.metadata.name} from ${before} to ${size}`;
    this.#context.events.event(this.#d, 'Normal', 'ScalingReplicaSet', text);
    return true;
  }

  /** The set of the present template, with its revision brought up to date; made if `create`. */
  #newSet(sets: readonly ReplicaSet[], create: boolean): ReplicaSet | undefined {
    const known = findNew(this.#d, sets);
    const revisions = oldOf(sets, known).map(revisionOf);
    const revision = revisions.reduce((most, each) => (each > most ? each : most), 0n) + 1n;
    if (known !== undefined) return this.#adoptNew(known, revision);
    return create ? this.#createNew(sets, revision) : undefined;
  }

  #adoptNew(known: ReplicaSet, revision: bigint): ReplicaSet {
    const { minReadySeconds } = this.#d.spec;
    const annotations = newSetAnnotations(this.#d, known.metadata.annotations, revision);
    if (annotations !== known.metadata.annotations || (known.spec.minReadySeconds ?? 0) !== (minReadySeconds ?? 0)) {
      const { minReadySeconds: _, ...spec } = known.spec;
      const written = this.#context.client.mutate(replicaSet, known.metadata.namespace, known.metadata.name, (now) => ({
        ...now,
        metadata: { ...now.metadata, annotations },
        spec: { ...spec, ...(minReadySeconds ? { minReadySeconds } : {}) },
      }));
      if (!written.ok) this.#failed = true;
      return written.ok ? written.value : known;
    }
    let { status } = this.#d;
    if (hasProgressDeadline(this.#d) && conditionOf(status, 'Progressing') === undefined) {
      const text = `Found new replica set "${known.metadata.name}"`;
      const { now } = this.#context.clock;
      status = withCondition(status, condition('Progressing', 'True', 'FoundNewReplicaSet', text, now));
    }
    this.#writeStatus(status, annotations[REVISION]);
    return known;
  }

  #createNew(sets: readonly ReplicaSet[], revision: bigint): ReplicaSet | undefined {
    const { client, events, clock } = this.#context;
    const { spec, metadata, status } = this.#d;
    const hash = podTemplateHash(spec.template, status.collisionCount);
    const labels = { ...spec.template.metadata.labels, [HASH_LABEL]: hash };
    const name = setName(metadata.name, hash);
    const size = newReplicas(rolloutOf(this.#d), sets.map(sizeOf), 0);
    const created = client.create(replicaSet, {
      metadata: {
        name,
        namespace: metadata.namespace,
        labels,
        annotations: { ...newSetAnnotations(this.#d, undefined, revision), ...replicasAnnotations(this.#d) },
        ownerReferences: [ownerRef(this.#d)],
      },
      spec: {
        replicas: size,
        ...(spec.minReadySeconds ? { minReadySeconds: spec.minReadySeconds } : {}),
        selector: { ...spec.selector, matchLabels: { ...spec.selector.matchLabels, [HASH_LABEL]: hash } },
        template: { ...spec.template, metadata: { ...spec.template.metadata, labels } },
      },
    });
    if (created.ok) {
      const text = `Created new replica set "${name}"`;
      if (size > 0)
        events.event(this.#d, 'Normal', 'ScalingReplicaSet', `Scaled up replica set ${name} from 0 to ${size}`);
      const next = hasProgressDeadline(this.#d)
        ? withCondition(status, condition('Progressing', 'True', 'NewReplicaSetCreated', text, clock.now))
        : status;
      this.#writeStatus(next, String(revision));
      return created.value;
    }
    this.#failed = true;
    if (created.error.reason === 'AlreadyExists') {
      const other = client.get(replicaSet, metadata.namespace, name);
      if (
        other !== undefined &&
        controllerOf(other)?.uid === metadata.uid &&
        sameTemplate(other.spec.template, spec.template)
      ) {
        return other;
      }
      this.#writeStatus({ ...status, collisionCount: (status.collisionCount ?? 0) + 1 });
      return undefined;
    }
    if (created.error.details?.causes?.some(({ reason }) => reason === 'NamespaceTerminating') === true) {
      this.#failed = false;
      return undefined;
    }
    const text = `Failed to create new replica set "${name}": ${created.error.message}`;
    if (hasProgressDeadline(this.#d)) {
      const next = condition('Progressing', 'False', 'ReplicaSetCreateError', text, clock.now);
      this.#writeStatus(withCondition(status, next));
    }
    events.event(this.#d, 'Warning', 'ReplicaSetCreateError', text);
    return undefined;
  }

  /** Deletes the oldest sets beyond `revisionHistoryLimit`. */
  #cleanUp(old: readonly ReplicaSet[]): void {
    const alive = old.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    const many = alive.length - this.#d.spec.revisionHistoryLimit;
    if (many <= 0) return;
    for (const set of [...alive].sort((a, b) => Number(revisionOf(a) - revisionOf(b))).slice(0, many)) {
      const { spec, status, metadata } = set;
      if (spec.replicas !== 0 || status.replicas !== 0) continue;
      if ((metadata.generation ?? 0) > (status.observedGeneration ?? 0)) continue;
      this.#context.client.delete(replicaSet, metadata.namespace, metadata.name);
    }
  }

  #syncRolloutStatus(sets: readonly ReplicaSet[], fresh: ReplicaSet | undefined): void {
    const { now } = this.#context.clock;
    const status = rolloutStatus(this.#d, this.#present(sets), fresh && this.#reread(fresh), now);
    if (!this.#writeStatus(status)) {
      const delay = stuckDelay(this.#d, status, now);
      if (delay !== undefined) this.#context.later(this.key, delay);
    }
  }

  #reread = (set: ReplicaSet): ReplicaSet =>
    this.#context.client.get(replicaSet, set.metadata.namespace, set.metadata.name) ?? set;

  #present = (sets: readonly ReplicaSet[]): readonly ReplicaSet[] => sets.map(this.#reread);

  /** True if something was written. Deployments take annotations along with their status (the revision). */
  #writeStatus(status: DeploymentStatus, revision?: string): boolean {
    const { namespace, name, annotations } = this.#d.metadata;
    const sameRevision = revision === undefined || annotations?.[REVISION] === revision;
    if (sameRevision && equal(status, this.#d.status)) return false;
    const written = this.#context.client.mutateStatus(deployment, namespace, name, (now) => ({
      ...now,
      ...(sameRevision
        ? {}
        : { metadata: { ...now.metadata, annotations: { ...now.metadata.annotations, [REVISION]: revision } } }),
      status,
    }));
    if (written.ok) this.#d = written.value;
    else this.#failed = true;
    return true;
  }
}
