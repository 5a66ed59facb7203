import type { Sys } from '../../../linux/errno';
import { encode } from '../../../linux/io/bytes';
import type { OpenFile } from '../../../linux/io/open-file';
import type { Process } from '../../../linux/process/types';
import type { Plain } from '../engine/memory';
import { fromHex, toHex } from './bytes';
import { failure, integer, string, type Calls } from './call';

const result = (done: Sys<unknown>): Plain => (done.ok ? 0 : failure(done.error));
const types = { file: 0o100000, directory: 0o040000, symlink: 0o120000, fifo: 0o010000, socket: 0o140000 } as const;
const typeBits = (type: string): number =>
  (types as Readonly<Record<string, number>>)[type] ?? (type === 'block' ? 0o060000 : 0o020000);

/** System calls on files and descriptors. */
export function fileCalls(process: Process): Calls {
  const { fs, fds } = process;
  const status = (follow: boolean, path: string): Plain => {
    const found = follow ? fs.stat(path) : fs.lstat(path);
    if (!found.ok) return failure(found.error);
    const { type, mode, ino, dev, nlink, uid, gid, size, atime, mtime, ctime } = found.value;
    return JSON.stringify([
      typeBits(type) | mode,
      ino,
      dev,
      nlink,
      uid,
      gid,
      size,
      Math.floor(atime / 1000),
      Math.floor(mtime / 1000),
      Math.floor(ctime / 1000),
    ]);
  };
  return {
    open: (args) => {
      const flags = string(args, 1);
      const opened = fs.open(string(args, 0), {
        read: flags.includes('r') || flags.includes('+'),
        write: /[wax+]/.test(flags),
        append: flags.includes('a'),
        create: /[wax]/.test(flags),
        exclusive: flags.includes('x'),
        truncate: flags.includes('w'),
        mode: 0o666,
      });
      if (!opened.ok) return failure(opened.error);
      if (opened.value.kind === 'directory') {
        opened.value.release();
        return '!21 Is a directory';
      }
      return fds.install(opened.value, 3);
    },
    close: (args) => result(fds.close(integer(args, 0))),
    read: (args) => {
      const file = fds.get(integer(args, 0));
      if (file === undefined) return '!9 Bad file descriptor';
      const max = integer(args, 1);
      const now = file.kind === 'file' ? file.read(max) : 'wait';
      if (now !== 'wait') return now.ok ? toHex(now.value) : failure(now.error);
      return fds.read(integer(args, 0), max).then((read) => (read.ok ? toHex(read.value) : failure(read.error)));
    },
    write: (args) => put(process, integer(args, 0), encode(string(args, 1))),
    writeBytes: (args) => put(process, integer(args, 0), fromHex(string(args, 1))),
    seek: (args) => {
      const file = fds.get(integer(args, 0));
      if (file === undefined) return '!9 Bad file descriptor';
      const to = file.seek?.(integer(args, 1), (['set', 'cur', 'end'] as const)[integer(args, 2)] ?? 'set');
      return to === undefined ? '!29 Illegal seek' : to.ok ? to.value : failure(to.error);
    },
    isatty: (args) => fds.get(integer(args, 0))?.kind === 'tty',
    stat: (args) => status(true, string(args, 0)),
    lstat: (args) => status(false, string(args, 0)),
    listdir: (args) => {
      const found = fs.readdir(string(args, 0));
      return found.ok ? JSON.stringify(found.value.map(({ name }) => name)) : failure(found.error);
    },
    mkdir: (args) => result(fs.mkdir(string(args, 0), integer(args, 1))),
    rmdir: (args) => result(fs.rmdir(string(args, 0))),
    unlink: (args) => result(fs.unlink(string(args, 0))),
    rename: (args) => result(fs.rename(string(args, 0), string(args, 1))),
    link: (args) => result(fs.link(string(args, 0), string(args, 1))),
    symlink: (args) => result(fs.symlink(string(args, 0), string(args, 1))),
    readlink: (args) => text(fs.readlink(string(args, 0))),
    realpath: (args) => text(fs.realpath(string(args, 0))),
    chmod: (args) => result(fs.chmod(string(args, 0), integer(args, 1))),
    chown: (args) => result(fs.chown(string(args, 0), integer(args, 1), integer(args, 2))),
    removeAll: (args) => result(fs.removeAll(string(args, 0))),
    access: (args) => {
      const mode = integer(args, 1);
      return fs.access(string(args, 0), {
        read: (mode & 4) !== 0,
        write: (mode & 2) !== 0,
        execute: (mode & 1) !== 0,
      }).ok;
    },
  };
}

const text = (found: Sys<string>): Plain => (found.ok ? `=${found.value}` : failure(found.error));

/** Writes all; waits only where the other side has no room. */
function put(process: Process, descriptor: number, bytes: Uint8Array): Plain | Promise<Plain> {
  const file: OpenFile | undefined = process.fds.get(descriptor);
  if (file === undefined) return '!9 Bad file descriptor';
  let rest = bytes;
  while (rest.length > 0) {
    const taken = file.write(rest);
    if (taken === 'wait')
      return process.fds.write(descriptor, rest).then((done) => (done.ok ? bytes.length : failure(done.error)));
    if (!taken.ok) return failure(taken.error);
    rest = rest.subarray(taken.value);
  }
  return bytes.length;
}
