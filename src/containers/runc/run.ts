import { allCapabilities, capabilitySet, type Restrictions } from '../../linux/capabilities';
import { err, ok, type Result } from '../../sim/result';
import type { OpenFile } from '../../linux/io/open-file';
import type { Child, Namespaces, Process, Program, SpawnOptions } from '../../linux/process/types';
import type { Sys } from '../../linux/errno';
import type { DevPts, Tty } from '../../linux/tty/types';
import { fail } from '../../linux/errno';
import { lookPath, lower } from './look-path';
import { prepareRootfs } from './rootfs';
import type { ContainerSpec, ProcessSpec } from './spec';

export interface Streams {
  readonly fds: ReadonlyMap<number, OpenFile>;
  /** Set where the process has a terminal: it becomes the controlling one. */
  readonly tty?: Tty;
  /** The instance of devpts that it is in. */
  readonly devpts?: DevPts;
}

export interface RunningProcess {
  /** In the pid namespace of whoever spawned it. */
  readonly pid: number;
  readonly child: Child;
  readonly namespaces: Namespaces;
}

/** Whoever becomes the parent: the shim. */
export type Spawn = (options: SpawnOptions) => Sys<Child>;

/**
 * `runc create` and `runc start` in one: a process in new namespaces, whose setup mounts and pivots, and which then
 * executes the container's command. `prepared` runs in the namespaces before that (hooks: networks are plugged here).
 */
export function runContainer(
  spawn: Spawn,
  spec: ContainerSpec,
  streams: Streams,
  prepared: (child: Process) => Result<void, string> = () => ok(undefined),
): Result<RunningProcess, string> {
  let problem: string | undefined;
  let namespaces: Namespaces | undefined;
  let path = '';
  const spawned = spawn({
    ...begin(spec.process, streams, () => path),
    namespaces: spec.namespaces,
    cgroup: spec.cgroupsPath,
    setup: (child) => {
      namespaces = child.namespaces;
      const hooked = prepared(child);
      if (!hooked.ok) return refuse(hooked.error);
      const ready = prepareRootfs(child, spec);
      if (!ready.ok)
        return refuse(
          `runc create failed: unable to start container process: error during container init: ${ready.error}`,
        );
      if (spec.process.terminal) {
        makeTerminal(child, spec.process, streams);
        makeConsole(child, streams);
      }
      const found = enter(child, spec.process, { first: true });
      if (!found.ok)
        return refuse(
          `runc create failed: unable to start container process: error during container init: ${found.error}`,
        );
      path = found.value;
      return ok(undefined);
    },
  });
  function refuse(text: string): Sys<void> {
    problem = text;
    return fail('EINVAL');
  }
  if (!spawned.ok || namespaces === undefined) {
    // What was made for it goes with it.
    if (spec.namespaces.net === 'new') (namespaces as Namespaces | undefined)?.net.destroy();
    return err(
      problem ??
        `runc create failed: unable to start container process: ${spawned.ok ? 'no setup' : lower(spawned.error.message)}`,
    );
  }
  return ok({ pid: spawned.value.pid, child: spawned.value, namespaces });
}

/** `runc exec`: a further process in a running container's namespaces. */
export function execInContainer(
  spawn: Spawn,
  container: { readonly namespaces: Namespaces; readonly cgroupsPath: string },
  process: ProcessSpec,
  streams: Streams,
): Result<RunningProcess, string> {
  let problem: string | undefined;
  let path = '';
  const spawned = spawn({
    ...begin(process, streams, () => path),
    namespaces: container.namespaces,
    cgroup: container.cgroupsPath,
    root: '/',
    setup: (child) => {
      makeTerminal(child, process, streams);
      const found = enter(child, process, { first: false });
      if (found.ok) {
        path = found.value;
        return ok(undefined);
      }
      problem = found.error;
      return fail('ENOENT');
    },
  });
  if (!spawned.ok)
    return err(`exec failed: unable to start container process: ${problem ?? lower(spawned.error.message)}`);
  return ok({ pid: spawned.value.pid, child: spawned.value, namespaces: container.namespaces });
}

/** The terminal's node in the container's devpts; it goes when the terminal is closed. */
function makeTerminal({ fs }: Process, { user }: ProcessSpec, { tty, devpts }: Streams): void {
  const terminal = tty === undefined ? undefined : devpts?.terminals.get(Number(tty.path.split('/').at(-1)));
  if (tty === undefined || terminal === undefined) return;
  if (!fs.mknod(tty.path, 'char', 0o620, { major: 136, minor: terminal.minor }).ok) return;
  fs.chown(tty.path, user.uid, TTY_GROUP);
  fs.chmod(tty.path, 0o620);
  terminal.closed = () => void fs.unlink(tty.path);
}

/** devpts is mounted with `gid=5`. */
const TTY_GROUP = 5;

/** /dev/console is the container's own terminal (libcontainer/console_linux.go). */
function makeConsole({ fs }: Process, { tty }: Streams): void {
  if (tty === undefined || !fs.writeFile('/dev/console', '', 0o600).ok) return;
  fs.mount({ source: tty.path, target: '/dev/console', type: 'bind' });
}

function begin(process: ProcessSpec, { fds, tty }: Streams, path: () => string): SpawnOptions {
  return {
    file: init(path, process),
    argv: ['runc', 'init'],
    env: process.env,
    cwd: '/',
    fds,
    newSession: true,
    ignoredSignals: [],
    ...(tty === undefined ? {} : { controllingTty: tty, foreground: true }),
  };
}

/** The last step of `runc init`: it becomes the container's command. */
const init =
  (path: () => string, { args, env }: ProcessSpec): Program =>
  async (process) => {
    const failed = await process.exec(path(), args, env);
    // runc has no other way left to tell: it writes to the container's own stderr.
    if (!failed.ok) await process.stderr.write(`exec ${path()}: ${lower(failed.error.message)}\n`);
    return 255;
  };

/** What a process's capabilities, no_new_privs and filter come to in the kernel; a plain user holds no capabilities. */
function restrictionsOf(process: ProcessSpec): Restrictions | undefined {
  const { capabilities, noNewPrivileges = false, seccomp = false, user, apparmor } = process;
  if (capabilities === undefined) return undefined;
  const bounding = capabilitySet(capabilities);
  const confined = apparmor === undefined || apparmor === 'unconfined' ? undefined : apparmor;
  if (bounding === allCapabilities && !noNewPrivileges && !seccomp && confined === undefined) return undefined;
  const held = user.uid === 0 ? bounding : 0;
  const sets = { inheritable: 0, permitted: held, effective: held, bounding, ambient: 0 };
  return { capabilities: sets, noNewPrivileges, seccomp, ...(confined === undefined ? {} : { apparmor: confined }) };
}

/**
 * Working directory and command, checked with the user's rights inside the container. The directory is made for the
 * container's `first` process, not for one that joins it (libcontainer/rootfs_linux.go, setns_init_linux.go).
 */
function enter(child: Process, process: ProcessSpec, { first }: { readonly first: boolean }): Result<string, string> {
  const { cwd, args, env } = process;
  if (first && cwd !== '/' && !child.fs.stat(cwd).ok) {
    const made = child.fs.mkdirAll(cwd, 0o755);
    if (!made.ok) return err(`mkdir ${cwd}: ${lower(made.error.message)}`);
  }
  if (process.oomScoreAdj !== undefined && process.oomScoreAdj !== 0) child.oomScoreAdj = process.oomScoreAdj;
  for (const { resource, limit } of process.rlimits ?? []) {
    const set = child.limits.set(resource, limit);
    if (!set.ok) return err(`error setting rlimit type ${resource}: ${lower(set.error.message)}`);
  }
  const restrictions = restrictionsOf(process);
  child.setCredentials(restrictions === undefined ? process.user : { ...process.user, restrictions });
  const stat = child.fs.stat(cwd);
  if (!stat.ok)
    return err(`chdir to cwd (${JSON.stringify(cwd)}) set in config.json failed: ${lower(stat.error.message)}`);
  if (stat.value.type !== 'directory')
    return err(`chdir to cwd (${JSON.stringify(cwd)}) set in config.json failed: not a directory`);
  child.cwd = cwd;
  const [command = ''] = args;
  return lookPath(child.fs, command, env.get('PATH') ?? defaultPath);
}

const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
