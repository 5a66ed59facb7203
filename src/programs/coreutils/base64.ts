import { concat, decode } from '../../linux/io/bytes';
import { quote } from '../toolkit/quote';
import { tool } from '../toolkit/tool';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** base64(1). */
export const base64 = tool(
  {
    name: 'base64',
    usage: '[OPTION]... [FILE]',
    about: 'Base64 encode or decode FILE, or standard input, to standard output.',
    short: 'diw:',
    long: { decode: 'd', 'ignore-garbage': 'i', 'wrap:': 'w' },
  },
  async (tool) => {
    const { options, operands } = tool;
    const extra = operands[1];
    if (extra !== undefined) return tool.extraOperand(extra);
    const wrap = options.value('w') ?? '76';
    if (!/^\d+$/.test(wrap)) return tool.fail(`invalid wrap size: ${quote(wrap)}`);
    const [path = '-'] = operands;
    const input = tool.open(path);
    if (!input.ok) {
      if (input.error.code === 'EISDIR') return tool.fail(`read error: ${input.error.message}`);
      await tool.fileError(path, input.error);
      return 1;
    }
    const chunks: Uint8Array[] = [];
    for await (const chunk of input.value.reader) chunks.push(chunk);
    input.value.close();
    const bytes = concat(chunks);
    if (options.has('d')) {
      const { decoded, clean } = decodeBase64(decode(bytes), options.has('i'));
      await tool.out.write(decoded);
      return clean ? 0 : tool.fail('invalid input');
    }
    const text = encodeBase64(bytes);
    const width = Number(wrap);
    if (width === 0) await tool.out.write(text);
    else for (let at = 0; at < text.length; at += width) await tool.out.line(text.slice(at, at + width));
    return 0;
  },
);

function encodeBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let index = 0; index < bytes.length; index += 3) {
    const [one = 0, two, three] = [bytes[index], bytes[index + 1], bytes[index + 2]];
    const all = (one << 16) | ((two ?? 0) << 8) | (three ?? 0);
    const char = (shift: number) => alphabet.charAt((all >> shift) & 63);
    parts.push(char(18) + char(12) + (two === undefined ? '=' : char(6)) + (three === undefined ? '=' : char(0)));
  }
  return parts.join('');
}

/** What can be decoded, and whether that was all. */
function decodeBase64(text: string, ignoreGarbage: boolean): { decoded: Uint8Array; clean: boolean } {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  let letters = 0;
  let padding = 0;
  for (const char of text) {
    if (char === '\n' || (ignoreGarbage && char !== '=' && !alphabet.includes(char))) continue;
    if (char === '=') {
      padding++;
      continue;
    }
    const value = alphabet.indexOf(char);
    if (value < 0 || (padding > 0 && letters % 4 !== 0)) return { decoded: Uint8Array.from(bytes), clean: false };
    bits = (bits << 6) | value;
    held += 6;
    letters++;
    if (held >= 8) {
      held -= 8;
      bytes.push((bits >> held) & 0xff);
      bits &= (1 << held) - 1;
    }
  }
  const clean = letters % 4 === 0 ? padding === 0 || padding <= 2 : letters % 4 !== 1 && padding === 4 - (letters % 4);
  return { decoded: Uint8Array.from(bytes), clean };
}
