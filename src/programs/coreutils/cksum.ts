import { algorithms, digestOptions, hash, lineOf } from './digest';
import { check } from './digest-check';
import { quote } from '../toolkit/quote';
import { tool, type Input } from '../toolkit/tool';

const crcTable = Uint32Array.from({ length: 256 }, (_, index) => {
  let crc = index << 24;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000_0000) !== 0 ? (crc << 1) ^ 0x04c1_1db7 : crc << 1;
  return crc >>> 0;
});

/** POSIX's CRC: over the bytes, then over their number. */
async function crc(input: Input): Promise<{ sum: number; length: number }> {
  let sum = 0;
  let length = 0;
  const add = (byte: number): void => {
    sum = ((sum << 8) ^ (crcTable[((sum >>> 24) ^ byte) & 0xff] ?? 0)) >>> 0;
  };
  for await (const chunk of input.reader) {
    for (const byte of chunk) add(byte);
    length += chunk.length;
  }
  input.close();
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) add(rest & 0xff);
  return { sum: ~sum >>> 0, length };
}

/** sum(1)'s: BSD's, rotating in 16 bits, or System V's. */
async function oldSum(input: Input, system: boolean): Promise<{ sum: number; length: number }> {
  let sum = 0;
  let length = 0;
  for await (const chunk of input.reader) {
    for (const byte of chunk) sum = system ? (sum + byte) >>> 0 : (((sum >> 1) | ((sum & 1) << 15)) + byte) & 0xffff;
    length += chunk.length;
  }
  input.close();
  if (!system) return { sum, length };
  const half = (sum & 0xffff) + (sum >>> 16);
  return { sum: (half & 0xffff) + (half >>> 16), length };
}

const kinds = ['bsd', 'sysv', 'crc', 'md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512', 'blake2b', 'sm3'];

/** cksum(1). */
export const cksum = tool(
  {
    name: 'cksum',
    usage: '[OPTION]... [FILE]...',
    about: 'Print or verify checksums.\nBy default use the 32 bit CRC algorithm.',
    short: 'a:cl:wz',
    long: { ...digestOptions, 'algorithm:': 'a', 'length:': 'l', untagged: 'untagged', debug: 'debug' },
  },
  async (tool) => {
    const { options, out } = tool;
    const kind = options.value('a') ?? 'crc';
    if (!kinds.includes(kind) || kind === 'sm3') {
      const valid = kinds.map((one) => `  - ${quote(one)}`).join('\n');
      return tool.usageError(
        `invalid argument ${quote(kind)} for ${quote('--algorithm')}\nValid arguments are:\n${valid}`,
      );
    }
    const algorithm = algorithms[kind];
    const files = tool.operands.length === 0 ? ['-'] : tool.operands;
    if (options.has('c')) {
      if (algorithm === undefined && options.has('a')) {
        return tool.fail('--check is not supported with --algorithm={bsd,sysv,crc}');
      }
      const candidates = algorithm === undefined ? Object.values(algorithms) : [algorithm];
      for (const path of files) await check(tool, path, candidates);
      return tool.status;
    }
    for (const path of files) {
      const input = tool.open(path);
      if (!input.ok) {
        await tool.fileError(path, input.error);
        continue;
      }
      const name = tool.operands.length === 0 ? '' : ` ${path}`;
      if (algorithm !== undefined) {
        const bits = Number(options.value('l') ?? 0) || algorithm.bits;
        const digest = await hash(input.value, algorithm, bits);
        const title = algorithm.title + (bits === algorithm.bits ? '' : `-${bits}`);
        const line = (shown: string): string =>
          options.has('untagged') ? `${digest}  ${shown}` : `${title} (${shown}) = ${digest}`;
        await out.write(lineOf(path, line, options.has('z')));
      } else if (kind === 'crc') {
        const { sum, length } = await crc(input.value);
        await out.line(`${sum} ${length}${name}`);
      } else await out.line(await oldLine(input.value, kind === 'sysv', name));
    }
    return tool.status;
  },
);

async function oldLine(input: Input, system: boolean, name: string): Promise<string> {
  const { sum, length } = await oldSum(input, system);
  if (system) return `${sum} ${Math.ceil(length / 512)}${name}`;
  return `${String(sum).padStart(5, '0')} ${String(Math.ceil(length / 1024)).padStart(5)}${name}`;
}

/** sum(1). */
export const sum = tool(
  {
    name: 'sum',
    usage: '[OPTION]... [FILE]...',
    about: 'Print or check BSD (16-bit) checksums.',
    short: 'rs',
    long: { sysv: 's' },
  },
  async (tool) => {
    const system = tool.options.last('r', 's') === 's';
    for (const path of tool.operands.length === 0 ? ['-'] : tool.operands) {
      const input = tool.open(path);
      if (!input.ok) await tool.fileError(path, input.error);
      else await tool.out.line(await oldLine(input.value, system, tool.operands.length === 0 ? '' : ` ${path}`));
    }
    return tool.status;
  },
);
