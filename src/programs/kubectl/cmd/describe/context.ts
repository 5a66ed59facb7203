import type { Cli } from '../../cli';
import { isNotFound } from '../../errors';
import { at, isObject, list, text, texts, type JsonObject } from '../../json';
import { goSort } from '../../printers/go-sort';
import { pathOf, type Mapping } from '../../resource/mapper';
import { accepts, type Query } from '../../rest/client';
import { humanDuration, parseTime } from '../../../../kubernetes/apimachinery/time';
import { DescribeWriter, sinceTime } from './writer';

/** What describers ask the server with. */
export class Describing {
  constructor(
    readonly cli: Cli,
    readonly mapping: Mapping,
    readonly namespace: string,
    readonly name: string,
    readonly chunk: number,
    readonly showEvents: boolean,
  ) {}

  get now(): number {
    return this.cli.process.clock.now;
  }

  /** The object itself. */
  own(accept: string = accepts.typed): Promise<JsonObject> {
    return this.get(pathOf(this.mapping, this.namespace, this.name), accept);
  }

  get(path: string, accept: string = accepts.typed): Promise<JsonObject> {
    return this.cli.factory.client.get(path, { accept });
  }

  /** A collection in chunks. */
  async list(path: string, query: Query = {}): Promise<readonly JsonObject[]> {
    const found: JsonObject[] = [];
    let next: Query = { ...query, ...(this.chunk > 0 ? { limit: this.chunk } : {}) };
    for (;;) {
      const page = await this.cli.factory.client.get(path, { accept: accepts.typed, query: next });
      found.push(...list(page, 'items').filter(isObject));
      const more = text(page, 'metadata', 'continue');
      if (more === '') return found;
      next = { ...next, continue: more };
    }
  }

  /** A collection without chunks; undefined where it cannot be had. */
  async listOnce(path: string, query: Query): Promise<readonly JsonObject[]> {
    const page = await this.cli.factory.client.get(path, { accept: accepts.typed, query });
    return list(page, 'items').filter(isObject);
  }

  /** A collection that a server may not have. */
  async listIfThere(path: string): Promise<readonly JsonObject[] | undefined> {
    try {
      return await this.list(path);
    } catch (reason) {
      if (isNotFound(reason)) return undefined;
      throw reason;
    }
  }

  since(time: string): string {
    return sinceTime(time, this.now);
  }
}

/** Shows one kind; the object is already there. */
export type Describer = (d: Describing, object: JsonObject) => Promise<string>;

/** A describer that needs nothing but the object, followed by the events about it. */
export const plain =
  (show: (w: DescribeWriter, object: JsonObject, d: Describing) => void | Promise<void>): Describer =>
  async (d, object) => {
    const events = await eventsOf(d, object);
    const w = new DescribeWriter();
    await show(w, object, d);
    if (events !== undefined) describeEvents(w, d, events);
    return w.text;
  };

/** A describer without events. */
export const quiet =
  (show: (w: DescribeWriter, object: JsonObject, d: Describing) => void | Promise<void>): Describer =>
  async (d, object) => {
    const w = new DescribeWriter();
    await show(w, object, d);
    return w.text;
  };

export interface Reference {
  readonly name: string;
  readonly namespace: string;
  readonly kind: string;
  readonly uid: string;
}

/** The events about an object; undefined when they are not to be shown or cannot be had. */
export async function eventsOf(d: Describing, object: JsonObject): Promise<readonly JsonObject[] | undefined> {
  if (!d.showEvents) return undefined;
  const { namespace, name } = d;
  return searchEvents(d, { name, namespace, kind: text(object, 'kind'), uid: text(object, 'metadata', 'uid') });
}

/** Source: describe.go, searchEvents. Kind and uid are optional. */
export async function searchEvents(
  d: Describing,
  { name, namespace, kind, uid }: Reference,
): Promise<readonly JsonObject[] | undefined> {
  const terms: readonly (readonly [string, string])[] = [
    ['name', name],
    ['namespace', namespace],
    ...(kind === '' ? [] : [['kind', kind] as const]),
    ...(uid === '' ? [] : [['uid', uid] as const]),
  ];
  const fieldSelector = terms.map(([field, value]) => `involvedObject.${field}=${value}`).join(',');
  const path = namespace === '' ? '/api/v1/events' : `/api/v1/namespaces/${namespace}/events`;
  try {
    return await d.list(path, { fieldSelector });
  } catch {
    return undefined;
  }
}

/** The block of events that ends most descriptions. Source: describe.go, DescribeEvents. */
export function describeEvents(w: DescribeWriter, d: Describing, events: readonly JsonObject[]): void {
  if (events.length === 0) {
    w.write(0, 'Events:\t<none>\n');
    return;
  }
  w.flush();
  const when = (event: JsonObject): string => text(event, 'lastTimestamp');
  const sorted = goSort(events, (a, b) => when(a) < when(b));
  w.write(0, 'Events:\n  Type\tReason\tAge\tFrom\tMessage\n');
  w.write(1, '----\t------\t----\t----\t-------\n');
  for (const event of sorted) {
    const source = text(event, 'source', 'component') || text(event, 'reportingComponent');
    const message = text(event, 'message').trim();
    w.write(
      1,
      `${text(event, 'type')}\t${text(event, 'reason')}\t${eventInterval((time) => d.since(time), event)}\t${source}\t${message}\n`,
    );
  }
}

/** How long ago an event was seen, and how often. */
export function eventInterval(since: (time: string) => string, event: JsonObject): string {
  const first = since(text(event, 'eventTime') || text(event, 'firstTimestamp'));
  const series = at(event, 'series');
  if (series !== undefined)
    return `${since(text(series, 'lastObservedTime'))} (x${text(series, 'count')} over ${first})`;
  const count = Number(text(event, 'count') || 0);
  return count > 1 ? `${since(text(event, 'lastTimestamp'))} (x${count} over ${first})` : first;
}

/** The object that controls this one: `ReplicaSet/web-1`. */
export function controllerText(object: JsonObject): string {
  const owner = controllerOf(object);
  return owner === undefined ? '' : `${text(owner, 'kind')}/${text(owner, 'name')}`;
}

export const controllerOf = (object: JsonObject): JsonObject | undefined =>
  list(object, 'metadata', 'ownerReferences')
    .filter(isObject)
    .find((owner) => owner['controller'] === true);

/** `a=1,b=2`, or `<none>` (labels.FormatLabels). */
export function formatLabels(value: unknown, ...keys: readonly string[]): string {
  const map = texts(value, ...keys);
  const names = Object.keys(map).sort();
  return names.length === 0 ? '<none>' : names.map((key) => `${key}=${map[key] ?? ''}`).join(',');
}

/** The time between two others. */
export const between = (from: string, to: string): string => humanDuration(parseTime(to) - parseTime(from));

/** `True`, `False` or `<unset>`. */
export const truthOf = (value: unknown): string =>
  value === undefined ? '<unset>' : value === true ? 'True' : 'False';

/** The members that are there, or another text. */
export const unset = (value: unknown): string => (value === undefined ? '<unset>' : text(value));
