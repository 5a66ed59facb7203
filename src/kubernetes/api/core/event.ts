import { defineKind } from '../../apimachinery/kind';
import type { ApiObject, MicroTime, ObjectMeta, Time } from '../../apimachinery/object';
import type { ObjectReference } from './object-reference';

/** Event of the core group, as kubelets and controllers write it. */
export interface Event extends ApiObject {
  readonly metadata: ObjectMeta & { readonly namespace: string };
  readonly involvedObject: ObjectReference;
  readonly reason?: string;
  readonly message?: string;
  readonly source?: { readonly component?: string; readonly host?: string };
  readonly firstTimestamp?: Time | null;
  readonly lastTimestamp?: Time | null;
  readonly count?: number;
  readonly type?: 'Normal' | 'Warning';
  readonly eventTime?: MicroTime | null;
  readonly series?: { readonly count?: number; readonly lastObservedTime?: MicroTime };
  readonly action?: string;
  readonly related?: ObjectReference;
  readonly reportingComponent: string;
  readonly reportingInstance: string;
}

export const event = defineKind<Event, 'involvedObject.uid'>({
  names: { group: '', version: 'v1', kind: 'Event', plural: 'events', short: ['ev'] },
  scope: 'Namespaced',
  indexes: { 'involvedObject.uid': ({ involvedObject }) => involvedObject.uid },
});
