import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { FileSystem } from '../../../linux/fs/types';
import { sha256Hex } from '../../images/digest';

const contents = new WeakMap<Uint8Array, string>();

function contentDigest(bytes: Uint8Array): string {
  let digest = contents.get(bytes);
  if (digest === undefined) contents.set(bytes, (digest = bytesToHex(sha256(bytes))));
  return digest;
}

/**
 * What a file or a folder holds, in one digest: names, types, modes, owners, link targets and contents, but no times
 * (buildkit cache/contenthash). `keep` leaves paths out, given relative to the folder.
 */
export function checksum(fs: FileSystem, path: string, keep: (below: string) => boolean = () => true): string {
  const lines: string[] = [];
  const walk = (at: string, below: string): void => {
    const found = fs.lstat(at);
    if (!found.ok) return;
    const { type, mode, uid, gid, rdev } = found.value;
    const taken = below === '' || keep(below);
    let rest = '';
    if (type === 'symlink') {
      const target = fs.readlink(at);
      rest = target.ok ? target.value : '';
    } else if (type === 'file' && taken) {
      const read = fs.readFile(at);
      rest = read.ok ? contentDigest(read.value) : '';
    } else if (rdev !== undefined) rest = `${rdev.major}:${rdev.minor}`;
    if (taken) lines.push(`${below}\0${type}\0${mode.toString(8)}\0${uid}:${gid}\0${rest}`);
    if (type !== 'directory') return;
    const listed = fs.readdir(at);
    if (!listed.ok) return;
    for (const { name } of [...listed.value].sort((a, b) => (a.name < b.name ? -1 : 1)))
      walk(at === '/' ? `/${name}` : `${at}/${name}`, below === '' ? name : `${below}/${name}`);
  };
  // A link at the top is followed, as COPY does.
  const real = fs.realpath(path);
  walk(real.ok ? real.value : path, '');
  return sha256Hex(lines.join('\n'));
}
