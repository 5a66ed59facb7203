import { isArray, isObject, Literal, sortedKeys, typeOf, type Json } from './values';

export interface PrintOptions {
  /** Spaces of a step, or a tab; undefined: all in one line. */
  readonly indent?: string | undefined;
  readonly sortKeys?: boolean;
  readonly ascii?: boolean;
  readonly color?: boolean;
}

/** A number as jq writes it: the shortest digits that mean it (jvp_dtoa_fmt). */
export function numberText(value: number): string {
  if (Number.isNaN(value)) return 'null';
  if (value === Infinity) return '1.7976931348623157e+308';
  if (value === -Infinity) return '-1.7976931348623157e+308';
  if (Object.is(value, -0)) return '-0';
  const text = String(value);
  if (text.length < 16 && !text.includes('e') && !/^-?0\.0000/.test(text)) return text;
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  const digits = mantissa.replace(/[-.]/g, '').length;
  const point = Number(exponent) + 1;
  if (point > -4 && point <= digits + 15) return text.includes('e') ? decimal(value) : text;
  const sign = exponent.startsWith('-') ? '-' : '+';
  return `${mantissa}e${sign}${exponent.slice(1).padStart(2, '0')}`;
}

/** Without an exponent, which JavaScript writes from 1e21 on. */
function decimal(value: number): string {
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  return whole + fraction.padEnd(Number(exponent), '0');
}

const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\t': '\\t',
  '\r': '\\r',
  '\b': '\\b',
  '\f': '\\f',
};

/** A string in quotes. */
export function stringText(value: string, ascii = false): string {
  const escaped = value.replace(
    /["\\\u0000-\u001f\u007f]/g,
    (char) => escapes[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const text = ascii
    ? escaped.replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
    : escaped;
  return `"${text}"`;
}

const reset = '\x1b[0m';
/** jq 1.7.1's colours (JQ_COLORS). */
const colors = {
  null: '\x1b[0;90m',
  false: '\x1b[0;39m',
  true: '\x1b[0;39m',
  boolean: '\x1b[0;39m',
  number: '\x1b[0;39m',
  string: '\x1b[0;32m',
  array: '\x1b[1;39m',
  object: '\x1b[1;39m',
  key: '\x1b[1;34m',
} as const;

/** A value as jq prints it. */
export function print(value: Json, options: PrintOptions = {}): string {
  return options.color === true ? colored(value, options, '') : write(value, options, '');
}

/** In one line, without colours. */
export const compact = (value: Json): string => write(value, {}, '');

function scalar(value: Json, ascii: boolean | undefined): string | undefined {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return stringText(value, ascii);
  if (typeof value === 'number') return numberText(value);
  return value instanceof Literal ? value.text : undefined;
}

function write(value: Json, options: PrintOptions, margin: string): string {
  const simple = scalar(value, options.ascii);
  if (simple !== undefined) return simple;
  const { indent } = options;
  const inner = indent === undefined ? '' : `${margin}${indent}`;
  const [start, between, end] = indent === undefined ? ['', ',', ''] : [`\n${inner}`, `,\n${inner}`, `\n${margin}`];
  if (isArray(value)) {
    if (value.length === 0) return '[]';
    return `[${start}${value.map((item) => write(item, options, inner)).join(between)}${end}]`;
  }
  if (!isObject(value)) return 'null';
  if (value.size === 0) return '{}';
  const colon = indent === undefined ? ':' : ': ';
  const keys = options.sortKeys === true ? sortedKeys(value) : [...value.keys()];
  const items = keys.map(
    (key) => stringText(key, options.ascii) + colon + write(value.get(key) ?? null, options, inner),
  );
  return `{${start}${items.join(between)}${end}}`;
}

/** As jv_print.c: every bracket, comma and colon in the colour of what it belongs to. */
function colored(value: Json, options: PrintOptions, margin: string): string {
  const simple = scalar(value, options.ascii);
  if (simple !== undefined) return colors[typeOf(value)] + simple + reset;
  const { indent } = options;
  const inner = indent === undefined ? '' : `${margin}${indent}`;
  const [line, lastLine] = indent === undefined ? ['', ''] : [`\n${inner}`, `\n${margin}`];
  const color = colors.array;
  if (isArray(value)) {
    if (value.length === 0) return `${color}[]${reset}`;
    let text = `${color}[${line}`;
    value.forEach((item, index) => {
      if (index > 0) text += `${color},${line}`;
      text += colored(item, options, inner);
    });
    return `${text}${color}${lastLine}${color}]${reset}`;
  }
  if (!isObject(value)) return '';
  if (value.size === 0) return `${color}{}${reset}`;
  const keys = options.sortKeys === true ? sortedKeys(value) : [...value.keys()];
  let text = `${color}{${line}${reset}`;
  keys.forEach((key, index) => {
    if (index > 0) text += `${color},${line}${reset}`;
    text += `${colors.key}${stringText(key, options.ascii)}${reset}${color}:${indent === undefined ? '' : ' '}${reset}`;
    text += colored(value.get(key) ?? null, options, inner);
  });
  return `${text}${color}${lastLine}${color}}${reset}`;
}
