import type { ApiObject } from '../../apimachinery/object';
import { int32, microTime, need, ptr, str, struct, time } from '../../apimachinery/schema';
import type { OtherVersion } from '../../apimachinery/kind';
import { object } from '../meta/schema';
import type { Event } from '../core/event';
import { objectReference } from '../core/object-reference';
import { legacyValidateEvent, validateEventV1Create, validateEventV1Update } from '../validation/event';

/** What events.k8s.io/v1 calls what the core group names otherwise: pkg/apis/events/v1/conversion.go. */
const renamed = [
  ['regarding', 'involvedObject'],
  ['note', 'message'],
  ['reportingController', 'reportingComponent'],
  ['deprecatedSource', 'source'],
  ['deprecatedFirstTimestamp', 'firstTimestamp'],
  ['deprecatedLastTimestamp', 'lastTimestamp'],
  ['deprecatedCount', 'count'],
] as const;

type Fields = Record<string, unknown>;

const rename = (given: ApiObject, pairs: readonly (readonly [string, string])[]): Fields => {
  const result: Fields = { ...given };
  for (const [from, to] of pairs) {
    if (!Object.hasOwn(result, from)) continue;
    result[to] = result[from];
    delete result[from];
  }
  return result;
};

/** Convert_v1_Event_To_core_Event. */
const fromV1 = (given: ApiObject): Event => rename(given, renamed) as unknown as Event;

/** Convert_core_Event_To_v1_Event. */
const toV1 = (event: ApiObject): ApiObject => {
  const backwards = renamed.map(([v1, core]) => [core, v1] as const);
  const { series, ...shown } = rename(event, backwards);
  if (shown['reportingController'] === '') delete shown['reportingController'];
  if (shown['reportingInstance'] === '') delete shown['reportingInstance'];
  // Both are needed there, and optional in the core group.
  const whole = series === undefined ? {} : { series: { count: 0, lastObservedTime: null, ...(series as object) } };
  return { ...shown, ...whole, apiVersion: 'events.k8s.io/v1' } as unknown as ApiObject;
};

/** Events as the newer group speaks of them; they are kept as those of the core group. */
export const eventsV1: OtherVersion<Event> = {
  group: 'events.k8s.io',
  version: 'v1',
  schema: object('Event', {
    eventTime: need(microTime),
    series: ptr(struct('EventSeries', { count: need(int32), lastObservedTime: need(microTime) })),
    reportingController: str,
    reportingInstance: str,
    action: str,
    reason: str,
    regarding: objectReference,
    related: ptr(objectReference),
    note: str,
    type: str,
    deprecatedSource: struct('EventSource', { component: str, host: str }),
    deprecatedFirstTimestamp: time,
    deprecatedLastTimestamp: time,
    deprecatedCount: int32,
  }),
  decode: fromV1,
  encode: toV1,
  own: {
    nameRule: 'subdomain',
    validate: (event, errors) => legacyValidateEvent(event, errors, 'reportingController'),
    validateCreate: validateEventV1Create,
    validateUpdate: validateEventV1Update,
    selectableFields: {
      'regarding.kind': ({ involvedObject }) => involvedObject.kind ?? '',
      'regarding.namespace': ({ involvedObject }) => involvedObject.namespace ?? '',
      'regarding.name': ({ involvedObject }) => involvedObject.name ?? '',
      'regarding.uid': ({ involvedObject }) => involvedObject.uid ?? '',
      'regarding.apiVersion': ({ involvedObject }) => involvedObject.apiVersion ?? '',
      'regarding.resourceVersion': ({ involvedObject }) => involvedObject.resourceVersion ?? '',
      'regarding.fieldPath': ({ involvedObject }) => involvedObject.fieldPath ?? '',
      reason: ({ reason }) => reason ?? '',
      reportingController: ({ reportingComponent }) => reportingComponent,
      type: ({ type }) => type ?? '',
    },
  },
};
