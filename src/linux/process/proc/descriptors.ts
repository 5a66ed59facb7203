import type { SyntheticNode } from '../../fs/types';
import type { OpenFile } from '../../io/open-file';
import type { Task } from '../task';
import { file } from './nodes';

/** /proc/<pid>/fd: links whose opening opens the file, whatever the text says. */
export const descriptors = (task: Task): SyntheticNode => ({
  type: 'directory',
  list: () => task.fds.entries().map(([fd]) => String(fd)),
  lookup: (name) => {
    const open = task.fds.get(Number(name));
    if (open === undefined) return undefined;
    const { read, write } = open.flags;
    // How it is open is how its link looks (proc_fd_link, tid_fd_revalidate).
    const mode = 0o100 | (read ? 0o400 : 0) | (write ? 0o200 : 0);
    return { type: 'symlink', mode, size: 64, readlink: () => open.name, open: () => ({ ok: true, value: open }) };
  },
});

/** /proc/<pid>/fdinfo. */
export const descriptorInfo = (task: Task): SyntheticNode => ({
  type: 'directory',
  list: () => task.fds.entries().map(([fd]) => String(fd)),
  lookup: (name) => {
    const open = task.fds.get(Number(name));
    return open === undefined ? undefined : file(() => info(open));
  },
});

function info(open: OpenFile): string {
  const at = open.kind === 'file' ? open.seek?.(0, 'cur') : undefined;
  const position = at?.ok === true ? at.value : 0;
  const { read, write, append } = open.flags;
  const access = read && write ? 2 : write ? 1 : 0;
  // O_LARGEFILE on files, O_APPEND; in octal.
  const flags = access | (append ? 0o2000 : 0) | (open.kind === 'file' ? 0o100000 : 0);
  return `pos:\t${position}\nflags:\t0${flags.toString(8)}\nmnt_id:\t${open.kind === 'pipe' ? 14 : 24}\nino:\t${inode(open.name)}\n`;
}

const inode = (name: string): string => /\[(\d+)\]$/.exec(name)?.[1] ?? '3';
