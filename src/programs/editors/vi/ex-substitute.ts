import type { Editor } from './editor';
import { executeLine, type ExCall, type ExCommand } from './ex';
import { matchIn, splitSearch, type Match } from './search';
import { Refused, type Step } from './types';

/** The text that a match becomes. Source: vim's :help sub-replace-special. */
export function expandReplacement(
  replacement: string,
  groups: readonly (string | undefined)[],
  magic: boolean,
): string {
  let result = '';
  let once = '';
  let lasting = '';
  const add = (text: string): void => {
    let made = lasting === 'U' ? text.toUpperCase() : lasting === 'L' ? text.toLowerCase() : text;
    if (once !== '' && made !== '') {
      const [first = ''] = made;
      made = (once === 'u' ? first.toUpperCase() : first.toLowerCase()) + made.slice(first.length);
      once = '';
    }
    result += made;
  };
  for (let at = 0; at < replacement.length; at++) {
    const char = replacement[at] ?? '';
    if (char === '\\') {
      const next = replacement[++at] ?? '\\';
      if (/\d/.test(next)) add(groups[Number(next)] ?? '');
      else if (next === 'n') add('\0');
      else if (next === 'r') add('\n');
      else if (next === 't') add('\t');
      else if (next === 'u' || next === 'l') once = next;
      else if (next === 'U' || next === 'L') lasting = next;
      else if (next === 'e' || next === 'E') lasting = '';
      else if (next === '&' && !magic) add(groups[0] ?? '');
      else if (next === '\r') add('\r');
      else add(next);
    } else if (char === '&' && magic) add(groups[0] ?? '');
    else if (char === '\r' || char === '\n') add('\n');
    else add(char);
  }
  return result;
}

interface Plan {
  readonly pattern: string;
  readonly replacement: string;
  readonly flags: string;
  readonly from: number;
  readonly to: number;
}

function plan(editor: Editor, { args, from, to, name }: ExCall): Plan {
  const former = editor.lastSubstitute;
  let pattern: string;
  let replacement: string;
  let rest: string;
  if (name === 'substitute' && /^[^\w\s"|\\]/.test(args)) {
    const delimiter = args[0] ?? '/';
    const first = splitSearch(args.slice(1), delimiter);
    const second = first.rest === undefined ? { source: '', rest: undefined } : cutReplacement(first.rest, delimiter);
    pattern = first.source === '' ? (editor.search?.source ?? '') : first.source;
    if (pattern === '') throw new Refused('E35: No previous regular expression');
    replacement =
      second.source === '%' ? (former?.replacement ?? '') : expandTilde(second.source, former?.replacement ?? '');
    rest = second.rest ?? '';
  } else {
    if (former === undefined) throw new Refused('E33: No previous substitute regular expression');
    pattern = name === '~' || /^[~&]*r/.test(args) ? (editor.search?.source ?? former.pattern) : former.pattern;
    replacement = former.replacement;
    rest = args;
  }
  const found = /^(&?[&cegiInp#lr]*)\s*(\d*)\s*$/.exec(rest.trim());
  if (found === null) throw new Refused(`E488: Trailing characters: ${rest}`);
  let [, flags = '', count = ''] = found;
  if (flags.includes('&')) flags = flags.replace('&', '') + (former?.flags ?? '');
  if (count === '') return { pattern, replacement, flags, from, to };
  if (Number(count) < 1) throw new Refused('E939: Positive count required');
  return { pattern, replacement, flags, from: to, to: Math.min(to + Number(count) - 1, editor.buffer.last) };
}

/** The replacement ends at the delimiter, unless that is escaped. */
function cutReplacement(
  text: string,
  delimiter: string,
): { readonly source: string; readonly rest: string | undefined } {
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === delimiter)
      return { source: text.slice(0, at).replaceAll(`\\${delimiter}`, delimiter), rest: text.slice(at + 1) };
  }
  return { source: text, rest: undefined };
}

const expandTilde = (text: string, former: string): string =>
  text.replace(/\\~|~/g, (found) => (found === '~' ? former : '~'));

function* substitute(editor: Editor, call: ExCall): Step {
  const { pattern: source, replacement, flags, from, to } = plan(editor, call);
  const { buffer, options } = editor;
  editor.lastSubstitute = { pattern: source, replacement, flags };
  editor.search = { source, forward: true, offset: '' };
  editor.highlightOff = false;
  const cased = flags.includes('i') ? `\\c${source}` : flags.includes('I') ? `\\C${source}` : source;
  const pattern = editor.pattern(cased);
  const whole = flags.includes('g') !== options.bool('gdefault');
  const only = flags.includes('n');
  const asking = flags.includes('c');
  if (!only) editor.needModifiable();
  let substitutions = 0;
  let lines = 0;
  let last: number | undefined;
  let all = false;
  let ended: false | 'quit' | 'last' = false;
  // Lines that went up into the one before.
  let joined = 0;
  let [line, end] = [from, to];
  while (line <= end && line <= buffer.last && ended === false) {
    let text = buffer.line(line);
    let col = 0;
    let changed = false;
    let current = line;
    let matched = -1;
    for (;;) {
      const match: Match | undefined = matchIn(editor, pattern, current, col);
      if (match === undefined) break;
      const empty = match.start.line === match.end.line && match.start.col === match.end.col;
      if (empty && changed && match.start.col >= text.length) break;
      if (empty && match.start.col === matched) {
        col = match.start.col + 1;
        matched = -1;
        continue;
      }
      if (only) {
        substitutions++;
        changed = true;
      } else {
        let answer = 'y';
        if (asking && !all) {
          answer = yield* confirm(editor, match, replacement);
          if (answer === 'a') all = true;
          if (answer === 'q' || answer === '\x1b') {
            ended = 'quit';
            break;
          }
        }
        if (answer === 'y' || answer === 'a' || answer === 'l') {
          const made = expandReplacement(replacement, match.groups, options.bool('magic')).split('\n');
          const tail = buffer.line(match.end.line).slice(match.end.col);
          const head = text.slice(0, match.start.col);
          const result = made.map(
            (each, index) =>
              (index === 0 ? head : '') + each.replaceAll('\0', '\0') + (index === made.length - 1 ? tail : ''),
          );
          const taken = match.end.line - current + 1;
          buffer.replace(current, taken, result, editor.cursor);
          substitutions++;
          changed = true;
          end += result.length - taken;
          current += result.length - 1;
          last = current;
          const after = (made.length === 1 ? head.length : 0) + (made.at(-1) ?? '').length;
          text = buffer.line(current);
          col = empty ? after + 1 : after;
          matched = empty ? -1 : after;
          if (match.end.line > match.start.line) {
            joined += match.end.line - match.start.line;
            if (current + joined <= to && made.length === 1) continue;
            if (!whole) break;
          }
          if (answer === 'l') {
            ended = 'last';
            break;
          }
          if (!whole || col > text.length) break;
          // A pattern that begins at the line's begin matched already.
          if (/^\^|^\(\?:\^/.test(pattern.regex.source) && match.start.col === 0 && made.length === 1) break;
          continue;
        }
      }
      col = match.end.line > current ? Infinity : Math.max(match.end.col, match.start.col + 1);
      if (!whole || col > text.length) break;
    }
    if (changed) lines++;
    line = current + 1;
  }
  if (substitutions === 0) {
    if (!flags.includes('e') && editor.quiet === 0 && !asking) throw new Refused(`E486: Pattern not found: ${source}`);
    if (asking && ended === false && !flags.includes('e') && last === undefined && editor.quiet === 0) return;
    return;
  }
  if (only) {
    editor.say(`${substitutions} match${substitutions === 1 ? '' : 'es'} on ${lines} line${lines === 1 ? '' : 's'}`);
    return;
  }
  if (last !== undefined && (!asking || all || ended === 'last')) editor.toFirstNonBlank(last);
  if (substitutions > 2) editor.say(`${substitutions} substitutions on ${lines} line${lines === 1 ? '' : 's'}`);
}

function* confirm(editor: Editor, match: Match, replacement: string): Step<string> {
  editor.cursor = match.start;
  editor.confirming = match;
  const { message } = editor;
  try {
    for (;;) {
      editor.say(`replace with ${replacement} (y/n/a/q/l/^E/^Y)?`);
      const key = yield* editor.key();
      if ('ynaql\x1b'.includes(key)) return key;
      if (key === '\x03') return 'q';
    }
  } finally {
    editor.message = message;
    editor.confirming = undefined;
  }
}

export const substituteCommands: Readonly<Record<string, ExCommand>> = {
  substitute: { min: 's', whole: true, run: (editor, call) => substituteWithBar(editor, call) },
  '&': { min: '&', run: (editor, call) => substitute(editor, { ...call, args: call.args.replace(/^&/, '&') }) },
  '~': { min: '~', run: (editor, call) => substitute(editor, call) },
};

/** A bar after the flags begins the next command. */
function* substituteWithBar(editor: Editor, call: ExCall): Step {
  const { args } = call;
  const delimiter = args[0] ?? '';
  if (!/[^\w\s"|\\]/.test(delimiter)) {
    const bar = args.indexOf('|');
    yield* substitute(editor, bar < 0 ? call : { ...call, args: args.slice(0, bar).trim() });
    if (bar >= 0) yield* executeLine(editor, args.slice(bar + 1), {});
    return;
  }
  const first = splitSearch(args.slice(1), delimiter);
  const second = first.rest === undefined ? undefined : cutReplacement(first.rest, delimiter);
  const bar = second?.rest?.indexOf('|') ?? -1;
  const flags = second?.rest;
  if (flags === undefined || bar < 0) return yield* substitute(editor, call);
  yield* substitute(editor, { ...call, args: args.slice(0, args.length - (flags.length - bar)) });
  yield* executeLine(editor, flags.slice(bar + 1), {});
}
