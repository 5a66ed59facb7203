import { decode } from '../../linux/io/bytes';
import { readAll } from '../toolkit/latin1';
import { quote } from '../toolkit/quote';
import { tool, type Tool } from '../toolkit/tool';

/** An alphabet: how many bits a letter holds, and in how many letters a group ends. */
interface Code {
  readonly letters: string;
  readonly bits: number;
  readonly group: number;
  readonly pad: boolean;
  /** Decoding takes small letters for capital ones. */
  readonly anyCase?: boolean;
  /** Base16 and base2 with the least significant bit first. */
  readonly lsbFirst?: boolean;
}

const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const lower = upper.toLowerCase();
const codes: Readonly<Record<string, Code>> = {
  base64: { letters: `${upper}${lower}0123456789+/`, bits: 6, group: 4, pad: true },
  base64url: { letters: `${upper}${lower}0123456789-_`, bits: 6, group: 4, pad: true },
  base32: { letters: `${upper}234567`, bits: 5, group: 8, pad: true },
  base32hex: { letters: '0123456789ABCDEFGHIJKLMNOPQRSTUV', bits: 5, group: 8, pad: true },
  base16: { letters: '0123456789ABCDEF', bits: 4, group: 2, pad: false, anyCase: true },
  base2msbf: { letters: '01', bits: 1, group: 8, pad: false },
  base2lsbf: { letters: '01', bits: 1, group: 8, pad: false, lsbFirst: true },
};
const z85 = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#';

const flip = (byte: number): number => {
  let flipped = 0;
  for (let bit = 0; bit < 8; bit++) if ((byte & (1 << bit)) !== 0) flipped |= 128 >> bit;
  return flipped;
};

function encodeWith({ letters, bits, group, pad, lsbFirst }: Code, bytes: Uint8Array): string {
  const parts: string[] = [];
  let held = 0;
  let count = 0;
  for (const byte of bytes) {
    held = ((held << 8) | (lsbFirst === true ? flip(byte) : byte)) & 0xffff;
    count += 8;
    while (count >= bits) {
      count -= bits;
      parts.push(letters.charAt((held >> count) & ((1 << bits) - 1)));
    }
  }
  if (count > 0) parts.push(letters.charAt((held << (bits - count)) & ((1 << bits) - 1)));
  while (pad && parts.length % group !== 0) parts.push('=');
  return parts.join('');
}

/** What can be decoded, and whether that was all. */
function decodeWith(code: Code, text: string, ignoreGarbage: boolean): { bytes: Uint8Array; clean: boolean } {
  const { letters, bits, group, pad, lsbFirst, anyCase } = code;
  const bytes: number[] = [];
  let held = 0;
  let count = 0;
  let seen = 0;
  let padding = 0;
  const give = (clean: boolean) => ({ bytes: Uint8Array.from(bytes), clean });
  for (const char of text) {
    const value = letters.indexOf(anyCase === true ? char.toUpperCase() : char);
    if (char === '\n' || (ignoreGarbage && value < 0 && !(pad && char === '='))) continue;
    if (pad && char === '=') {
      padding++;
      if ((seen + padding) % group === 0) {
        [seen, padding, count, held] = [0, 0, 0, 0];
      }
      continue;
    }
    if (value < 0 || padding > 0) return give(false);
    held = ((held << bits) | value) & 0xffff;
    count += bits;
    seen++;
    if (count >= 8) {
      count -= 8;
      const byte = (held >> count) & 0xff;
      bytes.push(lsbFirst === true ? flip(byte) : byte);
    }
  }
  return give((seen + padding) % group === 0);
}

function encodeZ85(bytes: Uint8Array): string | undefined {
  if (bytes.length % 4 !== 0) return undefined;
  let text = '';
  for (let at = 0; at < bytes.length; at += 4) {
    let value = 0;
    for (let index = 0; index < 4; index++) value = value * 256 + (bytes[at + index] ?? 0);
    let five = '';
    for (let index = 0; index < 5; index++, value = Math.floor(value / 85)) five = z85.charAt(value % 85) + five;
    text += five;
  }
  return text;
}

function decodeZ85(text: string): { bytes: Uint8Array; clean: boolean } {
  const bytes: number[] = [];
  const plain = text.replaceAll('\n', '');
  for (let at = 0; at + 5 <= plain.length; at += 5) {
    let value = 0;
    for (const char of plain.slice(at, at + 5)) {
      const digit = z85.indexOf(char);
      if (digit < 0) return { bytes: Uint8Array.from(bytes), clean: false };
      value = value * 85 + digit;
    }
    bytes.push((value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
  }
  return { bytes: Uint8Array.from(bytes), clean: plain.length % 5 === 0 };
}

async function run(tool: Tool, kind: string): Promise<number> {
  const { options, operands } = tool;
  const [path = '-', extra] = operands;
  if (extra !== undefined) return tool.extraOperand(extra);
  const wrap = options.value('w') ?? '76';
  if (!/^\d+$/.test(wrap)) return tool.fail(`invalid wrap size: ${quote(wrap)}`);
  const input = await readAll(tool, path, (name, why) =>
    tool.error(why === 'Is a directory' ? `read error: ${why}` : `${name}: ${why}`),
  );
  if (input === undefined) return 1;
  const code = codes[kind];
  if (options.has('d')) {
    const { bytes, clean } =
      code === undefined ? decodeZ85(decode(input)) : decodeWith(code, decode(input), options.has('i'));
    await tool.out.write(bytes);
    return clean ? 0 : tool.fail('invalid input');
  }
  const text = code === undefined ? encodeZ85(input) : encodeWith(code, input);
  if (text === undefined) return tool.fail('invalid input (length must be multiple of 4 characters)');
  const width = Number(wrap);
  if (width === 0) await tool.out.write(text);
  else for (let at = 0; at < text.length; at += width) await tool.out.line(text.slice(at, at + width));
  return 0;
}

const common = { short: 'diw:', long: { decode: 'd', 'ignore-garbage': 'i', 'wrap:': 'w' } };
const single = (name: string, title: string) =>
  tool(
    {
      name,
      usage: '[OPTION]... [FILE]',
      about: `${title} encode or decode FILE, or standard input, to standard output.`,
      ...common,
    },
    (tool) => run(tool, name),
  );

export const base64 = single('base64', 'Base64');
export const base32 = single('base32', 'Base32');

/** basenc(1). */
export const basenc = tool(
  {
    name: 'basenc',
    usage: '[OPTION]... [FILE]',
    about: 'basenc encode or decode FILE, or standard input, to standard output.',
    short: common.short,
    long: { ...common.long, ...Object.fromEntries([...Object.keys(codes), 'z85'].map((name) => [name, name])) },
  },
  async (tool) => {
    const kind = tool.options.last(...Object.keys(codes), 'z85');
    return kind === undefined ? tool.usageError('missing encoding type') : run(tool, kind);
  },
);
