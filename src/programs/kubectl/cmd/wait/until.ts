import type { Cli } from '../../cli';
import { Failure, isNotFound } from '../../errors';
import { isObject, list, nameOfObject, text, type JsonObject } from '../../json';
import type { Info } from '../../resource/info';
import { apiVersionOf, pathOf } from '../../resource/mapper';
import type { WatchEvent, WatchStream } from '../../rest/client';

/** The wait was longer than allowed. */
export class TimedOut extends Failure {}

/** `timed out waiting for the condition on pods/web`. */
export const timedOut = ({ mapping, name }: Info): TimedOut =>
  new TimedOut(`timed out waiting for the condition on ${mapping.resource}/${name}`);

/**
 * Lists and then watches one object until `done` says so (watchtools.UntilWithSync). `done` gets each state; undefined
 * means that it is not there. Gives what `done` gave.
 */
export async function until<T>(
  cli: Cli,
  info: Info,
  timeout: number,
  done: (object: JsonObject | undefined, event: WatchEvent['type']) => T | undefined,
): Promise<T> {
  const { client } = cli.factory;
  const { mapping, namespace, name } = info;
  const path = pathOf(mapping, namespace);
  const fieldSelector = `metadata.name=${name}`;
  const deadline = cli.process.clock.now + timeout;
  for (;;) {
    const listed = await client.get(path, { query: { fieldSelector, limit: 500, resourceVersion: '0' } });
    const [item] = list(listed, 'items').filter(isObject);
    const typed = item && { apiVersion: apiVersionOf(mapping), kind: mapping.kind, ...item };
    const query = {
      allowWatchBookmarks: true,
      fieldSelector,
      resourceVersion: text(listed, 'metadata', 'resourceVersion'),
      timeoutSeconds: 300 + cli.process.random.below(300),
      watch: true,
    };
    // The watch is under way before anybody looks at what the list had.
    const events = await client.watch(path, { query, timeout: 0 });
    let first: T | undefined;
    try {
      first = done(typed, typed ? 'ADDED' : 'DELETED');
    } finally {
      if (first !== undefined) events.cancel();
    }
    if (first !== undefined) return first;
    const left = deadline - cli.process.clock.now;
    if (left <= 0) {
      events.cancel();
      throw timedOut(info);
    }
    await cli.flushWarnings();
    const end = await within(cli, left, events, (event) => {
      if (event.type === 'BOOKMARK') return undefined;
      if (event.type === 'ERROR') return { again: true as const };
      if (nameOfObject(event.object) !== name) return undefined;
      const value = done(event.type === 'DELETED' ? undefined : event.object, event.type);
      return value === undefined ? undefined : { value };
    });
    if (end === 'timeout') throw timedOut(info);
    if (end !== undefined && 'value' in end) return end.value;
    // The server ended the watch, or the version is too old: list again.
  }
}

/** Takes events until `take` gives something, the stream ends (undefined), or the time is up. */
export async function within<T>(
  cli: Cli,
  timeout: number,
  events: WatchStream,
  take: (event: WatchEvent) => T | undefined,
): Promise<T | 'timeout' | undefined> {
  const { clock } = cli.process;
  const over = clock.deferred<'timeout'>();
  const timer = clock.setTimer(timeout, () => over.resolve('timeout'));
  try {
    for (;;) {
      const next = events.next();
      next.catch(() => undefined);
      const step = await Promise.race([next, over.promise]);
      if (step === 'timeout') return 'timeout';
      if (step === undefined) return undefined;
      const taken = take(step);
      if (taken !== undefined) return taken;
    }
  } finally {
    clock.cancel(timer);
    events.cancel();
  }
}

/** Waits until the object is gone, or another of the same name is there. Source: kubectl pkg/cmd/wait/delete.go. */
export async function untilDeleted(cli: Cli, info: Info, uid: string, timeout: number): Promise<void> {
  const { mapping, namespace, name } = info;
  let found: JsonObject;
  try {
    found = await cli.factory.client.get(pathOf(mapping, namespace, name));
  } catch (reason) {
    if (isNotFound(reason)) return;
    throw reason;
  }
  const replaced = (object: JsonObject): boolean => uid !== '' && text(object, 'metadata', 'uid') !== uid;
  if (replaced(found)) return;
  await until(cli, info, timeout, (object) => (object === undefined || replaced(object) ? true : undefined));
}
