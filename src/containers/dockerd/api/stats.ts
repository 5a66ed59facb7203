import type { Response } from '../../../linux/net/http/message';
import type { Container } from '../container';
import type { Engine } from '../engine';
import { readStats } from '../stats';
import { flag, json, Stream } from './respond';

/** The engine reads all counters once a second (daemon/stats/collector.go). */
const INTERVAL = 1000;

/** GET /containers/{id}/stats: one reading, or one a second until the client leaves. */
export async function stats(engine: Engine, container: Container, query: URLSearchParams): Promise<Response> {
  const { host, clock } = engine.options;
  const stop = query.has('stream') && !flag(query, 'stream');
  if (stop) {
    const first = readStats(host, container);
    if (first.read.startsWith('0001')) return json(first);
    if (flag(query, 'one-shot')) {
      // It comes straight from the counters: nobody has put the names in (daemon/stats.go).
      const { name: _, id: __, ...counters } = first;
      return json(counters);
    }
    // Two readings: processor time is told by their difference.
    await clock.sleep(INTERVAL);
    return json(readStats(host, container, first));
  }
  const stream = new Stream(clock);
  let previous: ReturnType<typeof readStats> | undefined;
  let timer = clock.setTimer(INTERVAL, function tick() {
    if (container.status === 'removing' || !engine.find(container.id).ok) {
      stream.end();
      return;
    }
    const now = readStats(host, container, previous);
    previous = now;
    stream.json(now, '\n');
    timer = clock.setTimer(INTERVAL, tick);
  });
  stream.onCancel(() => clock.cancel(timer));
  return stream.response();
}
