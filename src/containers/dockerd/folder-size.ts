import type { FileSystem } from '../../linux/fs/types';

/** How many bytes the files below a folder have; a file of two names counts once. */
export function sizeBelow(fs: FileSystem, folder: string, seen = new Set<number>()): number {
  const entries = fs.readdir(folder);
  if (!entries.ok) return 0;
  let sum = 0;
  for (const { name, type, ino } of entries.value) {
    if (seen.has(ino)) continue;
    seen.add(ino);
    const path = `${folder}/${name}`;
    if (type === 'directory') sum += sizeBelow(fs, path, seen);
    else if (type === 'file') {
      const stat = fs.stat(path);
      if (stat.ok) sum += stat.value.size;
    }
  }
  return sum;
}
