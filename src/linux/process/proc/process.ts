import { ok } from '../../../sim/result';
import { fail, type Sys } from '../../errno';
import type { SyntheticNode } from '../../fs/types';
import { hierarchies } from '../cgroup';
import { limitsText } from '../rlimits';
import type { Task } from '../task';
import { mapText, type UserNamespace } from '../user-namespace';
import { descriptorInfo, descriptors } from './descriptors';
import { cgroupSeenFrom } from './cgroup-path';
import { maps, smapsRollup } from './maps';
import { mountinfo, mounts, mountstats } from './mounts';
import { namespaceLinks } from './namespaces';
import { networkDirectory } from './net';
import { directory, file, settable } from './nodes';
import { statLine, statmLine } from './stat';
import { statusText } from './status';

type Entry = (task: Task, viewer: Task) => SyntheticNode;

const processFiles: Readonly<Record<string, Entry>> = {
  attr: (task) =>
    directory({
      current: () => file(() => label(task), 0o666),
      exec: () => file(() => '', 0o666),
      prev: () => file(() => label(task)),
    }),
  auxv: () => file(() => '', 0o400),
  cgroup: (task, viewer) => file(() => cgroupLines(task, viewer)),
  cmdline: (task) => file(() => (task.status === undefined ? task.argv.map((word) => `${word}\0`).join('') : '')),
  comm: (task) =>
    settable(
      () => `${task.comm}\n`,
      (text) => {
        task.comm = text.replace(/\n$/, '').slice(0, 15);
        return ok(undefined);
      },
    ),
  cpuset: () => file(() => '/\n'),
  cwd: (task, viewer) => path(task, viewer, () => task.cwd),
  environ: (task) => file(() => [...task.env].map(([name, value]) => `${name}=${value}\0`).join(''), 0o400),
  exe: (task, viewer) => path(task, viewer, () => executableOf(task)),
  fd: (task, viewer) => guarded(task, viewer, descriptors(task)),
  fdinfo: (task, viewer) => guarded(task, viewer, descriptorInfo(task)),
  gid_map: (task) => idMap(task, 'gid'),
  io: (task) => file(() => io(task), 0o400),
  limits: (task) => file(() => limitsText(task.limitTable)),
  loginuid: () =>
    settable(
      () => '4294967295',
      () => ok(undefined),
    ),
  maps: (task) => file(() => maps(task)),
  mountinfo: (task, viewer) => file(() => mountinfo(task, viewer)),
  mounts: (task) => file(() => mounts(task)),
  mountstats: (task) => file(() => mountstats(task), 0o400),
  net: (task) => networkDirectory(task),
  ns: (task, viewer) => guarded(task, viewer, namespaceLinks(task)),
  oom_adj: (task) => file(() => `${Math.round((task.oomScoreAdj * 17) / 1000)}\n`, 0o644),
  oom_score: (task) => file(() => `${oomScore(task)}\n`),
  oom_score_adj: oomScoreAdj,
  personality: () => file(() => '00000000\n', 0o400),
  root: (task, viewer) => path(task, viewer, () => task.root),
  schedstat: (task) => file(() => `${Math.round(task.cpuMs * 1e6)} 0 1\n`),
  sessionid: () => file(() => '4294967295'),
  setgroups: (task) =>
    settable(
      () => `${task.namespaces.user.setgroups}\n`,
      (text) => setgroups(task.namespaces.user, text.trim()),
    ),
  smaps_rollup: (task) => file(() => smapsRollup(task)),
  stat: (task, viewer) => file(() => statLine(task, viewer)),
  statm: (task) => file(() => statmLine(task)),
  status: (task, viewer) => file(() => statusText(task, viewer)),
  task: (task, viewer) => {
    // One thread each.
    const own = String(task.pidIn(viewer.namespaces.pid) ?? 0);
    return directory({ [own]: () => threadDirectory(task, viewer) });
  },
  timerslack_ns: () => file(() => '50000\n', 0o666),
  uid_map: (task) => idMap(task, 'uid'),
  wchan: () => file(() => '0'),
};
const processNames = Object.keys(processFiles);
const threadNames = processNames.filter((name) => name !== 'task' && name !== 'timerslack_ns' && name !== 'mountstats');

/** /proc/<pid>. */
export const processDirectory = (task: Task, viewer: Task): SyntheticNode => listed(task, viewer, processNames);
const threadDirectory = (task: Task, viewer: Task): SyntheticNode => listed(task, viewer, threadNames);

const listed = (task: Task, viewer: Task, names: readonly string[]): SyntheticNode => ({
  type: 'directory',
  owner: task.kernelCredentials,
  list: () => names,
  lookup: (name) => (names.includes(name) ? processFiles[name]?.(task, viewer) : undefined),
});

/** ptrace_may_access(): one's own, or root of the user namespace it lives in. */
export const mayInspect = (task: Task, viewer: Task): boolean =>
  viewer === task ||
  viewer.capableFor(task.namespaces.user, 'SYS_PTRACE') ||
  (viewer.kernelCredentials.uid === task.kernelCredentials.uid && task.kernelCredentials.real === undefined);

/** What strangers must not look into. */
const guarded = (task: Task, viewer: Task, node: SyntheticNode): SyntheticNode =>
  node.type === 'directory' ? { ...node, mode: 0o500, ...(mayInspect(task, viewer) ? {} : { list: () => [] }) } : node;

/** A magic link: leads to the place itself, in the other process's mount namespace and root. */
function path(task: Task, viewer: Task, at: () => string): SyntheticNode {
  const elsewhere = task.namespaces.mnt !== viewer.namespaces.mnt || task.root !== viewer.root;
  return {
    type: 'symlink',
    readlink: at,
    denied: () => (task.status !== undefined ? 'ENOENT' : mayInspect(task, viewer) ? undefined : 'EACCES'),
    ...(elsewhere ? { through: () => ({ fs: task.fs, path: at() === task.root ? '/' : at() }) } : {}),
  };
}

/** The unified hierarchy is number 0; with v1 nobody is in it, and the others count down to the first (cgroups(7)). */
function cgroupLines({ cgroup, host }: Task, viewer: Task): string {
  const path = cgroupSeenFrom(viewer, cgroup.path);
  if (host.cgroup === undefined) return `0::${path}\n`;
  return `${hierarchies
    .map((name, index) => `${index + 1}:${name}:${path}\n`)
    .reverse()
    .join('')}0::/\n`;
}

/** The file itself, whatever links led to it. */
function executableOf({ fs, exe }: Task): string {
  const real = fs.realpath(exe);
  return real.ok ? real.value : exe;
}

/** What AppArmor says of a process; without it there is nothing to read. */
const label = ({ host, kernelCredentials: { restrictions } }: Task): string =>
  host.without.includes('apparmor')
    ? ''
    : restrictions?.apparmor === undefined
      ? 'unconfined\n'
      : `${restrictions.apparmor} (enforce)\n`;

const io = ({ fds }: Task): string => {
  const { readBytes, writtenBytes, reads, writes } = fds.io;
  return (
    `rchar: ${readBytes}\nwchar: ${writtenBytes}\nsyscr: ${reads}\nsyscw: ${writes}\n` +
    'read_bytes: 0\nwrite_bytes: 0\ncancelled_write_bytes: 0\n'
  );
};

/** Thousandths of the memory, as the OOM killer counts; without anything a process has two thirds of its adjustment. */
function oomScore({ rssKb, oomScoreAdj, host }: Task): number {
  const points = (rssKb * 1024 * 1000) / host.memory + oomScoreAdj;
  return Math.max(0, Math.floor(((1000 + points) * 2) / 3));
}

function oomScoreAdj(task: Task, viewer: Task): SyntheticNode {
  return settable(
    () => `${task.oomScoreAdj}\n`,
    (text) => {
      const given = text.trim();
      if (!/^-?\d+$/.test(given) || Math.abs(Number(given)) > 1000) return fail('EINVAL');
      if (Number(given) < task.oomScoreAdj && !viewer.capableFor(viewer.kernel.userNamespace, 'SYS_RESOURCE'))
        return fail('EACCES');
      task.oomScoreAdj = Number(given);
      return ok(undefined);
    },
  );
}

const idMap = (task: Task, kind: 'uid' | 'gid'): SyntheticNode =>
  settable(
    () => mapText(task.namespaces.user, kind),
    (text) => task.namespaces.user.setMap(kind, text),
  );

function setgroups(user: UserNamespace, text: string): Sys<void> {
  if (text !== 'allow' && text !== 'deny') return fail('EINVAL');
  if (text === 'allow' && user.setgroups === 'deny') return fail('EPERM');
  if (text === 'deny' && user.map('gid').length > 0) return fail('EPERM');
  user.setgroups = text;
  return ok(undefined);
}
