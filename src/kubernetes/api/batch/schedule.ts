import { err, ok, type Result } from '../../../sim/result';
import { timeZone, type TimeZone, type WallTime } from './time-zone';

/** When something is due, as cron says it; github.com/robfig/cron's standard parser. */
export interface Schedule {
  /** The first instant after `now` that fits, virtual milliseconds; undefined if none comes within five years. */
  next(now: number): number | undefined;
}

interface Bounds {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  readonly names?: readonly string[];
}

const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const days = 'sun mon tue wed thu fri sat'.split(' ');
const fields: readonly Bounds[] = [
  { name: 'minute', low: 0, high: 59 },
  { name: 'hour', low: 0, high: 23 },
  { name: 'dom', low: 1, high: 31 },
  { name: 'month', low: 1, high: 12, names: ['', ...months] },
  { name: 'dow', low: 0, high: 6, names: days },
];

const descriptors: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

const MINUTE = 60_000;

/**
 * Reads five fields, a descriptor or `@every 5m`, for the clocks of a place; the text itself may name another
 * (`TZ=Europe/Paris 0 6 * * *`).
 */
export function parseSchedule(text: string, local = 'UTC'): Result<Schedule, string> {
  if (text === '') return err('empty spec string');
  const [, place = local, rest = text] = /^(?:CRON_)?TZ=(\S*)\s+(.*)$/s.exec(text) ?? [];
  const zone = timeZone(place);
  if (zone === undefined) return err(`provided bad location ${place}: unknown time zone ${place}`);
  const spec = rest.trim();
  if (spec.startsWith('@every ')) return every(spec.slice(7));
  if (spec.startsWith('@')) {
    const meant = descriptors[spec];
    return meant === undefined ? err(`unrecognized descriptor: ${spec}`) : parseSchedule(meant, place);
  }
  const words = spec === '' ? [] : spec.split(/\s+/);
  if (words.length !== 5) return err(`expected exactly 5 fields, found ${words.length}: [${words.join(' ')}]`);
  const sets: ReadonlySet<number>[] = [];
  for (const [index, bounds] of fields.entries()) {
    const parsed = parseField(words[index] ?? '', bounds);
    if (!parsed.ok) return parsed;
    sets.push(parsed.value);
  }
  const star = (index: number): boolean => /^[*?]/.test(words[index] ?? '');
  return ok(fixed(sets, zone, star(2), star(4)));
}

function every(text: string): Result<Schedule, string> {
  let length = 0;
  if (!/^([\d.]+(ms|s|m|h))+$/.test(text))
    return err(`failed to parse duration @every ${text}: time: invalid duration ${JSON.stringify(text)}`);
  for (const [, amount, unit] of text.matchAll(/([\d.]+)(ms|s|m|h)/g)) {
    length += Number(amount) * (unit === 'h' ? 3_600_000 : unit === 'm' ? MINUTE : unit === 's' ? 1000 : 1);
  }
  const step = Math.max(1000, Math.floor(length / 1000) * 1000);
  return ok({ next: (now) => Math.floor(now / 1000) * 1000 + step });
}

function parseField(text: string, bounds: Bounds): Result<ReadonlySet<number>, string> {
  const found = new Set<number>();
  for (const part of text.split(',')) {
    if (part === '') continue;
    const range = parseRange(part, bounds);
    if (!range.ok) return range;
    const { low, high, step } = range.value;
    for (let value = low; value <= high; value += step) found.add(value);
  }
  return ok(found);
}

function parseRange(
  text: string,
  bounds: Bounds,
): Result<{ readonly low: number; readonly high: number; readonly step: number }, string> {
  const [range = '', stepText, ...rest] = text.split('/');
  if (rest.length > 0) return err(`too many slashes: ${text}`);
  const [first = '', last, ...more] = range.split('-');
  if (more.length > 0) return err(`too many hyphens: ${text}`);
  let low = bounds.low;
  let high = bounds.high;
  if (first !== '*' && first !== '?') {
    const from = parseValue(first, bounds);
    if (!from.ok) return from;
    low = from.value;
    high = low;
    if (last !== undefined) {
      const to = parseValue(last, bounds);
      if (!to.ok) return to;
      high = to.value;
    } else if (stepText !== undefined) high = bounds.high;
  }
  let step = 1;
  if (stepText !== undefined) {
    const parsed = parseNumber(stepText);
    if (!parsed.ok) return parsed;
    step = parsed.value;
  }
  if (low < bounds.low) return err(`beginning of range (${low}) below minimum (${bounds.low}): ${text}`);
  if (high > bounds.high) return err(`end of range (${high}) above maximum (${bounds.high}): ${text}`);
  if (low > high) return err(`beginning of range (${low}) beyond end of range (${high}): ${text}`);
  if (step === 0) return err(`step of range should be a positive number: ${text}`);
  return ok({ low, high, step });
}

function parseValue(text: string, { names }: Bounds): Result<number, string> {
  const index = names?.indexOf(text.toLowerCase()) ?? -1;
  return index >= 0 && text !== '' ? ok(index) : parseNumber(text);
}

function parseNumber(text: string): Result<number, string> {
  if (!/^[-+]?\d+$/.test(text))
    return err(`failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Number(text) < 0 ? err(`negative number (${Number(text)}) not allowed: ${text}`) : ok(Number(text));
}

/** SpecSchedule.Next (robfig/cron v3 spec.go): month by month, day by day, hour by hour, as the clocks there go. */
function fixed(sets: readonly ReadonlySet<number>[], zone: TimeZone, anyDay: boolean, anyWeekday: boolean): Schedule {
  const [minutes, hours, monthDays, monthSet, weekdays] = sets;
  const fitsDay = ({ day, weekday }: WallTime): boolean => {
    const byDay = monthDays?.has(day) === true;
    const byWeekday = weekdays?.has(weekday) === true;
    // Of two restrictions, either is enough.
    return anyDay || anyWeekday ? byDay && byWeekday : byDay || byWeekday;
  };
  /** The next instant that might fit; the same if this one does. */
  const advanced = (at: number): number => {
    const shown = zone.wallTime(at);
    const { year, month, day, hour, minute } = shown;
    if (monthSet?.has(month) !== true) return zone.instant(year, month + 1, 1);
    if (!fitsDay(shown)) return midnight(zone, zone.instant(year, month, day + 1));
    if (hours?.has(hour) !== true) return Math.floor(at / MINUTE) * MINUTE + (60 - minute) * MINUTE;
    return minutes?.has(minute) === true ? at : at + MINUTE;
  };
  return {
    next(now) {
      const lastYear = zone.wallTime(now).year + 5;
      let at = (Math.floor(now / MINUTE) + 1) * MINUTE;
      while (zone.wallTime(at).year <= lastYear) {
        const then = advanced(at);
        if (then === at) return at;
        at = then;
      }
      return undefined;
    },
  };
}

/** Where the clocks were put forward at midnight, the day begins an hour late; where back, it had begun before. */
function midnight(zone: TimeZone, at: number): number {
  const { hour } = zone.wallTime(at);
  if (hour === 0) return at;
  return at + (hour > 12 ? 24 - hour : -hour) * 60 * MINUTE;
}

/** Whether the time zone database has it. */
export const isTimeZone = (name: string): boolean => timeZone(name) !== undefined;
