import type { Process } from '../../linux/process/types';

/** Minutes east of UTC at a moment, by TZ (POSIX `UTC-1`, `Europe/Berlin`) or /etc/localtime's UTC. */
export function zoneOffset({ env }: Process, seconds: number): number {
  const zone = env.get('TZ') ?? '';
  const posix = /^[A-Za-z<>+\d-]*?[A-Za-z>]([+-]?\d{1,2})(?::(\d\d))?$/.exec(zone);
  if (posix !== null) {
    const hours = Number(posix[1]);
    return -(hours * 60 + Math.sign(hours || 1) * Number(posix[2] ?? 0));
  }
  if (zone === '' || /^(UTC|GMT|Etc\/UTC|:)/.test(zone)) return 0;
  try {
    const parts = new Intl.DateTimeFormat('en-US', {
      timeZone: zone.replace(/^:/, ''),
      timeZoneName: 'longOffset',
    }).format(seconds * 1000);
    const [, sign = '+', hours = '0', minutes = '0'] = /GMT([+-])(\d\d):(\d\d)/.exec(parts) ?? [];
    return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  } catch {
    return 0;
  }
}

const zoneText = (minutes: number): string => {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${String(Math.floor(size / 60)).padStart(2, '0')}${String(size % 60).padStart(2, '0')}`;
};
const zoneMinutes = (text: string): number =>
  (text.startsWith('-') ? -1 : 1) * (Number(text.slice(1, 3)) * 60 + Number(text.replace(':', '').slice(3, 5)));

/** `seconds zone` of now. */
export function now(process: Process): string {
  const seconds = Math.floor(process.clock.now / 1000);
  return `${seconds} ${zoneText(zoneOffset(process, seconds))}`;
}

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const days = 'Sun Mon Tue Wed Thu Fri Sat'.split(' ');

/** A date as people and programs write it, as `seconds zone`; undefined if it is none. */
export function parseDate(text: string, process: Process): string | undefined {
  const raw = /^@?(\d{5,})(?:\s+([+-]\d{4}))?$/.exec(text.trim());
  if (raw !== null) return `${raw[1] ?? ''} ${raw[2] ?? zoneText(zoneOffset(process, Number(raw[1])))}`;
  const iso = /(\d{4})-(\d\d?)-(\d\d?)/.exec(text) ?? /(\d{4})\/(\d\d?)\/(\d\d?)/.exec(text);
  const european = /(\d\d?)\.(\d\d?)\.(\d{4})/.exec(text);
  const named =
    /(?:(\d{1,2})\s+([A-Z][a-z]{2})[a-z]*\s+(\d{4}))|(?:([A-Z][a-z]{2})[a-z]*\s+(\d{1,2})\s+(?:[\d:]+\s+)?(\d{4}))/.exec(
      text,
    );
  let date: readonly [number, number, number] | undefined;
  if (iso !== null) date = [Number(iso[1]), Number(iso[2]), Number(iso[3])];
  else if (european !== null) date = [Number(european[3]), Number(european[2]), Number(european[1])];
  else if (named !== null) {
    const month = months.indexOf(named[2] ?? named[4] ?? '') + 1;
    if (month > 0) date = [Number(named[3] ?? named[6]), month, Number(named[1] ?? named[5])];
  }
  if (date === undefined) return relative(text, process);
  const time = /(\d\d?):(\d\d)(?::(\d\d))?/.exec(text);
  const zone = /(?:\d\d:\d\d(?::\d\d)?(?:\.\d+)?\s*)(Z|UTC|GMT|[+-]\d\d:?\d\d)/.exec(text)?.[1];
  const [year, month, day] = date;
  const [hours, minutes, seconds] = [Number(time?.[1] ?? 0), Number(time?.[2] ?? 0), Number(time?.[3] ?? 0)];
  const local = Date.UTC(year, month - 1, day, hours, minutes, seconds) / 1000;
  const offset = zone === undefined ? zoneOffset(process, local) : /^[+-]/.test(zone) ? zoneMinutes(zone) : 0;
  return `${local - offset * 60} ${zoneText(offset)}`;
}

const unitSeconds: Readonly<Record<string, number>> = {
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86_400,
  week: 604_800,
  month: 2_592_000,
  year: 31_536_000,
};

function relative(text: string, process: Process): string | undefined {
  const current = Math.floor(process.clock.now / 1000);
  const zone = zoneText(zoneOffset(process, current));
  if (/^now$/i.test(text)) return `${current} ${zone}`;
  if (/^yesterday$/i.test(text)) return `${current - 86_400} ${zone}`;
  let back = 0;
  let found = false;
  for (const [, count = '', unit = ''] of text.matchAll(
    /(\d+|an?)[\s.]+(second|minute|hour|day|week|month|year)s?/gi,
  )) {
    back += (Number(count) || 1) * (unitSeconds[unit.toLowerCase()] ?? 0);
    found = true;
  }
  return found ? `${current - back} ${zone}` : undefined;
}

/** The moment and the zone in `Name <mail> seconds zone`. */
export function whenOf(person: string): { readonly seconds: number; readonly zone: string } {
  const [, seconds = '0', zone = '+0000'] = /> (-?\d+) ([+-]\d{4})$/.exec(person) ?? [];
  return { seconds: Number(seconds), zone };
}

export const nameOf = (person: string): string => /^(.*?)\s*</.exec(person)?.[1] ?? person;
export const mailOf = (person: string): string => /<([^>]*)>/.exec(person)?.[1] ?? '';

const two = (value: number): string => String(value).padStart(2, '0');

/** A date in one of `--date`'s formats. */
export function formatDate(person: string, format: string, process: Process): string {
  const { seconds, zone: written } = whenOf(person);
  const local = format.endsWith('local');
  const zone = local ? zoneText(zoneOffset(process, seconds)) : written;
  const kind = format.replace(/-?local$/, '') || 'default';
  const at = new Date((seconds + zoneMinutes(zone) * 60) * 1000);
  const date = `${at.getUTCFullYear()}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())}`;
  const time = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
  const day = days[at.getUTCDay()] ?? '';
  const month = months[at.getUTCMonth()] ?? '';
  switch (kind) {
    case 'iso':
    case 'iso8601':
      return `${date} ${time} ${zone}`;
    case 'iso-strict':
    case 'iso8601-strict':
      return `${date}T${time}${zone === '+0000' ? '+00:00' : `${zone.slice(0, 3)}:${zone.slice(3)}`}`;
    case 'short':
      return date;
    case 'unix':
      return String(seconds);
    case 'raw':
      return `${seconds} ${zone}`;
    case 'rfc':
    case 'rfc2822':
      return `${day}, ${at.getUTCDate()} ${month} ${at.getUTCFullYear()} ${time} ${zone}`;
    case 'relative':
      return ago(Math.floor(process.clock.now / 1000) - seconds);
    case 'human':
      return ago(Math.floor(process.clock.now / 1000) - seconds);
    default:
      if (kind.startsWith('format:')) return strftime(kind.slice(7), at, seconds, zone);
      return `${day} ${month} ${at.getUTCDate()} ${time} ${at.getUTCFullYear()}${local ? '' : ` ${zone}`}`;
  }
}

function strftime(format: string, at: Date, seconds: number, zone: string): string {
  const values: Readonly<Record<string, string>> = {
    Y: String(at.getUTCFullYear()),
    y: two(at.getUTCFullYear() % 100),
    m: two(at.getUTCMonth() + 1),
    d: two(at.getUTCDate()),
    e: String(at.getUTCDate()).padStart(2),
    H: two(at.getUTCHours()),
    I: two(at.getUTCHours() % 12 || 12),
    p: at.getUTCHours() < 12 ? 'AM' : 'PM',
    M: two(at.getUTCMinutes()),
    S: two(at.getUTCSeconds()),
    a: days[at.getUTCDay()] ?? '',
    b: months[at.getUTCMonth()] ?? '',
    s: String(seconds),
    z: zone,
    n: '\n',
    t: '\t',
    '%': '%',
  };
  return format
    .replace(/%F/g, '%Y-%m-%d')
    .replace(/%T/g, '%H:%M:%S')
    .replace(/%R/g, '%H:%M')
    .replace(/%D/g, '%m/%d/%y')
    .replace(/%([A-Za-z%])/g, (whole, letter: string) => values[letter] ?? whole);
}

/** `3 days ago` (date.c, show_date_relative). */
function ago(difference: number): string {
  if (difference < 0) return 'in the future';
  const say = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? '' : 's'} ago`;
  if (difference < 90) return say(difference, 'second');
  const minutes = Math.floor((difference + 30) / 60);
  if (minutes < 90) return say(minutes, 'minute');
  const hours = Math.floor((minutes + 30) / 60);
  if (hours < 36) return say(hours, 'hour');
  const dayCount = Math.floor((hours + 12) / 24);
  if (dayCount < 14) return say(dayCount, 'day');
  if (dayCount < 70) return say(Math.floor((dayCount + 3) / 7), 'week');
  if (dayCount < 365) return say(Math.floor((dayCount + 15) / 30), 'month');
  if (dayCount < 1825) {
    const total = Math.floor((dayCount * 12 * 2 + 365) / (365 * 2));
    const years = Math.floor(total / 12);
    const rest = total % 12;
    const yearText = `${years} year${years === 1 ? '' : 's'}`;
    return rest === 0 ? `${yearText} ago` : `${yearText}, ${rest} month${rest === 1 ? '' : 's'} ago`;
  }
  return say(Math.floor((dayCount + 183) / 365), 'year');
}
