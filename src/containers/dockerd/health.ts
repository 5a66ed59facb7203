import { decode } from '../../linux/io/bytes';
import { latencies } from '../../sim/latencies';
import { goTimestamp } from '../shim/timestamp';
import type { Container, Exec } from './container';
import type { Engine } from './engine';
import { createExec, startExec, tellExec } from './exec';
import { goDuration } from './human';

/** daemon/health.go. */
const defaults = { interval: 30_000, timeout: 30_000, startPeriod: 0, startInterval: 5000, retries: 3 };
const MAX_LOG = 5;
const MAX_OUTPUT = 4096;

interface ProbeResult {
  readonly Start: string;
  readonly End: string;
  readonly ExitCode: number;
  readonly Output: string;
}

/** What is known of a container's health. */
export interface Health {
  status: 'starting' | 'healthy' | 'unhealthy';
  failingStreak: number;
  /** The last five probes. */
  log: readonly ProbeResult[];
  /** Ends the monitor that is at work. */
  stop: (() => void) | undefined;
}

/** The command that probes a container; undefined if there is no health check. */
function probeOf({ config }: Container): readonly string[] | undefined {
  const [kind, ...rest] = config.Healthcheck?.Test ?? [];
  if (kind === 'CMD') return rest;
  const shell = (config as { Shell?: readonly string[] | null }).Shell ?? ['/bin/sh', '-c'];
  return kind === 'CMD-SHELL' ? [...shell, ...rest] : undefined;
}

/** The container was started: its health is looked after from now on (initHealthMonitor). */
export function startHealth(engine: Engine, container: Container): void {
  const probe = probeOf(container);
  if (probe === undefined) return;
  stopHealth(container);
  const health = (container.health ??= { status: 'starting', failingStreak: 0, log: [], stop: undefined });
  health.status = 'starting';
  health.failingStreak = 0;
  resumeHealth(engine, container);
}

/** Begins to look again, as after a pause: what was known stays. */
export function resumeHealth(engine: Engine, container: Container): void {
  const probe = probeOf(container);
  const { health } = container;
  if (probe === undefined || health === undefined || health.stop !== undefined) return;
  health.stop = monitor(engine, container, health, probe);
}

/** Nobody looks any more; for compatibility that counts as unhealthy (CloseMonitorChannel). */
export function stopHealth({ health }: Container): void {
  if (health?.stop === undefined) return;
  health.stop();
  health.stop = undefined;
  health.status = 'unhealthy';
}

/** Nanoseconds of the API, to milliseconds. */
const ms = (nanoseconds: number | undefined, fallback: number): number =>
  nanoseconds === undefined || nanoseconds === 0 ? fallback : nanoseconds / 1e6;

/** Probes again and again; the result ends that. */
function monitor(engine: Engine, container: Container, health: Health, probe: readonly string[]): () => void {
  const { clock } = engine.options;
  const check = container.config.Healthcheck ?? {};
  const startPeriod = ms(check.StartPeriod, defaults.startPeriod);
  const interval = (): number =>
    clock.now - container.startedAt < startPeriod && health.status === 'starting'
      ? ms(check.StartInterval, defaults.startInterval)
      : ms(check.Interval, defaults.interval);
  let over = false;
  let cancel: () => void = () => undefined;
  const wait = (): void => {
    const timer = clock.setTimer(interval(), () => {
      const start = clock.now;
      cancel = runProbe(engine, container, probe, ms(check.Timeout, defaults.timeout), (ExitCode, Output) => {
        if (over) return;
        const { startedAt } = container;
        const early = start - startedAt < startPeriod;
        judge(
          engine,
          container,
          health,
          { Start: goTimestamp(start), End: goTimestamp(clock.now), ExitCode, Output },
          early,
        );
        wait();
      });
    });
    cancel = () => clock.cancel(timer);
  };
  wait();
  return () => {
    over = true;
    cancel();
  };
}

/** handleProbeResult. */
function judge(engine: Engine, container: Container, health: Health, result: ProbeResult, early: boolean): void {
  const before = health.status;
  health.log = [...health.log.slice(-(MAX_LOG - 1)), result];
  if (result.ExitCode === 0) {
    health.failingStreak = 0;
    health.status = 'healthy';
  } else if (health.status !== 'starting' || !early) {
    // Within the start period failures do not count.
    health.failingStreak++;
    const retries = container.config.Healthcheck?.Retries ?? 0;
    if (health.failingStreak >= (retries <= 0 ? defaults.retries : retries)) health.status = 'unhealthy';
  }
  if (health.status !== before) engine.tell(container, `health_status: ${health.status}`);
}

/** One probe: an exec in the container. The result kills it. */
function runProbe(
  engine: Engine,
  container: Container,
  command: readonly string[],
  timeout: number,
  done: (exitCode: number, output: string) => void,
): () => void {
  const { clock } = engine.options;
  const exec = createExec(engine, container, {
    command,
    options: { terminal: false, stdin: false, stdout: true, stderr: true },
    user: container.config.User,
    env: [],
    workingDir: container.config.WorkingDir,
    privileged: false,
  });
  exec.started = true;
  tellExec(engine, exec, 'exec_start');
  let cancelled = false;
  const timer = clock.setTimer(latencies.runcCreate, () => begin());
  const begin = (): void => {
    if (cancelled) return;
    let output = '';
    let late = false;
    const started = startExec(engine, exec, () => {
      clock.cancel(limit);
      if (cancelled) return;
      const said = `Health check exceeded timeout (${goDuration(timeout)})`;
      if (late) done(-1, output === '' ? said : `${said}: ${output}`);
      else done(exec.process?.exit?.code ?? 0, output);
    });
    const limit = clock.setTimer(timeout, () => {
      late = true;
      exec.process?.kill('SIGKILL');
    });
    if (!started.ok) {
      clock.cancel(limit);
      done(-1, started.error.message);
      return;
    }
    listen(exec, (text) => (output = limited(output, text)));
  };
  return () => {
    cancelled = true;
    clock.cancel(timer);
    exec.process?.kill('SIGKILL');
  };
}

function listen({ process }: Exec, heard: (text: string) => void): void {
  const said = (bytes: Uint8Array): void => {
    heard(decode(bytes));
  };
  process?.streams.stdout.listen(said);
  process?.streams.stderr.listen(said);
}

/** limitedBuffer: the first 4096 characters, and three dots where there was more. */
const limited = (before: string, more: string): string =>
  before.length > MAX_OUTPUT
    ? before
    : before.length + more.length <= MAX_OUTPUT
      ? before + more
      : `${(before + more).slice(0, MAX_OUTPUT)}...`;
