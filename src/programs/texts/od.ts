import { concat } from '../../linux/io/bytes';
import { parseSize } from '../toolkit/format';
import { readAll } from '../toolkit/latin1';
import { quote } from '../toolkit/quote';
import { tool, type Tool } from '../toolkit/tool';
import { named, parseTypes, type Format } from './od-types';

/** od(1). */
export const od = tool(
  {
    name: 'od',
    usage:
      '[OPTION]... [FILE]...\n  or:  od [-abcdfilosx]... [FILE] [[+]OFFSET[.][b]]\n  or:  od --traditional [OPTION]... [FILE] [[+]OFFSET[.][b] [+][LABEL][.][b]]',
    about:
      '\nWrite an unambiguous representation, octal bytes by default,\nof FILE to standard output.  With more than one FILE argument,\nconcatenate them in the listed order to form the input.',
    short: 'A:abcdDeFfHhIij:lLN:OoS:st:vw::xX',
    long: {
      'address-radix:': 'A',
      'skip-bytes:': 'j',
      'read-bytes:': 'N',
      'strings::': 'S',
      'format:': 't',
      'output-duplicates': 'v',
      'width::': 'w',
      'endian:': 'endian',
    },
  },
  async (tool) => {
    const { options } = tool;
    const radix = options.value('A') ?? 'o';
    if (!/^[doxn]$/.test(radix)) {
      return tool.fail(`invalid output address radix '${radix}'; it must be one character from [doxn]`);
    }
    const formats: Format[] = [];
    for (const { name, value } of options.given) {
      const types = name === 't' ? (value ?? '') : named[name];
      if (types === undefined) continue;
      const parsed = parseTypes(types);
      if (typeof parsed === 'string') return tool.fail(parsed);
      formats.push(...parsed);
    }
    if (formats.length === 0) formats.push(...(parseTypes('oS') as Format[]));
    const sizeOf = async (name: 'j' | 'N' | 'w'): Promise<number | undefined> => {
      const given = options.value(name);
      if (given === undefined) return undefined;
      const size = /^0[xX]/.test(given) ? Number(given) : /^0\d+$/.test(given) ? parseInt(given, 8) : parseSize(given);
      if (Number.isNaN(size)) {
        await tool.error(`invalid -${name} argument ${quote(given)}`);
        return tool.process.exit(1);
      }
      return size;
    };
    const skip = (await sizeOf('j')) ?? 0;
    const limit = await sizeOf('N');
    const unit = Math.max(...formats.map(({ size }) => size));
    let width = options.has('w') ? ((await sizeOf('w')) ?? 32) : 16;
    if (width === 0 || width % unit !== 0) {
      await tool.error(`warning: invalid width ${width}; using ${unit} instead`, 0);
      width = unit;
    }
    const bytes = await input(tool);
    if (bytes === undefined) return tool.status;
    if (skip > bytes.length) return tool.fail('cannot skip past end of combined input');
    const data = bytes.subarray(skip, limit === undefined ? undefined : skip + limit);
    await dump(tool, data, skip, formats, width, radix);
    return tool.status;
  },
);

async function input(tool: Tool): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  for (const path of tool.operands.length === 0 ? ['-'] : tool.operands) {
    const bytes = await readAll(tool, path);
    if (bytes !== undefined) parts.push(bytes);
  }
  return parts.length === 0 ? undefined : concat(parts);
}

async function dump(
  tool: Tool,
  data: Uint8Array,
  skip: number,
  formats: readonly Format[],
  width: number,
  radix: string,
): Promise<void> {
  const base = radix === 'o' ? 8 : radix === 'd' ? 10 : 16;
  const digits = radix === 'x' ? 6 : 7;
  const address = (at: number): string => (radix === 'n' ? '' : at.toString(base).padStart(digits, '0'));
  // Columns of several formats stand below each other: each unit as wide as the widest needs.
  const perByte = Math.max(...formats.map(({ size, width: wide }) => (wide + 1) / size));
  const bigEndian = tool.options.value('endian') === 'big';
  let previous: string | undefined;
  let starred = false;
  for (let at = 0; at < data.length; at += width) {
    const row = data.subarray(at, at + width);
    const text = row.join();
    if (previous === text && row.length === width && !tool.options.has('v')) {
      if (!starred) await tool.out.line('*');
      starred = true;
      continue;
    }
    starred = false;
    previous = text;
    for (const [index, format] of formats.entries()) {
      const padded = new Uint8Array(Math.ceil(row.length / format.size) * format.size);
      padded.set(row);
      let line = index === 0 ? address(skip + at) : ' '.repeat(radix === 'n' ? 0 : digits);
      const cell = Math.round(perByte * format.size);
      for (let unit = 0; unit < padded.length; unit += format.size) {
        const one = padded.slice(unit, unit + format.size);
        line += format.show(bigEndian ? one.reverse() : one).padStart(cell);
      }
      if (format.text) {
        const missing = (width - row.length) / format.size;
        line += `${' '.repeat(Math.max(0, Math.floor(missing)) * cell)}  >${[...row].map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('')}<`;
      }
      await tool.out.line(line);
    }
  }
  if (radix !== 'n') await tool.out.line(address(skip + data.length));
}
