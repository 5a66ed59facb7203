/** A history expansion that failed: `!foo: event not found`. */
export class HistoryError extends Error {}

/** `!!`, `!$`, `!-2`, `!text`, `!?text?`, `^old^new` (bash(1), HISTORY EXPANSION). Undefined if there is none. */
export function expandHistory(line: string, history: readonly string[]): string | undefined {
  const quick = /^\^([^^]*)\^([^^]*)\^?(.*)$/s.exec(line);
  if (quick !== null) {
    const [, from = '', to = '', rest = ''] = quick;
    const last = history.at(-1);
    if (last === undefined || !last.includes(from)) throw new HistoryError(`:s${line}: substitution failed`);
    return last.replace(from, () => to) + rest;
  }
  if (!line.includes('!')) return undefined;
  let out = '';
  let changed = false;
  let quote = '';
  for (let index = 0; index < line.length; index++) {
    const char = line.charAt(index);
    if (char === '\\' && quote !== "'") {
      out += char + line.charAt(index + 1);
      index++;
      continue;
    }
    if (char === "'" && quote !== '"') quote = quote === "'" ? '' : "'";
    else if (char === '"' && quote !== "'") quote = quote === '"' ? '' : '"';
    const next = line.charAt(index + 1);
    const starts =
      char === '!' && quote !== "'" && next !== '' && !/[\s=(]/.test(next) && !(quote === '"' && next === '"');
    if (!starts) {
      out += char;
      continue;
    }
    const found = designator(line.slice(index), history, out);
    out += found.text;
    index += found.length - 1;
    changed = true;
  }
  return changed ? out : undefined;
}

interface Found {
  readonly text: string;
  readonly length: number;
}

const pattern = /^!(?:(!)|(-?\d+)|\?([^?]+)\??|(#)|(?=[$^*:])|([^\s:;&|()<>"'$^*]+))/;

function designator(text: string, history: readonly string[], current: string): Found {
  const match = pattern.exec(text);
  if (match === null) return { text: text.charAt(0), length: 1 };
  const [all, , number, contains, line, start] = match;
  let event: string | undefined;
  if (line !== undefined) event = current;
  else if (number !== undefined) {
    const value = Number(number);
    event = value < 0 ? history.at(value) : history[value - 1];
  } else if (contains !== undefined) event = history.findLast((each) => each.includes(contains));
  else if (start !== undefined) event = history.findLast((each) => each.startsWith(start));
  else event = history.at(-1);
  if (event === undefined) throw new HistoryError(`${all}: event not found`);
  let length = all.length;
  const words = /^:?([$^*]|\d+(?:-(?:\d+|\$)?)?|-\d+)/.exec(text.slice(length));
  const needsColon = /^\d/.test(words?.[1] ?? '') && text.charAt(length) !== ':';
  if (words !== null && !needsColon) {
    length += words[0].length;
    event = chooseWords(event, words[1] ?? '');
  }
  for (;;) {
    const modifier = /^:(p|h|t|r|e|q|g?s(.)(.*?)\2(.*?)(?:\2|$))/.exec(text.slice(length));
    if (modifier === null) break;
    length += modifier[0].length;
    event = modify(event, modifier);
  }
  return { text: event, length };
}

function chooseWords(event: string, which: string): string {
  const words = event.match(/(?:"[^"]*"|'[^']*'|\\.|[^\s"'\\])+/g) ?? [];
  if (which === '$') return words.at(-1) ?? '';
  if (which === '^') return words[1] ?? '';
  if (which === '*') return words.slice(1).join(' ');
  const [, from = '0', dash, to] = /^(\d*)(-?)(\d+|\$)?$/.exec(which) ?? [];
  if (dash !== '-') return words[Number(from)] ?? '';
  const end = to === undefined ? words.length - 1 : to === '$' ? words.length : Number(to) + 1;
  return words.slice(Number(from === '' ? 0 : from), end).join(' ');
}

function modify(event: string, modifier: RegExpExecArray): string {
  const [, how = '', , from = '', to = ''] = modifier;
  switch (how.charAt(0)) {
    case 'h':
      return event.replace(/\/[^/]*$/, '');
    case 't':
      return event.replace(/^.*\//, '');
    case 'r':
      return event.replace(/\.[^./]*$/, '');
    case 'e':
      return /\.[^./]*$/.exec(event)?.[0] ?? '';
    case 'g':
      return event.replaceAll(from, () => to);
    case 's':
      return event.replace(from, () => to);
    default:
      return event;
  }
}
