import { familiarName, parseReference } from '../../images/reference';
import type { EngineEvent } from '../events';
import { matchesLabels } from '../filters';
import { failure, filtersOf, Stream, type Call } from './respond';

type Filters = ReadonlyMap<string, readonly string[]>;

/** GET /events: what is kept since an instant, then what happens, until another (system_routes.go, getEvents). */
export function events({ engine, query }: Call) {
  const { clock } = engine.options;
  const sinceText = query.get('since') ?? '';
  const untilText = query.get('until') ?? '';
  const since = instantOf(sinceText);
  const until = instantOf(untilText);
  if (Number.isNaN(since) || Number.isNaN(until))
    return failure({
      status: 400,
      message: `strconv.ParseInt: parsing ${JSON.stringify(Number.isNaN(since) ? sinceText : untilText)}: invalid syntax`,
    });
  if (until !== undefined && until < (since ?? 0))
    return failure({
      status: 400,
      message: `\`since\` time (${sinceText}) cannot be after \`until\` time (${untilText})`,
    });
  const filters = filtersOf(query);
  const stream = new Stream(clock);
  const send = (event: EngineEvent): void => {
    if (matches(event, filters)) stream.json(event, '\n');
  };
  if (since !== undefined || until !== undefined)
    for (const event of engine.events.between(since ?? 0, until ?? Infinity)) send(event);
  const now = clock.now / 1000;
  if (until !== undefined && until < now) stream.end();
  else {
    const end = engine.events.listen(send);
    stream.onCancel(end);
    if (until !== undefined) {
      clock.setTimer((until - now) * 1000, () => {
        end();
        stream.end();
      });
    }
  }
  return stream.response();
}

/** Seconds with a fraction; undefined where there is none, NaN where it is no number. */
function instantOf(text: string): number | undefined {
  if (text === '') return undefined;
  return /^[+-]?\d+(\.\d*)?$/.test(text) ? Number(text) : NaN;
}

/** What carries a name or the beginning of an id. */
const named = ['daemon', 'container', 'plugin', 'volume', 'network', 'service', 'node', 'secret', 'config'];
/** Actions with a colon: asked for without what follows it. */
const spoken = ['health_status', 'exec_create', 'exec_start'];

/** daemon/events/filter.go. Filters that nobody knows are no hindrance. */
function matches({ Type, Action, Actor, scope }: EngineEvent, filters: Filters): boolean {
  const { ID, Attributes } = Actor;
  const exact = (key: string, value: string): boolean => filters.get(key)?.includes(value) ?? true;
  const fuzzy = (key: string, value: string): boolean =>
    filters.get(key)?.some((wanted) => value.startsWith(wanted)) ?? true;
  const asked = filters.get('event') ?? [];
  const action = asked.some((one) => spoken.includes(one)) ? fuzzy('event', Action) : exact('event', Action);
  const image = Attributes[Type === 'image' ? 'name' : 'image'] ?? '';
  return (
    action &&
    exact('type', Type) &&
    exact('scope', scope) &&
    named.every((key) => fuzzy(key, ID) || fuzzy(key, Attributes['name'] ?? '')) &&
    [ID, image, withoutTag(ID), withoutTag(image)].some((one) => exact('image', one)) &&
    matchesLabels(Attributes, filters.get('label') ?? [])
  );
}

function withoutTag(image: string): string {
  const parsed = parseReference(image);
  return parsed.ok ? familiarName(parsed.value) : image;
}
