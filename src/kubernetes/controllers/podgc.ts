import { node } from '../api/core/node';
import { pod } from '../api/core/pod';
import { keyOf, splitKey } from '../apimachinery/object';
import { timeOf } from '../apimachinery/time';
import { defineController, every } from './controller';

/** How long a node must be gone before its pods are (quarantineTime). */
const QUARANTINE = 40_000;

/** Deletes pods of nodes that are gone, and terminating ones that were never bound. Upstream: pkg/controller/podgc */
export const podGarbageCollector = defineController('pod-garbage-collector', ({ client, clock, later }) => {
  const missing = new Map<string, number>();
  return {
    watches: [
      {
        kind: node,
        keys: ({ type, object }) =>
          type === 'DELETED'
            ? client.byIndex(pod, 'spec.nodeName', object.metadata.name).map((each) => keyOf(each))
            : [],
      },
      every(pod, (now, old) => (old === undefined && now.spec.nodeName !== undefined ? keyOf(now) : undefined)),
    ],
    sync(key) {
      const { namespace, name } = splitKey(key);
      const found = client.get(pod, namespace, name);
      const on = found?.spec.nodeName;
      if (found === undefined || on === undefined) return;
      if (client.get(node, undefined, on) !== undefined) {
        missing.delete(on);
        return;
      }
      const since = missing.get(on) ?? clock.now;
      missing.set(on, since);
      if (clock.now < since + QUARANTINE) {
        later(key, since + QUARANTINE - clock.now);
        return;
      }
      client.mutateStatus(pod, namespace, name, (now) => {
        if (now.status.phase === 'Failed' || now.status.phase === 'Succeeded') return now;
        const others = (now.status.conditions ?? []).filter(({ type }) => type !== 'DisruptionTarget');
        const conditions = [
          ...others,
          {
            type: 'DisruptionTarget',
            status: 'True' as const,
            lastProbeTime: null,
            lastTransitionTime: timeOf(clock.now),
            reason: 'DeletionByPodGC',
            message: 'PodGC: node no longer exists',
          },
        ];
        return { ...now, status: { ...now.status, phase: 'Failed' as const, conditions } };
      });
      client.delete(pod, namespace, name, { gracePeriodSeconds: 0 });
    },
  };
});
