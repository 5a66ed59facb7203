import type { Clock } from '../../sim/clock';
import type { Random } from '../../sim/random';
import { latencies } from '../../sim/latencies';
import type { Trace } from '../../sim/trace';
import { fail, type Sys } from '../errno';
import type { FileSystemContext, SyntheticNode } from '../fs/types';
import { decode } from '../io/bytes';
import type { OpenFile } from '../io/open-file';
import type { NetworkAdmin } from '../net/types';
import { Cgroup, cgroupDirectory } from './cgroup';
import { programOf } from './executable';
import { PidNamespace } from './pid-namespace';
import { procDirectory } from './proc';
import { ProcessEnded } from './process-ended';
import { Task } from './task';
import type { Child, HostView, Namespaces, Program, SignalName, SpawnOptions, WaitStatus } from './types';

/** What exec found behind a path. */
export interface Executable {
  readonly program: Program;
  readonly name: string;
  readonly comm: string;
  readonly argv: readonly string[];
}

export interface KernelOptions {
  readonly host: HostView;
  readonly clock: Clock;
  readonly random: Random;
  readonly trace: Trace;
  readonly programs: ReadonlyMap<string, Program>;
  readonly namespaces: Omit<Namespaces, 'pid'>;
  readonly createNetwork: (id: number) => NetworkAdmin;
  /** /sys without the cgroups. */
  readonly sysfs?: (task: Task) => SyntheticNode | undefined;
  readonly device: (task: Task, major: number, minor: number) => Sys<OpenFile> | undefined;
  /** A program threw what is no `ProcessEnded`: a fault of ours. */
  readonly fault: (error: unknown, task: Task) => void;
}

/** The first namespaces' inodes (PROC_PID_INIT_INO and its neighbours, include/linux/proc_ns.h). */
const FIRST_NAMESPACE = 4_026_532_000;
/** BINPRM_BUF_SIZE. */
const HEAD = 256;
const MAX_SCRIPTS = 4;

/** The process side of a host's kernel: who runs, who is whose child, who gets which signal. */
export class Kernel {
  readonly host: HostView;
  readonly clock: Clock;
  readonly random: Random;
  readonly trace: Trace;
  readonly pidNamespace: PidNamespace;
  readonly cgroups = new Cgroup('', undefined);
  readonly init: Task;
  #nextNamespace = FIRST_NAMESPACE;
  #nextInode = 20_000;
  readonly #actors = new Map<string, string>();

  constructor(readonly options: KernelOptions) {
    this.host = options.host;
    this.clock = options.clock;
    this.random = options.random;
    this.trace = options.trace;
    this.pidNamespace = new PidNamespace(4_026_531_836, undefined);
    this.init = new Task({
      kernel: this,
      parent: undefined,
      spawn: { file: '/sbin/init', argv: ['/sbin/init'], env: new Map([['PATH', standardPath]]), fds: new Map() },
      namespaces: { ...options.namespaces, pid: this.pidNamespace },
      cgroup: this.cgroups.at('/init.scope'),
      comm: 'systemd',
    });
  }

  /** How the trace calls a process of that name. */
  actor(comm: string): string {
    let actor = this.#actors.get(comm);
    if (actor === undefined) this.#actors.set(comm, (actor = `${comm}@${this.host.name}`));
    return actor;
  }

  nextInode(): number {
    return this.#nextInode++;
  }

  nextNamespaceId(): number {
    return this.#nextNamespace++;
  }

  spawn(parent: Task, options: SpawnOptions): Sys<Child> {
    const cgroup = options.cgroup === undefined ? parent.cgroup : this.cgroups.at(options.cgroup);
    if (!cgroup.mayFork) return fail('EAGAIN');
    const child = new Task({
      kernel: this,
      parent,
      spawn: options,
      namespaces: this.#namespaces(parent, options.namespaces ?? {}, cgroup),
      cgroup,
      comm: parent.comm,
    });
    child.executable = parent.executable;
    const executable = this.#prepare(child, options);
    if (!executable.ok) {
      this.#undo(child);
      return executable;
    }
    child.span = this.trace.within(parent.span, () =>
      this.trace.record(
        parent.actor,
        typeof options.file === 'string' ? 'exec' : 'fork',
        options.argv[0] ?? child.comm,
      ),
    ).id;
    const { program } = executable.value;
    const delay = typeof options.file === 'string' ? latencies.exec : 0;
    this.trace.within(child.span, () => this.clock.setTimer(delay, () => this.run(child, program)));
    return { ok: true, value: childHandle(parent, child) };
  }

  #prepare(child: Task, { file, argv, setup }: SpawnOptions): Sys<{ readonly program: Program }> {
    const ready = setup?.(child);
    if (ready !== undefined && !ready.ok) return ready;
    if (typeof file === 'function') return { ok: true, value: { program: file } };
    const found = this.lookup(child, file, argv);
    if (!found.ok) return found;
    child.comm = found.value.comm;
    child.argv = found.value.argv;
    child.executable = found.value.name;
    return found;
  }

  /** A fork that came to nothing leaves no trace: the parent only sees the error. */
  #undo(child: Task): void {
    const { parent } = child;
    child.parent = undefined;
    child.end({ kind: 'exited', code: 127 });
    child.reap();
    parent?.children.delete(child);
  }

  #namespaces(parent: Task, wanted: NonNullable<SpawnOptions['namespaces']>, cgroup: Cgroup): Task['namespaces'] {
    const { namespaces: own } = parent;
    const pick = <N extends keyof Namespaces>(name: N, make: (id: number) => Namespaces[N]): Namespaces[N] => {
      const choice = wanted[name];
      if (choice === undefined) return own[name];
      return choice === 'new' ? make(this.nextNamespaceId()) : (choice as Namespaces[N]);
    };
    return {
      pid: pick('pid', (id) => new PidNamespace(id, own.pid)) as PidNamespace,
      mnt: pick('mnt', (id) => own.mnt.clone(id)),
      net: pick('net', (id) => this.options.createNetwork(id)),
      uts: pick('uts', (id) => ({ id, hostname: own.uts.hostname })),
      ipc: pick('ipc', (id) => ({ id })),
      user: pick('user', (id) => ({ id })),
      cgroup: pick('cgroup', (id) => ({ id, root: cgroup.path })),
    };
  }

  /** What `execve(path, argv)` would run, `#!` lines followed. */
  lookup(task: Task, path: string, argv: readonly string[], depth = 0): Sys<Executable> {
    const head = task.fs.readHead(path, HEAD);
    if (!head.ok) return head;
    const name = programOf(head.value);
    const comm = (path.split('/').at(-1) ?? path).slice(0, 15);
    if (name !== undefined) {
      const program = this.options.programs.get(name);
      return program === undefined ? fail('ENOEXEC') : { ok: true, value: { program, name, comm, argv } };
    }
    const script = interpreterOf(head.value);
    if (script === undefined) return fail('ENOEXEC');
    if (depth >= MAX_SCRIPTS) return fail('ELOOP');
    const args = [script.interpreter, ...(script.argument === undefined ? [] : [script.argument]), path];
    const found = this.lookup(task, script.interpreter, [...args, ...argv.slice(1)], depth + 1);
    return found.ok ? { ok: true, value: { ...found.value, comm } } : found;
  }

  run(task: Task, program: Program): void {
    if (task.status !== undefined) return;
    this.guard(task, async () => {
      const code = await program(task);
      task.end({ kind: 'exited', code: code & 0xff });
    });
  }

  /** Runs a part of a process. A fault in it ends the process as a crash would, and nothing else. */
  guard(task: Task, run: () => Promise<unknown>): void {
    this.clock.wake();
    const guarded = async (): Promise<void> => {
      try {
        await run();
      } catch (error) {
        if (error instanceof ProcessEnded) return;
        this.options.fault(error, task);
        task.end({ kind: 'signaled', signal: 'SIGSEGV' });
      }
    };
    this.trace.within(task.span, () => void guarded());
  }

  kill(sender: Task, pid: number, signal: SignalName | 0): Sys<void> {
    const space = sender.namespaces.pid;
    if (pid > 0) {
      const target = space.get(pid);
      return target === undefined ? fail('ESRCH') : this.#signalAll(sender, [target], signal);
    }
    if (pid === -1) {
      return this.#signalAll(
        sender,
        [...space.tasks].filter((task) => task !== sender && task !== space.init),
        signal,
      );
    }
    const group = pid === 0 ? sender.group : space.get(-pid)?.globalPid;
    const members = [...space.tasks].filter((task) => task.group === (group ?? this.#globalGroup(space, -pid)));
    return this.#signalAll(sender, members, signal);
  }

  /** A group whose leader is gone is still known by the leader's pid. */
  #globalGroup(space: PidNamespace, group: number): number | undefined {
    return space === this.pidNamespace ? group : undefined;
  }

  #signalAll(sender: Task, targets: readonly Task[], signal: SignalName | 0): Sys<void> {
    if (targets.length === 0) return fail('ESRCH');
    const { uid } = sender.credentials;
    const allowed = targets.filter((target) => uid === 0 || target.credentials.uid === uid);
    if (allowed.length === 0) return fail('EPERM');
    if (signal !== 0) {
      for (const target of allowed) {
        // pid_namespaces(7): nothing within a namespace can force its init, not even SIGKILL.
        const forced = signal === 'SIGKILL' || signal === 'SIGSTOP';
        const space = target.namespaces.pid;
        if (forced && space.init === target && sender.namespaces.pid === space) continue;
        target.deliver(signal);
      }
    }
    return { ok: true, value: undefined };
  }

  /** To every process of a group, as the terminal does. */
  signalGroup(group: number, signal: SignalName): void {
    for (const task of [...this.pidNamespace.tasks]) if (task.group === group) task.deliver(signal);
  }

  signalSession(session: number, signal: SignalName): void {
    for (const task of [...this.pidNamespace.tasks]) if (task.session === session) task.deliver(signal);
  }

  /** `exit_notify`: orphans go to the namespace's init; with an init its whole namespace dies. */
  buryFamily(task: Task): void {
    const space = task.namespaces.pid;
    if (space.init === task && space !== this.pidNamespace) {
      for (const member of [...space.tasks]) if (member !== task) member.deliver('SIGKILL');
    }
    const init = space.init === undefined || space.init === task ? this.init : space.init;
    for (const child of [...task.children]) {
      task.children.delete(child);
      child.parent = init;
      init.children.add(child);
      if (child.status !== undefined && init === this.init) child.reap();
    }
    if (task.tty !== undefined && task.session === task.globalPid && task.tty.session === task.session) {
      this.signalGroup(task.tty.foregroundGroup, 'SIGHUP');
    }
    if (task.parent === this.init || task.parent?.signals.disposition('SIGCHLD') === 'ignore') {
      this.clock.setTimer(0, () => task.reap());
    }
  }

  contextOf(task: Task): FileSystemContext {
    return new TaskContext(this, task);
  }
}

/** What path resolution needs of a process, as it is at each look. */
class TaskContext implements FileSystemContext {
  constructor(
    readonly kernel: Kernel,
    readonly task: Task,
  ) {}

  get cwd(): string {
    return this.task.cwd;
  }
  get umask(): number {
    return this.task.umask;
  }
  get credentials(): Task['credentials'] {
    return this.task.credentials;
  }

  synthetic(type: 'proc' | 'sysfs' | 'cgroup2'): SyntheticNode | undefined {
    const { kernel, task } = this;
    if (type === 'proc') return procDirectory(kernel, task);
    if (type === 'cgroup2') {
      // cgroup_namespaces(7): the group it was made in is the root.
      const root = kernel.cgroups.at(task.namespaces.cgroup.root ?? '/');
      return cgroupDirectory(root, (member) => member.pidIn(task.namespaces.pid));
    }
    return kernel.options.sysfs?.(task);
  }

  device(major: number, minor: number): ReturnType<FileSystemContext['device']> {
    return this.kernel.options.device(this.task, major, minor);
  }
}

export const standardPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** `#! interpreter [argument]` (execve(2)): all after the first blank is one argument. */
function interpreterOf(head: Uint8Array): { readonly interpreter: string; readonly argument?: string } | undefined {
  if (head[0] !== 0x23 || head[1] !== 0x21) return undefined;
  const [line = ''] = decode(head.subarray(2)).split('\n', 1);
  const match = /^\s*(\S+)\s*(.*?)\s*$/.exec(line);
  if (match?.[1] === undefined) return undefined;
  return match[2] === undefined || match[2] === ''
    ? { interpreter: match[1] }
    : { interpreter: match[1], argument: match[2] };
}

function childHandle(parent: Task, child: Task): Child {
  return {
    pid: child.pidIn(parent.namespaces.pid) ?? 0,
    process: child,
    async wait({ stopped = false } = {}): Promise<WaitStatus> {
      for (;;) {
        const status = stopped ? (child.status ?? child.changed) : child.status;
        if (status !== undefined) {
          child.changed = undefined;
          if (child.status !== undefined) child.reap();
          return status;
        }
        await parent.block<void>((wake) => parent.onChildChange(wake));
      }
    },
  };
}
