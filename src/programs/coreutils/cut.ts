import { decode, encode } from '../../linux/io/bytes';
import { Lines } from '../toolkit/lines';
import { quote } from '../toolkit/quote';
import { tool } from '../toolkit/tool';

interface Range {
  readonly from: number;
  readonly to: number;
}

/** cut(1). */
export const cut = tool(
  {
    name: 'cut',
    usage: 'OPTION... [FILE]...',
    about: 'Print selected parts of lines from each FILE to standard output.',
    short: 'b:c:d:f:nsz',
    long: {
      'bytes:': 'b',
      'characters:': 'c',
      'delimiter:': 'd',
      'fields:': 'f',
      complement: 'complement',
      'only-delimited': 's',
      'output-delimiter:': 'output',
      'zero-terminated': 'z',
    },
  },
  async (tool) => {
    const { options } = tool;
    const kinds = options.given.filter(({ name }) => name === 'b' || name === 'c' || name === 'f');
    const [kind] = kinds;
    if (kind === undefined) {
      return tool.usageError('you must specify a list of bytes, characters, or fields');
    }
    if (kinds.length > 1) return tool.usageError('only one list may be specified');
    const fields = kind.name === 'f';
    const delimiter = options.value('d') ?? '\t';
    if ([...delimiter].length > 1) return tool.usageError('the delimiter must be a single character');
    if (!fields && options.has('d')) {
      return tool.usageError('an input delimiter may be specified only when operating on fields');
    }
    if (!fields && options.has('s')) {
      return tool.usageError('suppressing non-delimited lines makes sense\n\tonly when operating on fields');
    }
    const ranges = parseRanges(kind.value ?? '', fields);
    if (typeof ranges === 'string') return tool.usageError(ranges);
    const complement = options.has('complement');
    const wanted = (position: number): boolean =>
      ranges.some(({ from, to }) => position >= from && position <= to) !== complement;
    const joiner = options.value('output') ?? (fields ? delimiter : '');
    const end = options.has('z') ? '\0' : '\n';

    const cutLine = (line: string): string | undefined => {
      if (fields) {
        if (delimiter === '' || !line.includes(delimiter)) return options.has('s') ? undefined : line;
        return line
          .split(delimiter)
          .filter((_, index) => wanted(index + 1))
          .join(joiner);
      }
      // GNU cut takes characters for bytes.
      const bytes = encode(line);
      if (!complement && joiner !== '') {
        return ranges
          .filter(({ from }) => from <= bytes.length)
          .map(({ from, to }) => decode(bytes.subarray(from - 1, to)))
          .join(joiner);
      }
      return decode(bytes.filter((_, index) => wanted(index + 1)));
    };

    for (const path of tool.operands.length === 0 ? ['-'] : tool.operands) {
      const input = tool.open(path);
      if (!input.ok) {
        await tool.fileError(path, input.error);
        continue;
      }
      const lines = new Lines(input.value.reader, options.has('z') ? 0 : 10);
      for (let batch = await lines.next(); batch !== undefined; batch = await lines.next()) {
        let text = '';
        for (const line of batch) {
          const kept = cutLine(line);
          if (kept !== undefined) text += kept + end;
        }
        await tool.out.write(text);
      }
      input.value.close();
    }
    return tool.status;
  },
);

/** `1,3-5,7-`; merged and in order. A text says what is wrong. */
function parseRanges(list: string, fields: boolean): readonly Range[] | string {
  const what = fields ? 'fields are numbered from 1' : 'byte/character positions are numbered from 1';
  const ranges: Range[] = [];
  for (const part of list.split(/[, ]/)) {
    const match = /^(\d*)(-?)(\d*)$/.exec(part);
    if (match === null) return `invalid ${fields ? 'field' : 'byte/character position'} value ${quote(part)}`;
    const [, from = '', dash, to = ''] = match;
    if (from === '' && to === '') return dash === '-' ? 'invalid range with no endpoint: -' : what;
    const low = from === '' ? 1 : Number(from);
    const high = dash === '' ? low : to === '' ? Infinity : Number(to);
    if (low === 0) return what;
    if (high < low) return 'invalid decreasing range';
    ranges.push({ from: low, to: high });
  }
  ranges.sort((a, b) => a.from - b.from);
  const merged: Range[] = [];
  for (const range of ranges) {
    const last = merged.at(-1);
    if (last !== undefined && range.from <= last.to) {
      merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
    } else merged.push(range);
  }
  return merged;
}
