import { latencies } from '../../sim/latencies';
import { parseSignal, signalNumber } from '../../linux/process/signals';
import type { SignalName } from '../../linux/process/types';
import { ok, type Result } from '../../sim/result';
import { refuse, type ApiError } from './api-types';
import { isRunning, type Container } from './container';
import type { Engine } from './engine';
import { stopped } from './exit';
import { thaw } from './freeze';

/** Seconds from the stop signal to SIGKILL. */
const STOP_TIMEOUT = 10;

/** What `docker stop` sends: the container's own or SIGTERM. */
const stopSignalOf = ({ config }: Container): SignalName => parseSignal(config.StopSignal ?? '') ?? 'SIGTERM';

/** daemon/stop.go: the stop signal, and SIGKILL after `timeout` seconds (negative: never). */
export function stop(
  engine: Engine,
  container: Container,
  timeout: number | undefined,
  done: () => void,
  signal?: SignalName,
): void {
  if (!isRunning(container)) {
    done();
    return;
  }
  const { clock } = engine.options;
  const seconds = timeout ?? container.config.StopTimeout ?? STOP_TIMEOUT;
  whenStopped(container, () => {
    engine.tell(container, 'stop');
    done();
  });
  sendSignal(engine, container, signal ?? stopSignalOf(container));
  const { process } = container;
  if (seconds < 0 || process === undefined || process.exit !== undefined) return;
  const timer = clock.setTimer(seconds * 1000, () => sendSignal(engine, container, 'SIGKILL'));
  process.onExit(() => clock.cancel(timer));
}

/** daemon/kill.go. */
export function kill(engine: Engine, container: Container, signal: SignalName, done: () => void): void {
  if (signal === 'SIGKILL') whenStopped(container, done);
  sendSignal(engine, container, signal);
  if (signal !== 'SIGKILL') done();
}

/** Calls once when the container does not run any more, be it that it waits for its next run. */
function whenStopped(container: Container, done: () => void): void {
  if (isRunning(container)) container.waiters.add({ condition: 'not-running', done });
  else done();
}

/** killWithSignal: who sends the stop signal, or any signal to a container that names none, wants no further runs. */
function sendSignal(engine: Engine, container: Container, signal: SignalName): void {
  const own = parseSignal(container.config.StopSignal ?? '');
  let resume = container.status === 'paused';
  if (own === undefined || signal === 'SIGKILL' || own === signal) container.restarting.cancelled = true;
  else resume = false;
  container.stoppedByHand = true;
  if (container.status === 'restarting') {
    if (container.restarting.cancelled) stopped(engine, container);
    return;
  }
  engine.tell(container, 'kill', { signal: String(signalNumber(signal)) });
  if (resume) {
    // The signal is pending when the processes are thawed.
    container.process?.kill(signal);
    if (container.process?.exit === undefined) thaw(engine, container);
    return;
  }
  container.process?.kill(signal);
}

/** daemon/restart.go. */
export function restart(
  engine: Engine,
  container: Container,
  timeout: number | undefined,
  done: (result: Result<void, ApiError>) => void,
  signal?: SignalName,
): void {
  const begin = (): void => {
    engine.start(container, (started) => {
      if (started.ok) engine.tell(container, 'restart');
      done(started);
    });
  };
  if (!isRunning(container)) {
    begin();
    return;
  }
  container.restartedByHand = true;
  stop(engine, container, timeout, begin, signal);
}

export interface RemoveOptions {
  /** What runs is killed. */
  readonly force: boolean;
  /** Its anonymous volumes go too. */
  readonly volumes: boolean;
  /** By which name the client called it. */
  readonly as: string;
}

/** daemon/delete.go. */
export function remove(
  engine: Engine,
  container: Container,
  { force, volumes, as }: RemoveOptions,
  done: (result: Result<void, ApiError>) => void,
): void {
  if (container.removing) {
    done(refuse(409, `removal of container ${as} is already in progress`));
    return;
  }
  if (isRunning(container) && !force) {
    const why =
      container.status === 'paused'
        ? 'container is paused and must be unpaused first'
        : `container is ${container.status}: stop the container before removing or force remove`;
    done(refuse(409, `cannot remove container ${JSON.stringify(as)}: ${why}`));
    return;
  }
  container.removing = true;
  const gone = (): void => {
    engine.forget(container, volumes);
    done(ok(undefined));
  };
  const { process } = container;
  if (isRunning(container)) kill(engine, container, 'SIGKILL', () => undefined);
  // After everything that its end brings about.
  if (process === undefined || !isRunning(container)) gone();
  else process.onExit(() => void engine.options.clock.setTimer(latencies.taskDelete, gone));
}
