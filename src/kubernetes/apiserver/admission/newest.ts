import type { ApiObject } from '../../apimachinery/object';

/** Of several defaults the newest counts; of those of one second the first by name. */
export const newestFirst = ({ metadata: a }: ApiObject, { metadata: b }: ApiObject): number =>
  a.creationTimestamp === b.creationTimestamp
    ? a.name < b.name
      ? -1
      : 1
    : a.creationTimestamp > b.creationTimestamp
      ? -1
      : 1;
