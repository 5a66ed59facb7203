/**
 * How goyaml.v2 (which kubectl's `-o yaml` uses) writes a string. The rules are libyaml's emitter (analyze_scalar,
 * select_scalar_style) and goyaml's resolver: a text that would be read back as something else is quoted.
 */

/** libyaml's best_width: a space beyond this column becomes a line break. */
const WIDTH = 80;

const words = new Set(
  'y Y yes Yes YES n N no No NO true True TRUE false False FALSE on On ON off Off OFF ~ null Null NULL .nan .NaN .NAN .inf .Inf .INF +.inf +.Inf +.INF -.inf -.Inf -.INF'.split(
    ' ',
  ),
);
const integer = /^[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)$/;
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const base60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
const timestamp = /^\d{4}-\d{1,2}-\d{1,2}(?:[Tt ]\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?(?:Z|[-+]\d{2}:\d{2})?)?$/;

/** Whether an unquoted text would be read back as a string (goyaml's resolve). */
function resolvesToString(text: string): boolean {
  if (text === '' || words.has(text) || base60.test(text) || timestamp.test(text)) return false;
  const plain = text.replaceAll('_', '');
  return !integer.test(plain) && !float.test(plain);
}

interface Analysis {
  readonly plain: boolean;
  readonly single: boolean;
  readonly block: boolean;
}

// yaml_emitter_analyze_scalar, for block context.
function analyze(text: string): Analysis {
  if (text === '') return { plain: true, single: true, block: false };
  const characters = [...text];
  let indicators = text.startsWith('---') || text.startsWith('...');
  let special = false;
  let breaks = false;
  let [leading, trailingSpace, trailingBreak, breakSpace, spaceBreak] = [false, false, false, false, false];
  let previous: 'space' | 'break' | undefined;
  let precededByBlank = true;
  for (const [index, character] of characters.entries()) {
    const next = characters[index + 1];
    const followedByBlank = next === undefined || /[ \t\n\r\u0085\u2028\u2029]/.test(next);
    if (index === 0) {
      if ('#,[]{}&*!|>\'"%@`'.includes(character)) indicators = true;
      if ('?:-'.includes(character) && followedByBlank) indicators = true;
    } else {
      if (character === ':' && followedByBlank) indicators = true;
      if (character === '#' && precededByBlank) indicators = true;
    }
    if (!isPrintable(character)) special = true;
    const first = index === 0;
    const last = index === characters.length - 1;
    if (character === ' ') {
      if (first) leading = true;
      if (last) trailingSpace = true;
      if (previous === 'break') breakSpace = true;
      previous = 'space';
    } else if (isBreak(character)) {
      breaks = true;
      if (first) leading = true;
      if (last) trailingBreak = true;
      if (previous === 'space') spaceBreak = true;
      previous = 'break';
    } else previous = undefined;
    precededByBlank = character === ' ' || character === '\t' || isBreak(character);
  }
  const unquotable = spaceBreak || special;
  return {
    plain: !(leading || trailingSpace || trailingBreak || breakSpace || unquotable || breaks || indicators),
    single: !(breakSpace || unquotable),
    block: !(trailingSpace || unquotable),
  };
}

const isBreak = (character: string): boolean => /[\n\r\u0085\u2028\u2029]/.test(character);

// yamlprivateh.go is_printable: no tab, nothing beyond the basic plane.
function isPrintable(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  if (code === 0x0a) return true;
  if (code < 0x20 || code === 0x7f || (code > 0x7f && code < 0xa0) || code === 0xfeff) return false;
  return code <= 0xffff && code !== 0xfffe && code !== 0xffff;
}

/**
 * A string as it stands after `key: ` or `- `.
 * @param indent the column of continuation lines
 * @param column where the text begins, which decides where it is folded
 */
export function yamlString(text: string, indent: number, column: number): string {
  const { plain, single, block } = analyze(text);
  if (text.includes('\n')) return block ? literal(text, indent) : doubleQuoted(text, indent, column);
  if (!resolvesToString(text)) return doubleQuoted(text, indent, column);
  if (plain) return folded(text, indent, column, 0);
  return single ? `'${folded(text.replaceAll("'", "''"), indent, column + 1, 1)}'` : doubleQuoted(text, indent, column);
}

/** A mapping key: never folded, never a block. */
export function yamlKey(text: string): string {
  const { plain, single } = analyze(text);
  if (text.includes('\n') || !resolvesToString(text)) return doubleQuoted(text, 0, -Infinity);
  if (plain) return text;
  return single ? `'${text.replaceAll("'", "''")}'` : doubleQuoted(text, 0, -Infinity);
}

// yaml_emitter_write_plain_scalar and …_single_quoted_scalar: a lone space beyond the width is where the line is broken.
function folded(text: string, indent: number, column: number, quoted: 0 | 1): string {
  let out = '';
  let spaces = false;
  const characters = [...text];
  for (const [index, character] of characters.entries()) {
    if (character === ' ') {
      const inside = quoted === 0 || (index > 0 && index < characters.length - 1);
      if (!spaces && column > WIDTH && inside && characters[index + 1] !== ' ') {
        out += `\n${' '.repeat(indent)}`;
        column = indent;
      } else {
        out += character;
        column++;
      }
      spaces = true;
    } else {
      out += character;
      column++;
      spaces = false;
    }
  }
  return out;
}

// yaml_emitter_write_block_scalar_hints and …_literal_scalar.
function literal(text: string, indent: number): string {
  const hint = /^[ \n]/.test(text) ? '2' : '';
  const chomp = !text.endsWith('\n') ? '-' : text === '\n' || text.endsWith('\n\n') ? '+' : '';
  const body = text.endsWith('\n') ? text.slice(0, -1) : text;
  const lines = body.split('\n').map((line) => (line === '' ? '' : ' '.repeat(indent) + line));
  return `|${hint}${chomp}\n${lines.join('\n')}`;
}

const escapes: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\u0085': '\\N',
  '\u2028': '\\L',
  '\u2029': '\\P',
};

function escape(character: string): string {
  const short = escapes[character];
  if (short !== undefined) return short;
  if (isPrintable(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

function doubleQuoted(text: string, indent: number, column: number): string {
  let out = '"';
  column++;
  let spaces = false;
  const characters = [...text];
  for (const [index, character] of characters.entries()) {
    if (character === ' ') {
      if (!spaces && column > WIDTH && index > 0 && index < characters.length - 1) {
        out += `\n${' '.repeat(indent)}${characters[index + 1] === ' ' ? '\\' : ''}`;
        column = indent;
      } else {
        out += character;
        column++;
      }
      spaces = true;
      continue;
    }
    const written = escape(character);
    out += written;
    column += written.length;
    spaces = false;
  }
  return `${out}"`;
}
