import { str, struct } from '../../apimachinery/schema';

/** A reference to any object, as events and endpoints carry it. */
export interface ObjectReference {
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly uid?: string;
  readonly apiVersion?: string;
  readonly resourceVersion?: string;
  readonly fieldPath?: string;
}

export const objectReference = struct(
  'ObjectReference',
  {
    kind: str,
    namespace: str,
    name: str,
    uid: { type: 'string', go: 'types.UID' },
    apiVersion: str,
    resourceVersion: str,
    fieldPath: str,
  },
  { atomic: true },
);
