import { blake2b } from '@noble/hashes/blake2.js';
import { md5 as md5Hash, sha1 as sha1Hash } from '@noble/hashes/legacy.js';
import {
  sha224 as sha224Hash,
  sha256 as sha256Hash,
  sha384 as sha384Hash,
  sha512 as sha512Hash,
} from '@noble/hashes/sha2.js';
import { check } from './digest-check';
import { quote } from '../toolkit/quote';
import { tool, type Input } from '../toolkit/tool';

interface Hash {
  update(bytes: Uint8Array): Hash;
  digest(): Uint8Array;
}

/** A kind of checksum: its name in `--tag` lines, and how it begins. `bits`: of BLAKE2b, which has any length. */
export interface Algorithm {
  readonly title: string;
  readonly bits: number;
  readonly create: (bits: number) => Hash;
}

/** By the names that `cksum -a` takes. */
export const algorithms: Readonly<Record<string, Algorithm>> = {
  md5: { title: 'MD5', bits: 128, create: () => md5Hash.create() },
  sha1: { title: 'SHA1', bits: 160, create: () => sha1Hash.create() },
  sha224: { title: 'SHA224', bits: 224, create: () => sha224Hash.create() },
  sha256: { title: 'SHA256', bits: 256, create: () => sha256Hash.create() },
  sha384: { title: 'SHA384', bits: 384, create: () => sha384Hash.create() },
  sha512: { title: 'SHA512', bits: 512, create: () => sha512Hash.create() },
  blake2b: { title: 'BLAKE2b', bits: 512, create: (bits) => blake2b.create({ dkLen: bits / 8 }) },
};

/** The checksum of a file as hexadecimal digits. */
export async function hash(input: Input, { create }: Algorithm, bits: number): Promise<string> {
  const digest = create(bits);
  for await (const chunk of input.reader) digest.update(chunk);
  input.close();
  return [...digest.digest()].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** A name with what would break its line escaped, and the mark before the line that says so. */
export function lineOf(path: string, make: (name: string) => string, zero: boolean): string {
  if (zero || !/[\n\r\\]/.test(path)) return make(path) + (zero ? '\0' : '\n');
  const escaped = path.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return `\\${make(escaped)}\n`;
}

/** What the sums and cksum have in common. */
export const digestOptions = {
  check: 'c',
  tag: 'tag',
  quiet: 'quiet',
  status: 'status',
  strict: 'strict',
  warn: 'w',
  'ignore-missing': 'ignore-missing',
  zero: 'z',
};

/** md5sum(1) and its sisters. */
const sum = (name: string, algorithm: Algorithm) =>
  tool(
    {
      name,
      usage: '[OPTION]... [FILE]...',
      about: `Print or check ${algorithm.title === 'BLAKE2b' ? 'BLAKE2b (512-bit)' : `${algorithm.title} (${algorithm.bits}-bit)`} checksums.`,
      short: algorithm.title === 'BLAKE2b' ? 'bcl:twz' : 'bctwz',
      long: {
        ...digestOptions,
        binary: 'b',
        text: 't',
        ...(algorithm.title === 'BLAKE2b' ? { 'length:': 'l' } : {}),
      },
    },
    async (tool) => {
      const { options } = tool;
      const bits = Number(options.value('l') ?? 0) || algorithm.bits;
      if (bits % 8 !== 0) {
        await tool.error(`invalid length: ${quote(options.value('l') ?? '')}`);
        return tool.fail('length is not a multiple of 8');
      }
      if (options.has('tag') && options.has('c')) {
        return tool.usageError('the --tag option is meaningless when verifying checksums');
      }
      for (const option of ['ignore-missing', 'status', 'w', 'quiet', 'strict']) {
        const long = option === 'w' ? 'warn' : option;
        if (options.has(option) && !options.has('c')) {
          return tool.usageError(`the --${long} option is meaningful only when verifying checksums`);
        }
      }
      const files = tool.operands.length === 0 ? ['-'] : tool.operands;
      if (options.has('c')) {
        for (const path of files) await check(tool, path, [algorithm]);
        return tool.status;
      }
      for (const path of files) {
        const input = tool.open(path);
        if (!input.ok) {
          await tool.fileError(path, input.error);
          continue;
        }
        const digest = await hash(input.value, algorithm, bits);
        const title = algorithm.title + (bits === algorithm.bits ? '' : `-${bits}`);
        const line = (shown: string): string =>
          options.has('tag') ? `${title} (${shown}) = ${digest}` : `${digest} ${options.has('b') ? '*' : ' '}${shown}`;
        await tool.out.write(lineOf(path, line, options.has('z')));
      }
      return tool.status;
    },
  );

const named = (name: string): Algorithm => {
  const algorithm = algorithms[name];
  if (algorithm === undefined) throw new Error(name);
  return algorithm;
};

export const md5sum = sum('md5sum', named('md5'));
export const sha1sum = sum('sha1sum', named('sha1'));
export const sha224sum = sum('sha224sum', named('sha224'));
export const sha256sum = sum('sha256sum', named('sha256'));
export const sha384sum = sum('sha384sum', named('sha384'));
export const sha512sum = sum('sha512sum', named('sha512'));
export const b2sum = sum('b2sum', named('blake2b'));
