import { encode } from '../../linux/io/bytes';

/** Pieces of a replacement: text, a group, a change of case. */
export type Part = string | number | { readonly fold: 'U' | 'L' | 'u' | 'l' | 'E' };

export const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v', a: '\x07' };

/** Takes the right side of an `s` apart. */
export function replacementOf(text: string): readonly Part[] {
  const parts: Part[] = [];
  let plain = '';
  const push = (part: Part) => {
    if (plain !== '') parts.push(plain);
    plain = '';
    parts.push(part);
  };
  for (let index = 0; index < text.length; index++) {
    const char = text.charAt(index);
    if (char === '&') push(0);
    else if (char !== '\\') plain += char;
    else {
      const next = text.charAt(++index);
      if (/\d/.test(next)) push(Number(next));
      else if (/[ULulE]/.test(next)) push({ fold: next as 'U' });
      else {
        const code = /^(?:x([0-9a-fA-F]{1,2})|o([0-7]{1,3})|d(\d{1,3}))/.exec(text.slice(index));
        if (code === null) plain += escapes[next] ?? next;
        else {
          const [whole, hex, octal, decimal] = code;
          plain += String.fromCharCode(
            hex !== undefined ? parseInt(hex, 16) : octal !== undefined ? parseInt(octal, 8) : Number(decimal),
          );
          index += whole.length - 1;
        }
      }
    }
  }
  if (plain !== '') parts.push(plain);
  return parts;
}

/** The replacement for one match; `\U` and its like change the case of what follows. */
export function expand(parts: readonly Part[], match: readonly unknown[]): string {
  let text = '';
  let fold: 'U' | 'L' | 'E' = 'E';
  let once: 'u' | 'l' | undefined;
  for (const part of parts) {
    if (typeof part === 'object') {
      if (part.fold === 'u' || part.fold === 'l') once = part.fold;
      else fold = part.fold;
      continue;
    }
    const group = typeof part === 'number' ? match[part] : part;
    let piece = typeof group === 'string' ? group : '';
    if (fold === 'U') piece = piece.toUpperCase();
    if (fold === 'L') piece = piece.toLowerCase();
    if (once !== undefined && piece !== '') {
      const first = piece.charAt(0);
      piece = (once === 'u' ? first.toUpperCase() : first.toLowerCase()) + piece.slice(1);
      once = undefined;
    }
    text += piece;
  }
  return text;
}

/** `l`: what cannot be seen becomes an escape, and long lines are folded (at 0 or 1 they are not). */
export function wrapped(text: string, width: number): string {
  let result = '';
  let column = 0;
  for (const byte of encode(text)) {
    const char = String.fromCharCode(byte);
    const shown =
      byte === 92
        ? '\\\\'
        : (names[char] ?? (byte >= 32 && byte < 127 ? char : `\\${byte.toString(8).padStart(3, '0')}`));
    if (width > 1 && column + shown.length > width - 1) {
      result += '\\\n';
      column = 0;
    }
    result += shown;
    column += shown.length;
  }
  return `${result}$\n`;
}

const names: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\t': '\\t',
  '\r': '\\r',
  '\f': '\\f',
  '\v': '\\v',
  '\b': '\\b',
  '\x07': '\\a',
};
