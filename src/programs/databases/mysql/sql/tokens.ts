/** A piece of MySQL's SQL. `text` is the value: of a string without quotes and escapes, of a name without backticks. */
export interface Token {
  readonly kind: 'word' | 'name' | 'text' | 'number' | 'hex' | 'variable' | 'system' | 'operator' | 'end';
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

const operators = ['<=>', '->>', '<<', '>>', '<=', '>=', '<>', '!=', ':=', '||', '&&', '->'];

/** Takes SQL apart. Comments vanish, but for those that MySQL runs: `/*!40101 … `, closed as any other`. */
export function tokensOf(sql: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const add = (kind: Token['kind'], text: string, from: number, to: number): void => {
    tokens.push({ kind, text, from, to });
    at = to;
  };
  while (at < sql.length) {
    const char = sql[at] ?? '';
    if (/\s/.test(char)) {
      at++;
      continue;
    }
    const rest = sql.slice(at, at + 64);
    if (char === '#' || /^--(\s|$)/.test(rest)) {
      const end = sql.indexOf('\n', at);
      at = end < 0 ? sql.length : end + 1;
      continue;
    }
    if (rest.startsWith('/*')) {
      const run = /^\/\*M?!(\d{5,6})?/.exec(rest);
      if (run !== null) at += run[0].length;
      else {
        const end = sql.indexOf('*/', at + 2);
        at = end < 0 ? sql.length : end + 2;
      }
      continue;
    }
    if (rest.startsWith('*/')) {
      at += 2;
      continue;
    }
    if (char === "'" || char === '"') {
      const { value, end } = quoted(sql, at);
      add('text', value, at, end);
      continue;
    }
    if (char === '`') {
      const end = closing(sql, at);
      add('name', sql.slice(at + 1, end - 1).replaceAll('``', '`'), at, end);
      continue;
    }
    if (/^[xX]'[0-9a-fA-F]*'/.test(rest)) {
      const end = sql.indexOf("'", at + 2) + 1;
      add('hex', sql.slice(at + 2, end - 1), at, end);
      continue;
    }
    const hex = /^0x([0-9a-fA-F]+)/.exec(sql.slice(at));
    if (hex !== null) {
      add('hex', hex[1] ?? '', at, at + hex[0].length);
      continue;
    }
    const previous = tokens.at(-1);
    const afterDot = previous?.text === '.' && previous.kind === 'operator' && previous.to === at;
    const number = afterDot ? null : /^(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?(?![\w$])/.exec(rest);
    if (number !== null) {
      add('number', number[0], at, at + number[0].length);
      continue;
    }
    if (rest.startsWith('@@')) {
      const [name = ''] = /^@@[\w.`$]*/.exec(rest) ?? [];
      add('system', name.slice(2).replaceAll('`', ''), at, at + name.length);
      continue;
    }
    if (char === '@') {
      const quote = sql[at + 1] ?? '';
      if (quote === "'" || quote === '"' || quote === '`') {
        const end = closing(sql, at + 1);
        add('variable', sql.slice(at + 2, end - 1), at, end);
      } else {
        const [name = ''] = /^@[\w.$]*/.exec(rest) ?? [];
        add('variable', name.slice(1), at, at + name.length);
      }
      continue;
    }
    const word = /^[\w$\u0080-\uffff]+/.exec(sql.slice(at));
    if (word !== null) {
      add('word', word[0], at, at + word[0].length);
      continue;
    }
    const operator = operators.find((known) => rest.startsWith(known)) ?? char;
    add('operator', operator, at, at + operator.length);
  }
  tokens.push({ kind: 'end', text: '', from: sql.length, to: sql.length });
  return tokens;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '\0', b: '\b', Z: '\u001a' };

function quoted(sql: string, from: number): { readonly value: string; readonly end: number } {
  const quote = sql[from];
  let value = '';
  let at = from + 1;
  for (; at < sql.length; at++) {
    const char = sql[at] ?? '';
    if (char === '\\') {
      const next = sql[++at] ?? '';
      // LIKE takes these two apart itself.
      value += escapes[next] ?? (next === '%' || next === '_' ? `\\${next}` : next);
    } else if (char === quote) {
      if (sql[at + 1] !== quote) return { value, end: at + 1 };
      value += char;
      at++;
    } else value += char;
  }
  return { value, end: at };
}

function closing(sql: string, from: number): number {
  const quote = sql[from];
  for (let at = from + 1; at < sql.length; at++) {
    if (sql[at] !== quote) continue;
    if (sql[at + 1] !== quote) return at + 1;
    at++;
  }
  return sql.length;
}
