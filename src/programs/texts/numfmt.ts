import { quote } from '../toolkit/quote';
import { tool } from '../toolkit/tool';
import { Lines } from '../toolkit/lines';

const letters = ['', 'K', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];
const rounders: Readonly<Record<string, (value: number) => number>> = {
  up: Math.ceil,
  down: Math.floor,
  'from-zero': (value) => (value < 0 ? Math.floor(value) : Math.ceil(value)),
  'towards-zero': Math.trunc,
  nearest: (value) => Math.sign(value) * Math.round(Math.abs(value)),
};

/** numfmt(1). */
export const numfmt = tool(
  {
    name: 'numfmt',
    usage: '[OPTION]... [NUMBER]...',
    about: 'Reformat NUMBER(s), or the numbers from standard input if none are specified.',
    short: 'd:z',
    trouble: 1,
    long: {
      'delimiter:': 'd',
      'field:': 'field',
      'format:': 'format',
      'from:': 'from',
      'from-unit:': 'from-unit',
      grouping: 'grouping',
      'header::': 'header',
      'invalid:': 'invalid',
      'padding:': 'padding',
      'round:': 'round',
      'suffix:': 'suffix',
      'to:': 'to',
      'to-unit:': 'to-unit',
      'zero-terminated': 'z',
    },
  },
  async (tool) => {
    const { options, out } = tool;
    const scales = { from: ['none', 'auto', 'si', 'iec', 'iec-i'], to: ['none', 'si', 'iec', 'iec-i'] };
    for (const name of ['from', 'to'] as const) {
      const value = options.value(name);
      if (value === undefined || scales[name].includes(value)) continue;
      const valid = scales[name].map((one) => `  - ${quote(one)}`).join('\n');
      return tool.usageError(
        `invalid argument ${quote(value)} for ${quote(`--${name}`)}\nValid arguments are:\n${valid}`,
      );
    }
    const suffix = options.value('suffix') ?? '';
    const padding = Number(options.value('padding') ?? 0);
    const format = /^(.*?)%(')?(0?)(-?\d*)(?:\.(\d+))?f(.*)$/.exec(options.value('format') ?? '');
    if (options.has('format') && format === null) {
      return tool.fail(`format ${quote(options.value('format') ?? '')} has no % directive`);
    }
    const round = rounders[options.value('round') ?? 'from-zero'] ?? Math.ceil;
    const invalid = options.value('invalid') ?? 'abort';

    const convert = (text: string): { value: string } | { error: string } => {
      const parsed = parse(
        text.endsWith(suffix) ? text.slice(0, text.length - suffix.length) : text,
        options.value('from') ?? 'none',
      );
      if (typeof parsed === 'string') return { error: parsed.replaceAll('@', quote(text)) };
      const value = (parsed.value * Number(options.value('from-unit') ?? 1)) / Number(options.value('to-unit') ?? 1);
      const precision = format?.[5] === undefined ? undefined : Number(format[5]);
      let shown = show(value, options.value('to') ?? 'none', parsed.decimals, precision, round) + suffix;
      if (format !== null) {
        const width = Number(format[4] === '' || format[4] === '-' ? 0 : format[4]);
        shown = width < 0 ? shown.padEnd(-width) : shown.padStart(width, format[3] === '0' ? '0' : ' ');
        return { value: (format[1] ?? '') + shown + (format[6] ?? '') };
      }
      return { value: padding < 0 ? shown.padEnd(-padding) : shown.padStart(padding) };
    };
    const fields = fieldSet(options.value('field') ?? '1');
    const delimiter = options.value('d');
    const line = async (text: string): Promise<boolean> => {
      const pieces = delimiter === undefined ? (text.match(/\s*[^\s]+/g) ?? [text]) : text.split(delimiter);
      const shown: string[] = [];
      for (const [index, piece] of pieces.entries()) {
        if (!fields(index + 1)) {
          shown.push(piece);
          continue;
        }
        const blanks = delimiter === undefined ? (/^\s*/.exec(piece)?.[0] ?? '') : '';
        const converted = convert(piece.trim());
        if ('error' in converted) {
          if (invalid !== 'ignore') await tool.error(converted.error, invalid === 'warn' ? 0 : 2);
          if (invalid === 'abort') return false;
          shown.push(piece);
          continue;
        }
        // White space before a field counts as its padding.
        const wide =
          delimiter === undefined &&
          padding === 0 &&
          format === null &&
          (blanks.length > 1 || (index === 0 && blanks !== ''));
        const lead = index === 0 ? '' : blanks.slice(0, 1);
        shown.push(wide ? lead + converted.value.padStart(piece.length - lead.length) : blanks + converted.value);
      }
      await out.line(shown.join(delimiter ?? ''));
      return true;
    };
    if (tool.operands.length > 0) {
      for (const operand of tool.operands) if (!(await line(operand))) return tool.status;
      return tool.status;
    }
    const input = tool.open('-');
    if (!input.ok) return 1;
    let header = options.has('header') ? Number(options.value('header') ?? 1) : 0;
    for (const text of await new Lines(input.value.reader).all()) {
      if (header-- > 0) await out.line(text);
      else if (!(await line(text))) return tool.status;
    }
    return tool.status;
  },
);

function fieldSet(list: string): (field: number) => boolean {
  const ranges = list.split(',').map((part) => /^(\d*)(-?)(\d*)$/.exec(part));
  return (field) =>
    ranges.some((range) => {
      if (range === null) return false;
      const low = Number(range[1] || 1);
      const high = range[2] === '' ? low : Number(range[3] || Infinity);
      return field >= low && field <= high;
    });
}

function parse(text: string, scale: string): { value: number; decimals: number } | string {
  const match = /^(-?\d+(?:\.(\d*))?)(.*)$/.exec(text);
  if (match === null) return 'invalid number: @';
  const [, number = '', fraction = '', rest = ''] = match;
  const value = Number(number);
  if (rest === '') return { value, decimals: fraction.length };
  const power = letters.indexOf(rest.charAt(0) === 'k' ? 'K' : rest.charAt(0));
  if (power < 1) return 'invalid suffix in input: @';
  if (scale === 'none') return 'rejecting suffix in input: @ (consider using --from)';
  const tail = rest.slice(1);
  if (scale === 'iec-i' && !tail.startsWith('i')) return "missing 'i' suffix in input: @ (e.g Ki/Mi/Gi)";
  const binary = scale === 'iec' || scale === 'iec-i' || (scale === 'auto' && tail.startsWith('i'));
  const left = tail.startsWith('i') && (scale === 'auto' || scale === 'iec-i') ? tail.slice(1) : tail;
  if (left !== '') return `invalid suffix in input @: ${quote(left)}`;
  return { value: value * (binary ? 1024 : 1000) ** power, decimals: 0 };
}

function show(
  value: number,
  scale: string,
  decimals: number,
  precision: number | undefined,
  round: (value: number) => number,
): string {
  const to = (number: number, digits: number): string => (round(number * 10 ** digits) / 10 ** digits).toFixed(digits);
  if (scale === 'none') return to(value, precision ?? decimals);
  const base = scale === 'si' ? 1000 : 1024;
  let power = 0;
  let scaled = value;
  while (Math.abs(scaled) >= base && power < letters.length - 1) {
    scaled /= base;
    power++;
  }
  const digits = precision ?? (power > 0 && Math.abs(scaled) < 10 ? 1 : 0);
  let text = to(scaled, precision === undefined && power === 0 ? 0 : digits);
  if (Math.abs(Number(text)) >= base && power < letters.length - 1) {
    power++;
    text = to(scaled / base, precision ?? 1);
  } else if (precision === undefined && digits === 1 && Math.abs(Number(text)) >= 10) text = to(scaled, 0);
  return text + (letters[power] ?? '') + (scale === 'iec-i' && power > 0 ? 'i' : '');
}
