import { GoStruct, isList, isMap, sortedKeys, typeName, type GoValue } from './values';

/** `%v`: the text that printing a value alone gives. */
export function format(value: GoValue): string {
  if (value === undefined || value === null) return '<nil>';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return formatFloat(value);
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value === 'function') return '0x47b1c0';
  if (isList(value)) return `[${value.map(format).join(' ')}]`;
  if (value instanceof GoStruct) {
    const fields = [...value.fields.values()].filter((field) => typeof field !== 'function');
    return `{${fields.map(format).join(' ')}}`;
  }
  return `map[${sortedKeys(value)
    .map((key) => `${key}:${format(value[key])}`)
    .join(' ')}]`;
}

/** strconv.FormatFloat(f, 'g', -1, 64) with fmt's exponent threshold of 21. */
export function formatFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const magnitude = Math.abs(value);
  if (magnitude !== 0 && (magnitude < 1e-4 || magnitude >= 1e21)) {
    return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  }
  return String(value);
}

/** strconv.Quote. */
export function quote(text: string): string {
  let out = '"';
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    const named = escapes.get(char);
    if (named !== undefined) out += named;
    else if (code < 0x20 || code === 0x7f) out += `\\x${code.toString(16).padStart(2, '0')}`;
    else out += char;
  }
  return `${out}"`;
}

const escapes = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\x07', '\\a'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\v', '\\v'],
]);

/** fmt.Sprint: spaces between operands when neither is a string. */
export function sprint(values: readonly GoValue[]): string {
  return values
    .map((value, index) => {
      const before = values[index - 1];
      const spaced = index > 0 && typeof before !== 'string' && typeof value !== 'string';
      return (spaced ? ' ' : '') + format(value);
    })
    .join('');
}

export const sprintln = (values: readonly GoValue[]): string => `${values.map(format).join(' ')}\n`;

/** fmt.Sprintf, with its words for wrong verbs, missing and extra operands. */
export function sprintf(pattern: string, values: readonly GoValue[]): string {
  let next = 0;
  const star = (text: string | undefined): number | undefined => {
    if (text === undefined || text === '') return undefined;
    return text === '*' ? Number(values[next++] ?? 0) : Number(text);
  };
  const text = pattern.replace(
    /%([-+# 0]*)(\*|\d+)?(?:\.(\*|\d*))?(.)?/gsu,
    (_, flags: string, width: string | undefined, precision: string | undefined, verb: string | undefined) => {
      const directive: Directive = {
        flags,
        width: star(width),
        precision: precision === '' ? 0 : star(precision),
        verb: verb ?? '',
      };
      if (verb === undefined) return '%!(NOVERB)';
      if (verb === '%') return '%';
      if (next >= values.length) return `%!${verb}(MISSING)`;
      return verbText(directive, values[next++]);
    },
  );
  if (next >= values.length) return text;
  const extra = values.slice(next).map((value) => (value == null ? '<nil>' : `${typeName(value)}=${format(value)}`));
  return `${text}%!(EXTRA ${extra.join(', ')})`;
}

interface Directive {
  readonly flags: string;
  readonly width: number | undefined;
  readonly precision: number | undefined;
  readonly verb: string;
}

function verbText(directive: Directive, value: GoValue): string {
  const body = bare(directive, value);
  const { flags, width = 0 } = directive;
  const length = [...body].length;
  if (length >= width) return body;
  if (flags.includes('-')) return body + ' '.repeat(width - length);
  if (flags.includes('0') && typeof value !== 'string') {
    const sign = /^[+-]/.exec(body)?.[0] ?? '';
    return sign + '0'.repeat(width - length) + body.slice(sign.length);
  }
  return ' '.repeat(width - length) + body;
}

function bare({ flags, precision, verb }: Directive, value: GoValue): string {
  const wrong = `%!${verb}(${value == null ? '<nil>' : `${typeName(value)}=${format(value)}`})`;
  if (isList(value) && verb !== 'v' && verb !== 'T') {
    return `[${value.map((item) => bare({ flags, width: undefined, precision, verb }, item)).join(' ')}]`;
  }
  const plus = (text: string): string => (flags.includes('+') && !text.startsWith('-') ? `+${text}` : text);
  switch (verb) {
    case 'v':
      return format(value);
    case 'T':
      return typeName(value);
    case 't':
      return typeof value === 'boolean' ? String(value) : wrong;
    case 's': {
      if (value == null) return wrong;
      if (typeof value !== 'string') return isMap(value) || value instanceof GoStruct ? format(value) : wrong;
      return precision === undefined ? value : [...value].slice(0, precision).join('');
    }
    case 'q':
      return typeof value === 'string' ? quote(value) : wrong;
    case 'd':
      return typeof value === 'bigint' ? plus(String(value)) : wrong;
    case 'x':
    case 'X': {
      const hex = hexText(value);
      if (hex === undefined) return wrong;
      return verb === 'X' ? hex.toUpperCase() : hex;
    }
    case 'b':
      return typeof value === 'bigint' ? value.toString(2) : wrong;
    case 'o':
      return typeof value === 'bigint' ? value.toString(8) : wrong;
    case 'c':
      return typeof value === 'bigint' ? String.fromCodePoint(Number(value)) : wrong;
    case 'f':
    case 'F':
      return typeof value === 'number' ? plus(value.toFixed(precision ?? 6)) : wrong;
    case 'e':
      return typeof value === 'number'
        ? plus(value.toExponential(precision ?? 6).replace(/e([+-])(\d)$/, 'e$10$2'))
        : wrong;
    case 'g':
      return typeof value === 'number'
        ? plus(precision === undefined ? formatFloat(value) : formatFloat(Number(value.toPrecision(precision))))
        : wrong;
    default:
      return wrong;
  }
}

function hexText(value: GoValue): string | undefined {
  if (typeof value === 'bigint') return value.toString(16);
  if (typeof value !== 'string') return undefined;
  return [...new TextEncoder().encode(value)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
