import { FewMap } from '../../sim/few-map';
import { Few } from '../../sim/few';
import { err, ok, type Result } from '../../sim/result';
import { containerLimits } from '../../linux/process/rlimits';
import type { OpenFile } from '../../linux/io/open-file';
import { neverReturns } from '../../linux/process/blocking';
import { signalNumber } from '../../linux/process/signals';
import type { Child, Namespaces, Process, SignalName, WaitStatus } from '../../linux/process/types';
import type { DevPts, PtyMaster, WindowSize } from '../../linux/tty/types';
import { containerdOf, type Namespace } from '../containerd/metadata';
import type { ContainerHost } from '../host';
import { cgroupFile, cgroupVersion } from '../runc/cgroups';
import { execInContainer, runContainer, type RunningProcess, type Streams } from '../runc/run';
import type { ContainerSpec, ProcessSpec } from '../runc/spec';
import { syscallsOf } from '../runc/syscalls';
import { Input } from './input';
import { Output, OutputFile } from './output';

export interface Exit {
  /** 128 + signal where a signal ended it. */
  readonly code: number;
  readonly signal?: SignalName;
  readonly oomKilled: boolean;
  readonly at: number;
}

export interface StreamOptions {
  readonly terminal: boolean;
  /** Keeps standard input open for clients; else it is /dev/null. */
  readonly stdin: boolean;
  readonly size?: WindowSize;
  /** Of the container (run) or of the process in it (exec). A container's is the shim's own unless it is one of a pod. */
  readonly id?: string;
}

/** One process that a shim started, with its streams: a container's first, or an exec. */
export class ShimProcess {
  exit: Exit | undefined;
  readonly #exits = new Few<(exit: Exit) => void>();

  constructor(
    readonly running: RunningProcess,
    readonly streams: ShimStreams,
    readonly shim: Process,
  ) {}

  /** In the host's pid namespace. */
  get pid(): number {
    return this.running.pid;
  }
  get namespaces(): Namespaces {
    return this.running.namespaces;
  }

  kill(signal: SignalName): void {
    if (this.exit === undefined) this.shim.kill(this.pid, signal);
  }

  /** Calls once when it is dead (at once if it already is). */
  onExit(listener: (exit: Exit) => void): void {
    if (this.exit !== undefined) listener(this.exit);
    else this.#exits.add(listener);
  }

  ended(exit: Exit): void {
    this.exit = exit;
    for (const listener of this.#exits) listener(exit);
    this.#exits.clear();
  }
}

/** Standard streams as the shim holds them. */
export interface ShimStreams {
  readonly stdout: Output;
  /** The same as stdout with a terminal. */
  readonly stderr: Output;
  readonly stdin: Input | undefined;
  readonly pty: PtyMaster | undefined;
}

/** containerd-shim-runc-v2: parent of a pod's (or docker container's) processes, holding their streams. */
export class Shim {
  readonly process: Process;
  readonly #host: ContainerHost;
  readonly #child: Child;
  readonly #namespace: Namespace;
  readonly #id: string;
  readonly #devpts = new WeakMap<ShimProcess, DevPts>();
  readonly #tasks = new FewMap<ShimProcess, string>();

  private constructor(host: ContainerHost, child: Child, namespace: string, id: string) {
    this.#host = host;
    this.#child = child;
    this.process = child.process;
    this.#namespace = containerdOf(host).namespace(namespace);
    this.#id = id;
  }

  static start(host: ContainerHost, namespace: string, id: string): Result<Shim, string> {
    const spawned = host.spawn({
      // It only waits: containerd's calls reach it from outside.
      file: () => neverReturns,
      argv: [
        '/usr/bin/containerd-shim-runc-v2',
        '-namespace',
        namespace,
        '-id',
        id,
        '-address',
        '/run/containerd/containerd.sock',
      ],
      newSession: true,
      cgroup: '/system.slice/containerd.service',
      limits: containerLimits(host.init.host.memory),
    });
    if (!spawned.ok) return err(spawned.error.message);
    const { pid } = spawned.value;
    host.init.trace.record(`containerd-shim@${host.name}`, 'start', id.slice(0, 12), { pid, namespace });
    return ok(new Shim(host, spawned.value, namespace, id));
  }

  /** Creates and starts a container. `prepared` runs in its namespaces before its command does. */
  run(
    spec: ContainerSpec,
    options: StreamOptions,
    prepared?: (child: Process) => Result<void, string>,
  ): Result<ShimProcess, string> {
    const devpts: DevPts = { terminals: new Map() };
    const { streams, given } = this.#open(options, devpts);
    const running = runContainer((spawn) => this.process.spawn(spawn), spec, given, prepared);
    // Only where memory is limited anything can have happened.
    const limited = spec.resources?.memory !== undefined ? spec.cgroupsPath : undefined;
    const started = this.#started(running, streams, limited);
    if (started.ok) this.#devpts.set(started.value, devpts);
    if (started.ok) this.#tell(options.id ?? this.#id, spec, started.value);
    return started;
  }

  /** Tells containerd of a task, and later of its end. */
  #tell(id: string, spec: ContainerSpec, process: ShimProcess): void {
    const { clock, name, init } = this.#host;
    const createdAt = clock.now;
    const { pid } = process;
    init.trace.record(`runc@${name}`, 'create', id.slice(0, 12), creation(spec, pid));
    init.trace.record(`kernel@${name}`, 'execve', spec.process.args[0] ?? '', execution(spec, pid));
    this.#tasks.set(process, id);
    this.#namespace.started({ id, spec, process, createdAt, paused: false, execs: new FewMap() });
    process.onExit(() => {
      this.#namespace.exited(id, id, process);
      this.#namespace.deleteTask(id);
    });
  }

  exec(
    container: ShimProcess,
    cgroupsPath: string,
    process: ProcessSpec,
    options: StreamOptions,
  ): Result<ShimProcess, string> {
    const { streams, given } = this.#open(options, this.#devpts.get(container));
    const { namespaces } = container;
    const running = execInContainer((spawn) => this.process.spawn(spawn), { namespaces, cgroupsPath }, process, given);
    const started = this.#started(running, streams);
    const task = this.#tasks.get(container);
    if (started.ok && task !== undefined) {
      const { value } = started;
      const id = options.id ?? `exec-${value.pid}`;
      this.#namespace.executed(task, id, value);
      const { name, init } = this.#host;
      init.trace.record(`runc@${name}`, 'exec', task.slice(0, 12), { joins: Object.keys(value.namespaces) });
      init.trace.record(`kernel@${name}`, 'execve', process.args[0] ?? '', {
        pid: value.pid,
        args: process.args,
        cwd: process.cwd,
      });
      value.onExit(() => this.#namespace.exited(task, id, value));
    }
    return started;
  }

  /** The last container is gone, and so is the shim. */
  stop(): void {
    this.#host.init.kill(this.#child.pid, 'SIGKILL');
  }

  /** `limited`: the cgroup whose memory.events tell, as the shim's watch on them does, that something was killed for memory. */
  #started(
    running: Result<RunningProcess, string>,
    streams: ShimStreams,
    limited?: string,
  ): Result<ShimProcess, string> {
    if (!running.ok) {
      streams.pty?.hangup();
      streams.stdin?.close();
      return running;
    }
    const process = new ShimProcess(running.value, streams, this.process);
    const cause = running.value.child.process.span;
    void running.value.child.wait().then((status) => {
      const { clock } = this.#host;
      const exit = exitOf(status, clock.now);
      const oomKilled = exit.oomKilled || (limited !== undefined && this.#sawOom(limited));
      running.value.child.process.trace.within(cause, () => process.ended({ ...exit, oomKilled }));
      streams.stdin?.close();
      if (streams.pty !== undefined) {
        streams.pty.hangup();
        streams.stdout.end();
      }
    });
    return ok(process);
  }

  /** Any process of the container counts, not only its first (containerd's TaskOOM event). */
  #sawOom(cgroupsPath: string): boolean {
    const { fs } = this.#host;
    const version = cgroupVersion(fs);
    const file = version === 2 ? 'memory.events' : 'memory.oom_control';
    const events = fs.readText(cgroupFile(version, cgroupsPath, file));
    return events.ok && !events.value.includes('oom_kill 0\n');
  }

  #open(
    { terminal, stdin, size = { rows: 24, columns: 80 } }: StreamOptions,
    devpts: DevPts | undefined,
  ): {
    readonly streams: ShimStreams;
    readonly given: Streams;
  } {
    const { clock } = this.#host;
    const stdout = new Output(clock);
    if (terminal) {
      const pty = this.#host.openPty(size, devpts);
      pty.onOutput((bytes) => stdout.emit(bytes));
      const file = pty.tty.open();
      const fds = new Map<number, OpenFile>([0, 1, 2].map((fd) => [fd, file]));
      return {
        streams: { stdout, stderr: stdout, stdin: undefined, pty },
        given: { fds, tty: pty.tty, ...(devpts && { devpts }) },
      };
    }
    const stderr = new Output(clock);
    const input = stdin ? new Input(clock, nextInode++) : undefined;
    const fds = new Map<number, OpenFile>([
      [1, new OutputFile(`pipe:[${nextInode++}]`, stdout)],
      [2, new OutputFile(`pipe:[${nextInode++}]`, stderr)],
    ]);
    const zero = input?.file ?? this.#null();
    if (zero !== undefined) fds.set(0, zero);
    return { streams: { stdout, stderr, stdin: input, pty: undefined }, given: { fds } };
  }

  #null(): OpenFile | undefined {
    const opened = this.#host.fs.open('/dev/null', { read: true });
    return opened.ok ? opened.value : undefined;
  }
}

// Told only when somebody looks, and by no closure that holds more than this.
const creation = (spec: ContainerSpec, pid: number) => () => ({ syscalls: syscallsOf(spec, pid) });
const execution = (spec: ContainerSpec, pid: number) => () => {
  const { args, cwd } = spec.process;
  return { pid, args, cwd, cgroup: spec.cgroupsPath };
};

// Names only: nobody looks a pipe up by its number.
let nextInode = 60_000;

function exitOf(status: WaitStatus, at: number): Exit {
  switch (status.kind) {
    case 'exited':
      return { code: status.code, oomKilled: false, at };
    case 'signaled':
      return {
        code: 128 + signalNumber(status.signal),
        signal: status.signal,
        oomKilled: status.oom === true,
        at,
      };
    case 'stopped':
    case 'continued':
      return { code: 255, oomKilled: false, at };
  }
}
