import { strftime } from '../toolkit/date-format';
import { of0, of1, type Native } from './natives';
import { fail } from './operations';
import { isArray, isNumber, numberOf, type Json } from './values';

/** Seconds as "broken down time": year, month from 0, day, hours, minutes, seconds, weekday, day of the year. */
function brokenDown(value: Json, name: string): Json {
  if (!isNumber(value)) return fail(`${name}() requires a number`);
  const seconds = numberOf(value);
  const whole = Math.floor(seconds);
  const date = new Date(whole * 1000);
  const year = date.getUTCFullYear();
  const day = Math.floor((date.getTime() - Date.UTC(year, 0, 1)) / 86_400_000);
  return [
    year,
    date.getUTCMonth(),
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds() + (seconds - whole),
    date.getUTCDay(),
    day,
  ];
}

function seconds(value: Json, name: string): number {
  if (!isArray(value)) return fail(`${name} requires array inputs`);
  const numbers = value.map((item) =>
    isNumber(item) ? numberOf(item) : fail(`${name} requires parsed datetime inputs`),
  );
  if (numbers.length < 6) return fail(`${name} requires parsed datetime inputs`);
  const [year = 0, month = 0, day = 1, hour = 0, minute = 0, second = 0] = numbers;
  return Date.UTC(year, month, day, hour, minute, Math.floor(second)) / 1000;
}

function format(value: Json, pattern: Json, name: string): Json {
  const at = isNumber(value) ? numberOf(value) : isArray(value) ? seconds(value, `${name}/1`) : undefined;
  if (at === undefined) return fail(`${name}/1 requires parsed datetime inputs`);
  if (typeof pattern !== 'string') return fail(`${name}/1 requires a string format`);
  return strftime(pattern, Math.floor(at) * 1000);
}

const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

/** strptime(3), its usual conversions. */
function strptime(value: Json, pattern: Json): Json {
  if (typeof value !== 'string') return fail(`strptime/1 requires string inputs and arguments`);
  if (typeof pattern !== 'string') return fail(`strptime/1 requires string inputs and arguments`);
  const wrong = (): never => fail(`date "${value}" does not match format "${pattern}"`);
  const found: Record<string, number> = { Y: 1970, m: 1, d: 1, H: 0, M: 0, S: 0 };
  let rest = value;
  const take = (regex: RegExp): string => {
    const match = regex.exec(rest);
    if (match === null) return wrong();
    rest = rest.slice(match[0].length);
    return match[0];
  };
  const expanded = pattern
    .replaceAll('%T', '%H:%M:%S')
    .replaceAll('%F', '%Y-%m-%d')
    .replaceAll('%D', '%m/%d/%y')
    .replaceAll('%R', '%H:%M');
  for (let index = 0; index < expanded.length; index++) {
    const char = expanded.charAt(index);
    if (/\s/.test(char)) {
      take(/^\s*/);
      continue;
    }
    if (char !== '%') {
      if (!rest.startsWith(char)) wrong();
      rest = rest.slice(1);
      continue;
    }
    const letter = expanded.charAt(++index);
    if (letter === 'Y') found['Y'] = Number(take(/^[-+]?\d{1,4}/));
    else if (letter === 'y') {
      const year = Number(take(/^\d{1,2}/));
      found['Y'] = year + (year < 69 ? 2000 : 1900);
    } else if ('mdHMSe'.includes(letter)) found[letter === 'e' ? 'd' : letter] = Number(take(/^\s?\d{1,2}/));
    else if (letter === 'j') found['j'] = Number(take(/^\d{1,3}/));
    else if (letter === 'b' || letter === 'B' || letter === 'h') {
      const name = take(
        /^(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:tember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)/i,
      );
      found['m'] = months.indexOf(name.slice(0, 3).toLowerCase()) + 1;
    } else if (letter === 'a' || letter === 'A')
      take(/^(?:sun|mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|satur|sat)(?:day)?/i);
    else if (letter === 'Z') take(/^[A-Za-z]*/);
    else if (letter === 'z') take(/^(?:Z|[-+]\d{2}:?\d{2})/);
    else if (letter === 's') {
      const at = Number(take(/^\d+/));
      return brokenDown(at, 'gmtime');
    } else if (letter === '%') take(/^%/);
    else wrong();
  }
  if (rest !== '') wrong();
  const { Y = 1970, m = 1, d = 1, H = 0, M = 0, S = 0 } = found;
  return brokenDown(Date.UTC(Y, m - 1, d, H, M, S) / 1000, 'gmtime');
}

/** Times; the machines are set to UTC. */
export const dates: Readonly<Record<string, Native>> = {
  'now/0': of0((_, machine) => machine.surroundings.now() / 1000),
  'gmtime/0': of0((value) => brokenDown(value, 'gmtime')),
  'localtime/0': of0((value) => brokenDown(value, 'localtime')),
  'mktime/0': of0((value) => seconds(value, 'mktime')),
  'strftime/1': of1((value, pattern) => format(value, pattern, 'strftime')),
  'strflocaltime/1': of1((value, pattern) => format(value, pattern, 'strflocaltime')),
  'strptime/1': of1(strptime),
};
