import { isJobFinished, job, type Job } from '../../api/batch/job';
import { splitKey } from '../../apimachinery/object';
import { parseTime } from '../../apimachinery/time';
import { defineController, every } from '../controller';

/** Deletes finished jobs when their time is over. Upstream: pkg/controller/ttlafterfinished */
export const ttlAfterFinishedController = defineController(
  'ttl-after-finished-controller',
  ({ client, clock, later }) => ({
    watches: [every(job)],
    sync(key) {
      const { namespace, name } = splitKey(key);
      const found = client.get(job, namespace, name);
      if (found === undefined || found.metadata.deletionTimestamp !== undefined) return;
      const { ttlSecondsAfterFinished } = found.spec;
      if (ttlSecondsAfterFinished === undefined || !isJobFinished(found)) return;
      const left = finishedAt(found) + ttlSecondsAfterFinished * 1000 - clock.now;
      if (left > 0) return later(key, left);
      const { uid } = found.metadata;
      client.delete(job, namespace, name, { propagationPolicy: 'Foreground', preconditions: { uid } });
    },
  }),
);

const finishedAt = ({ status }: Job): number => {
  const last = (status.conditions ?? []).find(
    ({ type, status: truth }) => (type === 'Complete' || type === 'Failed') && truth === 'True',
  );
  return parseTime(last?.lastTransitionTime ?? '');
};
