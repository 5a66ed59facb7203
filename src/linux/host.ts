import type { Clock } from '../sim/clock';
import type { Random } from '../sim/random';
import type { Trace } from '../sim/trace';
import type { Sys } from './errno';
import { createRootFileSystem, type Disk } from './fs';
import type { FileSystem } from './fs/types';
import type { OpenFile } from './io/open-file';
import { createNetworkNamespace } from './net/stack';
import type { NetworkAdmin } from './net/types';
import { Kernel, standardPath } from './process/kernel';
import { openKmsg } from './process/kmsg';
import { stateOf } from './process/proc';
import { sysfsDirectory } from './process/sysfs';
import type { Task } from './process/task';
import type {
  Child,
  HostView,
  KernelPart,
  Process,
  ProcessInfo,
  Program,
  SignalName,
  SpawnOptions,
} from './process/types';
import type { Manager } from './systemd/manager';
import { createPty } from './tty/pty';
import type { DevPts, PtyMaster, WindowSize } from './tty/types';

export interface HostOptions {
  readonly name: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly trace: Trace;
  /** What executables name, by name. */
  readonly programs: ReadonlyMap<string, Program>;
  readonly cpus?: number;
  /** Bytes. */
  readonly memory?: number;
  /** `uname -r`, where it is not Debian's. */
  readonly release?: string | undefined;
  /** cgroups v1, each hierarchy mounted alone; default v2. */
  readonly cgroup?: 'v1' | undefined;
  /** What its kernel was built without. */
  readonly without?: readonly KernelPart[] | undefined;
  /** What its disk is called, and the options of its file system; default /dev/vda1. */
  readonly disk?: Disk | undefined;
  /** A program of ours threw: the process crashed, the host lives on. */
  readonly fault?: (error: unknown, process: Process) => void;
}

/** Terminals of containers do not count among those of the host. */
const FIRST_INSTANCE_MINOR = 4096;

/** One machine: a kernel with its first namespaces, and what the firmware would know. */
export class Host implements HostView {
  readonly name: string;
  readonly clock: Clock;
  readonly bootedAt: number;
  readonly cpus: number;
  readonly memory: number;
  readonly release: string | undefined;
  readonly cgroup: 'v1' | undefined;
  readonly without: readonly KernelPart[];
  readonly net: NetworkAdmin;
  readonly kernel: Kernel;
  /** PID 1's service manager, once the host has booted with one. */
  systemd: Manager | undefined;
  readonly #ptys = new Map<number, PtyMaster>();

  constructor(options: HostOptions) {
    const { name, clock, random, trace, programs, cpus = 2, memory = 4 * 2 ** 30 } = options;
    this.name = name;
    this.clock = clock;
    this.bootedAt = clock.now;
    this.cpus = cpus;
    this.memory = memory;
    this.release = options.release;
    this.cgroup = options.cgroup;
    this.without = options.without ?? [];
    const bridgeFilter = !this.without.includes('br_netfilter');
    const createNetwork = (id: number): NetworkAdmin =>
      createNetworkNamespace({ id, clock, random: random.fork(`net ${id}`), trace, hostName: name, bridgeFilter });
    this.net = createNetwork(4_026_531_840);
    this.kernel = new Kernel({
      host: this,
      clock,
      random,
      trace,
      programs,
      createNetwork,
      namespaces: {
        mnt: createRootFileSystem({
          clock,
          random: random.fork('fs'),
          disk: options.disk,
          inode64: !this.without.includes('inode64'),
        }),
        net: this.net,
        uts: { id: 4_026_531_838, hostname: name },
        ipc: { id: 4_026_531_839 },
        cgroup: { id: 4_026_531_835 },
      },
      sysfs: sysfsDirectory,
      device: (task, major, minor) => this.#device(task, major, minor),
      fault: (error, task) => options.fault?.(error, task),
    });
  }

  /** Root's view of the host's own file system. */
  get fs(): FileSystem {
    return this.init.fs;
  }

  /** Process 1: parent of all daemons. */
  get init(): Process {
    return this.kernel.init;
  }

  /** Starts a process as a child of init. Without `fds` its streams are /dev/null. */
  spawn(options: SpawnOptions): Sys<Child> {
    const quiet = options.fds === undefined ? this.#nullStreams() : options.fds;
    return this.kernel.spawn(this.kernel.init, { env: new Map([['PATH', standardPath]]), ...options, fds: quiet });
  }

  #nullStreams(): ReadonlyMap<number, OpenFile> {
    const opened = this.fs.open('/dev/null', { read: true, write: true });
    return opened.ok ? new Map([0, 1, 2].map((fd) => [fd, opened.value])) : new Map();
  }

  openPty(size: WindowSize, instance?: DevPts): PtyMaster {
    if (instance !== undefined) return this.#openPtyIn(instance, size);
    let index = 0;
    while (this.#ptys.has(index)) index++;
    const master = createPty({
      clock: this.clock,
      index,
      size,
      signalGroup: (group, signal) => this.kernel.signalGroup(group, signal),
      signalSession: (session, signal) => this.kernel.signalSession(session, signal),
      closed: () => {
        this.#ptys.delete(index);
        this.fs.unlink(`/dev/pts/${index}`);
      },
    });
    this.#ptys.set(index, master);
    this.fs.mkdirAll('/dev/pts');
    this.fs.mknod(`/dev/pts/${index}`, 'char', 0o620, { major: 136, minor: index });
    return master;
  }

  /** Its node is made by who mounted the instance. */
  #openPtyIn({ terminals }: DevPts, size: WindowSize): PtyMaster {
    let index = 0;
    while (terminals.has(index)) index++;
    let minor = FIRST_INSTANCE_MINOR;
    while (this.#ptys.has(minor)) minor++;
    const master = createPty({
      clock: this.clock,
      index,
      size,
      signalGroup: (group, signal) => this.kernel.signalGroup(group, signal),
      signalSession: (session, signal) => this.kernel.signalSession(session, signal),
      closed: () => {
        this.#ptys.delete(minor);
        terminals.get(index)?.closed();
        terminals.delete(index);
      },
    });
    this.#ptys.set(minor, master);
    terminals.set(index, { minor, closed: () => undefined });
    return master;
  }

  /** 5:0 is the process's own terminal, 136:N a pty's slave (Documentation/admin-guide/devices.txt). */
  #device(task: Task, major: number, minor: number): Sys<OpenFile> | undefined {
    // 1:11 is the kernel's log.
    if (major === 1 && minor === 11) return { ok: true, value: openKmsg(this.kernel.log) };
    const tty = major === 136 ? this.#ptys.get(minor)?.tty : major === 5 && minor === 0 ? task.tty : undefined;
    return tty === undefined ? undefined : { ok: true, value: tty.open() };
  }

  limitsOf(viewer: Process, pid: number): Task | undefined {
    return (viewer as Task).namespaces.pid.get(pid);
  }

  signal(target: Process, signal: SignalName): void {
    (target as Task).deliver(signal);
  }

  pidOf(viewer: Process, process: Process): number | undefined {
    return (process as Task).pidIn((viewer as Task).namespaces.pid);
  }

  processes(viewer: Process): readonly ProcessInfo[] {
    const space = (viewer as Task).namespaces.pid;
    const found: ProcessInfo[] = [];
    for (const task of space.tasks) {
      const pidOf = (global: number): number => this.kernel.pidNamespace.get(global)?.pidIn(space) ?? 0;
      found.push({
        pid: task.pidIn(space) ?? 0,
        parentPid: task.parent?.pidIn(space) ?? 0,
        group: pidOf(task.group),
        session: pidOf(task.session),
        foregroundGroup: task.tty === undefined ? -1 : pidOf(task.tty.foregroundGroup),
        uid: task.credentials.uid,
        state: task === viewer ? 'R' : stateOf(task),
        argv: task.argv,
        comm: task.comm,
        tty: task.tty?.path,
        startedAt: task.startedAt,
        cpuMs: task.cpuMs,
        rssKb: task.rssKb,
        cgroup: task.cgroup.path,
        namespaces: task.namespaces,
      });
    }
    return found;
  }
}
