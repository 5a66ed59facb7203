import { int32, microTime, need, ptr, str, struct, time } from '../../apimachinery/schema';
import { object } from '../meta/schema';
import { column, nameColumn, since, wide } from '../columns';
import { defineKind } from '../../apimachinery/kind';
import type { ApiObject, MicroTime, ObjectMeta, Time } from '../../apimachinery/object';
import { legacyValidateEvent } from '../validation/event';
import { eventsV1 } from '../events/event';
import { objectReference, type ObjectReference } from './object-reference';

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
  updateValidation: ['validate', 'metaUpdate', 'update'],
  schema: object('Event', {
    involvedObject: need(objectReference),
    reason: str,
    message: str,
    source: struct('EventSource', { component: str, host: str }),
    firstTimestamp: time,
    lastTimestamp: time,
    count: int32,
    type: str,
    eventTime: need(microTime),
    series: ptr(struct('EventSeries', { count: int32, lastObservedTime: microTime })),
    action: str,
    related: ptr(objectReference),
    reportingComponent: need(str),
    reportingInstance: need(str),
  }),
  createOnUpdate: true,
  // legacyValidateEvent does not look at the metadata.
  nameRule: 'path',
  selectableFields: {
    'involvedObject.kind': ({ involvedObject }) => involvedObject.kind ?? '',
    'involvedObject.namespace': ({ involvedObject }) => involvedObject.namespace ?? '',
    'involvedObject.name': ({ involvedObject }) => involvedObject.name ?? '',
    'involvedObject.uid': ({ involvedObject }) => involvedObject.uid ?? '',
    'involvedObject.apiVersion': ({ involvedObject }) => involvedObject.apiVersion ?? '',
    'involvedObject.resourceVersion': ({ involvedObject }) => involvedObject.resourceVersion ?? '',
    'involvedObject.fieldPath': ({ involvedObject }) => involvedObject.fieldPath ?? '',
    reason: ({ reason }) => reason ?? '',
    reportingComponent: ({ reportingComponent }) => reportingComponent,
    source: ({ source, reportingComponent }) => source?.component ?? reportingComponent,
    type: ({ type }) => type ?? '',
  },

  defaults: (object) => ({
    ...object,
    involvedObject: object.involvedObject ?? {},
    source: object.source ?? {},
    firstTimestamp: object.firstTimestamp ?? null,
    lastTimestamp: object.lastTimestamp ?? null,
    eventTime: object.eventTime ?? null,
    reportingComponent: object.reportingComponent ?? '',
    reportingInstance: object.reportingInstance ?? '',
  }),
  indexes: { 'involvedObject.uid': ({ involvedObject }) => involvedObject.uid },

  versions: [eventsV1],
  validate: (event, errors) => legacyValidateEvent(event, errors),

  columns: [
    column(
      'Last Seen',
      (object, now) => since(lastSeen(object), now),
      'The time at which the most recent occurrence of this event was recorded.',
    ),
    column(
      'Type',
      ({ type }) => type ?? '',
      'Type of this event (Normal, Warning), new types could be added in the future',
    ),
    column('Reason', ({ reason }) => reason ?? ''),
    column(
      'Object',
      ({ involvedObject: { kind = '', name = '' } }) =>
        name === '' ? kind.toLowerCase() : `${kind.toLowerCase()}/${name}`,
      'The object that this event is about.',
    ),
    wide('Subobject', ({ involvedObject }) => involvedObject.fieldPath ?? ''),
    wide('Source', sourceText),
    column(
      'Message',
      ({ message }) => (message ?? '').trim(),
      'A human-readable description of the status of this operation.',
    ),
    wide('First Seen', (object, now) => since(firstSeen(object), now)),
    wide('Count', ({ series, count }) => String(series?.count ?? (count === undefined || count === 0 ? 1 : count))),
    { ...nameColumn, priority: 1 },
  ],
});

const firstSeen = ({ firstTimestamp, eventTime }: Event): string | null | undefined => firstTimestamp ?? eventTime;
const lastSeen = (object: Event): string | null | undefined =>
  object.series?.lastObservedTime ?? object.lastTimestamp ?? firstSeen(object);

/** formatEventSource. */
function sourceText({ source, reportingComponent, reportingInstance }: Event): string {
  const component = source?.component ?? reportingComponent;
  const host = source?.host ?? reportingInstance;
  return host === '' ? component : `${component}, ${host}`;
}
