import { Lines } from '../toolkit/lines';
import { quote, quoteaf, quotef } from '../toolkit/quote';
import { compile } from '../toolkit/regex';
import { textWidth } from '../toolkit/format';
import { tool, type Tool } from '../toolkit/tool';

/** Runs over the lines of all files. */
async function eachFile(tool: Tool, act: (lines: Lines, path: string) => Promise<void>): Promise<void> {
  for (const path of tool.operands.length === 0 ? ['-'] : tool.operands) {
    const input = tool.open(path);
    if (!input.ok) {
      await tool.fileError(path, input.error);
      continue;
    }
    await act(new Lines(input.value.reader), path);
    input.value.close();
  }
}

/** nl(1), without sections. */
export const nl = tool(
  {
    name: 'nl',
    usage: '[OPTION]... [FILE]...',
    about: 'Write each FILE to standard output, with line numbers added.',
    short: 'b:d:f:h:i:l:n:ps:v:w:',
    long: {
      'body-numbering:': 'b',
      'line-increment:': 'i',
      'number-format:': 'n',
      'number-separator:': 's',
      'starting-line-number:': 'v',
      'number-width:': 'w',
    },
  },
  async (tool) => {
    const { options } = tool;
    const style = options.value('b') ?? 't';
    const regex = style.startsWith('p') ? compile(style.slice(1), false) : undefined;
    if (typeof regex === 'string') return tool.fail(regex);
    if (regex === undefined && !/^[atn]$/.test(style))
      return tool.usageError(`invalid body numbering style: ${quote(style)}`);
    const width = Number(options.value('w') ?? 6);
    const step = Number(options.value('i') ?? 1);
    const separator = options.value('s') ?? '\t';
    const format = options.value('n') ?? 'rn';
    let number = Number(options.value('v') ?? 1);
    await eachFile(tool, async (lines) => {
      for (let batch = await lines.next(); batch !== undefined; batch = await lines.next()) {
        for (const line of batch) {
          const counted = regex !== undefined ? regex.test(line) : style === 'a' || (style === 't' && line !== '');
          const text = String(number);
          const shown = format === 'ln' ? text.padEnd(width) : text.padStart(width, format === 'rz' ? '0' : ' ');
          await tool.out.line(counted ? shown + separator + line : ' '.repeat(width + separator.length) + line);
          if (counted) number += step;
        }
      }
    });
    return tool.status;
  },
);

/** rev(1): each line backwards. */
export const rev = tool(
  {
    name: 'rev',
    usage: '[options] [<file> ...]',
    about: 'Reverse lines characterwise.',
    package: 'util-linux 2.39.3',
    short: '0',
  },
  async (tool) => {
    await eachFile(tool, async (lines) => {
      for (let batch = await lines.next(); batch !== undefined; batch = await lines.next()) {
        for (const [index, line] of batch.entries()) {
          const last = lines.unterminated && index === batch.length - 1;
          await tool.out.write([...line].reverse().join('') + (last ? '' : '\n'));
        }
      }
    });
    return tool.status;
  },
);

/** tac(1): the lines backwards. */
export const tac = tool(
  {
    name: 'tac',
    usage: '[OPTION]... [FILE]...',
    about: 'Write each FILE to standard output, last line first.',
    short: 'brs:',
    long: { before: 'b', regex: 'r', 'separator:': 's' },
  },
  async (tool) => {
    for (const path of tool.operands.length === 0 ? ['-'] : tool.operands) {
      const input = tool.open(path);
      if (!input.ok) {
        const what =
          input.error.code === 'EISDIR' ? `${quotef(path)}: read error` : `failed to open ${quoteaf(path)} for reading`;
        await tool.error(`${what}: ${input.error.message}`);
        continue;
      }
      const text = await input.value.reader.text();
      input.value.close();
      const separator = tool.options.value('s') ?? '\n';
      const parts = text.split(separator);
      const last = parts.pop() ?? '';
      await tool.out.write(
        last +
          parts
            .toReversed()
            .map((part) => part + separator)
            .join(''),
      );
    }
    return tool.status;
  },
);

/** paste(1). */
export const paste = tool(
  {
    name: 'paste',
    usage: '[OPTION]... [FILE]...',
    about:
      'Write lines consisting of the sequentially corresponding lines from each FILE, separated by TABs, to standard output.',
    short: 'd:sz',
    long: { 'delimiters:': 'd', serial: 's', 'zero-terminated': 'z' },
  },
  async (tool) => {
    const { options } = tool;
    const delimiters = [
      ...(options.value('d') ?? '\t').replace(
        /\\([nt0\\])/g,
        (_, char: string) => ({ n: '\n', t: '\t', '0': '\0' })[char] ?? '\\',
      ),
    ];
    if (/(^|[^\\])(\\\\)*\\$/.test(options.value('d') ?? '')) {
      return tool.fail(`delimiter list ends with an unescaped backslash: ${options.value('d') ?? ''}`);
    }
    const delimiter = (index: number) => {
      const char = delimiters.length === 0 ? '' : (delimiters[index % delimiters.length] ?? '');
      return char === '\0' ? '' : char;
    };
    const join = (cells: readonly string[]) =>
      cells.map((cell, index) => (index === 0 ? '' : delimiter(index - 1)) + cell).join('');
    const inputs: (string[] | undefined)[] = [];
    const standard: string[] = [];
    let readStandard = false;
    const files = tool.operands.length === 0 ? ['-'] : tool.operands;
    for (const path of files) {
      const input = tool.open(path);
      if (!input.ok) {
        await tool.fileError(path, input.error);
        if (!options.has('s')) return 1;
        continue;
      }
      if (path === '-') {
        if (!readStandard) standard.push(...(await new Lines(input.value.reader).all()));
        readStandard = true;
        inputs.push(undefined);
      } else {
        inputs.push(await new Lines(input.value.reader).all());
        input.value.close();
      }
    }
    if (options.has('s')) {
      for (const lines of inputs) await tool.out.line(join(lines ?? standard.splice(0)));
      return tool.status;
    }
    // Several `-` take turns.
    for (let row = 0; ; row++) {
      if (!inputs.some((lines) => (lines === undefined ? standard.length > 0 : row < lines.length))) return tool.status;
      await tool.out.line(
        join(inputs.map((lines) => (lines === undefined ? (standard.shift() ?? '') : (lines[row] ?? '')))),
      );
    }
  },
);

/** fold(1). */
export const fold = tool(
  {
    name: 'fold',
    usage: '[OPTION]... [FILE]...',
    about: 'Wrap input lines in each FILE, writing to standard output.',
    short: 'bsw:',
    long: { bytes: 'b', spaces: 's', 'width:': 'w' },
    digits: 'w',
  },
  async (tool) => {
    const given = tool.options.value('w') ?? '80';
    const width = Number(given);
    if (!/^\d+$/.test(given) || width === 0) return tool.fail(`invalid number of columns: ${quote(given)}`);
    await eachFile(tool, async (lines) => {
      for (let batch = await lines.next(); batch !== undefined; batch = await lines.next()) {
        for (const [index, line] of batch.entries()) {
          let rest = line;
          while (textWidth(rest) > width) {
            let end = 0;
            for (let used = 0; end < rest.length; end++) {
              used += textWidth(rest.charAt(end));
              if (used > width) break;
            }
            const space = tool.options.has('s') ? rest.lastIndexOf(' ', end - 1) : -1;
            const cut = space >= 0 ? space + 1 : Math.max(end, 1);
            await tool.out.line(rest.slice(0, cut));
            rest = rest.slice(cut);
          }
          await tool.out.write(rest + (lines.unterminated && index === batch.length - 1 ? '' : '\n'));
        }
      }
    });
    return tool.status;
  },
);

/** comm(1). */
export const comm = tool(
  {
    name: 'comm',
    usage: '[OPTION]... FILE1 FILE2',
    about: 'Compare sorted files FILE1 and FILE2 line by line.',
    short: '123z',
    long: {
      'check-order': 'check',
      'nocheck-order': 'nocheck',
      'output-delimiter:': 'd',
      total: 'total',
      'zero-terminated': 'z',
    },
  },
  async (tool) => {
    const { options, operands } = tool;
    const [first, second, extra] = operands;
    if (first === undefined) return tool.missingOperand();
    if (second === undefined) return tool.usageError(`missing operand after ${quote(first)}`);
    if (extra !== undefined) return tool.extraOperand(extra);
    const sides: string[][] = [];
    for (const path of [first, second]) {
      const input = tool.open(path);
      if (!input.ok) return tool.fail(`${quotef(path)}: ${input.error.message}`);
      sides.push(await new Lines(input.value.reader).all());
      input.value.close();
    }
    const [left = [], right = []] = sides;
    const tab = options.value('d') ?? '\t';
    const counts = [0, 0, 0];
    const print = (column: 1 | 2 | 3, line: string) => {
      counts[column - 1] = (counts[column - 1] ?? 0) + 1;
      if (options.has(String(column))) return undefined;
      const before = [1, 2].filter((one) => one < column && !options.has(String(one))).length;
      return tool.out.line(tab.repeat(before) + line);
    };
    const unsorted = (lines: readonly string[]) =>
      lines.some((line, index) => index > 0 && line < (lines[index - 1] ?? ''));
    let i = 0;
    let j = 0;
    while (i < left.length || j < right.length) {
      const [a, b] = [left[i], right[j]];
      if (b === undefined || (a !== undefined && a < b)) {
        await print(1, a ?? '');
        i++;
      } else if (a === undefined || b < a) {
        await print(2, b);
        j++;
      } else {
        await print(3, a);
        i++;
        j++;
      }
    }
    if (options.has('total')) await tool.out.line([...counts, 'total'].join(tab));
    if (options.has('nocheck')) return 0;
    if (unsorted(right)) await tool.error('file 2 is not in sorted order');
    if (unsorted(left)) await tool.error('file 1 is not in sorted order');
    if (tool.status !== 0) await tool.error('input is not in sorted order');
    return tool.status;
  },
);
