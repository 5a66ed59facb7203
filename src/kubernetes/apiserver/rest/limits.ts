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
