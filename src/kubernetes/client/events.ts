import type { Clock } from '../../sim/clock';
import { event, type Event } from '../api/core/event';
import type { ObjectReference } from '../api/core/object-reference';
import type { ApiObject } from '../apimachinery/object';
import { microTimeOf, timeOf } from '../apimachinery/time';
import type { RegistryClient } from '../apiserver/registry';

/** Writes Event objects about other objects. What cannot be written is dropped, as upstream does in the end. */
export interface EventRecorder {
  event(about: ApiObject | ObjectReference, type: 'Normal' | 'Warning', reason: string, message: string): void;
}

export interface EventSource {
  readonly client: RegistryClient;
  readonly clock: Clock;
  readonly component: string;
  /** The node's name, where one of many speaks. */
  readonly host?: string;
}

/** Ten events that differ in nothing but their message within ten minutes are counted together. */
const SIMILAR = 10;
const SIMILAR_WINDOW = 600_000;
/** Then at most so many per object, and one more each five minutes (client-go tools/record/events_cache.go). */
const BURST = 25;
const REFILL = 300_000;
const CACHE = 4096;

interface Known {
  name: string;
  count: number;
}
interface Similar {
  readonly messages: Set<string>;
  last: number;
}
interface Bucket {
  tokens: number;
  at: number;
}

/** client-go tools/record: the recorder of controllers and kubelets, with its correlator. */
export function createEventRecorder({ client, clock, component, host = '' }: EventSource): EventRecorder {
  const known = new Map<string, Known>();
  const similar = new Map<string, Similar>();
  const buckets = new Map<string, Bucket>();
  const source = host === '' ? { component } : { component, host };
  const nextName = eventNames(clock);

  function allowed(key: string): boolean {
    const bucket = buckets.get(key) ?? { tokens: BURST, at: clock.now };
    bucket.tokens = Math.min(BURST, bucket.tokens + (clock.now - bucket.at) / REFILL);
    bucket.at = clock.now;
    buckets.set(key, bucket);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  return {
    event(about, type, reason, message) {
      const involvedObject = referenceTo(about);
      const { kind = '', namespace = '', name = '', uid = '', fieldPath = '' } = involvedObject;
      const object = `${kind} ${namespace}/${name} ${uid}`;
      if (!allowed(object)) return;
      const group = `${object} ${fieldPath} ${type} ${reason}`;
      const alike = similar.get(group);
      const now = clock.now;
      let text = message;
      let key = `${group} ${message}`;
      if (alike === undefined || now - alike.last > SIMILAR_WINDOW) {
        bounded(similar).set(group, { messages: new Set([message]), last: now });
      } else {
        alike.messages.add(message);
        alike.last = now;
        if (alike.messages.size >= SIMILAR) {
          text = `(combined from similar events): ${message}`;
          key = group;
        }
      }
      const time = timeOf(now);
      const before = known.get(key);
      if (before !== undefined) {
        const count = before.count + 1;
        const again = client.mutate(event, namespaceOf(involvedObject), before.name, (old: Event) => ({
          ...old,
          count,
          lastTimestamp: time,
          message: text,
        }));
        if (again.ok) {
          before.count = count;
          return;
        }
      }
      const created = client.create(event, {
        metadata: { name: nextName(name), namespace: namespaceOf(involvedObject) },
        involvedObject,
        reason,
        message: text,
        source,
        firstTimestamp: time,
        lastTimestamp: time,
        count: 1,
        type,
        eventTime: null,
        // client-go's aggregate forgets who reported.
        reportingComponent: text === message ? component : '',
        reportingInstance: text === message ? host : '',
      });
      if (created.ok) bounded(known).set(key, { name: created.value.metadata.name, count: 1 });
    },
  };
}

/** What the scheduler writes with (client-go tools/events): an instant in microseconds, an action, and series for repeats. */
export interface ActionRecorder {
  event(about: ApiObject, type: 'Normal' | 'Warning', reason: string, action: string, note: string): void;
}

/** A series is refreshed at most each six minutes; the first repeat starts it. */
const SERIES_REFRESH = 360_000;

export function createActionRecorder({ client, clock, component, host = '' }: EventSource): ActionRecorder {
  const known = new Map<string, Known & { at: number }>();
  const nextName = eventNames(clock);
  return {
    event(about, type, reason, action, note) {
      const involvedObject = referenceTo(about);
      const namespace = namespaceOf(involvedObject);
      const key = `${involvedObject.uid} ${type} ${reason} ${action} ${note}`;
      const before = known.get(key);
      const now = clock.now;
      if (before !== undefined && now - before.at <= SERIES_REFRESH) {
        before.count += 1;
        const { count } = before;
        if (count > 2) return;
        client.mutate(event, namespace, before.name, (old: Event) => ({
          ...old,
          series: { count, lastObservedTime: microTimeOf(now) },
        }));
        return;
      }
      const created = client.create(event, {
        metadata: { name: nextName(about.metadata.name), namespace },
        involvedObject,
        reason,
        message: note,
        source: {},
        firstTimestamp: null,
        lastTimestamp: null,
        type,
        eventTime: microTimeOf(now),
        action,
        reportingComponent: component,
        reportingInstance: host === '' ? component : `${component}-${host}`,
      });
      if (created.ok) bounded(known).set(key, { name: created.value.metadata.name, count: 1, at: now });
    },
  };
}

const namespaceOf = ({ namespace }: ObjectReference): string =>
  namespace === undefined || namespace === '' ? 'default' : namespace;

/** k8s.io/client-go/tools/reference GetReference. */
export function referenceTo(about: ApiObject | ObjectReference): ObjectReference {
  if (!('metadata' in about)) return about;
  const { apiVersion, kind, metadata } = about;
  return {
    kind,
    ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
    name: metadata.name,
    uid: metadata.uid,
    apiVersion,
    resourceVersion: metadata.resourceVersion,
  };
}

/** `<object>.<nanoseconds in hex>`; events of one instant get neighbouring nanoseconds, as they would in reality. */
function eventNames(clock: Clock): (name: string) => string {
  let last = 0n;
  return (name) => {
    const now = BigInt(Math.floor(clock.now * 1000)) * 1000n;
    last = now > last ? now : last + 1n;
    return `${name}.${last.toString(16)}`;
  };
}

function bounded<T>(map: Map<string, T>): Map<string, T> {
  if (map.size >= CACHE) map.clear();
  return map;
}
