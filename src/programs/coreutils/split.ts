import { concat } from '../../linux/io/bytes';
import { parseSize } from '../toolkit/format';
import { Lines } from '../toolkit/lines';
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

/** split(1): by lines or bytes. */
export const split = tool(
  {
    name: 'split',
    usage: '[OPTION]... [FILE [PREFIX]]',
    about: 'Output pieces of FILE to PREFIXaa, PREFIXab, ...',
    short: 'a:b:dl:',
    long: { 'suffix-length:': 'a', 'bytes:': 'b', 'numeric-suffixes::': 'd', 'lines:': 'l' },
    digits: 'l',
  },
  async (tool) => {
    const { options, fs, operands } = tool;
    const [path = '-', prefix = 'x'] = operands;
    const input = tool.open(path);
    if (!input.ok) return tool.fail(`cannot open ${quoteaf(path)} for reading: ${input.error.message}`);
    const length = Number(options.value('a') ?? 2);
    const letters = options.has('d') ? '0123456789' : 'abcdefghijklmnopqrstuvwxyz';
    const suffix = (index: number): string => {
      let text = '';
      for (let rest = index, at = 0; at < length; at++, rest = Math.floor(rest / letters.length)) {
        text = letters.charAt(rest % letters.length) + text;
      }
      return text;
    };
    const pieces: (string | Uint8Array)[] = [];
    const size = options.value('b');
    if (size !== undefined) {
      const bytes = parseSize(size);
      if (!(bytes > 0)) return tool.fail(`invalid number of bytes: ${quote(size)}`);
      const chunks: Uint8Array[] = [];
      for await (const chunk of input.value.reader) chunks.push(chunk);
      const whole = concat(chunks);
      for (let at = 0; at < whole.length; at += bytes) pieces.push(whole.slice(at, at + bytes));
    } else {
      const given = options.value('l') ?? '1000';
      const count = Number(given);
      if (!(count > 0)) return tool.fail(`invalid number of lines: ${quote(given)}`);
      const lines = new Lines(input.value.reader);
      const all = await lines.all();
      for (let at = 0; at < all.length; at += count) {
        const last = at + count >= all.length && lines.unterminated;
        pieces.push(all.slice(at, at + count).join('\n') + (last ? '' : '\n'));
      }
    }
    input.value.close();
    for (const [index, piece] of pieces.entries()) {
      const name = prefix + suffix(index);
      const written = fs.writeFile(name, piece);
      if (!written.ok) return tool.fail(`${name}: ${written.error.message}`);
    }
    return 0;
  },
);
