import { formatAll, parseFormat } from './hexdump-format';
import { concat } from '../../linux/io/bytes';
import { parseSize } from '../toolkit/format';
import { tool, type Tool } from '../toolkit/tool';

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
const printable = (byte: number): string => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.');
const escapes: Readonly<Record<number, string>> = {
  0: '\\0',
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
};

interface Style {
  readonly address: (at: number) => string;
  readonly row: (bytes: Uint8Array) => string;
}

const plainAddress = (at: number): string => hex(at, 7);
/** Little-endian units of two bytes; what is missing at the end reads as spaces. */
const words = (bytes: Uint8Array, cell: (value: number) => string, gap: string): string => {
  let text = '';
  for (let at = 0; at < 16; at += 2) {
    const low = bytes[at];
    const shown = low === undefined ? '' : cell(low | ((bytes[at + 1] ?? 0) << 8));
    text += low === undefined ? ' '.repeat(gap.length + cell(0).length) : gap + shown;
  }
  return text;
};
const single = (bytes: Uint8Array, cell: (byte: number) => string, width: number): string => {
  let text = '';
  for (let at = 0; at < 16; at++) {
    const byte = bytes[at];
    text += byte === undefined ? ' '.repeat(width) : cell(byte).padStart(width);
  }
  return text;
};

const canonical: Style = {
  address: (at) => hex(at, 8),
  row: (bytes) => {
    let text = '';
    for (let at = 0; at < 16; at++) {
      const byte = bytes[at];
      text += (at % 8 === 0 ? '  ' : ' ') + (byte === undefined ? '  ' : hex(byte, 2));
    }
    return `${text}  |${[...bytes].map(printable).join('')}|`;
  },
};
const styles: Readonly<Record<string, Style>> = {
  C: canonical,
  b: {
    address: plainAddress,
    row: (bytes) => single(bytes, (byte) => byte.toString(8).padStart(3, '0'), 4),
  },
  c: {
    address: plainAddress,
    row: (bytes) =>
      single(
        bytes,
        (byte) => escapes[byte] ?? (byte >= 32 && byte < 127 ? printable(byte) : byte.toString(8).padStart(3, '0')),
        4,
      ),
  },
  d: { address: plainAddress, row: (bytes) => words(bytes, (value) => String(value).padStart(5, '0'), '   ') },
  o: { address: plainAddress, row: (bytes) => words(bytes, (value) => value.toString(8).padStart(6, '0'), '  ') },
  x: { address: plainAddress, row: (bytes) => words(bytes, (value) => hex(value, 4), '    ') },
  plain: { address: plainAddress, row: (bytes) => words(bytes, (value) => hex(value, 4), ' ') },
};

/** hexdump(1) of util-linux; `hd` is `hexdump -C`. */
const dumper = (name: string) =>
  tool(
    {
      name,
      usage: '[options] <file>...',
      about: 'Display file contents in hexadecimal, decimal, octal, or ascii.',
      package: 'util-linux 2.39.3',
      short: 'bCcde:f:L::n:os:vx',
      long: {
        'one-byte-octal': 'b',
        'one-byte-char': 'c',
        canonical: 'C',
        'two-bytes-decimal': 'd',
        'two-bytes-octal': 'o',
        'two-bytes-hex': 'x',
        'length:': 'n',
        'skip:': 's',
        'no-squeezing': 'v',
      },
    },
    async (tool) => {
      const { options } = tool;
      const size = (option: string): number => {
        const text = options.value(option) ?? '0';
        return /^0x/i.test(text) ? Number(text) : parseSize(text);
      };
      const skip = size('s');
      const end = options.has('n') ? skip + size('n') : Infinity;
      const data = await input(tool, end);
      if (data === undefined) return 1;
      const part = data.subarray(skip, Math.min(end, data.length));
      const format = options.value('e');
      if (format !== undefined) {
        const units = parseFormat(format);
        if (units === undefined) return tool.fail(`bad format {${format}}`);
        await tool.out.write(formatAll(units, part, skip));
        return tool.status;
      }
      const style = styles[options.last('b', 'C', 'c', 'd', 'o', 'x') ?? (tool.name === 'hd' ? 'C' : 'plain')];
      if (style === undefined) return 1;
      let before = '';
      let starred = false;
      for (let at = 0; at < part.length; at += 16) {
        const row = part.subarray(at, at + 16);
        const text = row.join();
        if (row.length === 16 && text === before && !options.has('v')) {
          if (!starred) await tool.out.line('*');
          starred = true;
          continue;
        }
        starred = false;
        before = text;
        await tool.out.line(style.address(skip + at) + style.row(row));
      }
      if (part.length > 0) await tool.out.line(style.address(skip + part.length));
      return tool.status;
    },
  );

/** The files one after the other, up to `end` bytes: a device has no end of its own. */
async function input(tool: Tool, end: number): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  let length = 0;
  let opened = 0;
  for (const path of tool.operands.length === 0 ? ['-'] : tool.operands) {
    const file = tool.open(path);
    if (!file.ok) {
      await tool.fileError(path, file.error);
      continue;
    }
    opened++;
    for (let chunk = await file.value.reader.read(); chunk !== undefined; chunk = await file.value.reader.read()) {
      parts.push(chunk);
      length += chunk.length;
      if (length >= end) break;
    }
    file.value.close();
  }
  if (opened > 0) return concat(parts);
  await tool.error('all input file arguments failed');
  return undefined;
}

export const hexdump = dumper('hexdump');
export const hd = dumper('hd');
