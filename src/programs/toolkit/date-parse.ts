import { instantOf, utc, zoneOf, type Zone } from './zone';

const months = 'january february march april may june july august september october november december'.split(' ');
const days = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ');
/** Hours east of Greenwich. */
const zones: Readonly<Record<string, number>> = {
  utc: 0,
  gmt: 0,
  ut: 0,
  z: 0,
  wet: 0,
  west: 1,
  bst: 1,
  est: -5,
  edt: -4,
  cst: -6,
  cdt: -5,
  mst: -7,
  mdt: -6,
  pst: -8,
  pdt: -7,
  cet: 1,
  cest: 2,
  eet: 2,
  eest: 3,
  msk: 3,
  ist: 5.5,
  jst: 9,
  nzst: 12,
  nzdt: 13,
};
const ordinals: Readonly<Record<string, number>> = {
  last: -1,
  this: 0,
  next: 1,
  first: 1,
  third: 3,
  fourth: 4,
  fifth: 5,
  sixth: 6,
  seventh: 7,
  eighth: 8,
  ninth: 9,
  tenth: 10,
  eleventh: 11,
  twelfth: 12,
};
/** Units in seconds; months and years go by the calendar. */
const units: Readonly<Record<string, number>> = {
  fortnight: 1_209_600,
  week: 604_800,
  day: 86_400,
  hour: 3600,
  minute: 60,
  min: 60,
  second: 1,
  sec: 1,
};

const begins = (list: readonly string[], word: string): number =>
  word.length < 3
    ? -1
    : list.findIndex(
        (name) =>
          name === word ||
          (name.startsWith(word) &&
            (word.length === 3 ||
              word === 'sept' ||
              word === 'tues' ||
              word === 'wednes' ||
              word === 'thur' ||
              word === 'thurs')),
      );

/** What has been read so far. */
interface Read {
  date?: { year: number; month: number; day: number };
  time?: { hours: number; minutes: number; seconds: number; nanos: number };
  offset?: number;
  weekday?: { day: number; ordinal: number };
  years: number;
  months: number;
  days: number;
  seconds: number;
}

/** A date as GNU's parse_datetime reads it, with what is below a millisecond; undefined if it is none. */
export function parseDateTime(text: string, now: number, zone: Zone = utc): { ms: number; nanos: number } | undefined {
  const named = /^\s*TZ="([^"]*)"\s*/.exec(text);
  if (named !== null) return parseDateTime(text.slice(named[0].length), now, zoneOf(named[1]));
  const epoch = /^\s*@(-?\d+)(?:[.,](\d+))?\s*$/.exec(text);
  if (epoch !== null) {
    const nanos = Number((epoch[2] ?? '').padEnd(9, '0').slice(0, 9));
    return { ms: Number(epoch[1]) * 1000 + Math.floor(nanos / 1e6), nanos: nanos % 1e6 };
  }
  const read: Read = { years: 0, months: 0, days: 0, seconds: 0 };
  let rest = text
    .replace(/\([^)]*\)/g, ' ')
    .trim()
    .toLowerCase();
  while (rest !== '') {
    const taken = step(rest, read, now, zone);
    if (taken === undefined || taken === 0) return undefined;
    rest = rest.slice(taken).replace(/^[\s,]+/, '');
  }
  return resolve(read, now, zone, text.trim() === '');
}

const year = (text: string): number =>
  text.length > 2 ? Number(text) : Number(text) + (Number(text) < 69 ? 2000 : 1900);

/** Reads one item; how many characters it took. */
function step(rest: string, read: Read, now: number, zone: Zone): number | undefined {
  const set = (match: RegExpExecArray, y: number, m: number, d: number): number | undefined => {
    if (read.date !== undefined || m < 1 || m > 12 || d < 1 || d > new Date(Date.UTC(y, m, 0)).getUTCDate())
      return undefined;
    read.date = { year: y, month: m, day: d };
    return match[0].length;
  };
  const thisYear = new Date(now + zone.at(now).offset * 1000).getUTCFullYear();
  let match: RegExpExecArray | null;
  if ((match = /^(\d{4,})-(\d{1,2})-(\d{1,2})(?:t(?=\d))?/.exec(rest)) !== null) {
    return set(match, Number(match[1]), Number(match[2]), Number(match[3]));
  }
  if ((match = /^(\d{1,2})\/(\d{1,2})(?:\/(\d{2,4}))?(?![\d/])/.exec(rest)) !== null) {
    return set(match, match[3] === undefined ? thisYear : year(match[3]), Number(match[1]), Number(match[2]));
  }
  if ((match = /^(\d{4})\/(\d{1,2})\/(\d{1,2})/.exec(rest)) !== null) {
    return set(match, Number(match[1]), Number(match[2]), Number(match[3]));
  }
  if ((match = /^(\d{1,2})(?:[-\s]*)([a-z]{3,9})\.?(?:[-\s,]+(\d{4}|\d{2})(?![\d:]))?/.exec(rest)) !== null) {
    const month = begins(months, match[2] ?? '');
    if (month >= 0) return set(match, match[3] === undefined ? thisYear : year(match[3]), month + 1, Number(match[1]));
  }
  if (
    (match = /^([a-z]{3,9})\.?[\s-]+(\d{1,2})(?:st|nd|rd|th)?(?![\d:])(?:(?:,\s*|\s+|-)(\d{4})(?![\d:]))?/.exec(
      rest,
    )) !== null
  ) {
    const month = begins(months, match[1] ?? '');
    if (month >= 0)
      return set(match, match[3] === undefined ? thisYear : Number(match[3]), month + 1, Number(match[2]));
  }
  return clock(rest, read) ?? relative(rest, read) ?? bare(rest, read, set);
}

function clock(rest: string, read: Read): number | undefined {
  const match =
    /^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?\s*([ap]\.?m\.?)?(?:\s*([-+]\d{2}):?(\d{2})?(?!\d))?/.exec(rest) ??
    /^(\d{1,2})()()()\s*([ap]\.?m\.?)(?![a-z])/.exec(rest);
  if (match !== null) {
    const [whole, hour, minutes, seconds, fraction, half, zoneHours, zoneMinutes] = match;
    let hours = Number(hour);
    if (half !== undefined && (hours < 1 || hours > 12)) return undefined;
    if (half !== undefined) hours = (hours % 12) + (half.startsWith('p') ? 12 : 0);
    if (read.time !== undefined || hours > 24 || Number(minutes || 0) > 59 || Number(seconds || 0) > 60)
      return undefined;
    read.time = {
      hours,
      minutes: Number(minutes || 0),
      seconds: Number(seconds || 0),
      nanos: Number((fraction ?? '').padEnd(9, '0').slice(0, 9)),
    };
    if (zoneHours !== undefined) {
      const sign = zoneHours.startsWith('-') ? -1 : 1;
      read.offset = Number(zoneHours) * 3600 + sign * Number(zoneMinutes ?? 0) * 60;
      // `+2 hours` after a time: the `+2` was the zone, as GNU takes it, and the rest is one hour.
      const unit = /^[-+]\d$/.test(zoneHours);
      return unit ? undefined : whole.length;
    }
    const loose = /^\s*([-+])(\d{1,2})(?!\d|:|-)/.exec(rest.slice(whole.length));
    if (loose !== null) {
      read.offset = (loose[1] === '-' ? -1 : 1) * Number(loose[2]) * 3600;
      return whole.length + loose[0].length;
    }
    return whole.length;
  }
  const named = /^(today|now|yesterday|tomorrow)(?![a-z])/.exec(rest);
  if (named === null) return undefined;
  if (named[1] === 'yesterday') read.days--;
  else if (named[1] === 'tomorrow') read.days++;
  return named[0].length;
}

function relative(rest: string, read: Read): number | undefined {
  const match =
    /^(?:([-+]?\s*\d+)\s*|(an?|last|this|next|first|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth)\s+)?(years?|months?|fortnights?|weeks?|days?|hours?|minutes?|mins?|seconds?|secs?)(?![a-z])(\s+ago(?![a-z]))?/.exec(
      rest,
    );
  if (match !== null) {
    const [whole, number, word, unit = '', ago] = match;
    const count =
      (number !== undefined
        ? Number(number.replace(/\s/g, ''))
        : word === undefined || /^an?$/.test(word)
          ? 1
          : (ordinals[word] ?? 1)) * (ago === undefined ? 1 : -1);
    const name = unit.replace(/s$/, '');
    if (name === 'year') read.years += count;
    else if (name === 'month') read.months += count;
    else if (name === 'day' || name === 'week' || name === 'fortnight')
      read.days += (count * (units[name] ?? 0)) / 86_400;
    else read.seconds += count * (units[name] ?? 0);
    return whole.length;
  }
  const weekday =
    /^(?:([-+]?\d+|last|this|next|first|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth)\s+)?([a-z]{3,9})\.?(?![a-z])/.exec(
      rest,
    );
  const day = begins(days, weekday?.[2] ?? '');
  if (weekday !== null && day >= 0) {
    const ordinal = weekday[1];
    read.weekday = { day, ordinal: ordinal === undefined ? 0 : (ordinals[ordinal] ?? Number(ordinal)) };
    return weekday[0].length;
  }
  return undefined;
}

function bare(
  rest: string,
  read: Read,
  set: (match: RegExpExecArray, y: number, m: number, d: number) => number | undefined,
): number | undefined {
  const zone = /^([a-z]+)(?![a-z])(?:([-+]\d{1,2}):?(\d{2})?)?/.exec(rest);
  const hours = zones[zone?.[1] ?? ''];
  if (zone !== null && hours !== undefined) {
    read.offset = hours * 3600 + Number(zone[2] ?? 0) * 3600;
    return zone[0].length;
  }
  const offset = /^([-+])(\d{2}):?(\d{2})(?!\d)/.exec(rest);
  if (offset !== null && read.time !== undefined) {
    read.offset = (offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 3600 + Number(offset[3]) * 60);
    return offset[0].length;
  }
  const digits = /^\d+(?![\d:a-z])/.exec(rest);
  if (digits === null) return undefined;
  const text = digits[0];
  if (text.length === 8) return set(digits, Number(text.slice(0, 4)), Number(text.slice(4, 6)), Number(text.slice(6)));
  if (text.length === 4 && read.date !== undefined && read.time !== undefined) {
    read.date.year = Number(text);
    return 4;
  }
  if (text.length > 4 || read.time !== undefined) return undefined;
  const wide = text.padStart(4, '0');
  const [hour, minutes] = text.length <= 2 ? [Number(text), 0] : [Number(wide.slice(0, 2)), Number(wide.slice(2))];
  if (hour > 23 || minutes > 59) return undefined;
  read.time = { hours: hour, minutes, seconds: 0, nanos: 0 };
  return text.length;
}

function resolve(read: Read, now: number, zone: Zone, empty: boolean): { ms: number; nanos: number } {
  const local = new Date(now + zone.at(now).offset * 1000);
  const today = { year: local.getUTCFullYear(), month: local.getUTCMonth() + 1, day: local.getUTCDate() };
  const date = read.date ?? today;
  const dated = read.date !== undefined || read.weekday !== undefined || empty;
  const time = read.time ?? (dated ? { hours: 0, minutes: 0, seconds: 0, nanos: 0 } : undefined);
  const at = new Date(
    Date.UTC(
      date.year + read.years,
      date.month - 1 + read.months,
      date.day + read.days,
      time?.hours ?? local.getUTCHours(),
      time?.minutes ?? local.getUTCMinutes(),
      time?.seconds ?? local.getUTCSeconds(),
    ),
  );
  if (read.weekday !== undefined && read.date === undefined) {
    const { day, ordinal } = read.weekday;
    const ahead = (day - at.getUTCDay() + 7) % 7;
    at.setUTCDate(at.getUTCDate() + ahead + 7 * (ordinal - (ordinal > 0 && ahead !== 0 ? 1 : 0)));
  }
  const wall = at.getTime() + read.seconds * 1000;
  const ms = read.offset === undefined ? instantOf(wall, zone) : wall - read.offset * 1000;
  const part = time === undefined ? local.getUTCMilliseconds() : Math.floor(time.nanos / 1e6);
  return { ms: ms + part, nanos: time === undefined ? 0 : time.nanos % 1e6 };
}

/** The same in milliseconds; NaN if it is none. */
export function parseDate(text: string, now: number, zone: Zone = utc): number {
  return parseDateTime(text, now, zone)?.ms ?? NaN;
}
