import { textWidth } from '../toolkit/format';
import { Lines } from '../toolkit/lines';
import { decode, encode } from '../../linux/io/bytes';
import { readAll } from '../toolkit/latin1';
import { tool, type Input } from '../toolkit/tool';

interface Counts {
  lines: number;
  words: number;
  chars: number;
  bytes: number;
  width: number;
}

/** wc(1). */
export const wc = tool(
  {
    name: 'wc',
    usage: '[OPTION]... [FILE]...',
    about: 'Print newline, word, and byte counts for each FILE, and a total line if more than one FILE is specified.',
    short: 'clLmw',
    long: {
      bytes: 'c',
      chars: 'm',
      lines: 'l',
      'max-line-length': 'L',
      words: 'w',
      'files0-from:': 'files0',
      'total:': 'total',
    },
  },
  async (tool) => {
    const { options, out } = tool;
    const locale =
      tool.process.env.get('LC_ALL') || tool.process.env.get('LC_CTYPE') || tool.process.env.get('LANG') || 'C';
    const utf8 = /utf-?8/i.test(locale);
    const any = options.has('c', 'l', 'L', 'm', 'w');
    const fields: readonly (keyof Counts)[] = [
      ...(options.has('l') || !any ? (['lines'] as const) : []),
      ...(options.has('w') || !any ? (['words'] as const) : []),
      ...(options.has('m') ? (['chars'] as const) : []),
      ...(options.has('c') || !any ? (['bytes'] as const) : []),
      ...(options.has('L') ? (['width'] as const) : []),
    ];
    const list = options.value('files0');
    const listed = list === undefined ? undefined : await readAll(tool, list);
    if (list !== undefined && listed === undefined) return 1;
    const named =
      listed === undefined
        ? tool.operands
        : decode(listed)
            .split('\0')
            .filter((name) => name !== '');
    const files = named.length === 0 ? [undefined] : named;
    // The width of columns is known before reading: from the sizes of regular files.
    const file = tool.process.fds.get(0);
    const standard = file?.kind === 'file' ? tool.fs.stat(file.name) : undefined;
    let total = 0;
    let unknown = false;
    for (const path of files) {
      const stat = path === undefined || path === '-' ? standard : tool.fs.stat(path);
      if (stat === undefined || (stat.ok && stat.value.type !== 'file')) unknown = true;
      else if (stat.ok) total += stat.value.size;
    }
    const single = files.length === 1 && fields.length === 1;
    const width =
      tool.dialect !== undefined && !single && fields.length > 1
        ? 9
        : single || list !== undefined
          ? 1
          : Math.max(unknown ? 7 : 1, String(total).length);
    const sum: Counts = { lines: 0, words: 0, chars: 0, bytes: 0, width: 0 };
    const print = (counts: Counts, name: string | undefined) =>
      out.line(
        fields.map((field) => String(counts[field]).padStart(width)).join(' ') + (name === undefined ? '' : ` ${name}`),
      );
    for (const path of files) {
      const input = tool.open(path ?? '-');
      if (!input.ok) {
        await tool.fileError(path ?? '-', input.error);
        const zero = { lines: 0, words: 0, chars: 0, bytes: 0, width: 0 };
        if (input.error.code === 'EISDIR') await print(zero, path);
        continue;
      }
      const counts = await count(input.value, options.has('w', 'm', 'L') || !any, utf8);
      input.value.close();
      for (const field of ['lines', 'words', 'chars', 'bytes'] as const) sum[field] += counts[field];
      sum.width = Math.max(sum.width, counts.width);
      await print(counts, path);
    }
    const when = options.value('total') ?? 'auto';
    if (when === 'always' || (when === 'auto' && files.length > 1)) await print(sum, 'total');
    return tool.status;
  },
);

/** Columns of a line, tabs going to the next multiple of eight. */
function widthOf(line: string): number {
  let column = 0;
  for (const [index, part] of line.split('\t').entries()) {
    if (index > 0) column += 8 - (column % 8);
    column += textWidth(part);
  }
  return column;
}

async function count({ reader }: Input, text: boolean, utf8: boolean): Promise<Counts> {
  const counts: Counts = { lines: 0, words: 0, chars: 0, bytes: 0, width: 0 };
  if (!text) {
    for await (const chunk of reader) {
      counts.bytes += chunk.length;
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) counts.lines++;
    }
    return counts;
  }
  // Words and characters: whole lines, so that none is cut by the end of a read.
  const counted = {
    read: async (max?: number) => {
      const chunk = await reader.read(max);
      counts.bytes += chunk?.length ?? 0;
      return chunk;
    },
  };
  const lines = new Lines(counted);
  for (let batch = await lines.next(); batch !== undefined; batch = await lines.next()) {
    for (const line of batch) {
      counts.lines++;
      counts.chars += (utf8 ? [...line].length : encode(line).length) + 1;
      counts.words += line.match(/\S+/g)?.length ?? 0;
      counts.width = Math.max(counts.width, widthOf(line));
    }
  }
  if (lines.unterminated) {
    counts.lines--;
    counts.chars--;
  }
  return counts;
}
