import { parseSignal } from '../process/signals';
import type { WaitStatus } from '../process/types';
import { describeStatus, isClean, logStatus, resultOf } from './exit-status';
import { applyLimits } from './limits';
import { messageIds } from './log';
import type { Started } from './running';
import { exitFields, MINUTE_AND_A_HALF, ServiceProcesses, type MainProcess } from './service-processes';
import type { JobDone, JobResult } from './unit';
import { namesOf, valueOf } from './unit-file';
import { parseSpan, type Command } from './words';

/** A service (systemd.service(5)): how it starts, is watched, started again, and stopped. */
export class Service extends ServiceProcesses {
  restarts = 0;
  /** What STATUS= of sd_notify(3) said. */
  statusText: string | undefined;
  readonly #starting: JobDone[] = [];
  readonly #stopping: JobDone[] = [];
  #starts: number[] = [];
  #stopWanted = false;
  #startAfterStop = false;

  // Starting.

  start(done: JobDone): void {
    if (this.active === 'active' || this.active === 'reloading') return done('done');
    if (this.active === 'activating' && this.sub !== 'auto-restart') {
      this.#starting.push(done);
      return;
    }
    if (this.active === 'deactivating') {
      this.#starting.push(done);
      this.#startAfterStop = true;
      return;
    }
    this.cancelTimer();
    this.#starting.push(done);
    if (this.#tooOften()) {
      this.say(`${this.name}: Start request repeated too quickly.`, 4);
      if (this.result === 'success') this.result = 'start-limit-hit';
      this.say(`${this.name}: Failed with result '${this.result}'.`, 4, messageIds.failureResult, {
        UNIT_RESULT: this.result,
      });
      this.change('failed', 'failed');
      this.#startFailed(this.#takeStarting(), 'failed');
      return;
    }
    this.#begin();
  }

  #tooOften(): boolean {
    // Older files have them in [Service].
    const limit = (key: string): string | undefined =>
      valueOf(this.definition, 'Unit', key) ?? valueOf(this.definition, 'Service', key);
    const within = parseSpan(limit('StartLimitIntervalSec') ?? limit('StartLimitInterval')) ?? 10_000;
    const burst = Number(limit('StartLimitBurst') ?? 5);
    if (within === 0 || burst === 0) return false;
    const now = this.now();
    this.#starts = this.#starts.filter((time) => now - time < within);
    if (this.#starts.length >= burst) return true;
    this.#starts.push(now);
    return false;
  }

  #begin(): void {
    const { host } = this.context;
    this.jobId = this.context.nextJob();
    this.result = 'success';
    this.ran = [];
    this.main = undefined;
    this.statusText = undefined;
    this.#stopWanted = false;
    this.invocation = this.context.invocation(this.name);
    applyLimits(host, this.definition, this.cgroup);
    const before = this.commands('ExecStartPre');
    const slow = before.length > 0 || ['oneshot', 'notify', 'forking', 'notify-reload'].includes(this.kind);
    if (slow) this.change('activating', before.length > 0 ? 'start-pre' : 'start');
    if (slow) this.say(`Starting ${this.description}...`, 6, messageIds.starting);
    const limit = this.span('TimeoutStartSec', this.kind === 'oneshot' ? Infinity : MINUTE_AND_A_HALF);
    if (slow && limit !== Infinity) this.timer = host.clock.setTimer(limit, () => this.#startTimedOut());
    this.sequence('ExecStartPre', before, (ok) => (ok ? this.#startMain() : this.#terminate()));
  }

  #startTimedOut(): void {
    this.say(`${this.name}: ${this.sub} operation timed out. Terminating.`, 4);
    this.result = 'timeout';
    this.#terminate();
  }

  #startMain(): void {
    const commands = this.commands('ExecStart');
    if (this.kind === 'oneshot') return this.#startOneshot(commands, 0);
    const [command] = commands;
    if (command === undefined) return this.#finishStart();
    const started = this.spawn(command);
    if (started === undefined) {
      this.result = 'resources';
      return this.#terminate();
    }
    this.#adopt(started, command);
    if (this.kind === 'forking') {
      this.main = undefined;
      this.control = started;
    }
    if (this.active === 'activating') this.change('activating', 'start');
    if (!['notify', 'notify-reload', 'forking'].includes(this.kind)) this.#finishStart();
  }

  #adopt(started: Started, command: Command): void {
    const main: MainProcess = {
      pid: started.pid,
      comm: (command.path.split('/').at(-1) ?? command.path).slice(0, 15),
      startedAt: this.now(),
    };
    this.main = main;
    this.watch(started, (status) => {
      main.status = status;
      main.exitedAt = this.now();
      this.ran.push({ setting: 'ExecStart', pid: started.pid, text: started.text, status: describeStatus(status) });
      if (this.main === main) this.#mainEnded(status, command);
      else if (this.control === started) this.#forkerEnded(status);
    });
  }

  /** Type=forking: the first process has ended, what it left behind is the daemon. */
  #forkerEnded(status: WaitStatus): void {
    this.control = undefined;
    if (this.active !== 'activating') return;
    if (!isClean(status)) {
      this.result = resultOf(status);
      this.say(
        `${this.name}: Control process exited, ${logStatus(status)}`,
        5,
        messageIds.processExit,
        exitFields(status, 'ExecStart'),
      );
      return this.#terminate();
    }
    const [daemon] = this.group.members();
    if (daemon !== undefined) {
      const main: MainProcess = { pid: daemon.pid, comm: daemon.comm, startedAt: this.now() };
      this.main = main;
      const task = this.context.host.kernel.pidNamespace.get(daemon.pid);
      task?.atExit(() =>
        this.context.host.clock.setTimer(0, () => {
          main.status = task.status ?? { kind: 'exited', code: 0 };
          main.exitedAt = this.now();
          this.#mainEnded(main.status, undefined);
        }),
      );
    }
    this.#finishStart();
  }

  #startOneshot(commands: readonly Command[], at: number): void {
    const command = commands[at];
    if (command === undefined) return this.#finishStart();
    if (this.sub !== 'start') this.change('activating', 'start');
    const started = this.spawn(command);
    if (started === undefined) {
      this.result = 'resources';
      return this.#terminate();
    }
    const main: MainProcess = { pid: started.pid, comm: started.text, startedAt: this.now() };
    this.main = main;
    this.watch(started, (status) => {
      main.status = status;
      main.exitedAt = this.now();
      this.ran.push({ setting: 'ExecStart', pid: started.pid, text: started.text, status: describeStatus(status) });
      if (this.active !== 'activating') return this.#mainEnded(status, command);
      const ok = isClean(status, namesOf(this.definition, 'Service', 'SuccessExitStatus'));
      if (!ok) this.#sayExit(status);
      if (ok || command.ignoreFailure) return this.#startOneshot(commands, at + 1);
      this.result = resultOf(status);
      this.#terminate();
    });
  }

  #finishStart(): void {
    this.cancelTimer();
    const oneshot = this.kind === 'oneshot';
    const remain = this.setting('RemainAfterExit') === 'yes' || this.setting('RemainAfterExit') === 'true';
    const after = this.commands('ExecStartPost');
    const up = (): void => {
      if (oneshot && !remain) {
        this.change('inactive', 'dead');
        this.say(`${this.name}: Deactivated successfully.`, 6, messageIds.success);
        this.main = undefined;
        this.ran = [];
        this.context.idle(this);
      } else this.change('active', oneshot ? 'exited' : 'running');
      this.say(`${oneshot ? 'Finished' : 'Started'} ${this.description}.`, 6, messageIds.started);
      this.#settle(this.#takeStarting(), 'done');
    };
    if (after.length === 0) return up();
    this.change('activating', 'start-post');
    this.sequence('ExecStartPost', after, (ok) => (ok ? up() : this.#terminate()));
  }

  /** sd_notify(3). */
  notify(state: Readonly<Record<string, string>>): void {
    if (state['STATUS'] !== undefined) this.statusText = state['STATUS'];
    if (state['READY'] === '1' && this.active === 'activating' && this.sub === 'start') this.#finishStart();
  }

  // Ends.

  #sayExit(status: WaitStatus): void {
    const priority = status.kind === 'exited' ? 5 : 4;
    this.say(
      `${this.name}: Main process exited, ${logStatus(status)}`,
      priority,
      messageIds.processExit,
      exitFields(status, 'ExecStart'),
    );
  }

  #mainEnded(status: WaitStatus, command: Command | undefined): void {
    const clean = isClean(status, namesOf(this.definition, 'Service', 'SuccessExitStatus'));
    if (status.kind === 'signaled' && status.oom === true) {
      this.say(`${this.name}: A process of this unit has been killed by the OOM killer.`, 4);
      if (!this.#stopWanted) this.result = 'oom-kill';
    }
    if (!clean) this.#sayExit(status);
    if (this.active === 'deactivating') {
      if (!clean && this.result === 'success') this.result = resultOf(status);
      return;
    }
    if (!clean && command?.ignoreFailure !== true && this.result === 'success') this.result = resultOf(status);
    if (this.active === 'activating' && this.kind.startsWith('notify') && clean) this.result = 'protocol';
    this.#terminate();
  }

  /** Whatever is left of the unit's processes goes; then the unit is dead. */
  #terminate(): void {
    this.cancelTimer();
    if (this.active === 'active' || this.active === 'activating' || this.active === 'reloading') {
      const left = this.group.members().length > 0;
      if (left) this.change('deactivating', 'stop-sigterm');
    }
    this.kill(parseSignal(this.setting('KillSignal') ?? 'SIGTERM') ?? 'SIGTERM', () => this.#ended());
  }

  #ended(): void {
    this.cancelTimer();
    this.sequence('ExecStopPost', this.commands('ExecStopPost'), () => this.#dead());
  }

  #dead(): void {
    const failed = this.result !== 'success';
    if (failed)
      this.say(`${this.name}: Failed with result '${this.result}'.`, 4, messageIds.failureResult, {
        UNIT_RESULT: this.result,
      });
    else if (this.active !== 'inactive') this.say(`${this.name}: Deactivated successfully.`, 6, messageIds.success);
    const restart = !this.#stopWanted && this.#restarts();
    this.change(failed ? 'failed' : 'inactive', failed ? 'failed' : 'dead');
    if (this.#stopWanted) this.say(`Stopped ${this.description}.`, 6, messageIds.stopped);
    if (restart) {
      this.change('activating', 'auto-restart');
      const delay = parseSpan(this.setting('RestartSec')) ?? 100;
      this.timer = this.context.host.clock.setTimer(delay, () => this.#again());
    }
    const startAgain = this.#startAfterStop;
    const waiting = this.#takeStarting();
    this.#startAfterStop = false;
    this.#stopWanted = false;
    this.#settle(this.#takeStopping(), 'done');
    if (this.active === 'inactive' && !startAgain) this.context.idle(this);
    if (startAgain) this.start((result) => this.#settle(waiting, result));
    else if (waiting.length > 0) this.#startFailed(waiting, this.result === 'timeout' ? 'timeout' : 'failed');
  }

  #startFailed(waiting: readonly JobDone[], result: JobResult): void {
    this.say(`Failed to start ${this.description}.`, 3, messageIds.failed);
    this.#settle(waiting, result);
  }

  /** Restart= (the table of systemd.service(5)). */
  #restarts(): boolean {
    const policy = this.setting('Restart') ?? 'no';
    const status = this.main?.status;
    if (
      status?.kind === 'exited' &&
      namesOf(this.definition, 'Service', 'RestartPreventExitStatus').includes(String(status.code))
    )
      return false;
    switch (policy) {
      case 'always':
        return true;
      case 'on-success':
        return this.result === 'success';
      case 'on-failure':
        return this.result !== 'success';
      case 'on-abnormal':
        return !['success', 'exit-code'].includes(this.result);
      case 'on-abort':
        return ['signal', 'core-dump'].includes(this.result);
      default:
        return false;
    }
  }

  #again(): void {
    this.timer = undefined;
    this.restarts++;
    this.say(
      `${this.name}: Scheduled restart job, restart counter is at ${this.restarts}.`,
      6,
      messageIds.restartScheduled,
      {
        N_RESTARTS: String(this.restarts),
      },
    );
    this.say(`Stopped ${this.description}.`, 6, messageIds.stopped);
    this.start(() => undefined);
  }

  // Stopping.

  stop(done: JobDone): void {
    if (this.active === 'inactive' || this.active === 'failed') return done('done');
    this.jobId = this.context.nextJob();
    this.#settle(this.#takeStarting(), 'canceled');
    this.#startAfterStop = false;
    if (this.sub === 'auto-restart') {
      this.cancelTimer();
      this.change('inactive', 'dead');
      this.say(`Stopped ${this.description}.`, 6, messageIds.stopped);
      return done('done');
    }
    this.#stopping.push(done);
    this.#stopWanted = true;
    if (this.active === 'deactivating') return;
    const commands = this.commands('ExecStop');
    const busy = this.group.members().length > 0 || commands.length > 0;
    if (busy) this.say(`Stopping ${this.description}...`, 6, messageIds.stopping);
    this.cancelTimer();
    if (busy) this.change('deactivating', commands.length > 0 ? 'stop' : 'stop-sigterm');
    this.sequence('ExecStop', commands, () => {
      if (busy) this.change('deactivating', 'stop-sigterm');
      this.#terminate();
    });
  }

  get hasCommands(): boolean {
    return ['ExecStart', 'ExecStop'].some((setting) => this.commands(setting).length > 0);
  }

  get canReload(): boolean {
    return this.commands('ExecReload').length > 0;
  }

  /** Runs ExecReload=. */
  reload(done: JobDone): void {
    this.jobId = this.context.nextJob();
    this.say(`Reloading ${this.description}...`, 6, messageIds.reloading);
    this.change('reloading', 'reload');
    this.sequence('ExecReload', this.commands('ExecReload'), (ok) => {
      if (this.active === 'reloading') this.change('active', 'running');
      if (!ok) this.result = 'success';
      this.say(
        ok ? `Reloaded ${this.description}.` : `Reload failed for ${this.description}.`,
        ok ? 6 : 3,
        messageIds.reloaded,
      );
      done(ok ? 'done' : 'failed');
    });
  }

  restart(done: JobDone): void {
    if (this.active === 'inactive' || this.active === 'failed' || this.sub === 'auto-restart') {
      if (this.sub === 'auto-restart') this.stop(() => undefined);
      return this.start(done);
    }
    this.stop(() => this.start(done));
  }

  override forget(): void {
    super.forget();
    this.main = undefined;
    this.ran = [];
    this.restarts = 0;
  }

  resetFailed(): void {
    this.#starts = [];
    this.restarts = 0;
    if (this.active === 'failed') {
      this.result = 'success';
      this.change('inactive', 'dead');
    }
  }

  // Those who wait for jobs.

  #takeStarting(): JobDone[] {
    return this.#starting.splice(0);
  }
  #takeStopping(): JobDone[] {
    return this.#stopping.splice(0);
  }
  #settle(waiting: readonly JobDone[], result: JobResult): void {
    for (const done of waiting) done(result);
  }
}
