import type { RequestInfo } from '../rest/request-info';
import { isTrue } from '../rest/request-info';
import type { Storage } from '../storage';

/** A seat lists so many objects (request.DefaultWorkEstimatorConfig). */
const objectsPerSeat = 100;
const mostSeats = 10;

/** How many seats a request takes (list_work_estimator.go): lists more than one, by what there is to go through. */
export function estimatedSeats({ verb, name, group, version, resource, query }: RequestInfo, storage: Storage): number {
  if (verb !== 'list' || name !== '' || isTrue(query.get('watch'))) return 1;
  const kind = storage.kindOf(group === '' ? version : `${group}/${version}`, resource);
  const objects = kind === undefined ? 0 : storage.count(kind.stored ?? kind);
  return Math.min(mostSeats, Math.max(1, Math.ceil(objects / objectsPerSeat)));
}
