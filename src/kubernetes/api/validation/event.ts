import { equal } from '../../apimachinery/equal';
import type { FieldErrors } from '../../apimachinery/field-errors';
import type { Event } from '../core/event';
import { qualifiedName } from './common';

const longest = { reportingInstance: 128, action: 128, reason: 128, message: 1024 } as const;

/** pkg/apis/core/validation/events.go, of the core group: events with an eventTime are new ones. */
export function legacyValidateEvent(event: Event, errors: FieldErrors): void {
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
  if (controller === '') errors.at('reportingComponent').required('');
  qualifiedName(controller, errors.at('reportingComponent'));
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
  'reportingComponent',
  'reportingInstance',
] as const;

/** ValidateEventUpdate: of the core group nothing is refused; events.k8s.io holds all of it fast. */
export function validateEventUpdate(event: Event, old: Event, errors: FieldErrors): void {
  if (event.apiVersion === 'v1') return;
  for (const name of fixed)
    if (!equal(event[name], old[name])) errors.at(name).invalid(event[name], 'field is immutable');
}
