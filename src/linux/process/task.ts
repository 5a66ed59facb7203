import { type FewMap } from '../../sim/few-map';
import type { Clock } from '../../sim/clock';
import { Few } from '../../sim/few';
import type { Random } from '../../sim/random';
import { ok } from '../../sim/result';
import type { Span, Trace } from '../../sim/trace';
import type { Capability } from '../capabilities';
import { fail, type Sys } from '../errno';
import type { FileSystem } from '../fs/types';
import { createPipe } from '../io/pipe';
import type { OpenFile } from '../io/open-file';
import type { NetworkAdmin } from '../net/types';
import type { Tty } from '../tty/types';
import { Blocking, neverReturns } from './blocking';
import type { Cgroup } from './cgroup';
import { changedCredentials, credentialsIn, isCapable, rootCredentials } from './credentials';
import { exec, which } from './exec';
import { DescriptorTable, standardStreams, type DescriptorHooks } from './file-descriptors';
import { checkTerminal, setsid, takeTerminal } from './job-control';
import type { Kernel } from './kernel';
import { ownerOf, setns, unshare, type TaskNamespaces } from './namespaces';
import { networkOf } from './network-guard';
import type { PidNamespace } from './pid-namespace';
import { processEnded } from './process-ended';
import { defaultLimits, ResourceLimits, type LimitTable } from './rlimits';
import { SignalState } from './signal-state';
import { accountCpu, compute } from './task-cpu';
import { BASE_KB, FILE_KB, type TaskOptions } from './task-options';
import { TaskMemory } from './task-memory';
import { deliverSignal, tellParent } from './task-signals';
import { ChildWaiters, waitForChild, type WaitOptions } from './task-wait';
import type { ByteReader, ByteWriter, Child, Credentials, HostView, Namespaces, Process } from './types';
import type { SignalName, SpawnOptions, WaitStatus } from './types';
import type { UserNamespace } from './user-namespace';

const isOk = ({ ok }: { readonly ok: boolean }): boolean => ok;

/** One process (`task_struct`, with a single thread group): the implementation behind `Process`. */
export class Task implements Process, DescriptorHooks {
  readonly kernel: Kernel;
  namespaces: TaskNamespaces;
  /** unshare(CLONE_NEWPID) and setns(2): where children are born. */
  pidForChildren: PidNamespace | undefined;
  readonly pids: FewMap<PidNamespace, number>;
  parent: Task | undefined;
  readonly children = new Few<Task>();
  group: number;
  session: number;
  tty: Tty | undefined;
  argv: readonly string[];
  comm: string;
  env: Map<string, string>;
  cwd: string;
  umask: number;
  /** Ids as the kernel keeps them, outside all user namespaces. */
  kernelCredentials: Credentials;
  cgroup: Cgroup;
  span: number;
  readonly fds: DescriptorTable;
  readonly signals: SignalState;
  readonly startedAt: number;
  /** CPU time that is accounted already. */
  usedMs = 0;
  /** Accounts what has come since, where that is only worked out when somebody looks. */
  settleCpu: (() => void) | undefined;
  /** CPU time that no turn of the scheduler was taken for yet. */
  owedMicroseconds = 0;
  /** It waits for nothing but its processor. */
  computing = false;
  /** CPU time of children that were waited for. */
  childrenCpuMs = 0;
  rssKb = BASE_KB;
  readonly fileKb = FILE_KB;
  oomScoreAdj: number;
  /** The program that runs, by the name in its executable; undefined for a fork of the parent's program. */
  executable: string | undefined;
  /** Its file. */
  exe: string;

  status: WaitStatus | undefined;
  stopped: SignalName | undefined;
  /** Its cgroup is frozen. */
  frozen = false;
  /** wait(2) has not told the parent of this stop or continuation yet. */
  changed: WaitStatus | undefined;
  reaped = false;
  readonly blocking: Blocking;

  #subreaper = false;
  #root: string;
  #fs: FileSystem | undefined;
  #limitTable: LimitTable;
  // Made when somebody needs them: most processes never do.
  #limits: ResourceLimits | undefined;
  #memory: TaskMemory | undefined;
  #exits: Few<() => void> | undefined;
  #waiters: ChildWaiters | undefined;

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
    this.kernelCredentials = spawn.user ?? parent?.kernelCredentials ?? rootCredentials;
    this.#limitTable = spawn.limits ?? parent?.limitTable ?? defaultLimits;
    this.oomScoreAdj = parent?.oomScoreAdj ?? 0;
    this.exe = parent?.exe ?? '/usr/lib/systemd/systemd';
    this.#root = spawn.root ?? parent?.root ?? '/';
    this.startedAt = kernel.clock.now;
    this.pids = namespaces.pid.admit(this);
    this.group = spawn.group === undefined ? (parent?.group ?? this.globalPid) : this.groupOf(spawn.group);
    this.session = parent?.session ?? this.globalPid;
    this.tty = parent?.tty;
    this.span = parent?.span ?? kernel.trace.current;
    takeTerminal(this, spawn);
    this.signals = new SignalState(parent?.signals, spawn.ignoredSignals ?? []);
    this.blocking = new Blocking(this);
    this.fds = new DescriptorTable(this, this, spawn.fds ?? standardStreams(parent));
    cgroup.admit(this);
    if (cgroup.frozen) this.frozen = true;
    parent?.children.add(this);
  }

  /** A group by the number that this process knows it by; 0 is its own. */
  groupOf(group: number): number {
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
    return networkOf(this);
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
  get credentials(): Credentials {
    return credentialsIn(this.namespaces.user, this.kernelCredentials);
  }
  /** What it does now, as proc(5) shows it. A process that looks at itself runs. */
  get state(): 'R' | 'S' | 'T' | 'Z' {
    if (this.status !== undefined) return 'Z';
    if (this.stopped !== undefined) return 'T';
    return this.computing ? 'R' : 'S';
  }

  get fs(): FileSystem {
    this.#fs ??= this.namespaces.mnt.view(this.kernel.contextOf(this), this.#root);
    return this.#fs;
  }

  get limitTable(): LimitTable {
    return this.#limits?.table ?? this.#limitTable;
  }
  get limits(): ResourceLimits {
    return (this.#limits ??= new ResourceLimits(this.#limitTable, () =>
      this.capableFor(this.kernel.userNamespace, 'SYS_RESOURCE'),
    ));
  }
  get memory(): TaskMemory {
    return (this.#memory ??= new TaskMemory(this));
  }
  /** Kilobytes of address space: what it holds, with libraries and stack as usual programs have them. */
  get virtualKb(): number {
    return this.rssKb + 2_048 + (this.#memory?.reservedKb ?? 0);
  }

  /** A capability with respect to what that user namespace owns (user_namespaces(7)). */
  capableFor(owner: UserNamespace, capability: Capability): boolean {
    return isCapable(this, owner, capability);
  }
  capableIn(namespace: object, capability: Capability): boolean {
    return this.capableFor(ownerOf(this.kernel, namespace), capability);
  }
  capable(name: Capability): boolean {
    return this.capableFor(this.namespaces.user, name);
  }

  get subreaper(): boolean {
    return this.#subreaper;
  }
  set subreaper(adopts: boolean) {
    this.#subreaper = adopts;
    if (adopts) this.kernel.hasSubreapers = true;
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
    const started = exec(this, file, argv, env);
    return started.ok ? neverReturns : started;
  }

  which(command: string): string | undefined {
    return which(this, command);
  }

  kill(pid: number, signal: SignalName | 0): Sys<void> {
    this.#mustLive();
    const result = this.kernel.kill(this, pid, signal);
    this.#mustLive();
    return result;
  }

  async wait(options?: WaitOptions): ReturnType<Process['wait']> {
    return waitForChild(this, options);
  }

  onChildChange(wake: () => void): () => void {
    return (this.#waiters ??= new ChildWaiters(this.clock)).add(wake);
  }

  childChanged(): void {
    this.#waiters?.wake();
  }

  pipe(): { readonly read: OpenFile; readonly write: OpenFile } {
    return createPipe(this.clock, this.kernel.nextInode());
  }

  sleep(ms: number): Promise<boolean> {
    return this.blocking.block<void>((wake) => this.after(ms, wake), true).then(isOk);
  }

  /** Calls then; the result takes it back. */
  after(ms: number, wake: () => void): () => void {
    const timer = this.clock.setTimer(ms, wake);
    return () => this.clock.cancel(timer);
  }

  get cpuMs(): number {
    this.settleCpu?.();
    return this.usedMs;
  }

  compute(microseconds: number): Promise<void> | undefined {
    return compute(this, microseconds);
  }

  accountCpu(total: () => number): void {
    accountCpu(this, total);
  }

  block<T>(
    start: (wake: (value: T) => void) => () => void,
    { interruptible = false }: { readonly interruptible?: boolean } = {},
  ): Promise<Sys<T>> {
    return this.blocking.block(start, interruptible);
  }

  thread(run: () => Promise<unknown>): void {
    if (this.status !== undefined) return;
    this.kernel.guard(this, run);
  }

  atExit(run: () => void): () => void {
    (this.#exits ??= new Few()).add(run);
    return () => this.#exits?.delete(run);
  }

  setns(namespaces: Partial<Namespaces>): Sys<void> {
    return setns(this, namespaces);
  }

  unshare(names: readonly (keyof Namespaces)[]): Sys<void> {
    return unshare(this, names);
  }

  /** Takes other namespaces; in another mount namespace it stands at the root. */
  enter(namespaces: TaskNamespaces, toRoot: boolean): void {
    this.namespaces = namespaces;
    this.#fs = undefined;
    if (toRoot) {
      this.#root = '/';
      this.cwd = '/';
    }
  }

  chroot(path: string): Sys<void> {
    if (!this.capable('SYS_CHROOT')) return fail('EPERM');
    const real = this.fs.realpath(path);
    if (!real.ok) return real;
    this.#root = this.#root === '/' ? real.value : `${this.#root}${real.value}`;
    this.#fs = undefined;
    return ok(undefined);
  }

  setCredentials(credentials: Credentials): Sys<void> {
    const { user } = this.namespaces;
    const next = changedCredentials(user, this.kernelCredentials, this.capableFor(user, 'SETUID'), credentials);
    if (!next.ok) return next;
    this.kernelCredentials = next.value;
    return ok(undefined);
  }

  setsid(): Sys<number> {
    return setsid(this);
  }

  takeTerminal(tty: Tty): void {
    takeTerminal(this, { controllingTty: tty });
  }

  exit(status: number): never {
    this.end({ kind: 'exited', code: status & 0xff });
    throw processEnded();
  }

  #mustLive(): void {
    if (this.status !== undefined) throw processEnded();
  }

  deliver(signal: SignalName, { oom = false }: { readonly oom?: boolean } = {}): void {
    deliverSignal(this, signal, oom);
  }

  /** `do_exit`: gives everything back and becomes a zombie until the parent waits. */
  end(status: WaitStatus): void {
    if (this.status !== undefined) return;
    this.status = status;
    this.cgroup.dismiss(this);
    this.blocking.clear();
    this.trace.within(this.span, () => {
      const exits = this.#exits;
      if (exits !== undefined) for (const run of [...exits]) run();
      this.#exits = undefined;
      this.fds.closeAll();
      this.kernel.buryFamily(this);
      tellParent(this);
    });
  }

  brokenPipe(): void {
    this.deliver('SIGPIPE');
  }

  /** Takes the zombie away. */
  reap(): void {
    if (this.reaped) return;
    this.reaped = true;
    if (this.parent !== undefined) {
      this.parent.children.delete(this);
      this.parent.childrenCpuMs += this.cpuMs + this.childrenCpuMs;
    }
    for (const [namespace, pid] of this.pids) namespace.forget(pid);
  }

  beforeRead(file: OpenFile): Promise<Sys<void>> | undefined {
    return file.kind === 'tty' ? checkTerminal(this, file, 'SIGTTIN') : undefined;
  }

  beforeWrite(file: OpenFile): Promise<Sys<void>> | undefined {
    if (file.kind !== 'tty' || this.tty?.termios.tostop !== true) return undefined;
    return checkTerminal(this, file, 'SIGTTOU');
  }

  get fileSizeLimit(): number {
    return this.limitTable.FSIZE.soft;
  }
  fileTooLarge(): void {
    this.deliver('SIGXFSZ');
  }
}
