import type { Clock } from '../../sim/clock';
import { latencies } from '../../sim/latencies';
import type { Random } from '../../sim/random';
import { ok } from '../../sim/result';
import type { Trace } from '../../sim/trace';
import { fail, type Sys } from '../errno';
import type { FileSystemContext, SyntheticNode } from '../fs/types';
import type { OpenFile } from '../io/open-file';
import type { NetworkAdmin } from '../net/types';
import { Cgroup, type CgroupViewer } from './cgroup';
import { createCgroupViewer } from './cgroup/viewer';
import { childHandle } from './child';
import { become, lookupExecutable, type Executable } from './exec';
import { buryFamily, isOrphanedGroup } from './family';
import { kill } from './kill';
import { KernelLog } from './kernel-log';
import { LoadAverage } from './load-average';
import { childNamespaces } from './namespaces';
import { PidNamespace } from './pid-namespace';
import { bootMessages } from './boot-messages';
import { ProcessEnded } from './process-ended';
import { Task } from './task';
import { TaskContext } from './task-context';
import type { Child, HostView, Namespaces, Program, SignalName, SpawnOptions } from './types';
import { UserNamespace } from './user-namespace';

export interface KernelOptions {
  readonly host: HostView;
  readonly clock: Clock;
  readonly random: Random;
  readonly trace: Trace;
  readonly programs: ReadonlyMap<string, Program>;
  readonly namespaces: Omit<Namespaces, 'pid' | 'user'>;
  readonly createNetwork: (id: number) => NetworkAdmin;
  /** /sys without the cgroups. */
  readonly sysfs?: (task: Task) => SyntheticNode | undefined;
  readonly device: (task: Task, major: number, minor: number) => Sys<OpenFile> | undefined;
  /** A program threw what is no `ProcessEnded`: a fault of ours. */
  readonly fault: (error: unknown, task: Task) => void;
}

/** The first inode number of namespaces made later (nsfs hands them out from here on). */
const FIRST_NAMESPACE = 4_026_532_000;

/** The process side of a host's kernel: who runs, who is whose child, who gets which signal. */
/** /proc/sys/kernel/threads-max of a machine with half a gigabyte of memory (kernel/fork.c, set_max_threads()). */
const THREADS_MAX = 3_700;

/** With more processes than this a new one waits for a processor: else a fork bomb would go off within one instant. */
const CROWD = 200;

export class Kernel {
  readonly host: HostView;
  readonly clock: Clock;
  readonly random: Random;
  readonly trace: Trace;
  readonly pidNamespace: PidNamespace;
  readonly userNamespace = new UserNamespace(4_026_531_837, undefined);
  readonly cgroups = new Cgroup('', undefined);
  readonly init: Task;
  readonly log: KernelLog;
  readonly load: LoadAverage;
  /** How many processes are stopped, and whether any ever adopted orphans: most of the time there is nothing to look for. */
  stoppedTasks = 0;
  hasSubreapers = false;
  /** Processes made since boot (/proc/stat). */
  forks = 0;
  #nextNamespace = FIRST_NAMESPACE;
  #nextInode = 20_000;
  readonly #actors = new Map<string, string>();

  constructor(readonly options: KernelOptions) {
    this.host = options.host;
    this.clock = options.clock;
    this.random = options.random;
    this.trace = options.trace;
    this.log = new KernelLog(this.clock, this.clock.now, () => bootMessages(this.host));
    this.load = new LoadAverage(this.clock.now);
    // What the kernel itself needs nobody can have.
    this.cgroups.memoryMax = Math.max(64 * 2 ** 20, this.host.memory - 256 * 2 ** 20);
    this.pidNamespace = new PidNamespace(4_026_531_836, undefined);
    this.init = new Task({
      kernel: this,
      parent: undefined,
      spawn: { file: '/sbin/init', argv: ['/sbin/init'], env: new Map([['PATH', standardPath]]), fds: new Map() },
      namespaces: { ...options.namespaces, pid: this.pidNamespace, user: this.userNamespace },
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
    const refused = this.#mayFork(parent, cgroup);
    if (!refused.ok) return refused;
    this.forks++;
    const foreground = parent.tty?.foregroundGroup;
    const child = new Task({
      kernel: this,
      parent,
      spawn: options,
      namespaces: childNamespaces(this, parent, options.namespaces ?? {}, cgroup),
      cgroup,
      comm: commOf(options) ?? parent.comm,
    });
    child.executable = parent.executable;
    const executable = this.#prepare(child, options);
    if (!executable.ok) {
      this.#undo(child);
      // A terminal that nobody took over goes on belonging to whom it belonged.
      if (parent.tty !== undefined && foreground !== undefined) parent.tty.foregroundGroup = foreground;
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
    const crowded = this.pidNamespace.size > CROWD ? latencies.crowd : 0;
    const delay = crowded + (typeof options.file === 'string' ? latencies.exec : 0);
    this.trace.within(child.span, () => this.clock.setTimer(delay, () => this.run(child, program)));
    return ok(childHandle(parent, child));
  }

  /** fork(2)'s EAGAIN: pids.max of a group, RLIMIT_NPROC of a user who is not root; ENOMEM where init is dead. */
  #mayFork(parent: Task, cgroup: Cgroup): Sys<void> {
    if ((parent.pidForChildren ?? parent.namespaces.pid).dead) return fail('ENOMEM');
    if (this.pidNamespace.size >= THREADS_MAX) return fail('EAGAIN');
    const full = cgroup.refusesFork;
    if (full !== undefined) {
      // Said once for each group (kernel/cgroup/pids.c).
      if (full.forksRefused++ === 0) this.log.write(`cgroup: fork rejected by pids controller in ${cgroup.path}`);
      return fail('EAGAIN');
    }
    const { uid } = parent.kernelCredentials;
    const most = parent.limitTable.NPROC.soft;
    if (uid !== 0 && most !== Infinity && this.pidNamespace.size >= most) {
      let mine = 0;
      for (const task of this.pidNamespace.tasks) if (task.kernelCredentials.uid === uid) mine++;
      if (mine >= most) return fail('EAGAIN');
    }
    return ok(undefined);
  }

  #prepare(child: Task, { file, argv, setup }: SpawnOptions): Sys<{ readonly program: Program }> {
    const ready = setup?.(child);
    if (ready !== undefined && !ready.ok) return ready;
    if (typeof file === 'function') return ok({ program: file });
    const found = this.lookup(child, file, argv);
    if (!found.ok) return found;
    become(child, found.value);
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

  /** What `execve(path, argv)` would run. */
  lookup(task: Task, path: string, argv: readonly string[]): Sys<Executable> {
    return lookupExecutable(task, path, argv);
  }

  run(task: Task, program: Program): void {
    if (task.status !== undefined) return;
    this.guard(task, program, exitWith);
  }

  /** Runs a part of a process. A fault in it ends the process as a crash would, and nothing else. */
  guard<T>(task: Task, run: (task: Task) => Promise<T>, then?: (task: Task, result: T) => void): void {
    this.clock.wake();
    const guarded = async (): Promise<void> => {
      try {
        const result = await run(task);
        then?.(task, result);
      } catch (error) {
        if (error instanceof ProcessEnded) return;
        this.options.fault(error, task);
        task.end({ kind: 'signaled', signal: 'SIGSEGV' });
      }
    };
    this.trace.within(task.span, () => void guarded());
  }

  kill(sender: Task, pid: number, signal: SignalName | 0): Sys<void> {
    return kill(this, sender, pid, signal);
  }

  /** To every process of a group, as the terminal does. */
  signalGroup(group: number, signal: SignalName): void {
    for (const task of [...this.pidNamespace.tasks]) if (task.group === group) task.deliver(signal);
  }

  signalSession(session: number, signal: SignalName): void {
    for (const task of [...this.pidNamespace.tasks]) if (task.session === session) task.deliver(signal);
  }

  isOrphanedGroup(group: number): boolean {
    return isOrphanedGroup(this, group);
  }

  buryFamily(task: Task): void {
    buryFamily(this, task);
  }

  contextOf(task: Task): FileSystemContext {
    return new TaskContext(this, task);
  }

  cgroupViewer(task: Task): CgroupViewer {
    return createCgroupViewer(this, task);
  }
}

export const standardPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const exitWith = (task: Task, code: number): void => task.end({ kind: 'exited', code: code & 0xff });

/** A program of the model that stands for an executable has its name, as exec would give it (TASK_COMM_LEN). */
function commOf({ file, argv: [name = ''] }: SpawnOptions): string | undefined {
  return typeof file === 'function' && name.startsWith('/')
    ? name.slice(name.lastIndexOf('/') + 1, 15 + name.lastIndexOf('/') + 1)
    : undefined;
}
