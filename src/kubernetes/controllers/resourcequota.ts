import { kinds } from '../api/index';
import { pod as podKind, type Pod } from '../api/core/pod';
import { persistentVolumeClaim } from '../api/core/persistentvolumeclaim';
import { resourceQuota } from '../api/core/resourcequota';
import { service as serviceKind } from '../api/core/service';
import { equal } from '../apimachinery/equal';
import type { Kind } from '../apimachinery/kind';
import { keyOf, splitKey, type ApiObject } from '../apimachinery/object';
import { amountsOf, quantitiesOf } from '../apiserver/admission/amounts';
import { evaluatorOf, usageOf } from '../apiserver/admission/quota/evaluators';
import { parseQuantity } from '../apimachinery/quantity';
import type { WatchEvent } from '../apiserver/registry';
import { defineController, every } from './controller';

/** --resource-quota-sync-period */
const RESYNC = 300_000;

const counted: readonly Kind[] = kinds.filter((kind) => evaluatorOf(kind) !== undefined);

/** Counts what the namespaces with quotas use. Upstream: pkg/controller/resourcequota */
export const resourceQuotaController = defineController('resourcequota-controller', ({ client, clock, later }) => ({
  watches: [
    every(resourceQuota, (quota, old) =>
      old === undefined || !equal(quota.spec.hard, old.spec.hard) ? keyOf(quota) : undefined,
    ),
    ...counted.map((kind) => ({
      kind,
      keys: ({ type, object, old }: WatchEvent) => {
        if (type === 'ADDED' || (type === 'MODIFIED' && !frees(kind, object, old))) return [];
        return client.list(resourceQuota, { namespace: object.metadata.namespace }).map(keyOf);
      },
    })),
  ],
  sync(key) {
    const { namespace, name } = splitKey(key);
    const quota = client.get(resourceQuota, namespace, name);
    if (quota === undefined) return undefined;
    later(key, RESYNC);
    const hard = quota.spec.hard ?? {};
    const usage = usageOf(quota, counted, (kind) => client.list(kind, { namespace }), clock.now);
    const zeros = Object.keys(hard).filter((each) => counted.some((kind) => evaluatorOf(kind)?.counts(each)));
    const used = quantitiesOf(new Map([...amountsOf(Object.fromEntries(zeros.map((each) => [each, '0']))), ...usage]));
    const status = { hard, used };
    if (sameAmounts(quota.status?.hard, hard) && sameAmounts(quota.status?.used, used)) return undefined;
    return client.updateStatus(resourceQuota, { ...quota, status }).ok ? undefined : 'retry';
  },
}));

/** Updates that give something back: pods that are over, services of another type, claims that were granted less. */
function frees(kind: Kind, object: ApiObject, old: ApiObject | undefined): boolean {
  if (old === undefined) return false;
  if (kind.resource === podKind.resource) {
    const isOver = ({ status: { phase } }: Pod): boolean => phase === 'Failed' || phase === 'Succeeded';
    return isOver(object as Pod) && !isOver(old as Pod);
  }
  if (kind.resource !== serviceKind.resource && kind.resource !== persistentVolumeClaim.resource) return false;
  const evaluator = evaluatorOf(kind);
  return (
    evaluator !== undefined && !equal(quantitiesOf(evaluator.usage(object, 0)), quantitiesOf(evaluator.usage(old, 0)))
  );
}

function sameAmounts(a: Readonly<Record<string, string>> = {}, b: Readonly<Record<string, string>> = {}): boolean {
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => Object.hasOwn(b, name) && (a[name] === b[name] || sameValue(a[name], b[name])));
}

const sameValue = (a = '', b = ''): boolean => {
  const [left, right] = [parseQuantity(a), parseQuantity(b)];
  if (!left.ok || !right.ok) return false;
  const scale = Math.min(left.value.scale, right.value.scale);
  const at = (each: typeof left.value): bigint => each.unscaled * 10n ** BigInt(each.scale - scale);
  return at(left.value) === at(right.value);
};
