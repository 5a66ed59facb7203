/** A rollout's sums. Upstream: pkg/controller/deployment/rolling.go, sync.go and util/deployment_util.go. */
export interface Rollout {
  readonly replicas: number;
  /** 0 for strategy Recreate. */
  readonly maxSurge: number;
  readonly maxUnavailable: number;
}

/** A replica set as the sums see it. */
export interface Size {
  readonly name: string;
  /** spec.replicas */
  readonly replicas: number;
  /** status.availableReplicas */
  readonly available: number;
  /** Virtual milliseconds. */
  readonly createdAt: number;
  /** Annotation `deployment.kubernetes.io/max-replicas`, if it has one. */
  readonly maxReplicasBefore?: number | undefined;
}

/** How many may be started above, and missing below, the wanted number: percentages round up and down; both 0 cannot be. */
export function fenceposts(
  maxSurge: number | string,
  maxUnavailable: number | string,
  replicas: number,
): { readonly surge: number; readonly unavailable: number } {
  const surge = scaled(maxSurge, replicas, Math.ceil);
  const unavailable = scaled(maxUnavailable, replicas, Math.floor);
  return surge === 0 && unavailable === 0 ? { surge, unavailable: 1 } : { surge, unavailable };
}

const scaled = (value: number | string, total: number, round: (value: number) => number): number =>
  typeof value === 'number'
    ? value
    : value.endsWith('%')
      ? round((Number.parseInt(value, 10) * total) / 100)
      : Number(value);

const sum = (sizes: readonly Size[], of: (size: Size) => number): number =>
  sizes.reduce((all, size) => all + of(size), 0);
const replicasOf = (sizes: readonly Size[]): number => sum(sizes, ({ replicas }) => replicas);

/** To what size the new replica set may grow now (NewRSNewReplicas, RollingUpdate). */
export function newReplicas({ replicas, maxSurge }: Rollout, all: readonly Size[], current: number): number {
  const room = replicas + maxSurge - replicasOf(all);
  return room <= 0 ? current : current + Math.min(room, replicas - current);
}

/** The sizes of the old replica sets that may shrink now, by name: unhealthy pods first, then as many as availability allows. */
export function shrinkOld(
  rollout: Rollout,
  fresh: Size | undefined,
  old: readonly Size[],
): ReadonlyMap<string, number> {
  const next = new Map<string, number>();
  const all = fresh === undefined ? old : [...old, fresh];
  if (replicasOf(old) === 0) return next;
  const leastAvailable = rollout.replicas - rollout.maxUnavailable;
  const newUnavailable = fresh === undefined ? 0 : fresh.replicas - fresh.available;
  const most = replicasOf(all) - leastAvailable - newUnavailable;
  if (most <= 0) return next;

  const ordered = [...old].sort(byAge);
  let cleaned = 0;
  for (const { name, replicas, available } of ordered) {
    if (cleaned >= most) break;
    if (replicas === 0 || replicas === available) continue;
    const by = Math.min(most - cleaned, replicas - available);
    next.set(name, replicas - by);
    cleaned += by;
  }

  let spare = sum(all, ({ available }) => available) - leastAvailable;
  for (const { name, replicas: before } of ordered) {
    if (spare <= 0) break;
    const replicas = next.get(name) ?? before;
    if (replicas === 0) continue;
    const by = Math.min(replicas, spare);
    next.set(name, replicas - by);
    spare -= by;
  }
  return next;
}

const byAge = (a: Size, b: Size): number => a.createdAt - b.createdAt || (a.name < b.name ? -1 : 1);

/**
 * Distributes a change of `spec.replicas` in the middle of a rollout over the active replica sets, in proportion to their
 * sizes; what rounding leaves goes to the largest. Sizes by name.
 */
export function proportional(
  rollout: Rollout,
  statusReplicas: number,
  active: readonly Size[],
): ReadonlyMap<string, number> {
  const allowed = rollout.replicas > 0 ? rollout.replicas + rollout.maxSurge : 0;
  const toAdd = allowed - replicasOf(active);
  const ordered = [...active].sort((a, b) => b.replicas - a.replicas || (toAdd > 0 ? byAge(b, a) : byAge(a, b)));
  let added = 0;
  const next = new Map<string, number>();
  for (const size of ordered) {
    const share = toAdd === 0 ? 0 : proportion(size, rollout, statusReplicas, toAdd, added);
    next.set(size.name, size.replicas + share);
    added += share;
  }
  const [largest] = ordered;
  if (largest !== undefined && toAdd !== 0) {
    next.set(largest.name, Math.max(0, (next.get(largest.name) ?? 0) + toAdd - added));
  }
  return next;
}

function proportion(size: Size, rollout: Rollout, statusReplicas: number, toAdd: number, added: number): number {
  if (size.replicas === 0 || toAdd === added) return 0;
  const share = fraction(size, rollout, statusReplicas);
  return toAdd > 0 ? Math.min(share, toAdd - added) : Math.max(share, toAdd - added);
}

function fraction({ replicas, maxReplicasBefore }: Size, rollout: Rollout, statusReplicas: number): number {
  if (rollout.replicas === 0) return -replicas;
  const before = maxReplicasBefore || statusReplicas;
  return before === 0 ? 0 : roundHalfAway((replicas * (rollout.replicas + rollout.maxSurge)) / before) - replicas;
}

const roundHalfAway = (value: number): number => (value < 0 ? Math.ceil(value - 0.5) : Math.floor(value + 0.5));
