import { equal } from '../../apimachinery/equal';
import type { FieldErrors } from '../../apimachinery/field-errors';
import type { Event } from '../core/event';
import { qualifiedName } from './common';

const longest = { reportingInstance: 128, action: 128, reason: 128, message: 1024 } as const;

/** pkg/apis/core/validation/events.go, of the core group: events with an eventTime are new ones. */
export function legacyValidateEvent(
  event: Event,
  errors: FieldErrors,
  reporter: 'reportingComponent' | 'reportingController' = 'reportingComponent',
): void {
  const { namespace = '' } = event.involvedObject;
  const own = event.metadata.namespace;
  const place = errors.at('involvedObject').at('namespace');
  const mismatch = 'does not match event.namespace';
  if ((event.eventTime ?? null) === null) {
    if (namespace !== own && !(namespace === '' && own === 'default')) place.invalid(namespace, mismatch);
    return;
  }
  if (namespace === '' && own !== 'default' && own !== 'kube-system') place.invalid(namespace, mismatch);
  const controller = event.reportingComponent ?? '';
  if (controller === '') errors.at(reporter).required('');
  qualifiedName(controller, errors.at(reporter));
  for (const name of ['reportingInstance', 'action', 'reason', 'message'] as const) {
    const value = event[name] ?? '';
    if (value === '' && name !== 'message') errors.at(name).required('');
    if (value.length > longest[name]) errors.at(name).invalid('', `can have at most ${longest[name]} characters`);
  }
}

const fixed = [
  'involvedObject',
  'reason',
  'message',
  'source',
  'firstTimestamp',
  'lastTimestamp',
  'count',
  'reason',
  'type',
  'eventTime',
  'action',
  'related',
] as const;

/** ValidateEventUpdate of events.k8s.io/v1, after the legacy rules: but for the series all is held fast. */
export function validateEventV1Update(event: Event, old: Event, errors: FieldErrors): void {
  if (!equal(event.series, old.series)) validateSeries(event, errors);
  for (const name of fixed)
    if (!equal(event[name] ?? null, old[name] ?? null)) errors.at(name).invalid(event[name], 'field is immutable');
  if (event.reportingComponent !== old.reportingComponent)
    errors.at('reportingController').invalid(event.reportingComponent, 'field is immutable');
  if (event.reportingInstance !== old.reportingInstance)
    errors.at('reportingInstance').invalid(event.reportingInstance, 'field is immutable');
}

function validateSeries({ series }: Event, errors: FieldErrors): void {
  if (series === undefined) return;
  if ((series.count ?? 0) < 2) errors.at('series').at('count').invalid('', 'should be at least 2');
  if ((series.lastObservedTime ?? null) === null) errors.at('series').at('lastObservedTime').required('');
}

/** ValidateEventCreate of events.k8s.io/v1, after the legacy rules. */
export function validateEventV1Create(event: Event, errors: FieldErrors): void {
  validateSeries(event, errors);
  if ((event.eventTime ?? null) === null) errors.at('eventTime').required('');
  const { type = '', source = {} } = event;
  if (type !== 'Normal' && type !== 'Warning') errors.at('type').invalid('', `has invalid value: ${type}`);
  for (const name of ['firstTimestamp', 'lastTimestamp'] as const)
    if ((event[name] ?? null) !== null) errors.at(name).invalid('', 'needs to be unset');
  if ((event.count ?? 0) !== 0) errors.at('count').invalid('', 'needs to be unset');
  if ((source.component ?? '') !== '' || (source.host ?? '') !== '')
    errors.at('source').invalid('', 'needs to be unset');
}
