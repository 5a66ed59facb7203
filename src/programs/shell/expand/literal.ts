import { parse, type Word, type WordPart } from 'unbash';
import { expandBraces } from './braces';
import type { Segment } from './split';

/** The stretches of a bare text: what follows a backslash is quoted, backslash and newline vanish. */
export function literalSegments(text: string): readonly Segment[] {
  if (!text.includes('\\')) return [{ text, quoted: false }];
  const segments: Segment[] = [];
  let plain = '';
  const flush = (): void => {
    if (plain !== '') segments.push({ text: plain, quoted: false });
    plain = '';
  };
  for (let index = 0; index < text.length; index++) {
    const char = text.charAt(index);
    if (char !== '\\' || index + 1 >= text.length) {
      plain += char;
      continue;
    }
    index++;
    if (text.charAt(index) === '\n') continue;
    const quoted = String.fromCodePoint(text.codePointAt(index) ?? 0);
    index += quoted.length - 1;
    flush();
    segments.push({ text: quoted, quoted: true });
  }
  flush();
  return segments;
}

const braced = new WeakMap<Word, readonly Word[]>();

/** The words that brace expansion makes of a word; remembered, since it looks at nothing but the text. */
export function bracedWords(word: Word): readonly Word[] | undefined {
  if (word.parts?.some(({ type }) => type === 'BraceExpansion') !== true) return undefined;
  const known = braced.get(word);
  if (known !== undefined) return known;
  const words = expandBraces(word.text).flatMap(wordOf);
  braced.set(word, words);
  return words;
}

function wordOf(text: string): Word[] {
  if (text === '') return [];
  const command = parse(`: ${text}`).commands[0]?.command;
  if (command?.type !== 'Command') return [];
  return command.args.filter((argument) => argument.type === 'Word');
}

const END = 'E__BOTTLESHIP__N_D';
const bodies = new Map<string, readonly WordPart[] | undefined>();
const REMEMBERED = 2000;

/**
 * The expansions in a text that is read like the inside of double quotes, but where a double quote is a plain
 * character: arithmetic, prompts. Undefined if there is nothing to expand. Parsed as the body of a here-document.
 */
export function embeddedParts(text: string): readonly WordPart[] | undefined {
  if (!/[$`\\]/.test(text)) return undefined;
  const known = bodies.get(text);
  if (known !== undefined) return known;
  if (bodies.size > REMEMBERED) bodies.clear();
  const command = parse(`: <<${END}\n${text}\n${END}\n`).commands[0]?.command;
  const document = command?.type === 'Command' ? command.redirects[0] : undefined;
  const parts = document?.type === 'HereDoc' ? (document.body.parts ?? escapesOnly(text)) : undefined;
  const trimmed = parts === undefined ? undefined : withoutLastNewline(parts);
  bodies.set(text, trimmed);
  return trimmed;
}

/** A text whose backslashes protect, but that has nothing to expand. */
function escapesOnly(text: string): readonly WordPart[] {
  const value = text.replace(/\\(?:([$`\\])|\n)/g, '$1');
  return [{ type: 'Literal', value, text: value, pos: 0, end: text.length }];
}

function withoutLastNewline(parts: readonly WordPart[]): readonly WordPart[] {
  const last = parts.at(-1);
  if (last?.type !== 'Literal') return parts;
  const value = last.value.replace(/\n$/, '');
  return [...parts.slice(0, -1), { ...last, value, text: value }];
}
