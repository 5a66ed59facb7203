import { unescape } from '../toolkit/escapes';
import { quote, quotef } from '../toolkit/quote';
import { tool, type Tool } from '../toolkit/tool';

/** printf(1). */
export const printf = tool(
  { name: 'printf', usage: 'FORMAT [ARGUMENT]...', about: 'Print ARGUMENT(s) according to FORMAT.', raw: true },
  async (tool) => {
    const operands = tool.operands[0] === '--' ? tool.operands.slice(1) : tool.operands;
    const [format, ...args] = operands;
    if (format === undefined) return tool.missingOperand();
    let rest = args;
    do {
      const done = await once(tool, format, rest);
      if (done === 'stop' || done.length === rest.length) {
        if (done !== 'stop' && done.length > 0) {
          await tool.error(`warning: ignoring excess arguments, starting with ${quote(done[0] ?? '')}`, 0);
        }
        return tool.status;
      }
      rest = done;
    } while (rest.length > 0);
    return tool.status;
  },
);

const directive = /%([-+ #0']*)(\*|\d+)?(?:\.(\*|-?\d*))?([a-zA-Z%])?/y;

/** Formats once through; the arguments that are left. */
async function once(tool: Tool, format: string, args: readonly string[]): Promise<string[] | 'stop'> {
  const rest = [...args];
  const next = () => rest.shift();
  for (let index = 0; index < format.length;) {
    const percent = format.indexOf('%', index);
    const literal = unescape(format.slice(index, percent < 0 ? undefined : percent), false);
    await tool.out.write(literal.text);
    if (literal.stop) return 'stop';
    if (percent < 0) break;
    directive.lastIndex = percent;
    const match = directive.exec(format);
    const [whole = '%', flags = '', widthText, precisionText, conversion = ''] = match ?? [];
    index = percent + whole.length;
    if (conversion === '%') {
      await tool.out.write('%');
      continue;
    }
    const width = widthText === '*' ? Number(next() ?? 0) : Number(widthText ?? 0);
    const precision =
      precisionText === undefined ? undefined : precisionText === '*' ? Number(next() ?? 0) : Number(precisionText);
    const left = flags.includes('-') || width < 0;
    const pad = (text: string, zero = false): string => {
      const size = Math.abs(width);
      if (left) return text.padEnd(size);
      if (!zero) return text.padStart(size);
      const sign = /^[-+ ]?(0[xX])?/.exec(text)?.[0] ?? '';
      return sign + text.slice(sign.length).padStart(size - sign.length, '0');
    };
    if (conversion === 'b' || conversion === 's' || conversion === 'q' || conversion === 'c') {
      const given = next() ?? '';
      const { text, stop } = conversion === 'b' ? unescape(given, true) : { text: given, stop: false };
      const shown =
        conversion === 'q' ? quotef(text) : conversion === 'c' ? text.slice(0, 1) : text.slice(0, precision);
      await tool.out.write(pad(shown));
      if (stop) return 'stop';
    } else if ('diouxXfFeEgG'.includes(conversion) && conversion !== '') {
      const number = await numberOf(tool, next());
      const zero = flags.includes('0') && (precision === undefined || 'fFeEgG'.includes(conversion));
      await tool.out.write(pad(signed(formatNumber(number, conversion, precision, flags), flags), zero));
    } else {
      await tool.error(`${whole}: invalid conversion specification`);
      return 'stop';
    }
  }
  return rest;
}

/** A C constant, or a quote and a character for its code. */
async function numberOf(tool: Tool, text: string | undefined): Promise<number> {
  if (text === undefined || text === '') return 0;
  if (/^["'][^]/.test(text)) return text.codePointAt(1) ?? 0;
  const match = /^\s*([-+]?)(0[xX][0-9a-fA-F]+|0[0-7]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|inf|nan)/.exec(text);
  if (match === null) {
    await tool.error(`${quote(text)}: expected a numeric value`);
    return 0;
  }
  if (match[0].length < text.length) await tool.error(`${quote(text)}: value not completely converted`);
  const digits = match[2] ?? '';
  const value = /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
  return match[1] === '-' ? -value : value;
}

const signed = (text: string, flags: string): string =>
  text.startsWith('-') ? text : flags.includes('+') ? `+${text}` : flags.includes(' ') ? ` ${text}` : text;

function formatNumber(value: number, conversion: string, precision: number | undefined, flags: string): string {
  const integer = (text: string): string => {
    const digits = text.startsWith('-') ? text.slice(1) : text;
    return (text.startsWith('-') ? '-' : '') + digits.padStart(precision ?? 0, '0');
  };
  const unsigned = (radix: number): string => {
    const whole = BigInt(Math.trunc(value));
    return (whole < 0n ? whole + (1n << 64n) : whole).toString(radix);
  };
  switch (conversion) {
    case 'd':
    case 'i':
      return integer(String(Math.trunc(value)));
    case 'u':
      return integer(unsigned(10));
    case 'o':
      return integer((flags.includes('#') ? '0' : '') + unsigned(8));
    case 'x':
      return (flags.includes('#') && value !== 0 ? '0x' : '') + integer(unsigned(16));
    case 'X':
      return (flags.includes('#') && value !== 0 ? '0X' : '') + integer(unsigned(16).toUpperCase());
    case 'f':
    case 'F':
      return value.toFixed(precision ?? 6);
    case 'e':
    case 'E': {
      const text = value.toExponential(precision ?? 6).replace(/e([-+])(\d)$/, 'e$10$2');
      return conversion === 'E' ? text.toUpperCase() : text;
    }
    default:
      return general(value, precision ?? 6, flags);
  }
}

/** %g: the shorter of %e and %f, without zeros at the end. */
export function general(value: number, precision: number, flags = ''): string {
  if (value === 0) return '0';
  const digits = precision === 0 ? 1 : precision;
  const exponent = Number(value.toExponential(digits - 1).split('e')[1]);
  if (exponent < -4 || exponent >= digits) {
    const text = value.toExponential(digits - 1);
    const trimmed = flags.includes('#') ? text : text.replace(/\.?0*e/, 'e');
    return trimmed.replace(/e([-+])(\d)$/, 'e$10$2');
  }
  const text = value.toFixed(digits - 1 - exponent);
  return text.includes('.') && !flags.includes('#') ? text.replace(/\.?0+$/, '') : text;
}
