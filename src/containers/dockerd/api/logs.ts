import { encode } from '../../../linux/io/bytes';
import type { Response } from '../../../linux/net/http/message';
import { isRunning, type Container } from '../container';
import type { Engine } from '../engine';
import type { LogLine } from '../json-log';
import { failure, flag, frame, Stream } from './respond';
import { isLess } from './versions';

/** GET /containers/{id}/logs: lines of the json-file, as frames or raw, and with `follow` those to come. */
export function logs(engine: Engine, container: Container, query: URLSearchParams, version: string): Response {
  const stdout = flag(query, 'stdout');
  const stderr = flag(query, 'stderr');
  if (!stdout && !stderr)
    return failure({ status: 400, message: 'Bad parameters: you must choose at least one stream' });
  if (!container.log.readable)
    return failure({ status: 501, message: 'configured logging driver does not support reading' });
  const tty = container.config.Tty === true;
  const stream = new Stream(engine.options.clock);
  const since = instantOf(query.get('since'));
  const until = instantOf(query.get('until')) ?? Infinity;
  const wanted = ({ stream: of, time }: LogLine): boolean => {
    const at = Date.parse(time);
    return (of === 'stdout' ? stdout : stderr) && at >= (since ?? -Infinity) && at <= until;
  };
  const send = ({ log, stream: of, attrs = {}, time }: LogLine): void => {
    const detailed = flag(query, 'details') ? `${attributes(attrs)} ${log}` : log;
    const bytes = encode(flag(query, 'timestamps') ? `${padded(time)} ${detailed}` : detailed);
    stream.write(tty ? bytes : frame(of === 'stdout' ? 1 : 2, bytes));
  };
  const lines = container.log.read().filter(wanted);
  // What is no number means all (415-logs-tail-bad).
  const tail = /^\d+$/.test(query.get('tail') ?? '') ? Number(query.get('tail')) : lines.length;
  for (const line of lines.slice(Math.max(0, lines.length - tail))) send(line);
  if (flag(query, 'follow') && isRunning(container)) {
    const end = container.log.listen(
      (line) => {
        if (wanted(line)) send(line);
      },
      () => {
        // A container that restarts goes on talking.
        if (container.status === 'restarting') return;
        end();
        stream.end();
      },
    );
    const { clock } = engine.options;
    const over = Number.isFinite(until)
      ? clock.setTimer(Math.max(0, until - clock.now), () => {
          end();
          stream.end();
        })
      : undefined;
    stream.onCancel(() => {
      end();
      if (over !== undefined) clock.cancel(over);
    });
  } else stream.end();
  // Until 1.42 every stream was called raw.
  return stream.response(`application/vnd.docker.${tty || isLess(version, '1.42') ? 'raw' : 'multiplexed'}-stream`);
}

/** Seconds with a fraction, to milliseconds. */
function instantOf(text: string | null): number | undefined {
  if (text === null || text === '' || text === '0') return undefined;
  return Number(text) * 1000;
}

/** `a=1,b=2`, escaped as in a query. */
const attributes = (attrs: Readonly<Record<string, string>>): string =>
  Object.entries(attrs)
    .map(([key, value]) => `${escaped(key)}=${escaped(value)}`)
    .join(',');

/** url.QueryEscape. */
const escaped = (text: string): string => new URLSearchParams({ '': text }).toString().slice(1);

/** Log timestamps have all nine digits (jsonlog.RFC3339NanoFixed). */
function padded(time: string): string {
  const [whole = '', fraction = ''] = time.slice(0, -1).split('.');
  return `${whole}.${fraction.padEnd(9, '0')}Z`;
}
