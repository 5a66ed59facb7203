/** A moment as the clocks of a zone show it: shifted so that its UTC fields are the local ones. */
export interface LocalTime {
  readonly at: number;
  /** Minutes east of Greenwich. */
  readonly offset: number;
  readonly name: string;
}

const formats = new Map<string, Intl.DateTimeFormat | undefined>();

/** How a zone of the tz database (`Asia/Tokyo`) writes moments; undefined if there is none of that name. */
function formatOf(zone: string): Intl.DateTimeFormat | undefined {
  if (formats.has(zone)) return formats.get(zone);
  let format: Intl.DateTimeFormat | undefined;
  try {
    const digits = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const;
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', timeZoneName: 'short', ...digits });
  } catch {
    format = undefined;
  }
  formats.set(zone, format);
  return format;
}

/** Local time by TZ; a zone that nobody knows is UTC, as for the C library. */
export function localTime(at: number, zone: string | undefined): LocalTime {
  const format = zone === undefined || zone === '' ? undefined : formatOf(zone.replace(/^:/, ''));
  if (format === undefined) return { at, offset: 0, name: 'UTC' };
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0] = (
    ['year', 'month', 'day', 'hour', 'minute'] as const
  ).map((part) => Number(parts.get(part)));
  const shown = Date.UTC(year, month - 1, day, hour, minute);
  const offset = Math.round((shown - Math.floor(at / 60_000) * 60_000) / 60_000);
  return { at: at + offset * 60_000, offset, name: parts.get('timeZoneName') ?? 'UTC' };
}
