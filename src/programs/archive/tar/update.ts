import type { Tool } from '../../toolkit/tool';
import { concat } from '../../../linux/io/bytes';
import { Source } from '../stream';
import type { Archiver } from './archiver';
import { Creator } from './create';
import { BLOCK } from './format';
import { TarReader } from './reader';

/** -r and -u: what is new goes where the archive's end was. */
export async function update(
  tool: Tool,
  archiver: Archiver,
  archive: string,
  operation: 'r' | 'u',
  files: () => Promise<readonly { path: string; folder: string }[] | number>,
): Promise<number> {
  const stop = async (message: string): Promise<number> => {
    await tool.process.stderr.write(`${tool.name}: ${message}\n${tool.name}: Error is not recoverable: exiting now\n`);
    return 2;
  };
  if (tool.options.has('z', 'j', 'J')) return tool.usageError('Cannot update compressed archives');
  const list = await files();
  if (typeof list === 'number') return list;
  const content = tool.fs.readFile(archive);
  if (!content.ok && content.error.code !== 'ENOENT') return stop(`${archive}: Cannot open: ${content.error.message}`);
  const old = content.ok ? content.value : new Uint8Array(0);
  if (old[0] === 0x1f && old[1] === 0x8b) return stop('Cannot update compressed archives');
  const times = new Map<string, number>();
  let given = false;
  const reader = new TarReader(
    new Source(() => {
      const first = given ? undefined : old;
      given = true;
      return Promise.resolve(first);
    }),
    (problem) =>
      problem === 'not-tar' && old.length === 0
        ? Promise.resolve()
        : archiver.warn('This does not look like a tar archive'),
    false,
  );
  let end = 0;
  for (let member = await reader.next(); member !== undefined; member = await reader.next()) {
    times.set(member.name.replace(/\/$/, ''), member.mtime);
    await reader.skip();
    end = reader.blocks * BLOCK;
  }
  if ((archiver.status as number) !== 0) return stop('Exiting with failure status due to previous errors');
  const parts: Uint8Array[] = [old.slice(0, end)];
  const creator = new Creator(
    archiver,
    (bytes) => {
      parts.push(bytes.slice());
      return Promise.resolve();
    },
    undefined,
  );
  creator.written = end;
  for (const { path, folder } of list) {
    const stat = tool.fs.lstat(archiver.at(folder, path));
    const known = times.get(path.replace(/\/$/, ''));
    const newer = !stat.ok || known === undefined || Math.floor(stat.value.mtime / 1000) > Math.floor(known / 1000);
    if (operation === 'r' || newer) await creator.add(path, folder);
  }
  await creator.end(Number(tool.options.value('b') ?? 20));
  const written = tool.fs.writeFile(archive, concat(parts));
  if (!written.ok) return stop(`${archive}: Cannot open: ${written.error.message}`);
  await tool.out.flush();
  if ((archiver.status as number) === 2) await archiver.say('Exiting with failure status due to previous errors');
  return archiver.status;
}
