import { isJobFinished, job as jobKind, type Job } from '../../api/batch/job';
import { pod as podKind, type Pod } from '../../api/core/pod';
import { controllerOf, keyOf, splitKey } from '../../apimachinery/object';
import { selectorMatcher } from '../../apimachinery/selector-matcher';
import type { RegistryClient } from '../../apiserver/registry';
import { defineController, every, ownedBy } from '../controller';
import type { BackoffRecord } from './backoff';
import { freeOrphan, freeOrphans, isManagedByOther } from './orphans';
import { isTracked } from './pods';
import { Sync } from './sync';

/** syncJobBatchPeriod: what happens to pods is looked at together. Virtual milliseconds. */
const BATCH = 1000;
/** Failed requests are tried again after DefaultJobApiBackOff, doubled up to MaxJobApiBackOff. */
const API_BACKOFF = 1000;
const API_BACKOFF_MOST = 60_000;
/** Keys of pods that may be orphans. */
const ORPHAN = 'orphan ';

/** Runs pods to completion. Upstream: pkg/controller/job/job_controller.go */
export const jobController = defineController('job-controller', (context) => {
  const { client, later } = context;
  const records = new Map<string, BackoffRecord>();
  const failures = new Map<string, number>();
  const batched = (keys: Iterable<string>): undefined => {
    for (const key of keys) later(key, BATCH);
  };
  const owned = ownedBy(podKind, jobKind);
  return {
    watches: [
      every(jobKind, (now, old) => {
        const key = keyOf(now);
        if (old === undefined || now.metadata.generation !== old.metadata.generation || isJobFinished(now)) return key;
        return batched([key]);
      }),
      {
        kind: owned.kind,
        keys(event) {
          batched(owned.keys(event));
          return [];
        },
      },
      every(podKind, (now, old) => {
        const owner = controllerOf(now);
        if (owner === undefined) {
          const changed = old === undefined || old.metadata !== now.metadata;
          if (changed) batched(adopters(client, now));
        }
        return mayBeOrphan(client, now) ? `${ORPHAN}${keyOf(now)}` : undefined;
      }),
    ],
    sync(key) {
      if (key.startsWith(ORPHAN)) {
        const { namespace, name } = splitKey(key.slice(ORPHAN.length));
        const found = client.get(podKind, namespace, name);
        if (found !== undefined) freeOrphan(client, found);
        return;
      }
      const { namespace, name } = splitKey(key);
      const found = client.get(jobKind, namespace, name);
      if (found === undefined || isJobFinished(found)) {
        records.delete(key);
        failures.delete(key);
        freeOrphans(client, namespace ?? '');
        return;
      }
      if (isManagedByOther(found)) return;
      const failed = new Sync(context, key, found, records).run();
      if (!failed) {
        failures.delete(key);
        return;
      }
      const count = failures.get(key) ?? 0;
      failures.set(key, count + 1);
      later(key, Math.min(API_BACKOFF * 2 ** count, API_BACKOFF_MOST));
    },
  };
});

const adopters = (client: RegistryClient, { metadata: { labels, namespace } }: Pod): readonly string[] =>
  labels === undefined
    ? []
    : client
        .list(jobKind, { namespace, matches: ({ spec }) => selectorMatcher(spec.selector ?? {})(labels) })
        .map((each) => keyOf(each));

/** What only the end of its job keeps here. */
function mayBeOrphan(client: RegistryClient, each: Pod): boolean {
  if (!isTracked(each)) return false;
  const owner = controllerOf(each);
  if (owner === undefined) return true;
  if (each.metadata.deletionTimestamp === undefined) return false;
  const found: Job | undefined = client.get(jobKind, each.metadata.namespace, owner.name);
  return found === undefined || found.metadata.uid !== owner.uid || isJobFinished(found);
}
