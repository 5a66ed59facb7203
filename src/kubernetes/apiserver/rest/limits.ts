import { failure, type Status } from '../../apimachinery/status';

/** --max-request-bytes of the generic apiserver: what a client may send at once. */
const MAX_REQUEST = 3 * 1024 * 1024;
/** etcd's --max-request-bytes: what it stores at once. */
const MAX_STORED = 1.5 * 1024 * 1024;

/** limitedReadBody: NewRequestEntityTooLargeError. */
export const tooLarge = (body: Uint8Array): Status | undefined =>
  body.length > MAX_REQUEST
    ? failure(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${MAX_REQUEST}`)
    : undefined;

/** Whether etcd would refuse what comes of this body; everything else is said first. */
export const beyondEtcd = (body: Uint8Array): boolean => body.length > MAX_STORED;
export const etcdRefuses: Status = failure(500, undefined, 'etcdserver: request is too large');

/** The same of what a patch makes of an object: many small ones make a big one. */
export const outgrowsEtcd = (object: object): boolean => spare(object, MAX_STORED) < 0;

/** What is left of `room` when `value` has taken its own; whoever has none left does not look on. */
function spare(value: unknown, room: number): number {
  if (typeof value === 'string') return room - value.length;
  if (typeof value !== 'object' || value === null) return room - 4;
  let left = room;
  for (const [key, member] of Object.entries(value)) {
    left = spare(member, left - (Array.isArray(value) ? 2 : key.length + 2));
    if (left < 0) break;
  }
  return left;
}
