import { goQuote } from './field-errors';

/** What time.Parse reads of a layout, piece by piece: how the piece is called, what may stand there, and its bounds. */
const pieces: readonly (readonly [string, RegExp, string?, number?, number?])[] = [
  ['2006', /^\d{4}/],
  ['-', /^-/],
  ['01', /^\d\d/, 'month', 1, 12],
  ['-', /^-/],
  ['02', /^\d\d/, 'day', 1, 31],
  ['T', /^T/],
  // One digit is enough for an hour (stdHour of time.Parse).
  ['15', /^\d\d?/, 'hour', 0, 23],
  [':', /^:/],
  ['04', /^\d\d/, 'minute', 0, 59],
  [':', /^:/],
  // A fraction is read even where the layout has none.
  ['05', /^\d\d([.,]\d+)?/, 'second', 0, 59],
  ['Z07:00', /^(Z|[-+]\d\d:\d\d)/],
];

/** The error of time.Parse of an RFC 3339 text; undefined: it is one. */
export function goTimeError(text: string, layout: string): string | undefined {
  const micro = layout.includes('.000000');
  let rest = text;
  for (const [name, pattern, what, low = 0, high = Infinity] of pieces) {
    const found = (name === '05' && micro ? /^\d\d/ : pattern).exec(rest)?.[0];
    if (found === undefined)
      return `parsing time ${goQuote(text)} as ${goQuote(layout)}: cannot parse ${goQuote(rest)} as ${goQuote(name)}`;
    const number = Number.parseInt(found, 10);
    if (what !== undefined && (number < low || number > high))
      return `parsing time ${goQuote(text)}: ${what} out of range`;
    rest = rest.slice(found.length);
    if (name !== '05' || !micro) continue;
    const fraction = /^[.,]\d{6}/.exec(rest)?.[0];
    if (fraction === undefined)
      return `parsing time ${goQuote(text)} as ${goQuote(layout)}: cannot parse ${goQuote(rest)} as ".000000"`;
    rest = rest.slice(fraction.length);
  }
  if (rest !== '') return `parsing time ${goQuote(text)}: extra text: ${goQuote(rest)}`;
  return isDay(text) ? undefined : `parsing time ${goQuote(text)}: day out of range`;
}

/** The 30th of February is no day. */
function isDay(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split('-').map(Number);
  return new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
}
