import { md5 as md5Hash, sha1 as sha1Hash } from '@noble/hashes/legacy.js';
import { sha256 as sha256Hash, sha512 as sha512Hash } from '@noble/hashes/sha2.js';
import { Lines } from '../toolkit/lines';
import { tool, type Input } from '../toolkit/tool';

interface Hash {
  update(bytes: Uint8Array): Hash;
  digest(): Uint8Array;
}

const hexOf = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** md5sum(1) and its sisters. */
const sum = (name: string, title: string, create: () => Hash) => {
  const hash = async (input: Input): Promise<string> => {
    const digest = create();
    for await (const chunk of input.reader) digest.update(chunk);
    input.close();
    return hexOf(digest.digest());
  };
  return tool(
    {
      name,
      usage: '[OPTION]... [FILE]...',
      about: `Print or check ${title} checksums.`,
      short: 'bctwz',
      long: {
        binary: 'b',
        check: 'c',
        tag: 'tag',
        text: 't',
        quiet: 'quiet',
        status: 'status',
        strict: 'strict',
        warn: 'w',
        'ignore-missing': 'ignore-missing',
        zero: 'z',
      },
    },
    async (tool) => {
      const { options, out } = tool;
      const files = tool.operands.length === 0 ? ['-'] : tool.operands;
      let failed = 0;
      let unread = 0;
      for (const path of files) {
        const input = tool.open(path);
        if (!input.ok) {
          await tool.fileError(path, input.error);
          continue;
        }
        if (!options.has('c')) {
          const digest = await hash(input.value);
          await out.line(
            options.has('tag') ? `${title} (${path}) = ${digest}` : `${digest} ${options.has('b') ? '*' : ' '}${path}`,
          );
          continue;
        }
        let lines = 0;
        for (const line of await new Lines(input.value.reader).all()) {
          const match =
            /^([0-9a-fA-F]+) [ *](.+)$/.exec(line) ??
            /^\w+ \((.+)\) = ([0-9a-fA-F]+)$/.exec(line)?.toSpliced(1, 2, '', '');
          if (match == null || match[1] === undefined || match[2] === undefined) continue;
          lines++;
          const checked = tool.open(match[2]);
          if (!checked.ok) {
            if (options.has('ignore-missing') && checked.error.code === 'ENOENT') continue;
            unread++;
            await tool.fileError(match[2], checked.error);
            if (!options.has('status')) await out.line(`${match[2]}: FAILED open or read`);
            continue;
          }
          const good = (await hash(checked.value)) === match[1].toLowerCase();
          if (!good) failed++;
          if (!options.has('status') && !(good && options.has('quiet')))
            await out.line(`${match[2]}: ${good ? 'OK' : 'FAILED'}`);
        }
        input.value.close();
        if (lines === 0)
          await tool.error(`${path === '-' ? "'standard input'" : path}: no properly formatted checksum lines found`);
      }
      const word = (count: number, one: string, many: string) => `WARNING: ${count} ${count === 1 ? one : many}`;
      if (unread > 0) await tool.error(word(unread, 'listed file could not be read', 'listed files could not be read'));
      if (failed > 0 && !options.has('status'))
        await tool.error(word(failed, 'computed checksum did NOT match', 'computed checksums did NOT match'));
      return failed > 0 ? 1 : tool.status;
    },
  );
};

export const md5sum = sum('md5sum', 'MD5', () => md5Hash.create());
export const sha1sum = sum('sha1sum', 'SHA1', () => sha1Hash.create());
export const sha256sum = sum('sha256sum', 'SHA256', () => sha256Hash.create());
export const sha512sum = sum('sha512sum', 'SHA512', () => sha512Hash.create());
