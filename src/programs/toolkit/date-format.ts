import { utc, type Zone } from './zone';

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

/** strftime(3) with GNU's flags, in UTC unless a zone is given. `nanos`: below the millisecond. */
export function strftime(format: string, ms: number, nanos = 0, zone: Zone = utc): string {
  const { offset, name } = zone.at(ms);
  const date = new Date(ms + offset * 1000);
  const again = (part: string): string => strftime(part, ms, nanos, zone);
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
        return (months[date.getUTCMonth()] ?? '').slice(0, 3);
      case 'B':
        return months[date.getUTCMonth()] ?? '';
      case 'c':
        return again('%a %b %e %H:%M:%S %Y');
      case 'C':
        return two(Math.floor(date.getUTCFullYear() / 100));
      case 'd':
        return two(date.getUTCDate());
      case 'D':
      case 'x':
        return again('%m/%d/%y');
      case 'e':
        return two(date.getUTCDate(), ' ');
      case 'F':
        return again('%Y-%m-%d');
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
        return again('%I:%M:%S %p');
      case 'R':
        return again('%H:%M');
      case 's':
        return String(Math.floor(ms / 1000));
      case 'S':
        return two(date.getUTCSeconds());
      case 'T':
      case 'X':
        return again('%H:%M:%S');
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
        return east(offset, '');
      case 'Z':
        return name;
      default:
        return `%${letter}`;
    }
  };
  return format.replace(
    /%([-_0^#+]*)(\d*)(:{0,3})([a-zA-Z%])/g,
    (_, flags: string, width: string, colons: string, letter: string) => {
      let text = letter === 'z' && colons !== '' ? east(offset, colons) : expand(letter);
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

/** `+0200`, `+02:00`, `+02:00:00`, `+02`. */
function east(offset: number, colons: string): string {
  const size = Math.abs(offset);
  const [hours, minutes, seconds] = [Math.floor(size / 3600), Math.floor(size / 60) % 60, size % 60].map((part) =>
    two(part),
  );
  const text = (offset < 0 ? '-' : '+') + hours;
  if (colons === '::') return `${text}:${minutes}:${seconds}`;
  if (colons === ':::') return text + (size % 3600 === 0 ? '' : `:${minutes}`);
  return `${text}${colons}${minutes}`;
}
