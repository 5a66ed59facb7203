import { LoadError } from './value';

/** What is known of a variable: undefined where it is not set. */
export type Lookup = (name: string) => string | undefined;

export interface TemplateOptions {
  readonly lookup: Lookup;
  readonly warn: (message: string) => void;
}

/** `$` and what follows is no variable. The text is the template that holds it. */
export class InvalidTemplate extends Error {
  constructor(readonly template: string) {
    super(`Invalid template: ${JSON.stringify(template)}`);
  }
}

const start = /\$(?:(\$)|([_a-z][_a-z0-9]*)|\{([_a-z][_a-z0-9]*)(?=[}:?+-])|)/giy;

/** Replaces `$NAME`, `${NAME}` and `${NAME:-default}` with its relatives (compose-go's template package). */
export function substitute(text: string, options: TemplateOptions): string {
  let result = '';
  let at = 0;
  for (;;) {
    const dollar = text.indexOf('$', at);
    if (dollar < 0) return result + text.slice(at);
    result += text.slice(at, dollar);
    start.lastIndex = dollar;
    const match = start.exec(text);
    const [whole = '', escaped, plain, braced] = match ?? [];
    if (escaped !== undefined) result += '$';
    else if (plain !== undefined) result += valueOf(plain, options);
    else if (braced !== undefined) {
      const end = closing(text, dollar + 1);
      if (end < 0) throw new InvalidTemplate(text);
      result += expand(braced, text.slice(dollar + whole.length, end), text, options);
      at = end + 1;
      continue;
    } else throw new InvalidTemplate(text);
    at = dollar + whole.length;
  }
}

/** Where the brace that opens at `from` closes. */
function closing(text: string, from: number): number {
  let depth = 0;
  for (let index = from; index < text.length; index++) {
    if (text[index] === '{') depth++;
    else if (text[index] === '}' && --depth === 0) return index;
  }
  return -1;
}

function valueOf(name: string, { lookup, warn }: TemplateOptions): string {
  const value = lookup(name);
  if (value === undefined) warn(`The ${JSON.stringify(name)} variable is not set. Defaulting to a blank string.`);
  return value ?? '';
}

/** `rest` is what stands behind the name: `:-default`. */
function expand(name: string, rest: string, template: string, options: TemplateOptions): string {
  if (rest === '') return valueOf(name, options);
  const [, colon, operator, word = ''] = /^(:?)([-?+])([^]*)$/.exec(rest) ?? [];
  if (operator === undefined) throw new InvalidTemplate(template);
  const value = options.lookup(name);
  const absent = value === undefined || (colon === ':' && value === '');
  const other = substitute(word, options);
  if (operator === '-') return absent ? other : value;
  if (operator === '+') return absent ? (value ?? '') : other;
  if (!absent) return value;
  throw new LoadError(`required variable ${name} is missing a value${other === '' ? '' : `: ${other}`}`);
}

export interface Variable {
  readonly name: string;
  readonly required: boolean;
  readonly defaultValue: string;
  readonly alternate: string;
}

/** The variables that a text names, for `config --variables`. */
export function variablesIn(text: string): readonly Variable[] {
  const found: Variable[] = [];
  for (const match of text.replaceAll('$$', '').matchAll(/\$(?:([_a-z]\w*)|\{([_a-z]\w*)(?:(:?[-?+])([^}]*))?\})/gi)) {
    const [, plain, braced, operator = '', word = ''] = match;
    found.push({
      name: plain ?? braced ?? '',
      required: operator.endsWith('?'),
      defaultValue: operator.endsWith('-') ? word : '',
      alternate: operator.endsWith('+') ? word : '',
    });
  }
  return found;
}
