import type { Process } from '../../linux/process/types';
import { treePath, windowsPath } from './paths';

const notFound = 'The system cannot find the file specified.\r\n';

const operands = (words: readonly string[]): readonly string[] => words.filter((word) => !word.startsWith('/'));

/** `01/05/2026  09:00 AM`. */
export function stamp(at: number): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = date.getUTCHours();
  return (
    `${two(date.getUTCMonth() + 1)}/${two(date.getUTCDate())}/${date.getUTCFullYear()}  ` +
    `${two(hours % 12 === 0 ? 12 : hours % 12)}:${two(date.getUTCMinutes())} ${hours < 12 ? 'AM' : 'PM'}`
  );
}

const grouped = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');

/** DIR of one folder. */
export async function dir(process: Process, words: readonly string[]): Promise<number> {
  const [wanted = '.'] = operands(words);
  const bare = words.some((word) => word.toLowerCase() === '/b');
  const path = treePath(process, wanted);
  const entries = process.fs.readdir(path);
  const stat = process.fs.stat(path);
  if (!stat.ok) {
    await process.stderr.write('File Not Found\r\n');
    return 1;
  }
  const names = entries.ok ? entries.value.map(({ name }) => name) : [path.split('/').at(-1) ?? ''];
  const folder = entries.ok ? path : path.slice(0, path.lastIndexOf('/')) || '/';
  const sorted = [...names].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  if (bare) {
    await process.stdout.write(sorted.map((name) => `${name}\r\n`).join(''));
    return 0;
  }
  let [files, bytes, folders] = [0, 0, 0];
  const lines = (folder === '/' || !entries.ok ? sorted : ['.', '..', ...sorted]).flatMap((name) => {
    const found = process.fs.stat(`${folder}/${name}`);
    if (!found.ok) return [];
    const { type, size, mtime } = found.value;
    const when = stamp(mtime);
    if (type === 'directory') {
      folders++;
      return [`${when}    <DIR>          ${name}\r\n`];
    }
    files++;
    bytes += size;
    return [`${when}    ${grouped(size).padStart(14)} ${name}\r\n`];
  });
  const free = process.fs.statfs(path);
  const left = free.ok ? free.value.size - free.value.used : 0;
  await process.stdout.write(
    ' Volume in drive C has no label.\r\n Volume Serial Number is 4CBE-1B0D\r\n\r\n' +
      ` Directory of ${windowsPath(folder)}\r\n\r\n${lines.join('')}` +
      `${String(files).padStart(16)} File(s) ${grouped(bytes).padStart(14)} bytes\r\n` +
      `${String(folders).padStart(16)} Dir(s)  ${grouped(left).padStart(14)} bytes free\r\n`,
  );
  return 0;
}

export async function type(process: Process, words: readonly string[]): Promise<number> {
  let status = 0;
  for (const word of operands(words)) {
    const read = process.fs.readText(treePath(process, word));
    if (read.ok) await process.stdout.write(read.value);
    else {
      await process.stderr.write(notFound);
      status = 1;
    }
  }
  return status;
}

export async function copyFile(process: Process, words: readonly string[]): Promise<number> {
  const [from = '', to = '.'] = operands(words);
  const source = treePath(process, from);
  const read = process.fs.readFile(source);
  if (!read.ok) {
    await process.stderr.write(notFound);
    return 1;
  }
  const target = treePath(process, to);
  const stat = process.fs.stat(target);
  const path = stat.ok && stat.value.type === 'directory' ? `${target}/${source.split('/').at(-1) ?? ''}` : target;
  const bytes = read.value;
  const written = process.fs.writeFile(path, { size: bytes.length, head: bytes, make: () => bytes });
  await process.stdout.write(`        ${written.ok ? 1 : 0} file(s) copied.\r\n`);
  return written.ok ? 0 : 1;
}

export async function remove(process: Process, words: readonly string[]): Promise<number> {
  for (const word of operands(words)) {
    const path = treePath(process, word);
    if (!process.fs.unlink(path).ok) await process.stderr.write(`Could Not Find ${windowsPath(path)}\r\n`);
  }
  return 0;
}

export async function makeFolder(process: Process, words: readonly string[]): Promise<number> {
  for (const word of operands(words)) {
    const path = treePath(process, word);
    if (process.fs.stat(path).ok) {
      await process.stderr.write(`A subdirectory or file ${word} already exists.\r\n`);
      return 1;
    }
    process.fs.mkdirAll(path);
  }
  return 0;
}

export async function removeFolder(process: Process, words: readonly string[]): Promise<number> {
  const whole = words.some((word) => word.toLowerCase() === '/s');
  for (const word of operands(words)) {
    const path = treePath(process, word);
    const removed = whole ? process.fs.removeAll(path) : process.fs.rmdir(path);
    if (removed.ok) continue;
    await process.stderr.write(removed.error.code === 'ENOTEMPTY' ? 'The directory is not empty.\r\n' : notFound);
    return 1;
  }
  return 0;
}
