import type { Clock } from '../../sim/clock';
import type { Random } from '../../sim/random';
import type { Span, Trace } from '../../sim/trace';
import { fail, type Sys } from '../errno';
import type { FileSystem } from '../fs/types';
import { createPipe } from '../io/pipe';
import type { OpenFile } from '../io/open-file';
import type { NetworkAdmin } from '../net/types';
import type { Tty } from '../tty/types';
import { BlockedCall, type Blocked } from './blocked-call';
import type { Cgroup } from './cgroup';
import { DescriptorTable, type DescriptorHooks } from './file-descriptors';
import type { Kernel } from './kernel';
import type { PidNamespace } from './pid-namespace';
import { processEnded } from './process-ended';
import { SignalState } from './signal-state';
import type { ByteReader, ByteWriter, Child, Credentials, HostView, Namespaces, Process, Program } from './types';
import type { SignalName, SpawnOptions, WaitStatus } from './types';

const never: Promise<never> = { then: () => never } as unknown as Promise<never>;
const done: Sys<void> = { ok: true, value: undefined };

export interface TaskOptions {
  readonly kernel: Kernel;
  readonly parent: Task | undefined;
  readonly spawn: SpawnOptions;
  readonly namespaces: Namespaces & { readonly pid: PidNamespace };
  readonly cgroup: Cgroup;
  readonly comm: string;
}

/** One process (`task_struct`, with a single thread group): the implementation behind `Process`. */
export class Task implements Process, DescriptorHooks {
  readonly kernel: Kernel;
  namespaces: Namespaces & { readonly pid: PidNamespace };
  readonly pids: ReadonlyMap<PidNamespace, number>;
  parent: Task | undefined;
  readonly children = new Set<Task>();
  group: number;
  session: number;
  tty: Tty | undefined;
  argv: readonly string[];
  comm: string;
  env: Map<string, string>;
  cwd: string;
  umask: number;
  credentials: Credentials;
  cgroup: Cgroup;
  span: number;
  readonly fds: DescriptorTable;
  readonly signals: SignalState;
  readonly startedAt: number;
  cpuMs = 0;
  rssKb = 1_024;
  /** The program that runs, by the name in its executable; undefined for a fork of the parent's program. */
  executable: string | undefined;

  status: WaitStatus | undefined;
  stopped: SignalName | undefined;
  /** wait(2) has not told the parent of this stop or continuation yet. */
  changed: WaitStatus | undefined;
  reaped = false;

  #root: string;
  #fs: FileSystem | undefined;
  readonly #blocked = new Set<Blocked>();
  #held: (() => void)[] = [];
  // Made when somebody needs them: most processes never do.
  #exits: Set<() => void> | undefined;
  #waiters: Set<() => void> | undefined;
  #owedMicroseconds = 0;

  constructor({ kernel, parent, spawn, namespaces, cgroup, comm }: TaskOptions) {
    this.kernel = kernel;
    this.parent = parent;
    this.namespaces = namespaces;
    this.cgroup = cgroup;
    this.comm = comm;
    this.argv = spawn.argv;
    this.env = new Map(spawn.env ?? parent?.env);
    this.cwd = spawn.cwd ?? parent?.cwd ?? '/';
    this.umask = parent?.umask ?? 0o022;
    this.credentials = spawn.user ?? parent?.credentials ?? { uid: 0, gid: 0, groups: [0] };
    this.#root = spawn.root ?? parent?.root ?? '/';
    this.startedAt = kernel.clock.now;
    this.pids = namespaces.pid.admit(this);
    this.group = spawn.group === undefined ? (parent?.group ?? this.globalPid) : this.#joins(spawn.group);
    this.session = parent?.session ?? this.globalPid;
    this.tty = parent?.tty;
    this.span = parent?.span ?? kernel.trace.current;
    if (spawn.newSession === true) {
      this.session = this.globalPid;
      this.group = this.globalPid;
      this.tty = undefined;
    }
    if (spawn.controllingTty !== undefined) {
      this.tty = spawn.controllingTty;
      this.tty.session = this.session;
      this.tty.foregroundGroup = this.group;
    }
    if (spawn.foreground === true && this.tty !== undefined) this.tty.foregroundGroup = this.group;
    this.signals = new SignalState(parent?.signals, spawn.ignoredSignals ?? []);
    this.fds = new DescriptorTable(this, this, spawn.fds ?? standardStreams(parent));
    cgroup.tasks.add(this);
    parent?.children.add(this);
  }

  #joins(group: number): number {
    if (group === 0) return this.globalPid;
    return this.namespaces.pid.get(group)?.globalPid ?? group;
  }

  /** In the outermost pid namespace: groups and sessions are kept by it. */
  get globalPid(): number {
    return this.pids.get(this.kernel.pidNamespace) ?? 0;
  }

  get pid(): number {
    return this.pids.get(this.namespaces.pid) ?? 0;
  }

  pidIn(namespace: PidNamespace): number | undefined {
    return this.pids.get(namespace);
  }

  get parentPid(): number {
    return this.parent?.pidIn(this.namespaces.pid) ?? 0;
  }

  get args(): readonly string[] {
    return this.argv.slice(1);
  }
  get stdin(): ByteReader {
    return this.fds.reader(0);
  }
  get stdout(): ByteWriter {
    return this.fds.writer(1);
  }
  get stderr(): ByteWriter {
    return this.fds.writer(2);
  }
  get net(): NetworkAdmin {
    return this.namespaces.net;
  }
  get host(): HostView {
    return this.kernel.host;
  }
  get clock(): Clock {
    return this.kernel.clock;
  }
  get random(): Random {
    return this.kernel.random;
  }
  get trace(): Trace {
    return this.kernel.trace;
  }
  get root(): string {
    return this.#root;
  }

  get fs(): FileSystem {
    this.#fs ??= this.namespaces.mnt.view(this.kernel.contextOf(this), this.#root);
    return this.#fs;
  }

  record(verb: string, subject: string, detail?: Readonly<Record<string, unknown>>): Span {
    return this.trace.within(this.span, () => this.trace.record(this.actor, verb, subject, detail));
  }

  get actor(): string {
    return this.kernel.actor(this.comm);
  }

  spawn(options: SpawnOptions): Sys<Child> {
    this.#mustLive();
    return this.kernel.spawn(this, options);
  }

  async exec(file: string, argv: readonly string[], env?: ReadonlyMap<string, string>): Promise<Sys<never>> {
    this.#mustLive();
    const found = this.kernel.lookup(this, file, argv);
    if (!found.ok) return found;
    if (env !== undefined) this.env = new Map(env);
    this.argv = found.value.argv;
    this.comm = found.value.comm;
    this.executable = found.value.name;
    this.signals.afterExec();
    this.kernel.run(this, found.value.program);
    return never;
  }

  which(command: string): string | undefined {
    if (command.includes('/')) return this.#isExecutable(command) ? command : undefined;
    for (const folder of (this.env.get('PATH') ?? '/bin:/usr/bin').split(':')) {
      const path = `${folder === '' ? '.' : folder}/${command}`;
      if (this.#isExecutable(path)) return path;
    }
    return undefined;
  }

  #isExecutable(path: string): boolean {
    const stat = this.fs.stat(path);
    return stat.ok && stat.value.type === 'file' && this.fs.access(path, { execute: true }).ok;
  }

  kill(pid: number, signal: SignalName | 0): Sys<void> {
    this.#mustLive();
    const result = this.kernel.kill(this, pid, signal);
    this.#mustLive();
    return result;
  }

  async wait({ pid = -1, stopped = false, noHang = false }: WaitOptions = {}): ReturnType<Process['wait']> {
    for (;;) {
      const candidates = [...this.children].filter((child) => pid === -1 || this.#isWanted(child, pid));
      if (candidates.length === 0) return undefined;
      for (const child of candidates) {
        const status = stopped ? (child.status ?? child.changed) : child.status;
        if (status === undefined) continue;
        const told = { pid: child.pidIn(this.namespaces.pid) ?? 0, status };
        child.changed = undefined;
        if (child.status !== undefined) child.reap();
        return told;
      }
      if (noHang) return undefined;
      const waited = await this.block<void>((wake) => this.onChildChange(wake), { interruptible: true });
      if (!waited.ok) return 'interrupted';
    }
  }

  #isWanted(child: Task, pid: number): boolean {
    return pid > 0 ? child.pidIn(this.namespaces.pid) === pid : child.group === this.#joins(-pid);
  }

  /** Calls once, through the clock, when a child ended, stopped or went on. */
  onChildChange(wake: () => void): () => void {
    (this.#waiters ??= new Set()).add(wake);
    return () => this.#waiters?.delete(wake);
  }

  childChanged(): void {
    if (this.#waiters === undefined) return;
    const woken = [...this.#waiters];
    this.#waiters.clear();
    if (woken.length > 0) this.clock.setTimer(0, () => woken.forEach((wake) => wake()));
  }

  pipe(): { readonly read: OpenFile; readonly write: OpenFile } {
    return createPipe(this.clock, this.kernel.nextInode());
  }

  async sleep(ms: number): Promise<boolean> {
    const slept = await this.block<void>(
      (wake) => {
        const timer = this.clock.setTimer(ms, wake);
        return () => this.clock.cancel(timer);
      },
      { interruptible: true },
    );
    return slept.ok;
  }

  /** How much CPU time a program may use before others get their turn (CFS' default slice is of this order). */
  compute(microseconds: number): Promise<void> | undefined {
    this.#owedMicroseconds += microseconds;
    if (this.#owedMicroseconds < SLICE) return undefined;
    const ms = this.#owedMicroseconds / 1000;
    this.#owedMicroseconds = 0;
    this.cpuMs += ms;
    this.cgroup.cpuMs += ms;
    return this.block<void>((wake) => {
      const timer = this.clock.setTimer(ms, wake);
      return () => this.clock.cancel(timer);
    }).then(() => undefined);
  }

  block<T>(
    start: (wake: (value: T) => void) => () => void,
    { interruptible = false }: { readonly interruptible?: boolean } = {},
  ): Promise<Sys<T>> {
    if (this.status !== undefined) return never;
    const call = new BlockedCall<T>(this, interruptible);
    this.#blocked.add(call);
    call.cancel = this.trace.within(this.span, () => start((value) => call.end({ ok: true, value })));
    return call.result.promise;
  }

  /** A blocked call is over: it returns as soon as the process is not stopped. */
  returns(call: Blocked, go: () => void): void {
    this.#blocked.delete(call);
    if (this.status !== undefined) return;
    if (this.stopped !== undefined) this.#held.push(() => this.returns(call, go));
    else go();
  }

  thread(run: () => Promise<unknown>): void {
    if (this.status !== undefined) return;
    this.kernel.guard(this, run);
  }

  atExit(run: () => void): () => void {
    (this.#exits ??= new Set()).add(run);
    return () => this.#exits?.delete(run);
  }

  setns(namespaces: Partial<Namespaces>): Sys<void> {
    this.namespaces = { ...this.namespaces, ...namespaces } as Task['namespaces'];
    this.#fs = undefined;
    if (namespaces.mnt !== undefined) {
      this.#root = '/';
      this.cwd = '/';
    }
    return done;
  }

  chroot(path: string): Sys<void> {
    const real = this.fs.realpath(path);
    if (!real.ok) return real;
    this.#root = this.#root === '/' ? real.value : `${this.#root}${real.value}`;
    this.#fs = undefined;
    return done;
  }

  setCredentials(credentials: Credentials): Sys<void> {
    if (this.credentials.uid !== 0) return fail('EPERM');
    this.credentials = credentials;
    return done;
  }

  exit(status: number): never {
    this.end({ kind: 'exited', code: status & 0xff });
    throw processEnded();
  }

  #mustLive(): void {
    if (this.status !== undefined) throw processEnded();
  }

  /** A signal arrives (`do_send_sig_info`, then `get_signal` at once: there is nothing to wait for). */
  deliver(signal: SignalName, { oom = false }: { readonly oom?: boolean } = {}): void {
    if (this.status !== undefined) return;
    const action = this.signals.actionFor(signal, this.namespaces.pid.init === this);
    if (signal === 'SIGCONT' || signal === 'SIGKILL') this.#continue(signal === 'SIGCONT');
    switch (action.kind) {
      case 'ignore':
        return;
      case 'handle':
        this.trace.within(this.span, () => action.handler(signal));
        for (const blocked of [...this.#blocked]) if (blocked.interruptible) blocked.interrupt();
        return;
      case 'stop':
        this.#stop(signal);
        return;
      case 'terminate':
        this.end(oom ? { kind: 'signaled', signal, oom } : { kind: 'signaled', signal });
    }
  }

  #stop(signal: SignalName): void {
    if (this.stopped !== undefined) return;
    this.stopped = signal;
    this.changed = { kind: 'stopped', signal };
    this.#tellParent();
  }

  #continue(tell: boolean): void {
    if (this.stopped === undefined) return;
    this.stopped = undefined;
    if (tell) {
      this.changed = { kind: 'continued' };
      this.#tellParent();
    }
    const held = this.#held;
    this.#held = [];
    for (const resume of held) resume();
  }

  #tellParent(): void {
    this.parent?.deliver('SIGCHLD');
    this.parent?.childChanged();
  }

  /** `do_exit`: gives everything back and becomes a zombie until the parent waits. */
  end(status: WaitStatus): void {
    if (this.status !== undefined) return;
    this.status = status;
    this.cgroup.tasks.delete(this);
    this.#blocked.clear();
    this.#held = [];
    this.trace.within(this.span, () => {
      const exits = this.#exits;
      if (exits !== undefined) for (const run of [...exits]) run();
      this.#exits = undefined;
      this.fds.closeAll();
      this.kernel.buryFamily(this);
      this.#tellParent();
    });
  }

  brokenPipe(): void {
    this.deliver('SIGPIPE');
  }

  /** Takes the zombie away. */
  reap(): void {
    if (this.reaped) return;
    this.reaped = true;
    this.parent?.children.delete(this);
    for (const [namespace, pid] of this.pids) namespace.forget(pid);
  }

  /** Job control, before a read: see DescriptorHooks. */
  beforeRead(file: OpenFile): Promise<Sys<void>> | undefined {
    const { tty } = this;
    if (file.kind !== 'tty' || tty === undefined || file.name !== tty.path) return undefined;
    if (tty.foregroundGroup === this.group || tty.session !== this.session) return undefined;
    if (this.signals.disposition('SIGTTIN') === 'ignore') return Promise.resolve(fail('EIO'));
    this.kernel.signalGroup(this.group, 'SIGTTIN');
    return this.block<void>((wake) => {
      const timer = this.clock.setTimer(0, wake);
      return () => this.clock.cancel(timer);
    });
  }
}

type WaitOptions = NonNullable<Parameters<Process['wait']>[0]>;

/** Microseconds. */
const SLICE = 3_000;

function standardStreams(parent: Task | undefined): ReadonlyMap<number, OpenFile> {
  const files = new Map<number, OpenFile>();
  for (const fd of [0, 1, 2]) {
    const file = parent?.fds.get(fd);
    if (file !== undefined) files.set(fd, file);
  }
  return files;
}

export type { Program };
