import type { FileSystem } from '../../linux/fs/types';
import type { Process } from '../../linux/process/types';

/** `C:\Users`, as a path of the container's tree; relative ones start at the working directory. */
export function treePath(process: Process, path: string): string {
  const plain = path.replaceAll('"', '').replaceAll('\\', '/');
  const [, drive, rest = plain] = /^([a-z]:)(.*)$/i.exec(plain) ?? [];
  const from = rest.startsWith('/') ? '' : drive === undefined || rest !== '' ? process.cwd : process.cwd;
  const parts: string[] = [];
  for (const part of `${from}/${rest}`.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(written(process.fs, `/${parts.join('/')}`, part));
  }
  return `/${parts.join('/')}`;
}

/** A name as it stands on the disk: NTFS keeps the case and does not look at it. */
function written(fs: FileSystem, folder: string, name: string): string {
  const entries = fs.readdir(folder);
  if (!entries.ok) return name;
  return entries.value.find((entry) => entry.name.toLowerCase() === name.toLowerCase())?.name ?? name;
}

/** `C:\Users` of `/Users`. */
export const windowsPath = (path: string): string => `C:${path === '/' ? '\\' : path.replaceAll('/', '\\')}`;

/** The build that the container's files are of: its folder below servicing. */
export function windowsVersion({ fs }: Process): string {
  const versions = fs.readdir('/Windows/servicing/Version');
  return versions.ok ? (versions.value[0]?.name ?? '') : '';
}

/** `%NAME%`; names are the same in any case. */
export function variable({ env }: Process, name: string): string | undefined {
  for (const [key, value] of env) if (key.toLowerCase() === name.toLowerCase()) return value;
  return undefined;
}

/** Where CreateProcess finds a program. */
export function programAt(process: Process, name: string): string | undefined {
  const folders = (variable(process, 'Path') ?? '').split(';').filter((folder) => folder !== '');
  const places = /[\\/:]/.test(name) ? [name] : ['.', ...folders].map((folder) => `${folder}\\${name}`);
  for (const place of places) {
    for (const extension of ['', '.exe']) {
      const path = treePath(process, place + extension);
      const stat = process.fs.stat(path);
      if (stat.ok && stat.value.type === 'file') return path;
    }
  }
  return undefined;
}
