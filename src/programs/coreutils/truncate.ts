import { parseSize } from '../toolkit/format';
import { quote, quoteaf } from '../toolkit/quote';
import { tool } from '../toolkit/tool';

/** truncate(1). */
export const truncate = tool(
  {
    name: 'truncate',
    usage: 'OPTION... FILE...',
    about: 'Shrink or extend the size of each FILE to the specified size.',
    short: 'cor:s:',
    long: { 'no-create': 'c', 'io-blocks': 'o', 'reference:': 'r', 'size:': 's' },
  },
  async (tool) => {
    const { options, fs } = tool;
    const given = options.value('s');
    const reference = options.value('r');
    if (given === undefined && reference === undefined) {
      return tool.usageError('you must specify either ‘--size’ or ‘--reference’');
    }
    if (tool.operands.length === 0) return tool.usageError('missing file operand');
    const [, sign = '', number = ''] = /^([-+<>/%]?)(.*)$/.exec(given ?? '') ?? [];
    const amount = given === undefined ? 0 : parseSize(number);
    if (Number.isNaN(amount)) return tool.fail(`Invalid number: ${quote(given ?? '')}`);
    let base: number | undefined;
    if (reference !== undefined) {
      const stat = fs.stat(reference);
      if (!stat.ok) return tool.fail(`cannot stat ${quoteaf(reference)}: ${stat.error.message}`);
      base = stat.value.size;
    }
    for (const path of tool.operands) {
      const stat = fs.stat(path);
      if (!stat.ok) {
        if (options.has('c')) continue;
        const made = fs.writeFile(path, '');
        if (!made.ok) {
          await tool.error(`cannot open ${quoteaf(path)} for writing: ${made.error.message}`);
          continue;
        }
      }
      const size = base ?? (stat.ok ? stat.value.size : 0);
      const sizes: Readonly<Record<string, number>> = {
        '+': size + amount,
        '-': Math.max(0, size - amount),
        '<': Math.min(size, amount),
        '>': Math.max(size, amount),
        '/': Math.floor(size / amount) * amount,
        '%': Math.ceil(size / amount) * amount,
      };
      const done = fs.truncate(path, sizes[sign] ?? (given === undefined ? size : amount));
      if (!done.ok) await tool.error(`failed to truncate ${quoteaf(path)}: ${done.error.message}`);
    }
    return tool.status;
  },
);
