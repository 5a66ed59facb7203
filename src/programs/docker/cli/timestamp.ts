import { CommandError } from './command';

const units: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };

/** time.ParseDuration, in seconds; undefined for what is none. */
function goDuration(text: string): number | undefined {
  const [, sign = '', body = ''] = /^([+-]?)(.*)$/.exec(text) ?? [];
  if (!/^((\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h))+$/.test(body)) return body === '0' ? 0 : undefined;
  let seconds = 0;
  for (const [, number = '0', unit = 's'] of body.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h)/g))
    seconds += Number(number) * (units[unit] ?? 1);
  return sign === '-' ? -seconds : seconds;
}

/** The layouts that a value may have, told by what stands in it (moby api/types/time, GetTimestamp). */
function layoutOf(value: string, local: boolean): string {
  const zone = local ? '' : 'Z07:00';
  if (value.includes('.')) return `2006-01-02T15:04:05.999999999${zone}`;
  if (!value.includes('T')) return `2006-01-02${zone}`;
  const colons = (value.match(/:/g) ?? []).length - (!local && !/z/i.test(value) ? 1 : 0);
  return `2006-01-02T15${colons <= 0 ? '' : colons === 1 ? ':04' : ':04:05'}${zone}`;
}

/** A Go duration back from now, an instant, or seconds of the epoch, as the API takes it: seconds with nine decimals. */
export function timestamp(value: string, now: number): string {
  const duration = goDuration(value);
  if (value !== '0' && duration !== undefined) return String(Math.floor(now / 1000 - duration));
  const local = !/[zZ+]/.test(value) && value.split('-').length !== 4;
  const layout = layoutOf(value, local);
  const match = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d)(?::(\d\d))?(?::(\d\d)(\.\d+)?)?)?(Z|z|[+-]\d\d:\d\d)?$/.exec(value);
  if (match !== null) return instant(match, value);
  if (value.includes('-'))
    throw new CommandError(`parsing time ${quoted(value)} as ${quoted(layout)}: ${wrongAt(value, layout)}`);
  if (!/^[+-]?\d+(\.\d+)?$/.test(value))
    throw new CommandError(`failed to parse value as time or duration: ${quoted(value)}`);
  return value;
}

const quoted = (text: string): string => JSON.stringify(text);

function instant(match: RegExpExecArray, value: string): string {
  const [, year = '', month = '', day = '', hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] =
    match;
  const out = (what: string): CommandError => new CommandError(`parsing time ${quoted(value)}: ${what} out of range`);
  if (Number(month) < 1 || Number(month) > 12) throw out('month');
  if (Number(day) < 1 || Number(day) > new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate())
    throw out('day');
  if (Number(hour) > 23) throw out('hour');
  if (Number(minute) > 59) throw out('minute');
  if (Number(second) > 59) throw out('second');
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${zone.toUpperCase()}`);
  return `${Math.floor(ms / 1000)}.${fraction.slice(1, 10).padEnd(9, '0')}`;
}

/** Where Go's parser stops: the first part of the layout that the value does not have. */
function wrongAt(value: string, layout: string): string {
  let rest = value;
  for (const part of layout.match(/2006|01|02|15|04|05|\.9+|Z07:00|./g) ?? []) {
    const pattern =
      part === '2006'
        ? /^\d{4}/
        : /^\d/.test(part)
          ? /^\d\d/
          : part === 'Z07:00'
            ? /^(Z|[+-]\d\d:\d\d)/
            : part.startsWith('.9')
              ? /^(\.\d+)?/
              : undefined;
    const found = pattern === undefined ? (rest.startsWith(part) ? part : undefined) : pattern.exec(rest)?.[0];
    if (found === undefined) return `cannot parse ${quoted(rest)} as ${quoted(part)}`;
    rest = rest.slice(found.length);
  }
  return rest === '' ? '' : `extra text: ${quoted(rest)}`;
}
