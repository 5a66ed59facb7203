import { localTime, type LocalTime } from './time-zone';

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
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
].concat(['November', 'December']);

/** strftime(3) in the C locale; `zone` as in TZ, else UTC. */
export function strftime(format: string, at: number, zone?: string): string {
  const local = localTime(at, zone);
  const date = new Date(local.at);
  return format.replace(/%([-_0^#]?)([A-Za-z%+])/g, (all, flag: string, code: string) => {
    const text = code === 's' ? String(Math.floor(at / 1000)) : field(date, code, local);
    if (text === undefined) return all;
    if (flag === '-') return text.replace(/^[0 ]+(?=\d)/, '');
    if (flag === '_') return text.replace(/^0+(?=\d)/, (zeros) => ' '.repeat(zeros.length));
    return flag === '^' ? text.toUpperCase() : text;
  });
}

const two = (value: number): string => String(value).padStart(2, '0');

function field(date: Date, code: string, local: LocalTime): string | undefined {
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth();
  const day = date.getUTCDate();
  const weekday = date.getUTCDay();
  const hours = date.getUTCHours();
  const yearDay = Math.floor((Date.UTC(year, month, day) - Date.UTC(year, 0, 1)) / 86_400_000);
  switch (code) {
    case 'a':
      return days[weekday]?.slice(0, 3);
    case 'A':
      return days[weekday];
    case 'b':
    case 'h':
      return months[month]?.slice(0, 3);
    case 'B':
      return months[month];
    case 'c':
      return strftime('%a %b %e %H:%M:%S %Y', date.getTime());
    case 'C':
      return two(Math.floor(year / 100));
    case 'd':
      return two(day);
    case 'D':
    case 'x':
      return strftime('%m/%d/%y', date.getTime());
    case 'e':
      return String(day).padStart(2);
    case 'F':
      return strftime('%Y-%m-%d', date.getTime());
    case 'H':
      return two(hours);
    case 'I':
      return two(hours % 12 || 12);
    case 'j':
      return String(yearDay + 1).padStart(3, '0');
    case 'k':
      return String(hours).padStart(2);
    case 'l':
      return String(hours % 12 || 12).padStart(2);
    case 'm':
      return two(month + 1);
    case 'M':
      return two(date.getUTCMinutes());
    case 'n':
      return '\n';
    case 'N':
      return `${String(date.getUTCMilliseconds()).padStart(3, '0')}000000`;
    case 'p':
      return hours < 12 ? 'AM' : 'PM';
    case 'r':
      return strftime('%I:%M:%S %p', date.getTime());
    case 'R':
      return strftime('%H:%M', date.getTime());
    case 'S':
      return two(date.getUTCSeconds());
    case 't':
      return '\t';
    case 'T':
    case 'X':
      return strftime('%H:%M:%S', date.getTime());
    case 'u':
      return String(weekday === 0 ? 7 : weekday);
    case 'U':
      return two(Math.floor((yearDay + 7 - weekday) / 7));
    case 'w':
      return String(weekday);
    case 'W':
      return two(Math.floor((yearDay + 7 - ((weekday + 6) % 7)) / 7));
    case 'y':
      return two(year % 100);
    case 'Y':
      return String(year);
    case 'z':
      return `${local.offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(local.offset) / 60))}${two(Math.abs(local.offset) % 60)}`;
    case 'Z':
      return local.name;
    case '%':
      return '%';
    default:
      return undefined;
  }
}
