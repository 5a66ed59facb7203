import type { Errno, Sys } from '../../../linux/errno';
import { encode } from '../../../linux/io/bytes';
import type { FileSystem, OpenOptions, Stat } from '../../../linux/fs/types';
import type { Process } from '../../../linux/process/types';
import type { Value } from './values';

/** A failed system call, as the guest's library throws it. */
export const failed = ({ code, number, message }: Errno): Value => ({ $errno: code, number, text: message });
const answer = <T>(result: Sys<T>, map: (value: T) => Value = () => undefined): Value =>
  result.ok ? map(result.value) : failed(result.error);

const statOf = ({ type, mode, size, uid, gid, ino, dev, nlink, atime, mtime, ctime }: Stat): Value => ({
  type,
  mode,
  size,
  uid,
  gid,
  ino,
  dev,
  nlink,
  atime,
  mtime,
  ctime,
});

const bytesOf = (value: Value): Uint8Array => (value instanceof Uint8Array ? value : encode(String(value)));

/** fopen(3)'s letters, as fs.open() takes them. */
const flags: Readonly<Record<string, OpenOptions>> = {
  r: { read: true },
  'r+': { read: true, write: true },
  w: { write: true, create: true, truncate: true },
  wx: { write: true, create: true, truncate: true, exclusive: true },
  'w+': { read: true, write: true, create: true, truncate: true },
  a: { write: true, create: true, append: true },
  ax: { write: true, create: true, append: true, exclusive: true },
  'a+': { read: true, write: true, create: true, append: true },
};

type Operation = (fs: FileSystem, path: string, ...args: Value[]) => Value;

const operations: Readonly<Record<string, Operation>> = {
  read: (fs, path) => answer(fs.readFile(path), (bytes) => bytes),
  write: (fs, path, data, mode) => {
    const made = fs.writeFile(path, bytesOf(data), typeof mode === 'number' ? mode : undefined);
    return answer(made);
  },
  append: (fs, path, data) => answer(fs.appendFile(path, bytesOf(data))),
  stat: (fs, path) => answer(fs.stat(path), statOf),
  lstat: (fs, path) => answer(fs.lstat(path), statOf),
  readdir: (fs, path) => answer(fs.readdir(path), (entries) => entries.map(({ name, type }) => ({ name, type }))),
  mkdir: (fs, path, mode) => answer(fs.mkdir(path, typeof mode === 'number' ? mode : 0o777)),
  mkdirAll: (fs, path) => answer(fs.mkdirAll(path)),
  rmdir: (fs, path) => answer(fs.rmdir(path)),
  unlink: (fs, path) => answer(fs.unlink(path)),
  removeAll: (fs, path) => answer(fs.removeAll(path)),
  rename: (fs, path, to) => answer(fs.rename(path, String(to))),
  link: (fs, path, to) => answer(fs.link(path, String(to))),
  symlink: (fs, path, to) => answer(fs.symlink(path, String(to))),
  readlink: (fs, path) => answer(fs.readlink(path), (target) => target),
  realpath: (fs, path) => answer(fs.realpath(path), (target) => target),
  chmod: (fs, path, mode) => answer(fs.chmod(path, Number(mode))),
  chown: (fs, path, uid, gid) => answer(fs.chown(path, Number(uid), Number(gid))),
  utimes: (fs, path, atime, mtime) => answer(fs.utimes(path, Number(atime), Number(mtime))),
  truncate: (fs, path, size) => answer(fs.truncate(path, Number(size))),
  access: (fs, path, mode) => {
    const bits = Number(mode);
    const wanted = { read: (bits & 4) !== 0, write: (bits & 2) !== 0, execute: (bits & 1) !== 0 };
    return bits === 0 ? answer(fs.stat(path)) : answer(fs.access(path, wanted));
  },
};

/** fs.*Sync(): the system calls of that name. `undefined` where there is no such operation. */
export function fileOperation(process: Process, name: string, path: string, args: readonly Value[]): Value {
  const operation = operations[name];
  return operation === undefined
    ? { $errno: 'ENOSYS', text: 'Function not implemented' }
    : operation(process.fs, path, ...args);
}

export function openFile(process: Process, path: string, letters: string, mode: number): Value {
  const file = process.fs.open(path, { ...(flags[letters] ?? { read: true }), mode });
  return file.ok ? process.fds.install(file.value, 3) : failed(file.error);
}

export function readDescriptor(process: Process, fd: number, length: number): Value {
  const file = process.fds.get(fd);
  const read = file?.read(length);
  if (read === undefined) return { $errno: 'EBADF', text: 'Bad file descriptor' };
  if (read === 'wait') return { $errno: 'EAGAIN', text: 'Resource temporarily unavailable' };
  return answer(read, (bytes) => bytes);
}

/** Where it can wait for room, the loop writes what is left. */
export function writeDescriptor(process: Process, fd: number, bytes: Uint8Array): Value {
  const file = process.fds.get(fd);
  if (file === undefined) return { $errno: 'EBADF', text: 'Bad file descriptor' };
  const written = file.write(bytes);
  return written === 'wait' ? 0 : answer(written, (count) => count);
}
