import type { Clock } from '../../sim/clock';
import type { Random } from '../../sim/random';
import type { Span, Trace } from '../../sim/trace';
import type { Capability, Restrictions } from '../capabilities';
import type { Errno, Sys } from '../errno';
import type { FileSystem, MountNamespace } from '../fs/types';
import type { OpenFile } from '../io/open-file';
import type { NetworkAdmin } from '../net/types';
import type { Manager } from '../systemd/manager';
import type { PtyMaster, Tty, WindowSize } from '../tty/types';
import type { Limit, LimitTable, Resource } from './rlimits';

/** One executable. Runs in the process's namespaces; the returned number is its exit status. */
export type Program = (process: Process) => Promise<number>;

export type SignalName =
  | 'SIGHUP'
  | 'SIGINT'
  | 'SIGQUIT'
  | 'SIGILL'
  | 'SIGTRAP'
  | 'SIGABRT'
  | 'SIGBUS'
  | 'SIGFPE'
  | 'SIGKILL'
  | 'SIGUSR1'
  | 'SIGSEGV'
  | 'SIGUSR2'
  | 'SIGPIPE'
  | 'SIGALRM'
  | 'SIGTERM'
  | 'SIGSTKFLT'
  | 'SIGCHLD'
  | 'SIGCONT'
  | 'SIGSTOP'
  | 'SIGTSTP'
  | 'SIGTTIN'
  | 'SIGTTOU'
  | 'SIGURG'
  | 'SIGXCPU'
  | 'SIGXFSZ'
  | 'SIGVTALRM'
  | 'SIGPROF'
  | 'SIGWINCH'
  | 'SIGIO'
  | 'SIGPWR'
  | 'SIGSYS';

/** How a child ended or changed (wait(2)). */
export type WaitStatus =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signaled'; readonly signal: SignalName; readonly oom?: boolean }
  | { readonly kind: 'stopped'; readonly signal: SignalName }
  | { readonly kind: 'continued' };

/** The namespaces of a process (namespaces(7)). Values are compared by identity; `id` is the inode in /proc/<pid>/ns. */
export interface Namespaces {
  readonly pid: Namespace;
  readonly mnt: MountNamespace;
  readonly net: NetworkAdmin;
  readonly uts: Namespace & { hostname: string };
  readonly ipc: Namespace;
  readonly user: Namespace;
  /** `root`: path of the group that is `/` inside; absent: the real root. */
  readonly cgroup: Namespace & { readonly root?: string };
}
export interface Namespace {
  readonly id: number;
}

/** Reads bytes with waiting; iterating yields chunks until end of file. */
export interface ByteReader extends AsyncIterable<Uint8Array> {
  /** Up to `max` bytes; undefined at end of file. Interrupted and killed as a system call. */
  read(max?: number): Promise<Uint8Array | undefined>;
  /** Why the last read(2) failed, which readers take for the end. */
  readonly failure?: Errno | undefined;
  /** One line without its newline; undefined at end of file. Keeps what follows. */
  readLine(): Promise<string | undefined>;
  /** Everything to the end, as text. */
  text(): Promise<string>;
}

/** Writes bytes with back-pressure. SIGPIPE and EPIPE as in the kernel: by default the process ends here. */
export interface ByteWriter {
  /** Resolves when all is taken. A sink that takes all at once costs no turn of the clock. Fails only where SIGPIPE is ignored or handled. */
  write(data: string | Uint8Array): Promise<Sys<void>>;
}

export interface SpawnOptions {
  /** Resolved along PATH by the caller (`process.which`); or a function for a fork that runs a part of the same program. */
  readonly file: string | Program;
  readonly argv: readonly string[];
  readonly env?: ReadonlyMap<string, string>;
  readonly cwd?: string;
  /** Descriptors of the child; default: 0, 1, 2 of the parent. */
  readonly fds?: ReadonlyMap<number, OpenFile>;
  /** `0` makes a new group led by the child, a number joins that group. Default: the parent's. */
  readonly group?: number;
  /** setsid(2). */
  readonly newSession?: boolean;
  /** Sets the group as foreground of the controlling terminal before the child runs. */
  readonly foreground?: boolean;
  /** Makes this tty the controlling terminal of the new session. */
  readonly controllingTty?: Tty;
  readonly user?: Credentials;
  /** chroot(2) below the (possibly new) mount namespace. */
  readonly root?: string;
  /** Runs in the child's namespaces after they are made and before its program: what runc init does (mounts, pivot_root, hostname). An error fails the spawn. */
  readonly setup?: (child: Process) => Sys<void>;
  /** clone(2) flags: a fresh namespace, or one to join. */
  readonly namespaces?: Partial<{ readonly [N in keyof Namespaces]: 'new' | Namespaces[N] }>;
  /** Path in the cgroup tree, `/system.slice/docker-….scope`. Default: the parent's. */
  readonly cgroup?: string;
  /** Default: the parent's. */
  readonly limits?: LimitTable;
  /** Signals ignored in the child (nohup, background jobs of a non-interactive shell). */
  readonly ignoredSignals?: readonly SignalName[];
}

export interface Credentials {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  /** The real ids where they are not those above, which a set-user-ID program acts by. */
  readonly real?: { readonly uid: number; readonly gid: number };
  /** What a container runtime took away; absent: nothing. */
  readonly restrictions?: Restrictions | undefined;
}

/** A process as its program sees it: system calls and little else. */
export interface Process {
  /** In its own pid namespace. */
  readonly pid: number;
  readonly parentPid: number;
  readonly group: number;
  readonly session: number;
  /** May be replaced: what ps shows (setproctitle(3)). */
  argv: readonly string[];
  /** argv without argv[0]. */
  readonly args: readonly string[];
  readonly env: Map<string, string>;
  cwd: string;
  umask: number;
  readonly credentials: Credentials;
  readonly stdin: ByteReader;
  readonly stdout: ByteWriter;
  readonly stderr: ByteWriter;
  /** The controlling terminal, if any. */
  readonly tty: Tty | undefined;
  readonly namespaces: Namespaces;
  /** Paths resolve in this process's mount namespace, root and cwd, with its credentials. */
  readonly fs: FileSystem;
  /** The network namespace; connect(), listen() and so on of this process go through it. */
  readonly net: NetworkAdmin;
  readonly signals: Signals;
  readonly host: HostView;
  readonly clock: Clock;
  readonly random: Random;
  readonly trace: Trace;
  /** How it ended, once it has. */
  readonly status: WaitStatus | undefined;
  /** The span under which this process acts: parent of what it records and spawns. A shell sets it for each command line. */
  span: number;
  /** Records a span under this process's own. `actor` defaults to the program's name. */
  record(verb: string, subject: string, detail?: Readonly<Record<string, unknown>>): Span;

  /** fork + exec. ENOENT, EACCES, ENOEXEC, EAGAIN as execve(2) and fork(2). */
  spawn(options: SpawnOptions): Sys<Child>;
  /** Replaces this program (execve): runs it in the same process and ends with its status. */
  exec(file: string, argv: readonly string[], env?: ReadonlyMap<string, string>): Promise<Sys<never>>;
  /** Looks a command up along this process's PATH; the path, or undefined. */
  which(command: string): string | undefined;
  /** A pid of this pid namespace; negative: a process group; -1: all that may be signalled. 0 as signal only checks. */
  kill(pid: number, signal: SignalName | 0): Sys<void>;
  /** wait(2) for any child; undefined if there is none (ECHILD). */
  wait(options?: {
    /** A child's pid; negative: any child of that process group. */
    readonly pid?: number;
    /** Also tells of children that stopped or continued. */
    readonly stopped?: boolean;
    /** WNOHANG: undefined also if none has changed yet. */
    readonly noHang?: boolean;
  }): Promise<{ readonly pid: number; readonly status: WaitStatus } | 'interrupted' | undefined>;

  readonly fds: FileDescriptors;
  pipe(): { readonly read: OpenFile; readonly write: OpenFile };
  /** Sleeps in virtual time; ends early by a handled signal (returns false). */
  sleep(ms: number): Promise<boolean>;
  /** Accounts virtual CPU time; now and then waits for the scheduler, so that endless loops can be interrupted. */
  compute(microseconds: number): Promise<void> | undefined;
  /** Charges what `total` says has been used, in milliseconds, from now until the end; it is asked when somebody looks. */
  accountCpu(total: () => number): void;
  /**
   * The one way to wait for anything in the simulation: `start` arranges for `wake` and returns how to cancel. With
   * `interruptible`, a handled signal ends it with EINTR (else the call goes on after the handler, as with SA_RESTART).
   * A deadly signal simply never resumes the program: nothing of it runs any more, as in a kernel.
   */
  block<T>(
    start: (wake: (value: T) => void) => () => void,
    options?: { readonly interruptible?: boolean },
  ): Promise<Sys<T>>;
  /** Runs something beside the program in the same process (a connection of a server). Never awaited; ends with the process. */
  thread(run: () => Promise<unknown>): void;
  /** Runs when the process ends, however it ends (the kernel's clean-up, not the program's). The result takes it back. */
  atExit(run: () => void): () => void;
  /** Memory that the program holds beyond what every process has: charged to its cgroup, whose memory.max may kill for it. */
  readonly memory: ProcessMemory;
  /** getrlimit(2), setrlimit(2). */
  readonly limits: ProcessLimits;
  /** /proc/<pid>/oom_score_adj. */
  oomScoreAdj: number;
  /** prctl(PR_SET_CHILD_SUBREAPER): orphans below become its children. */
  subreaper: boolean;
  /** setsid(2): the new session. */
  setsid(): Sys<number>;
  /** TIOCSCTTY by the leader of a session without a terminal. */
  takeTerminal(tty: Tty): void;
  /** setns(2); of a pid namespace, for its children. */
  setns(namespaces: Partial<Namespaces>): Sys<void>;
  /** unshare(2); of a pid namespace, for its children. */
  unshare(names: readonly (keyof Namespaces)[]): Sys<void>;
  /** chroot(2). */
  chroot(path: string): Sys<void>;
  /** Has it that capability in its user namespace (capabilities(7))? */
  capable(name: Capability): boolean;
  /** setgroups(2), setresgid(2) and setresuid(2): root may become anybody, others who they really are. */
  setCredentials(credentials: Credentials): Sys<void>;
  /** Ends the process at once, unwinding the program by an exception that it must not catch: `ProcessEnded`. */
  exit(status: number): never;
}

export interface ProcessMemory {
  /** Takes and touches memory. ENOMEM over RLIMIT_AS; over memory.max the OOM killer ends somebody, maybe this process. */
  allocate(bytes: number): Sys<void>;
  free(bytes: number): void;
  /** Bytes that were allocated and not freed. */
  readonly held: number;
}

export interface ProcessLimits {
  get(resource: Resource): Limit;
  set(resource: Resource, limit: Limit): Sys<void>;
}

export interface Child {
  readonly pid: number;
  /** The child as the kernel sees it: for who starts containers and needs its namespaces. */
  readonly process: Process;
  /** Resolves when it ends (also reaps it). Interruptible through the parent's `block`. */
  wait(options?: { readonly stopped?: boolean }): Promise<WaitStatus>;
}

export interface FileDescriptors {
  get(fd: number): OpenFile | undefined;
  /** dup2: closes what was there, retains the file. */
  set(fd: number, file: OpenFile): void;
  close(fd: number): Sys<void>;
  /** Installs at the lowest free descriptor ≥ from. */
  install(file: OpenFile, from?: number): number;
  entries(): readonly (readonly [number, OpenFile])[];
  /** read(2): interrupted by handled signals. Empty at end of file. */
  read(fd: number, max: number): Promise<Sys<Uint8Array>>;
  /** write(2), but all of it. */
  write(fd: number, bytes: Uint8Array): Promise<Sys<void>>;
  reader(fd: number): ByteReader;
  writer(fd: number): ByteWriter;
}

export interface Signals {
  /** Installs a handler; the result restores the former disposition. Handlers run before the interrupted call returns. */
  handle(signal: SignalName, handler: (signal: SignalName) => void): () => void;
  ignore(signal: SignalName): () => void;
  reset(signal: SignalName): void;
  disposition(signal: SignalName): 'default' | 'ignore' | 'handler';
}

/** Parts of a kernel that not every one has: a security module, the magic key, /sys/hypervisor. */
export type KernelPart = 'apparmor' | 'sysrq' | 'hypervisor' | 'ip_vs' | 'kcore' | 'inode64' | 'br_netfilter';

/** What programs may know of the machine they run on (procps, hostname, uname, dmesg …). */
export interface HostView {
  readonly name: string;
  readonly bootedAt: number;
  /** Processes visible in the pid namespace of `viewer`. */
  processes(viewer: Process): readonly ProcessInfo[];
  /** The pid of a process as `viewer` sees it; undefined where it does not. */
  pidOf(viewer: Process, process: Process): number | undefined;
  readonly cpus: number;
  /** Bytes. */
  readonly memory: number;
  /** `uname -r`, where it is not Debian's. */
  readonly release?: string | undefined;
  /** Which cgroups it has, where they are not v2. */
  readonly cgroup?: 'v1' | undefined;
  /** What its kernel was built without. */
  readonly without: readonly KernelPart[];
  /** PID 1's service manager, once the host has booted with one. */
  readonly systemd?: Manager | undefined;
  /** prlimit(2): the limits of another process, by its pid as `viewer` sees it. */
  limitsOf(viewer: Process, pid: number): { readonly limits: ProcessLimits } | undefined;
  /** A signal from the kernel itself (PR_SET_PDEATHSIG). */
  signal(target: Process, signal: SignalName): void;
  /** A new pty of this host, `/dev/pts/N`. */
  openPty(size: WindowSize): PtyMaster;
}

export interface ProcessInfo {
  readonly pid: number;
  readonly parentPid: number;
  readonly group: number;
  readonly session: number;
  readonly foregroundGroup: number;
  readonly uid: number;
  readonly state: 'R' | 'S' | 'D' | 'T' | 'Z';
  readonly argv: readonly string[];
  readonly comm: string;
  readonly tty: string | undefined;
  readonly startedAt: number;
  readonly cpuMs: number;
  readonly rssKb: number;
  readonly cgroup: string;
  readonly namespaces: Namespaces;
}

export type { Errno };
