import { concat } from '../../../linux/io/bytes';
import type { Archiver } from './archiver';
import type { Member } from './format';
import type { TarReader } from './reader';

/** -d: what of a member is different on disk. */
export async function compare(tar: Archiver, member: Member, folder: string, reader: TarReader): Promise<void> {
  const { fs, out } = tar.tool;
  const name = await tar.diskName(member.name);
  if (name === undefined) return;
  const path = tar.at(folder, name.replace(/(.)\/+$/, '$1'));
  const stat = fs.lstat(path);
  const shown = tar.shown(name);
  if (!stat.ok) {
    await tar.say(`${shown}: Warning: Cannot stat: ${stat.error.message}`);
    tar.status = 1;
    return;
  }
  const differs = async (what: string): Promise<void> => {
    tar.status = Math.max(tar.status, 1);
    await out.line(`${shown}: ${what}`);
  };
  if (member.type !== 'hardlink' && member.type !== stat.value.type) return differs('File type differs');
  if (member.type === 'symlink') {
    const target = fs.readlink(path);
    if (target.ok && target.value !== member.target) await differs('Symlink differs');
    return;
  }
  if (member.mode !== stat.value.mode) await differs('Mode differs');
  if (member.uid !== stat.value.uid) await differs('Uid differs');
  if (member.gid !== stat.value.gid) await differs('Gid differs');
  if (Math.floor(member.mtime / 1000) !== Math.floor(stat.value.mtime / 1000)) await differs('Mod time differs');
  if (member.type !== 'file') return;
  if (member.size !== stat.value.size) return differs('Size differs');
  const parts: Uint8Array[] = [];
  await reader.contents((bytes) => {
    parts.push(bytes.slice());
    return undefined;
  });
  const content = fs.readFile(path);
  const kept = concat(parts);
  if (!content.ok || content.value.some((byte, at) => byte !== kept[at])) await differs('Contents differ');
}
