import * as int from './int64';

/**
 * Brace expansion (bash(1)): purely textual, before anything else, aware of quotes and expansions only to step over
 * them. `a{b,c}d` gives `abd acd`, `{1..10..3}`, `{a..e}`, `{01..3}`.
 */
export function expandBraces(text: string): string[] {
  const found = findBrace(text);
  if (found === undefined) return [text];
  const before = text.slice(0, found.open);
  const after = text.slice(found.close + 1);
  const tails = expandBraces(after);
  const middles = found.sequence ?? found.parts.flatMap(expandBraces);
  return middles.flatMap((middle) => tails.map((tail) => before + middle + tail));
}

interface Brace {
  readonly open: number;
  readonly close: number;
  readonly parts: readonly string[];
  readonly sequence: readonly string[] | undefined;
}

/** The first brace that really expands. */
function findBrace(text: string): Brace | undefined {
  for (let index = 0; index < text.length; index = skip(text, index)) {
    if (text.charAt(index) !== '{') continue;
    const brace = readBrace(text, index);
    if (brace !== undefined) return brace;
  }
  return undefined;
}

function readBrace(text: string, open: number): Brace | undefined {
  const parts: string[] = [];
  let depth = 0;
  let start = open + 1;
  for (let index = open + 1; index < text.length; index = skip(text, index)) {
    const char = text.charAt(index);
    if (char === '{') depth++;
    else if (char === ',' && depth === 0) {
      parts.push(text.slice(start, index));
      start = index + 1;
    } else if (char === '}') {
      if (depth > 0) {
        depth--;
        continue;
      }
      parts.push(text.slice(start, index));
      if (parts.length > 1) return { open, close: index, parts, sequence: undefined };
      const sequence = readSequence(parts[0] ?? '');
      return sequence === undefined ? undefined : { open, close: index, parts, sequence };
    }
  }
  return undefined;
}

/** The index after the character, quoted string or expansion at `index`. */
function skip(text: string, index: number): number {
  const char = text.charAt(index);
  if (char === '\\') return index + 2;
  if (char === "'") return after(text.indexOf("'", index + 1), text);
  if (char === '"' || char === '`') return skipQuoted(text, index, char);
  if (char === '$' && text.charAt(index + 1) === '{') return skipNested(text, index + 1, '{', '}');
  if ((char === '$' || char === '<' || char === '>') && text.charAt(index + 1) === '(') {
    return skipNested(text, index + 1, '(', ')');
  }
  return index + 1;
}

const after = (index: number, text: string): number => (index < 0 ? text.length : index + 1);

function skipQuoted(text: string, start: number, quote: string): number {
  let index = start + 1;
  while (index < text.length && text.charAt(index) !== quote) {
    const char = text.charAt(index);
    if (char === '\\') index += 2;
    else if (char === '$' && '({'.includes(text.charAt(index + 1) || ' ')) index = skip(text, index);
    else index++;
  }
  return index + 1;
}

function skipNested(text: string, start: number, open: string, close: string): number {
  let depth = 0;
  let index = start;
  while (index < text.length) {
    const char = text.charAt(index);
    if (char === open) depth++;
    else if (char === close && --depth === 0) return index + 1;
    index = char === open || char === close ? index + 1 : skip(text, index);
  }
  return index;
}

const MAX_SEQUENCE = 1_000_000;

function readSequence(body: string): readonly string[] | undefined {
  const [, first, last, step] = /^(.+?)\.\.(.+?)(?:\.\.([+-]?\d+))?$/s.exec(body) ?? [];
  if (first === undefined || last === undefined) return undefined;
  const isNumber = /^[+-]?\d+$/;
  if (isNumber.test(first) && isNumber.test(last)) return numbers(first, last, step);
  if (/^[A-Za-z]$/.test(first) && /^[A-Za-z]$/.test(last)) return letters(first, last, step);
  return undefined;
}

function range(from: number, to: number, step: string | undefined): number[] | undefined {
  const size = Math.abs(Number(step ?? '1')) || 1;
  const count = Math.floor(Math.abs(to - from) / size) + 1;
  if (count > MAX_SEQUENCE) return undefined;
  return Array.from({ length: count }, (_, index) => from + (to >= from ? index * size : -index * size));
}

function numbers(first: string, last: string, step: string | undefined): readonly string[] | undefined {
  const from = Number(int.parseDecimal(first) ?? 0);
  const to = Number(int.parseDecimal(last) ?? 0);
  const padded = /^[+-]?0\d/.test(first) || /^[+-]?0\d/.test(last);
  const width = padded ? Math.max(first.length, last.length) : 0;
  return range(from, to, step)?.map((value) => {
    const digits = String(Math.abs(value)).padStart(value < 0 ? width - 1 : width, '0');
    return value < 0 ? `-${digits}` : digits;
  });
}

function letters(first: string, last: string, step: string | undefined): readonly string[] | undefined {
  return range(first.charCodeAt(0), last.charCodeAt(0), step)?.map((code) => {
    const char = String.fromCharCode(code);
    return /[\\`[\]]/.test(char) ? `\\${char}` : char;
  });
}
