import { namespaceAt } from '../../linux/net/netns';
import type { Namespaces, Process, ProcessInfo } from '../../linux/process/types';
import { help } from './help';
import { endAs, execute, executeShell } from './run';
import { utility } from './utility';

/** In the order in which nsenter enters them. */
const kinds = [
  ['U', 'user', 'user'],
  ['C', 'cgroup', 'cgroup'],
  ['i', 'ipc', 'ipc'],
  ['u', 'uts', 'uts'],
  ['n', 'net', 'net'],
  ['p', 'pid', 'pid'],
  ['m', 'mnt', 'mount'],
  ['T', 'time', 'time'],
] as const;

type Wanted = Partial<{ -readonly [N in keyof Namespaces]: Namespaces[N] }>;

/** nsenter(1). */
export const nsenter = utility(
  {
    name: 'nsenter',
    help: help.nsenter,
    short: 'at:m::u::i::n::p::C::U::T::S:G:r::w::W:FZ',
    long: {
      all: 'a',
      'target:': 't',
      ...Object.fromEntries(kinds.map(([letter, , long]) => [`${long}::`, letter])),
      'setuid:': 'S',
      'setgid:': 'G',
      'preserve-credentials': 'preserve',
      'root::': 'r',
      'wd::': 'w',
      'wdns:': 'W',
      'no-fork': 'F',
      'follow-context': 'Z',
    },
    stopAtOperand: true,
  },
  async (process, options, complain) => {
    const pid = options.value('t');
    if (pid !== undefined && !/^\d+$/.test(pid)) return complain(`failed to parse pid: '${pid}'`);
    const target = pid === undefined ? undefined : find(process, Number(pid));
    const wanted: Wanted = {};
    for (const [letter, name] of kinds) {
      if (!options.has(letter) && !options.has('a')) continue;
      const given = options.value(letter);
      if (given === undefined && pid === undefined) {
        return complain(`neither filename nor target pid supplied for ns/${name}`);
      }
      if (name === 'time') continue;
      const namespaces = given === undefined ? target?.namespaces : named(process, given);
      const namespace = namespaces?.[name];
      if (namespace === undefined) {
        return complain(`cannot open ${given ?? `/proc/${pid ?? ''}/ns/${name}`}: No such file or directory`);
      }
      // Of all of them, those that it is in already are left out.
      if (namespace !== process.namespaces[name] || !options.has('a')) Object.assign(wanted, { [name]: namespace });
    }
    if (wanted.user === process.namespaces.user) delete wanted.user;
    const { cwd } = process;
    const root = place(process, options.has('r'), options.value('r'), target, 'root');
    const folder = place(process, options.has('w'), options.value('w'), target, 'cwd');
    const entered = process.setns(wanted);
    if (!entered.ok) return complain(`reassociate to namespace failed: ${entered.error.message}`);
    if (root !== undefined) process.chroot(root);
    else if (wanted.mnt === undefined) process.cwd = cwd;
    const directory = folder ?? options.value('W');
    if (directory !== undefined) {
      if (!process.fs.stat(directory).ok)
        return complain('cannot open current working directory: No such file or directory');
      process.cwd = directory;
    }
    const uid = options.value('S');
    const gid = options.value('G');
    if (uid !== undefined && !/^\d+$/.test(uid)) return complain(`failed to parse uid: '${uid}'`);
    if (gid !== undefined && !/^\d+$/.test(gid)) return complain(`failed to parse gid: '${gid}'`);
    const asRoot = wanted.user !== undefined && !options.has('preserve');
    const start = async (child: Process): Promise<number> => {
      if (uid !== undefined || gid !== undefined || asRoot) {
        const now = child.credentials;
        const group = gid === undefined ? (asRoot ? 0 : now.gid) : Number(gid);
        child.setCredentials({
          uid: uid === undefined ? (asRoot ? 0 : now.uid) : Number(uid),
          gid: group,
          groups: asRoot || gid !== undefined ? [group] : now.groups,
        });
      }
      if (options.operands.length === 0) return executeShell(child, complain);
      return execute(child, options.operands, complain);
    };
    if (wanted.pid === undefined || options.has('F')) return start(process);
    const forked = process.spawn({ file: start, argv: process.argv, fds: new Map(process.fds.entries()) });
    return forked.ok ? endAs(process, forked.value) : complain(`fork failed: ${forked.error.message}`);
  },
);

const find = (process: Process, pid: number): ProcessInfo | undefined =>
  process.host.processes(process).find((info) => info.pid === pid);

/** `--root` and `--wd`: a directory, or the target's; undefined where nothing was asked for. */
function place(
  process: Process,
  asked: boolean,
  given: string | undefined,
  target: ProcessInfo | undefined,
  link: 'root' | 'cwd',
): string | undefined {
  if (!asked) return undefined;
  if (given !== undefined) return given;
  if (target === undefined) return link === 'root' ? '/' : process.cwd;
  const path = process.fs.readlink(`/proc/${target.pid}/${link}`);
  return path.ok ? path.value : undefined;
}

/** A namespace by a file: /proc/<pid>/ns/<type>, or what `ip netns` or a daemon has pinned. */
function named(process: Process, path: string): Partial<Namespaces> | undefined {
  const own = /^\/proc\/(\d+|self)\/ns\/\w+$/.exec(path);
  if (own !== null) return find(process, own[1] === 'self' ? process.pid : Number(own[1]))?.namespaces;
  const pinned = namespaceAt(process.host, path);
  return pinned === undefined ? undefined : { net: pinned };
}
