import type { Sys } from '../../linux/errno';
import { encode } from '../../linux/io/bytes';
import { parseSignal } from '../../linux/process/signals';
import type { Namespaces, Process } from '../../linux/process/types';
import type { Options } from '../toolkit/options';
import { groups, users } from '../toolkit/users';
import { help } from './help';
import { endAs, execute, executeShell } from './run';
import { dialectOf } from '../toolkit/dialect';
import { utility, type Complain } from './utility';

const kinds: readonly (readonly [string, keyof Namespaces, string])[] = [
  ['m', 'mnt', 'mount'],
  ['u', 'uts', 'uts'],
  ['i', 'ipc', 'ipc'],
  ['n', 'net', 'net'],
  ['p', 'pid', 'pid'],
  ['U', 'user', 'user'],
  ['C', 'cgroup', 'cgroup'],
];
const cloneFlags: Readonly<Record<keyof Namespaces, number>> = {
  mnt: 0x20000,
  uts: 0x4000000,
  ipc: 0x8000000,
  net: 0x40000000,
  pid: 0x20000000,
  user: 0x10000000,
  cgroup: 0x2000000,
};
const propagations = ['slave', 'shared', 'private', 'unchanged'] as const;

/** unshare(1). */
export const unshare = utility(
  {
    name: 'unshare',
    help: help.unshare,
    short: 'm::u::i::n::p::U::C::T::frcR:w:S:G:',
    long: {
      ...Object.fromEntries(kinds.map(([letter, , long]) => [`${long}::`, letter])),
      'time::': 'T',
      fork: 'f',
      'map-user:': 'map-user',
      'map-group:': 'map-group',
      'map-root-user': 'r',
      'map-current-user': 'c',
      'kill-child::': 'kill-child',
      'mount-proc::': 'mount-proc',
      'propagation:': 'propagation',
      'setgroups:': 'setgroups',
      'keep-caps': 'keep-caps',
      'root:': 'R',
      'wd:': 'w',
      'setuid:': 'S',
      'setgid:': 'G',
    },
    stopAtOperand: true,
  },
  async (process, options, complain) => {
    const propagation = options.value('propagation') ?? 'private';
    const kind = propagations.find((one) => one === propagation);
    if (kind === undefined) return complain(`unsupported propagation mode: ${propagation}`);
    const killer = options.has('kill-child') ? parseSignal(options.value('kill-child') ?? 'KILL') : undefined;
    if (options.has('kill-child') && killer === undefined) {
      return complain(`unknown signal: ${options.value('kill-child') ?? ''}`);
    }
    const { uid, gid } = process.credentials;
    const mapUser = inside(process, options, 'uid', uid);
    const mapGroup = inside(process, options, 'gid', gid);
    for (const map of [mapUser, mapGroup]) if (typeof map === 'string') return complain(map);
    if (options.value('setgroups') === 'allow' && mapGroup !== undefined) {
      return complain('options --setgroups=allow and --map-group are mutually exclusive');
    }
    const wanted = new Set(kinds.filter(([letter]) => options.has(letter)).map(([, name]) => name));
    if (mapUser !== undefined || mapGroup !== undefined) wanted.add('user');
    if (options.has('mount-proc')) wanted.add('mnt');
    const done = process.unshare([...wanted]);
    if (!done.ok) {
      // BusyBox says which flags of clone(2) it asked for.
      const flags = [...wanted].reduce((sum, name) => sum | cloneFlags[name], 0);
      const what = dialectOf(process) === undefined ? 'unshare failed' : `unshare(0x${flags.toString(16)})`;
      return complain(`${what}: ${done.error.message}`);
    }
    if (mapGroup !== undefined) write(process, 'setgroups', 'deny');
    for (const [file, map, own] of [
      ['uid_map', mapUser, uid],
      ['gid_map', mapGroup, gid],
    ] as const) {
      if (map === undefined) continue;
      const written = write(process, file, `${map} ${own} 1`);
      if (!written.ok) return complain(`write failed /proc/self/${file}: ${written.error.message}`);
    }
    if (wanted.has('mnt') && kind !== 'unchanged') process.fs.setPropagation('/', kind, true);

    const start = (child: Process): Promise<number> => begin(child, options, complain);
    if (!options.has('f', 'kill-child')) return start(process);
    const forked = process.spawn({ file: start, argv: process.argv, fds: new Map(process.fds.entries()) });
    if (!forked.ok) return complain(`fork failed: ${forked.error.message}`);
    if (killer !== undefined) {
      // PR_SET_PDEATHSIG.
      const { process: child } = forked.value;
      process.atExit(() => {
        if (child.status === undefined) process.host.signal(child, killer);
      });
    }
    // The parent leaves the terminal's signals to its child.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.signals.ignore(signal);
    return endAs(process, forked.value);
  },
);

/** In the new namespaces: root, directory, /proc and user as asked for, then the program. */
async function begin(child: Process, options: Options, complain: Complain): Promise<number> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) child.signals.reset(signal);
  const root = options.value('R');
  if (root !== undefined) {
    const changed = child.chroot(root);
    if (!changed.ok) return complain(`cannot change root directory to '${root}': ${changed.error.message}`);
    child.cwd = '/';
  }
  const folder = options.value('w');
  if (folder !== undefined) {
    const stat = child.fs.stat(folder);
    if (!stat.ok) return complain(`cannot chdir to '${folder}': ${stat.error.message}`);
    child.cwd = folder;
  }
  if (options.has('mount-proc')) {
    const target = options.value('mount-proc') ?? '/proc';
    const flags = { nosuid: true, nodev: true, noexec: true } as const;
    const mounted = child.fs.mount({ type: 'proc', source: 'proc', target, options: flags });
    if (!mounted.ok) return complain(`mount ${target} failed: ${mounted.error.message}`);
  }
  const uid = options.value('S');
  const gid = options.value('G');
  if (uid !== undefined && !/^\d+$/.test(uid)) return complain(`failed to parse uid: '${uid}'`);
  if (gid !== undefined && !/^\d+$/.test(gid)) return complain(`failed to parse gid: '${gid}'`);
  if (uid !== undefined || gid !== undefined) {
    const now = child.credentials;
    const group = gid === undefined ? now.gid : Number(gid);
    const done = child.setCredentials({ uid: uid === undefined ? now.uid : Number(uid), gid: group, groups: [group] });
    if (!done.ok) return complain(`set${uid === undefined ? 'g' : 'u'}id failed: ${done.error.message}`);
  }
  if (options.operands.length === 0) return executeShell(child, complain);
  return execute(child, options.operands, complain);
}

/** The id that the user gets inside; a text is what is wrong. */
function inside(process: Process, options: Options, kind: 'uid' | 'gid', own: number): number | string | undefined {
  const text = options.value(kind === 'uid' ? 'map-user' : 'map-group');
  if (text === undefined) return options.has('r') ? 0 : options.has('c') ? own : undefined;
  if (/^\d+$/.test(text)) return Number(text);
  const found =
    kind === 'uid'
      ? users(process.fs).find(({ name }) => name === text)?.uid
      : groups(process.fs).find(({ name }) => name === text)?.gid;
  return found ?? `failed to parse ${kind}: '${text}'`;
}

function write({ fs }: Process, name: string, text: string): Sys<number> {
  const file = fs.open(`/proc/self/${name}`, { write: true });
  if (!file.ok) return file;
  const written = file.value.write(encode(text));
  return written === 'wait' ? { ok: true, value: 0 } : written;
}
