import type { Cli } from '../cli';
import type { Command } from '../command';
import { Failure } from '../errors';
import { flag } from '../flags/flag-set';
import { isObject, list, text, type JsonObject } from '../json';
import { goSort } from '../printers/go-sort';
import { objectPrinter, printFlags, TemplateFailure, type ObjectPrinter } from '../printers/output';
import { TabWriter } from '../../toolkit/tabwriter';
import { apiVersionOf } from '../resource/mapper';
import { accepts, type Query } from '../rest/client';
import { eventInterval } from './describe/context';
import { sinceTime } from './describe/writer';
import { allNamespacesFlag, chunkSizeFlag } from './shared-flags';

/** `--for TYPE/NAME` as a field selector. */
async function selectorFor(cli: Cli, wanted: string): Promise<string> {
  if (!wanted.includes('/')) throw new Failure('--for must be in resource/name form');
  const [resource = '', name = '', ...more] = wanted.split('/');
  if (more.length > 0) throw new Failure('arguments in resource/name form may not have more than one slash');
  const mapping = await cli.factory.resolve((mapper) => mapper.forResource(resource.toLowerCase()));
  return `involvedObject.kind=${mapping.kind},involvedObject.apiVersion=${apiVersionOf(mapping)},involvedObject.name=${name}`;
}

/** Rows of events; the heads come with the first. */
class EventTable {
  readonly #writer = new TabWriter();
  #headed: boolean;
  constructor(
    readonly cli: Cli,
    readonly everywhere: boolean,
  ) {
    this.#headed = cli.flags.bool('no-headers');
  }

  print(events: readonly JsonObject[]): string {
    if (!this.#headed) this.#row('NAMESPACE', ['LAST SEEN', 'TYPE', 'REASON', 'OBJECT', 'MESSAGE']);
    this.#headed = true;
    const { now } = this.cli.process.clock;
    for (const event of events) {
      const object = `${text(event, 'involvedObject', 'kind')}/${text(event, 'involvedObject', 'name')}`;
      this.#row(text(event, 'metadata', 'namespace'), [
        eventInterval((time) => sinceTime(time, now), event),
        text(event, 'type'),
        text(event, 'reason'),
        object,
        text(event, 'message').trim(),
      ]);
    }
    return this.#writer.flush();
  }

  #row(namespace: string, cells: readonly string[]): void {
    this.#writer.write(`${(this.everywhere ? [namespace, ...cells] : cells).join('\t')}\n`);
  }
}

const typed = (event: JsonObject): JsonObject => ({ kind: 'Event', apiVersion: 'v1', ...event });

async function run(cli: Cli): Promise<void> {
  const { flags, factory } = cli;
  const everywhere = flags.bool('all-namespaces');
  const { namespace } = factory.namespace;
  const wanted = flags.string('for');
  const fieldSelector = wanted === '' ? undefined : await selectorFor(cli, wanted);
  const types = flags.list('types').map((type) => type.toLowerCase());
  const printer = objectPrinter(cli);
  if (types.some((type) => type !== 'normal' && type !== 'warning'))
    throw new Failure('valid --types are Normal or Warning');
  const shown = (event: JsonObject): boolean => types.length === 0 || types.includes(text(event, 'type').toLowerCase());
  const path = everywhere ? '/api/v1/events' : `/api/v1/namespaces/${namespace}/events`;
  const query: Query = { ...(fieldSelector === undefined ? {} : { fieldSelector }), limit: 500 };
  const table = new EventTable(cli, everywhere);
  if (flags.bool('watch')) return watch(cli, path, query, shown, table, printer);
  const events = (await listAll(cli, path, query)).filter(shown).map(typed);
  if (events.length === 0)
    return cli.err(everywhere ? 'No events found.\n' : `No events found in ${namespace} namespace.\n`);
  const sorted = goSort(events, (a, b) => timeOf(a) < timeOf(b));
  const whole = { kind: 'EventList', apiVersion: 'v1', metadata: {}, items: sorted };
  await cli.out(printer === undefined ? table.print(sorted) : printedOf(cli, printer, whole));
}

/** Upstream does not look at what printing came to: names of typed lists cannot be printed, templates may break off. */
function printedOf(cli: Cli, printer: ObjectPrinter, whole: JsonObject): string {
  if (cli.flags.string('output') === 'name') return '';
  try {
    return printer.print(whole, { typed: true });
  } catch (error) {
    if (error instanceof TemplateFailure) return error.printed;
    throw error;
  }
}

/** eventTime; without the zone, so that `50` is before `50.123`. */
const timeOf = (event: JsonObject): string =>
  (text(event, 'series', 'lastObservedTime') || text(event, 'lastTimestamp') || text(event, 'eventTime')).replace(
    /Z$/,
    '',
  );

async function listAll(cli: Cli, path: string, query: Query): Promise<readonly JsonObject[]> {
  const found: JsonObject[] = [];
  for (let next = query; ;) {
    const page = await cli.factory.client.get(path, { accept: accepts.typed, query: next });
    found.push(...list(page, 'items').filter(isObject));
    const more = text(page, 'metadata', 'continue');
    if (more === '') return found;
    next = { ...next, continue: more };
  }
}

async function watch(
  cli: Cli,
  path: string,
  query: Query,
  shown: (event: JsonObject) => boolean,
  table: EventTable,
  printer: ObjectPrinter | undefined,
): Promise<void> {
  const stream = await cli.factory.client.watch(path, {
    accept: accepts.typed,
    query: { ...query, watch: true },
    timeout: 0,
  });
  for (let event = await stream.next(); event !== undefined; event = await stream.next()) {
    if (event.type === 'DELETED' || event.type === 'BOOKMARK' || !shown(event.object)) continue;
    const one = typed(event.object);
    await cli.out(printer === undefined ? table.print([one]) : printer.print(one, { typed: true }));
  }
}

const formats =
  'json|yaml|name|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file';

export const events: Command = {
  discoveryAttempts: 2,
  use: `events [(-o|--output=)${formats}] [--for TYPE/NAME] [--watch] [--types=Normal,Warning]`,
  short: 'List events',
  long: `Show events: what happened in a namespace, in all of them, or to one object.

 The oldest come first.`,
  example: `# Events of the current namespace
  kubectl events

  # Events of one pod, and those still to come
  kubectl events --for pod/web --watch

  # Only warnings
  kubectl events --types=Warning`,
  flags: [
    ...printFlags,
    allNamespacesFlag(),
    chunkSizeFlag,
    flag.string('for', '', 'Only events about this TYPE/NAME.'),
    flag.bool('no-headers', false, 'Leave out the line of headers.'),
    flag.strings('types', [], 'Only events of these types.'),
    flag.bool('watch', false, 'Go on with events as they happen.', { short: 'w' }),
  ],
  run,
};
