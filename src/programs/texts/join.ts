import { Lines } from '../toolkit/lines';
import { quote, quotef } from '../toolkit/quote';
import { tool, type Tool } from '../toolkit/tool';

interface Row {
  readonly line: string;
  readonly fields: readonly string[];
  readonly key: string;
}

/** join(1). */
export const join = tool(
  {
    name: 'join',
    usage: '[OPTION]... FILE1 FILE2',
    about:
      'For each pair of input lines with identical join fields, write a line to\nstandard output.  The default join field is the first, delimited by blanks.',
    short: 'a:e:i1:2:j:o:t:v:z',
    long: {
      'ignore-case': 'i',
      'check-order': 'check',
      'nocheck-order': 'nocheck',
      header: 'header',
      'zero-terminated': 'z',
    },
  },
  async (tool) => {
    const { options, operands } = tool;
    const [one, two, extra] = operands;
    if (one === undefined) return tool.missingOperand();
    if (two === undefined) return tool.usageError(`missing operand after ${quote(one)}`);
    if (extra !== undefined) return tool.extraOperand(extra);
    for (const name of ['a', 'v']) {
      for (const value of options.values(name)) {
        if (!/^[12]$/.test(value)) return tool.fail(`invalid field number: ${quote(value)}`);
      }
    }
    for (const name of ['1', '2', 'j']) {
      const value = options.value(name);
      if (value !== undefined && !/^[1-9]\d*$/.test(value)) return tool.fail(`invalid field number: ${quote(value)}`);
    }
    const separator = options.value('t');
    if (separator !== undefined && separator.length > 1 && separator !== '\\0') {
      return tool.fail(`multi-character tab ${quote(separator)}`);
    }
    const fieldOf = (name: '1' | '2'): number => Number(options.value(name) ?? options.value('j') ?? 1) - 1;
    const left = await rows(tool, one, fieldOf('1'));
    const right = left === undefined ? undefined : await rows(tool, two, fieldOf('2'));
    if (left === undefined || right === undefined) return 1;
    return merge(tool, left, right, fieldOf('1'), fieldOf('2'));
  },
);

async function rows(tool: Tool, path: string, field: number): Promise<Row[] | undefined> {
  const input = tool.open(path);
  if (!input.ok) {
    await tool.error(`${quotef(path)}: ${input.error.message}`);
    return undefined;
  }
  const lines = await new Lines(input.value.reader, tool.options.has('z') ? 0 : 10).all();
  input.value.close();
  const separator = tool.options.value('t');
  return lines.map((line) => {
    const fields =
      separator === undefined
        ? line.replace(/^[ \t]+/, '').split(/[ \t]+/)
        : separator === ''
          ? [line]
          : line.split(separator === '\\0' ? '\0' : separator);
    const key = fields[field] ?? '';
    return { line, fields, key: tool.options.has('i') ? key.toLowerCase() : key };
  });
}

async function merge(tool: Tool, left: Row[], right: Row[], leftField: number, rightField: number): Promise<number> {
  const { options } = tool;
  const blank = options.value('e') ?? '';
  const separator = options.value('t') ?? ' ';
  const end = options.has('z') ? '\0' : '\n';
  const only = options.values('v');
  const unpaired = new Set([...options.values('a'), ...only]);
  const format = options.values('o').join(',');
  const auto = format === 'auto';
  const wanted = auto || format === '' ? [] : format.split(/[ ,]+/);
  const widths = [left[0]?.fields.length ?? 0, right[0]?.fields.length ?? 0];

  const show = (one: Row | undefined, two: Row | undefined): string => {
    const field = (row: Row | undefined, index: number): string => row?.fields[index] || blank;
    const key = one === undefined ? field(two, rightField) : field(one, leftField);
    const others = (row: Row | undefined, own: number, width: number): string[] => {
      const size = auto ? width : (row?.fields.length ?? 0);
      return Array.from({ length: size }, (_, index) => index)
        .filter((index) => index !== own)
        .map((index) => field(row, index));
    };
    const cells =
      wanted.length === 0
        ? [key, ...others(one, leftField, widths[0] ?? 0), ...others(two, rightField, widths[1] ?? 0)]
        : wanted.map((name) => {
            const [file, number] = name.split('.');
            return file === '0' ? key : field(file === '1' ? one : two, Number(number) - 1);
          });
    return cells.join(separator) + end;
  };
  let i = 0;
  let j = 0;
  if (options.has('header')) {
    await tool.out.write(show(left[i++], right[j++]));
  }
  while (i < left.length || j < right.length) {
    const [one, two] = [left[i], right[j]];
    if (two === undefined || (one !== undefined && one.key < two.key)) {
      if (unpaired.has('1')) await tool.out.write(show(one, undefined));
      i++;
    } else if (one === undefined || two.key < one.key) {
      if (unpaired.has('2')) await tool.out.write(show(undefined, two));
      j++;
    } else {
      let [iEnd, jEnd] = [i, j];
      while (left[iEnd]?.key === one.key) iEnd++;
      while (right[jEnd]?.key === one.key) jEnd++;
      if (only.length === 0) {
        for (const a of left.slice(i, iEnd)) for (const b of right.slice(j, jEnd)) await tool.out.write(show(a, b));
      }
      [i, j] = [iEnd, jEnd];
    }
  }
  if (options.has('nocheck')) return tool.status;
  for (const [index, rows] of [left, right].entries()) {
    const from = options.has('header') ? 1 : 0;
    const wrong = rows.findIndex((row, at) => at > from && row.key < (rows[at - 1]?.key ?? ''));
    if (wrong < 0) continue;
    await tool.error(`${tool.operands[index] ?? ''}:${wrong + 1}: is not sorted: ${rows[wrong]?.line ?? ''}`);
  }
  if (tool.status !== 0) await tool.error('input is not in sorted order');
  return tool.status;
}
