import { encode, concat } from '../../../linux/io/bytes';
import { Headers, type BodyStream, type Response } from '../../../linux/net/http/message';
import type { Clock, Timer } from '../../../sim/clock';
import type { Deferred } from '../../../sim/deferred';
import type { ApiObject } from '../../apimachinery/object';
import { failure } from '../../apimachinery/status';
import { nowhere } from '../admission/webhook/transport';
import { conversionOf } from '../apiextensions/conversion';
import { labelsOf } from '../metrics/instruments';
import type { WatchEvent } from '../registry';
import { ConvertedEvents } from './converted-events';
import type { Routed } from './exchange';
import { includeOf, optionProblems, selectionOf, withManagers, type Selection } from './read';
import { refuse } from './respond';
import { partial, table } from './table';

/** --min-request-timeout: a watch ends between this and twice this, in seconds. */
const minimumTimeout = 1800;
const bookmarkPeriod = 60_000;

/** A stream of lines that is filled by events and read by whoever asked. */
class EventStream implements BodyStream {
  #lines: Uint8Array[] = [];
  #waiting: Deferred<Uint8Array | undefined> | undefined;
  #ended = false;

  constructor(
    readonly clock: Clock,
    readonly onCancel: () => void,
  ) {}

  push(event: object): void {
    this.pushLine(encode(`${JSON.stringify(event)}\n`));
  }

  pushLine(line: Uint8Array): void {
    if (this.#ended) return;
    this.#lines.push(line);
    this.#flush();
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#flush();
  }

  read(): Promise<Uint8Array | undefined> {
    this.#waiting = this.clock.deferred<Uint8Array | undefined>();
    const { promise } = this.#waiting;
    if (this.#lines.length > 0 || this.#ended) this.#flush();
    return promise;
  }

  cancel(): void {
    this.end();
    this.onCancel();
  }

  /** All lines of one instant in one chunk. */
  #flush(): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    this.#waiting = undefined;
    const lines = this.#lines;
    this.#lines = [];
    waiting.resolve(lines.length === 0 ? undefined : lines.length === 1 ? lines[0] : concat(lines));
  }
}

/** GET …?watch=true: one JSON object a line until the time is up or the client goes. */
export function watch(exchange: Routed): Response {
  const { kind, info, client, server } = exchange;
  const problem = optionProblems(info);
  if (problem !== undefined) return refuse(problem);
  const selection = selectionOf(kind, info);
  if (!selection.ok) return refuse(selection.error);
  const { clock, random } = server;
  const { store } = server.registry.storage;
  const { query } = info;

  const version = query.get('resourceVersion') ?? '';
  const from = version === '' || version === '0' ? undefined : Number(version);
  const timers: Timer[] = [];
  // A watch that ends with its first word never subscribes.
  const subscriptions: { stop(): void }[] = [];
  const stop = (): void => {
    for (const subscription of subscriptions) subscription.stop();
    for (const timer of timers) clock.cancel(timer);
  };
  const stream = new EventStream(clock, stop);
  const show = presenter(exchange);
  const response: Response = {
    status: 200,
    headers: new Headers({
      'Cache-Control': 'no-cache, private',
      'Content-Type': exchange.negotiated.as === 'object' ? 'application/json' : contentTypeOf(exchange),
    }),
    body: stream,
  };

  // The cache of the kind knows nothing from before it began.
  const oldest = Math.max(store.compactRevision, server.registry.storage.served(kind).since);
  if (from !== undefined && from < oldest) {
    const message = `too old resource version: ${from} (${oldest})`;
    stream.push({ type: 'ERROR', object: failure(410, 'Expired', message) });
    stream.end();
    return response;
  }

  const bookmarks = query.get('allowWatchBookmarks') === 'true' || query.get('allowWatchBookmarks') === '1';
  const whole = exchange.negotiated.as === 'object';
  const labels = labelsOf({ group: info.group, kind: kind.names.kind, version: info.version });
  const handle = (event: WatchEvent): void => {
    const shown = filtered(event, selection.value);
    if (shown === undefined) return;
    if (!whole) return stream.push({ type: shown.type, object: show(shown.object) });
    const line = server.texts.line(kind, shown.type, shown.object);
    server.metrics.sent(labels, line.length);
    stream.pushLine(line);
  };
  const ended = (): void => {
    stop();
    stream.end();
  };
  const conversion = conversionOf(kind);
  const newUid = (): string => random.uuid();
  const converted =
    conversion === undefined
      ? undefined
      : new ConvertedEvents(conversion, server.webhooks ?? nowhere, newUid, handle, ended);
  const subscription = client.watch(
    kind,
    {
      ...(from === undefined ? { ordered: true } : { from }),
      ...(info.namespace === undefined || !kind.namespaced ? {} : { namespace: info.namespace }),
      ...indexFor(kind.indexNames, selection.value),
    },
    (event) => (converted === undefined ? handle(event) : converted.push(event)),
  );
  subscriptions.push(subscription);

  const bookmark = (): void => {
    if (converted?.busy === true) return;
    const metadata = { resourceVersion: String(store.revision), creationTimestamp: null };
    stream.push({ type: 'BOOKMARK', object: { kind: kind.names.kind, apiVersion: kind.apiVersion, metadata } });
  };
  if (bookmarks) {
    const again = (): void => {
      bookmark();
      timers.push(clock.setTimer(bookmarkPeriod, again, { background: true }));
    };
    timers.push(clock.setTimer(bookmarkPeriod, again, { background: true }));
  }
  const asked = Number(query.get('timeoutSeconds') ?? 0);
  const seconds = asked > 0 ? asked : minimumTimeout * (1 + random.fraction());
  timers.push(clock.setTimer(seconds * 1000, ended, { background: true }));
  return response;
}

const contentTypeOf = ({ negotiated: { as, tableVersion } }: Routed): string =>
  `application/json;as=${as};g=meta.k8s.io;v=${tableVersion}`;

/** Objects as the client wants to see them; only the first table says its columns. */
function presenter({ kind, info, negotiated, server }: Routed): (object: ApiObject) => object {
  const { as, tableVersion: version } = negotiated;
  if (as === 'object') return (object) => withManagers(server, kind, object);
  if (as !== 'Table') return (object) => partial(withManagers(server, kind, object), version);
  let header = true;
  return (object) => {
    const meta = { resourceVersion: object.metadata.resourceVersion };
    const shown = table(kind, [object], meta, server.clock.now, includeOf(info), {
      version,
      header,
      shown: (each) => withManagers(server, kind, each),
    });
    header = false;
    return shown;
  };
}

/** A selector on an indexed field needs no look at the others (a kubelet's own pods). */
function indexFor(indexes: readonly string[], { fields }: Selection): { by?: { index: string; value: string } } {
  const found = fields.find(({ field, equal, value }) => equal && value !== '' && indexes.includes(field));
  return found === undefined ? {} : { by: { index: found.field, value: found.value } };
}

/** Objects that begin or cease to match come and go. */
function filtered(
  event: WatchEvent,
  { everything, matches }: Selection,
): Pick<WatchEvent, 'type' | 'object'> | undefined {
  if (everything) return event;
  const now = matches(event.object);
  if (event.type === 'ADDED') return now ? event : undefined;
  if (event.type === 'DELETED') return now ? event : undefined;
  const before = event.old !== undefined && matches(event.old);
  if (now) return before ? event : { type: 'ADDED', object: event.object };
  if (!before || event.old === undefined) return undefined;
  const { resourceVersion } = event.object.metadata;
  return { type: 'DELETED', object: { ...event.old, metadata: { ...event.old.metadata, resourceVersion } } };
}
