import type { Timer } from '../../sim/clock';
import { signalNumber } from '../process/signals';
import type { SignalName, WaitStatus } from '../process/types';
import { describeStatus, isClean, logStatus, resultOf } from './exit-status';
import { messageIds, type Log } from './log';
import { ProcessGroup } from './process-group';
import { environmentOf, startCommand, type Runner, type Started } from './running';
import { Unit } from './unit';
import { namesOf, valueOf, valuesOf, type Definition } from './unit-file';
import { parseCommands, parseSpan, type Command } from './words';

/** A command of a unit that ran: a `Process:` line of `systemctl status`. */
export interface Ran {
  readonly setting: string;
  readonly pid: number;
  readonly text: string;
  readonly status: string;
}

/** The main process: while it runs and after. */
export interface MainProcess {
  readonly pid: number;
  readonly comm: string;
  readonly startedAt: number;
  exitedAt?: number;
  status?: WaitStatus;
}

export interface ServiceContext extends Runner {
  log(entry: Log): void;
  /** Hexadecimal digits for a new run of a unit. */
  invocation(unit: string): string;
  nextJob(): number;
  /** A unit became inactive. */
  idle(unit: Unit): void;
}

export const MINUTE_AND_A_HALF = 90_000;

/** The processes of a service: how they are started, watched and signalled. What that means for the unit: `Service`. */
export abstract class ServiceProcesses extends Unit {
  main: MainProcess | undefined;
  ran: Ran[] = [];
  invocation = '';
  protected readonly context: ServiceContext;
  /** What runs beside the main process: ExecStartPre= and its like. */
  protected control: Started | undefined;
  protected timer: Timer | undefined;

  constructor(name: string, definition: Definition, context: ServiceContext) {
    super(name, definition);
    this.context = context;
  }

  get cgroup(): string {
    const slice = valueOf(this.definition, 'Service', 'Slice') ?? 'system.slice';
    return `/${slice}/${this.name}`;
  }
  get group(): ProcessGroup {
    return new ProcessGroup(this.context.host, this.cgroup);
  }
  get description(): string {
    const text = valueOf(this.definition, 'Unit', 'Description');
    return text === undefined || text === '' ? this.name : `${this.name} - ${text}`;
  }
  get kind(): string {
    const given = valueOf(this.definition, 'Service', 'Type');
    return given ?? (this.commands('ExecStart').length === 0 ? 'oneshot' : 'simple');
  }
  get controlPid(): number {
    return this.control?.pid ?? 0;
  }

  protected now(): number {
    return this.context.host.clock.now;
  }
  protected commands(setting: string): readonly Command[] {
    return valuesOf(this.definition, 'Service', setting).flatMap((value) => parseCommands(value));
  }
  protected setting(key: string): string | undefined {
    return valueOf(this.definition, 'Service', key);
  }
  protected span(key: string, fallback: number): number {
    const given = parseSpan(this.setting(key) ?? this.setting('TimeoutSec'));
    // Nought is no limit (systemd.service(5)).
    return given === 0 ? Infinity : (given ?? fallback);
  }
  protected say(message: string, priority = 6, id?: string, fields?: Readonly<Record<string, string>>): void {
    this.context.log({ unit: this.name, message, priority, id, fields: { JOB_ID: String(this.jobId), ...fields } });
  }
  protected change(active: Unit['active'], sub: string): void {
    if (this.active === 'inactive' || this.active === 'failed') this.logFrom = this.context.journal.next;
    this.become(active, sub, this.now());
  }

  /** Runs commands one after another; the first that fails ends it. */
  protected sequence(setting: string, commands: readonly Command[], then: (ok: boolean) => void, at = 0): void {
    const command = commands[at];
    if (command === undefined) return then(true);
    this.run(setting, command, (status) => {
      const ok = status !== undefined && isClean(status, namesOf(this.definition, 'Service', 'SuccessExitStatus'));
      if (!ok && status !== undefined)
        this.say(
          `${this.name}: Control process exited, ${logStatus(status)}`,
          5,
          messageIds.processExit,
          exitFields(status, setting),
        );
      if (!ok && !command.ignoreFailure) {
        if (this.result === 'success') this.result = status === undefined ? 'resources' : resultOf(status);
        return then(false);
      }
      this.sequence(setting, commands, then, at + 1);
    });
  }

  protected run(setting: string, command: Command, ended: (status: WaitStatus | undefined) => void): void {
    const started = this.spawn(command);
    this.control = started;
    if (started === undefined) return ended(undefined);
    this.watch(started, (status) => {
      if (this.control === started) this.control = undefined;
      this.ran.push({ setting, pid: started.pid, text: started.text, status: describeStatus(status) });
      ended(status);
    });
  }

  protected spawn(command: Command): Started | undefined {
    const more = {
      INVOCATION_ID: this.invocation,
      ...(this.main === undefined || this.main.status !== undefined ? {} : { MAINPID: String(this.main.pid) }),
      ...(this.kind.startsWith('notify') ? { NOTIFY_SOCKET: '/run/systemd/notify' } : {}),
    };
    const env = environmentOf(this.context, this.definition, more);
    const { cgroup, invocation } = this;
    return startCommand(this.context, this.definition, { cgroup, command, env, invocation });
  }

  protected watch({ child }: Started, ended: (status: WaitStatus) => void): void {
    const { clock } = this.context.host;
    child.process.atExit(() => clock.setTimer(0, () => ended(child.process.status ?? { kind: 'exited', code: 0 })));
  }

  /** Signals the unit's processes and calls when all are gone; after the timeout they are killed. */
  protected kill(signal: SignalName, gone: () => void): void {
    const mode = this.setting('KillMode') ?? 'control-group';
    const { host } = this.context;
    const { group } = this;
    const mainPid = this.main?.status === undefined ? this.main?.pid : undefined;
    const wanted = (): readonly { readonly pid: number; readonly comm: string }[] =>
      group.members().filter(({ pid }) => mode === 'control-group' || mode === 'mixed' || pid === mainPid);
    if (mode === 'none' || (wanted().length === 0 && mainPid === undefined)) return gone();
    const send = (which: SignalName, pids: readonly number[]): void => {
      for (const pid of pids) host.init.kill(pid, which);
    };
    const first = mode === 'mixed' && mainPid !== undefined ? [mainPid] : wanted().map(({ pid }) => pid);
    send(signal, first);
    send('SIGCONT', first);
    const limit = this.span('TimeoutStopSec', MINUTE_AND_A_HALF);
    if (limit !== Infinity)
      this.timer = host.clock.setTimer(limit, () => {
        this.say(`${this.name}: State '${this.sub}' timed out. Killing.`, 4);
        this.result = 'timeout';
        this.change('deactivating', 'stop-sigkill');
        for (const { pid, comm } of wanted())
          this.say(`${this.name}: Killing process ${pid} (${comm}) with signal SIGKILL.`, 5);
        send(
          'SIGKILL',
          wanted().map(({ pid }) => pid),
        );
      });
    let mixed = mode === 'mixed' && mainPid !== undefined;
    group.whenFewer(() => {
      if (mixed && !group.members().some(({ pid }) => pid === mainPid)) {
        mixed = false;
        send(
          'SIGKILL',
          wanted().map(({ pid }) => pid),
        );
      }
      if (wanted().length > 0) return false;
      gone();
      return true;
    });
  }

  /** `systemctl kill`. */
  signal(signal: SignalName, whom: 'all' | 'main' | 'control'): void {
    const { host } = this.context;
    for (const { pid, comm } of this.group.members()) {
      const isMain = pid === this.main?.pid;
      if (whom === 'main' && !isMain) continue;
      if (isMain) this.say(`${this.name}: Sent signal ${signal} to main process ${pid} (${comm}) on client request.`);
      else this.say(`${this.name}: Sending signal ${signal} to process ${pid} (${comm}) on client request.`);
      host.init.kill(pid, signal);
    }
  }

  protected cancelTimer(): void {
    if (this.timer !== undefined) this.context.host.clock.cancel(this.timer);
    this.timer = undefined;
  }
}

export const exitFields = (status: WaitStatus, command: string): Readonly<Record<string, string>> => ({
  COMMAND: command,
  EXIT_CODE: status.kind === 'exited' ? 'exited' : 'killed',
  EXIT_STATUS: String(
    status.kind === 'exited' ? status.code : status.kind === 'signaled' ? signalNumber(status.signal) : 0,
  ),
});
