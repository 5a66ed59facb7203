const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

const two = (value: number, pad = '0'): string => String(value).padStart(2, pad);

/** Name of a month, `Jan`. */
export const monthName = (ms: number): string => (months[new Date(ms).getUTCMonth()] ?? '').slice(0, 3);

function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000);
}

/** Week of the year and its year (ISO 8601). */
function isoWeek(date: Date): { week: number; year: number } {
  const thursday = new Date(date.getTime() + (3 - ((date.getUTCDay() + 6) % 7)) * 86_400_000);
  return { week: Math.floor(dayOfYear(thursday) / 7) + 1, year: thursday.getUTCFullYear() };
}

/** strftime(3) with GNU's flags, in UTC (the simulated machines are set to it). `nanos`: below the millisecond. */
export function strftime(format: string, ms: number, nanos = 0): string {
  const date = new Date(ms);
  const expand = (letter: string): string => {
    switch (letter) {
      case '%':
        return '%';
      case 'n':
        return '\n';
      case 't':
        return '\t';
      case 'a':
        return days[date.getUTCDay()]?.slice(0, 3) ?? '';
      case 'A':
        return days[date.getUTCDay()] ?? '';
      case 'b':
      case 'h':
        return monthName(ms);
      case 'B':
        return months[date.getUTCMonth()] ?? '';
      case 'c':
        return strftime('%a %b %e %H:%M:%S %Y', ms);
      case 'C':
        return two(Math.floor(date.getUTCFullYear() / 100));
      case 'd':
        return two(date.getUTCDate());
      case 'D':
      case 'x':
        return strftime('%m/%d/%y', ms);
      case 'e':
        return two(date.getUTCDate(), ' ');
      case 'F':
        return strftime('%Y-%m-%d', ms);
      case 'g':
        return two(isoWeek(date).year % 100);
      case 'G':
        return String(isoWeek(date).year);
      case 'H':
        return two(date.getUTCHours());
      case 'I':
        return two(date.getUTCHours() % 12 || 12);
      case 'j':
        return String(dayOfYear(date) + 1).padStart(3, '0');
      case 'k':
        return two(date.getUTCHours(), ' ');
      case 'l':
        return two(date.getUTCHours() % 12 || 12, ' ');
      case 'm':
        return two(date.getUTCMonth() + 1);
      case 'M':
        return two(date.getUTCMinutes());
      case 'N':
        return String(Math.floor((((ms % 1000) + 1000) % 1000) * 1e6) + nanos).padStart(9, '0');
      case 'p':
        return date.getUTCHours() < 12 ? 'AM' : 'PM';
      case 'P':
        return date.getUTCHours() < 12 ? 'am' : 'pm';
      case 'q':
        return String(Math.floor(date.getUTCMonth() / 3) + 1);
      case 'r':
        return strftime('%I:%M:%S %p', ms);
      case 'R':
        return strftime('%H:%M', ms);
      case 's':
        return String(Math.floor(ms / 1000));
      case 'S':
        return two(date.getUTCSeconds());
      case 'T':
      case 'X':
        return strftime('%H:%M:%S', ms);
      case 'u':
        return String(date.getUTCDay() || 7);
      case 'U':
        return two(Math.floor((dayOfYear(date) + 7 - date.getUTCDay()) / 7));
      case 'V':
        return two(isoWeek(date).week);
      case 'w':
        return String(date.getUTCDay());
      case 'W':
        return two(Math.floor((dayOfYear(date) + 7 - ((date.getUTCDay() + 6) % 7)) / 7));
      case 'y':
        return two(date.getUTCFullYear() % 100);
      case 'Y':
        return String(date.getUTCFullYear());
      case 'z':
        return '+0000';
      case 'Z':
        return 'UTC';
      default:
        return `%${letter}`;
    }
  };
  return format.replace(
    /%([-_0^#]*)(\d*)(:{0,2})([a-zA-Z%])/g,
    (_, flags: string, width: string, colons: string, letter: string) => {
      let text = colons === '' || letter !== 'z' ? expand(letter) : colons === ':' ? '+00:00' : '+00:00:00';
      // %3N is the first three digits, not a width.
      if (letter === 'N' && width !== '') return text.slice(0, Number(width));
      if (flags.includes('-')) text = text.replace(/^[0 ]+(?=.)/, '');
      if (flags.includes('_')) text = text.replace(/^0+(?=\d)/, (zeros) => ' '.repeat(zeros.length));
      if (flags.includes('^')) text = text.toUpperCase();
      if (flags.includes('#')) text = text === text.toUpperCase() ? text.toLowerCase() : text.toUpperCase();
      return width === '' ? text : text.padStart(Number(width), /^\d/.test(text) && !flags.includes('_') ? '0' : ' ');
    },
  );
}

/** A date as `date -d` and `touch -d` read it, seen from `now`; NaN if it is none. */
export function parseDate(text: string, now: number): number {
  const given = text.trim();
  if (given === '' || /^today$/i.test(given)) return given === '' ? Math.floor(now / 86_400_000) * 86_400_000 : now;
  if (/^now$/i.test(given)) return now;
  const epoch = /^@(-?\d+(?:\.\d+)?)$/.exec(given);
  if (epoch !== null) return Number(epoch[1]) * 1000;
  let at = now;
  let rest = given.replace(/\bUTC\b|\bGMT\b/i, 'Z').replace(/\s+Z$/, 'Z');
  // A date first, then what is to be added to it.
  const absolute =
    /^(\d{4}-\d{1,2}-\d{1,2})(?:[T ]+(\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?\s*(Z|[-+]\d{2}:?\d{2})?/.exec(rest) ??
    undefined;
  const clock = /^(\d{1,2}):(\d{2})(?::(\d{2}))?/.exec(rest) ?? undefined;
  if (absolute !== undefined) {
    const [whole, day = '', time = '00:00:00', zone = 'Z'] = absolute;
    const padded = day.replace(/-(\d)(?=-|$)/g, '-0$1');
    const offset = zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone;
    at = Date.parse(`${padded}T${time.length < 6 ? `${time.padStart(5, '0')}:00` : time.padStart(8, '0')}${offset}`);
    rest = rest.slice(whole.length);
  } else if (clock !== undefined) {
    const [whole, hours, minutes, seconds] = clock;
    at =
      Math.floor(now / 86_400_000) * 86_400_000 +
      (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds ?? 0)) * 1000;
    rest = rest.slice(whole.length);
  } else if (/^[A-Za-z]{3},? |^\d{1,2} [A-Za-z]{3}|^[A-Za-z]{3,9} \d/.test(rest)) {
    const parsed = Date.parse(/Z$|[-+]\d{4}$/.test(rest) ? rest.replace(/Z$/, ' GMT') : `${rest} GMT`);
    if (!Number.isNaN(parsed)) return parsed;
  }
  const date = new Date(at);
  for (const piece of rest.matchAll(
    /\s*(?:(yesterday|tomorrow|now|today)|([-+]?\s*\d+|next|last|an?)\s*(second|sec|minute|min|hour|day|week|fortnight|month|year)s?(\s+ago)?)/gi,
  )) {
    rest = rest.replace(piece[0], '');
    const [, named, amount = '', unit = '', ago] = piece;
    if (named !== undefined) {
      date.setUTCDate(date.getUTCDate() + (/yesterday/i.test(named) ? -1 : /tomorrow/i.test(named) ? 1 : 0));
      continue;
    }
    const count =
      (/^next$|^an?$/i.test(amount) ? 1 : /^last$/i.test(amount) ? -1 : Number(amount.replace(/\s/g, ''))) *
      (ago === undefined ? 1 : -1);
    const unitName = unit.toLowerCase();
    if (unitName === 'month') date.setUTCMonth(date.getUTCMonth() + count);
    else if (unitName === 'year') date.setUTCFullYear(date.getUTCFullYear() + count);
    else {
      const seconds: Readonly<Record<string, number>> = {
        second: 1,
        sec: 1,
        minute: 60,
        min: 60,
        hour: 3600,
        day: 86_400,
        week: 604_800,
        fortnight: 1_209_600,
      };
      date.setTime(date.getTime() + count * (seconds[unitName] ?? 0) * 1000);
    }
  }
  return rest.trim() === '' ? date.getTime() : NaN;
}
