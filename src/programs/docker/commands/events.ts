import { nanoTimestamp } from '../../../containers/shim/timestamp';
import { dockerFunctions, GoStruct, parseTemplate, withInts, type GoValue } from '../../gotemplate';
import { filtersParam, query } from '../cli/api';
import { CommandError, type Command } from '../cli/command';
import { flags } from '../cli/flags';
import { jsonLines } from '../cli/json-lines';
import { timestamp } from '../cli/timestamp';

/** An event as the engine sends it; the number of nanoseconds is more than JavaScript's numbers hold. */
interface EventJson {
  readonly status?: string;
  readonly id?: string;
  readonly from?: string;
  readonly Type: string;
  readonly Action: string;
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> | null };
  readonly scope?: string;
  readonly time?: number;
  readonly timeNano?: number;
}

export const events: Command = {
  use: 'events [OPTIONS]',
  short: 'Get real time events from the server',
  aliases: ['docker system events', 'docker events'],
  flags: flags(`
    -f, --filter filter | Filter output based on conditions provided
    --format string | {inspect}
    --since string | Show all events created since timestamp
    --until string | Stream events until this timestamp
  `),
  operands: [0, 0],
  async run({ api, flags: given, out, process }) {
    const format = given.text('format');
    const print = format === '' ? pretty : formatter(format === 'json' ? '{{json .}}' : format);
    const instant = (name: string): string | undefined =>
      given.text(name) === '' ? undefined : timestamp(given.text(name), process.clock.now);
    const params = { filters: filtersParam(given.all('filter')), since: instant('since'), until: instant('until') };
    const response = await api.stream('GET', `/events${query(params)}`);
    for await (const event of jsonLines<EventJson>(response.body)) {
      const text = print(event);
      await out(typeof text === 'string' ? text : `${text.output}\n`);
      if (typeof text !== 'string' && text.error !== undefined) throw new CommandError(text.error);
    }
    return 0;
  },
};

/** `2026-11-20T20:41:44.146224021Z container start 7944… (image=nginx, name=web)`. */
function pretty({ Type, Action, Actor, time = 0, timeNano = 0 }: EventJson): string {
  const at = timeNano !== 0 ? `${nanos(timeNano)} ` : time !== 0 ? `${nanoTimestamp(time * 1000)} ` : '';
  const attributes = Object.entries(Actor.Attributes ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
  return `${at}${Type} ${Action} ${Actor.ID}${attributes === '' ? '' : ` (${attributes})`}\n`;
}

const nanos = (timeNano: number): string => nanoTimestamp(Math.floor(timeNano / 1e6), Math.floor(timeNano % 1e6));

/** The template is tried with an empty event first: what names no field is refused before anything is asked. */
function formatter(source: string): (event: EventJson) => { readonly output: string; readonly error?: string } {
  const parsed = parseTemplate(source, '', dockerFunctions);
  const tried = parsed.ok
    ? parsed.template.run(messageOf({ Type: '', Action: '', Actor: { ID: '', Attributes: null } }, '*events.Message'))
    : undefined;
  const problem = parsed.ok ? (tried?.ok === false ? tried.error : undefined) : parsed.error;
  if (!parsed.ok || problem !== undefined) throw new CommandError(`Error parsing format: ${problem ?? ''}`, 64);
  return (event) => {
    const result = parsed.template.run(messageOf(event, 'events.Message'));
    return result.ok ? { output: result.output } : { output: result.output, error: result.error };
  };
}

/** events.Message: the fields of the first API versions have names of their own. */
function messageOf(event: EventJson, typeName: string): GoStruct {
  const fields: readonly (readonly [string, GoValue])[] = [
    ['Status', event.status ?? ''],
    ['ID', event.id ?? ''],
    ['From', event.from ?? ''],
    ['Type', event.Type],
    ['Action', event.Action],
    [
      'Actor',
      new GoStruct(
        'events.Actor',
        new Map<string, GoValue>([
          ['ID', event.Actor.ID],
          ['Attributes', event.Actor.Attributes === null ? {} : withInts(event.Actor.Attributes)],
        ]),
      ),
    ],
    ['Scope', event.scope ?? ''],
    ['Time', BigInt(event.time ?? 0)],
    ['TimeNano', BigInt(event.timeNano ?? 0)],
  ];
  const names = ['Status', 'ID', 'From', 'Scope', 'Time', 'TimeNano'].map(
    (name) => [name, name === 'ID' ? 'id' : name.charAt(0).toLowerCase() + name.slice(1)] as const,
  );
  const omitEmpty = new Set(['Status', 'ID', 'From', 'Scope', 'Time', 'TimeNano']);
  return new GoStruct(typeName, new Map(fields), { names: new Map(names), omitEmpty });
}
