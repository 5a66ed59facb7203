import { widthOf } from './print';

/** An error or notice as libpq words it: severity, message, the line with a caret, detail, hint, context. */
export function errorText(fields: ReadonlyMap<string, string>, sql: string): string {
  let text = `${fields.get('S') ?? ''}:  ${fields.get('M') ?? ''}\n`;
  const position = Number(fields.get('P') ?? fields.get('p') ?? 0);
  const query = fields.get('P') === undefined ? fields.get('q') : sql;
  if (position > 0 && query !== undefined) text += pointer(query, position);
  for (const [letter, name] of [
    ['D', 'DETAIL'],
    ['H', 'HINT'],
    ['q', 'QUERY'],
    ['W', 'CONTEXT'],
  ] as const) {
    const more = fields.get(letter);
    if (more !== undefined && !(letter === 'W' && fields.get('S') !== 'ERROR')) text += `${name}:  ${more}\n`;
  }
  return text;
}

/** At most so many columns of the line are shown, and at least so many right of the caret. */
const DISPLAY = 60;
const RIGHT = 10;

/** `LINE 1: select …` and a caret below (reportErrorPosition of fe-protocol3.c). */
function pointer(sql: string, position: number): string {
  const chars = [...sql];
  const at = position - 1;
  if (at > chars.length) return '';
  let start = at;
  while (start > 0 && chars[start - 1] !== '\n' && chars[start - 1] !== '\r') start--;
  let end = at;
  while (end < chars.length && chars[end] !== '\n' && chars[end] !== '\r') end++;
  const number = chars.slice(0, start).filter((char) => char === '\n').length + 1;
  const line = chars.slice(start, end).map((char) => (char === '\t' ? ' ' : char));
  let offset = at - start;
  let from = 0;
  let to = line.length;
  let before = '';
  let after = '';
  if (line.length > DISPLAY) {
    if (offset <= DISPLAY - RIGHT) {
      to = DISPLAY;
      after = '...';
    } else {
      if (line.length - offset < RIGHT) to = line.length;
      else {
        to = offset + RIGHT;
        after = to < line.length ? '...' : '';
      }
      from = Math.max(0, to - DISPLAY);
      before = '...';
    }
    if (to >= line.length) after = '';
  }
  const shown = line.slice(from, to).join('');
  offset -= from;
  const head = `LINE ${number}: ${before}`;
  return `${head}${shown}${after}\n${' '.repeat(head.length + widthOf([...shown].slice(0, offset).join('')))}^\n`;
}
