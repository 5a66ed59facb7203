import { resourceQuota, type ResourceQuota } from '../../../api/core/resourcequota';
import { equal } from '../../../apimachinery/equal';
import type { ApiObject } from '../../../apimachinery/object';
import { compareQuantities, quantityText } from '../../../apimachinery/quantity';
import type { Status } from '../../../apimachinery/status';
import type { Actor } from '../../registry';
import type { Storage } from '../../storage';
import type { AdmissionPlugin, Attributes } from '../admission';
import { add, amountsOf, quantitiesOf, subtract, type Amounts } from '../amounts';
import { deny } from '../deny';
import type { Evaluator } from './evaluator';
import { evaluatorOf, inScopes, masked } from './evaluators';

const server: Actor = { user: 'system:apiserver', groups: ['system:masters'], agent: 'kube-apiserver' };

/** ResourceQuota: nothing beyond what a namespace may have. It books what it lets in at once, in the quota's status. */
export const resourceQuotaAdmission: AdmissionPlugin = {
  name: 'ResourceQuota',
  validate(attributes, storage): Status | undefined {
    const { kind, object, operation, dryRun } = attributes;
    const { namespace } = object.metadata;
    if (operation === 'DELETE' || namespace === undefined) return undefined;
    const quotas = storage.served(resourceQuota).cacher.list(namespace);
    if (quotas.length === 0) return undefined;
    const evaluator = evaluatorOf(kind);
    if (evaluator?.handles(attributes) !== true) return undefined;
    const result = check(attributes, evaluator, byName(quotas), storage.clock.now);
    if (!Array.isArray(result)) return result as Status;
    if (!dryRun) for (const [quota, used] of result as Booking[]) book(storage, quota, used);
    return undefined;
  },
};

type Booking = readonly [quota: ResourceQuota, used: Amounts];

const byName = (quotas: readonly ResourceQuota[]): readonly ResourceQuota[] =>
  quotas.length < 2 ? quotas : [...quotas].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));

/** CheckRequest: a refusal, or what is to be booked. */
function check(
  attributes: Attributes,
  evaluator: Evaluator,
  quotas: readonly ResourceQuota[],
  now: number,
): Status | readonly Booking[] {
  const { object, old, operation, subresource } = attributes;
  const matching = (quota: ResourceQuota, item: ApiObject): readonly string[] =>
    inScopes(evaluator, quota, item)
      ? Object.keys(quota.status?.hard ?? {}).filter((name) => evaluator.counts(name))
      : [];
  const interesting: ResourceQuota[] = [];
  for (const quota of quotas) {
    const names = matching(quota, object);
    if (names.length === 0) continue;
    const { name } = quota.metadata;
    const unmet = evaluator.constraints?.(object, new Set(names));
    if (unmet !== undefined) return deny(attributes, `failed quota: ${name}: ${unmet}`);
    if (!names.every((each) => quota.status.used?.[each] !== undefined))
      return deny(attributes, `status unknown for quota: ${name}, resources: ${[...names].sort().join(',')}`);
    interesting.push(quota);
  }
  if (interesting.length === 0) return [];
  const usage = evaluator.usage(object, now);
  const negative = [...usage].filter(([, { unscaled }]) => unscaled < 0n).map(([name]) => name);
  if (negative.length > 0)
    return deny(attributes, `quota usage is negative for resource(s): ${negative.sort().join(',')}`);
  const bookings: Booking[] = [];
  for (const quota of interesting) {
    const counted = operation === 'UPDATE' && old !== undefined && matching(quota, old).length > 0;
    const delta = counted ? subtract(usage, evaluator.usage(old, now)) : usage;
    const hard = amountsOf(quota.status.hard);
    const requested = nonZero(masked(delta, [...hard.keys()]));
    if (requested.size === 0) continue;
    const before = amountsOf(quota.status.used);
    const after = add(before, requested);
    const exceeded = [...requested.keys()].filter((name) => {
      const [used, limit] = [after.get(name), hard.get(name)];
      return used !== undefined && limit !== undefined && compareQuantities(used, limit) > 0;
    });
    if (exceeded.length > 0 && subresource !== 'status') {
      const text = (amounts: Amounts): string => printed(masked(amounts, exceeded));
      return deny(
        attributes,
        `exceeded quota: ${quota.metadata.name}, requested: ${text(requested)}, used: ${text(before)}, limited: ${text(hard)}`,
      );
    }
    bookings.push([quota, after]);
  }
  return bookings;
}

const nonZero = (amounts: Amounts): Amounts => new Map([...amounts].filter(([, { unscaled }]) => unscaled !== 0n));

/** `cpu=1,pods=2` */
const printed = (amounts: Amounts): string =>
  [...amounts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, amount]) => `${name}=${quantityText(amount)}`)
    .join(',');

function book(storage: Storage, quota: ResourceQuota, amounts: Amounts): void {
  const used = quantitiesOf(amounts);
  if (equal(used, quota.status.used)) return;
  const next = { ...quota, status: { ...quota.status, used } };
  storage.write(resourceQuota, next, 'update status', server, { subresource: 'status', intended: next });
}
