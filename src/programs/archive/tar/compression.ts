import { gunzipped, gzipping, type Pull, type Push } from '../stream';
import type { Tool } from '../../toolkit/tool';

/** Compressors that tar starts as programs of their own, by their letter or their file name's end. */
const programs: Readonly<Record<string, string>> = { j: 'bzip2', J: 'xz', Z: 'compress', zstd: 'zstd', lzma: 'lzma' };
const endings: readonly (readonly [RegExp, string])[] = [
  [/\.(gz|tgz|taz)$/, 'z'],
  [/\.(bz2|tbz|tbz2|tz2)$/, 'j'],
  [/\.(xz|txz)$/, 'J'],
  [/\.(zst|tzst)$/, 'zstd'],
  [/\.(lzma|tlz)$/, 'lzma'],
  [/\.Z$/, 'Z'],
];

/** Which compression the options ask for; `z` is ours, others are programs. */
export function wanted(tool: Tool, archive: string): string | undefined {
  const { options } = tool;
  const given = options.last('z', 'j', 'J', 'Z', 'zstd', 'lzma');
  if (given !== undefined) return given;
  const program = options.value('I');
  if (program !== undefined) return /(^|\/)(gzip|pigz)$/.test(program) ? 'z' : program;
  if (options.last('a', 'no-auto-compress') !== 'a' || !options.has('c')) return undefined;
  return endings.find(([ending]) => ending.test(archive))?.[1];
}

/** What a file's first bytes say. */
export function detected(head: Uint8Array): string | undefined {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'z';
  if (head[0] === 0x42 && head[1] === 0x5a && head[2] === 0x68) return 'j';
  if (head[0] === 0xfd && head[1] === 0x37 && head[2] === 0x7a) return 'J';
  if (head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd) return 'zstd';
  return undefined;
}

/** What is said where a compressor is not installed. */
export async function cannotRun(tool: Tool, kind: string): Promise<number> {
  const name = programs[kind] ?? kind;
  await tool.process.stderr.write(
    `tar (child): ${name}: Cannot exec: No such file or directory\n` +
      'tar (child): Error is not recoverable: exiting now\n' +
      'tar: Child returned status 2\ntar: Error is not recoverable: exiting now\n',
  );
  return 2;
}

export const decompress = (pull: Pull): Pull => gunzipped(pull);
export const compress = (push: Push): ReturnType<typeof gzipping> => gzipping(push, { level: 6, mtime: 0 });
