import type { ApiObject } from '../../../apimachinery/object';
import type { Kind } from '../../../apimachinery/kind';
import type { ResourceQuota } from '../../../api/core/resourcequota';
import { add, type Amounts } from '../amounts';
import { claimEvaluator } from './claims';
import { objectCount, scopesOf, type Evaluator } from './evaluator';
import { podEvaluator } from './pods';
import { serviceEvaluator } from './services';

const known = new Map<string, Evaluator>([
  ['pods', podEvaluator as unknown as Evaluator],
  ['services', serviceEvaluator as unknown as Evaluator],
  ['persistentvolumeclaims', claimEvaluator as unknown as Evaluator],
]);

/** Quotas never count these (install.DefaultIgnoredResources). */
const ignored: ReadonlySet<string> = new Set(['events', 'events.events.k8s.io', 'bindings', 'componentstatuses']);

/** What counts the objects of a kind; undefined: nothing does. */
export function evaluatorOf(kind: Kind): Evaluator | undefined {
  if (!kind.namespaced || ignored.has(kind.resource)) return undefined;
  let evaluator = known.get(kind.resource);
  if (evaluator === undefined) {
    evaluator = objectCount(kind);
    known.set(kind.resource, evaluator);
  }
  return evaluator;
}

/** Whether an object is in all scopes of a quota. */
export const inScopes = (evaluator: Evaluator, { spec }: ResourceQuota, object: ApiObject): boolean =>
  scopesOf(spec).every((scope) => evaluator.inScope?.(object, scope) ?? false);

/** quota.CalculateUsage: what the objects of a namespace use of what a quota limits. */
export function usageOf(
  quota: ResourceQuota,
  kinds: readonly Kind[],
  list: (kind: Kind) => readonly ApiObject[],
  now: number,
): Amounts {
  const limited = Object.keys(quota.spec.hard ?? {});
  let used: Amounts = new Map();
  for (const kind of kinds) {
    const evaluator = evaluatorOf(kind);
    const names = limited.filter((name) => evaluator?.counts(name) === true);
    if (evaluator === undefined || names.length === 0) continue;
    for (const object of list(kind)) {
      if (!inScopes(evaluator, quota, object)) continue;
      used = add(used, masked(evaluator.usage(object, now), names));
    }
  }
  return used;
}

export const masked = (amounts: Amounts, names: readonly string[]): Amounts =>
  new Map([...amounts].filter(([name]) => names.includes(name)));
