import { exitCode, parseSignal, signalNumber } from '../jobs/signals';
import type { Job } from '../jobs/table';
import { out, warn } from '../run/io';
import { handlePending, hasPending } from '../run/traps';
import { reap, tellKilled, waitForeground } from '../run/wait';
import type { Shell } from '../shell';
import { parseNumber } from './numbers';
import { readOptions } from './options';
import type { Builtin } from './types';

/** The job that an argument names, with a message if there is none. */
export async function jobOf(shell: Shell, spec: string | undefined): Promise<Job | undefined> {
  const pid = spec === undefined ? undefined : parseNumber(spec);
  const dash = shell.dialect === 'dash';
  const found =
    spec === undefined ? shell.jobs.current : pid === undefined ? shell.jobs.find(spec) : shell.jobs.ofPid(pid);
  if (found === 'ambiguous') {
    await warn(shell, `${spec ?? ''}: ambiguous job spec`);
    return undefined;
  }
  if (found === undefined && dash) await warn(shell, spec === undefined ? 'No current job' : `No such job: ${spec}`);
  else if (found === undefined) await warn(shell, `${spec ?? 'current'}: no such job`);
  return found;
}

export const jobs: Builtin = async (shell, args) => {
  const options = await readOptions(shell, args, 'lnprsx', 'jobs [-lnprs] [jobspec ...] or jobs -x command [args]');
  if (options === undefined) return 2;
  const { flags, rest } = options;
  if (shell.subshellDepth === 0) await reap(shell);
  let status = 0;
  let chosen = shell.jobs.list();
  if (rest.length > 0) {
    const found: Job[] = [];
    for (const spec of rest) {
      const job = await jobOf(shell, spec);
      if (job === undefined) status = 1;
      else found.push(job);
    }
    chosen = found;
  }
  for (const job of [...chosen]) {
    const { state } = job;
    if (flags.has('r') && state !== 'running') continue;
    if (flags.has('s') && state !== 'stopped') continue;
    if (flags.has('n') && job.notified) continue;
    await out(
      shell,
      flags.has('p') ? `${job.processes[0]?.pid ?? 0}\n` : `${shell.jobs.line(job, { pids: flags.has('l') })}\n`,
    );
    job.notified = true;
    if (state === 'done') shell.jobs.remove(job);
  }
  return status;
};

async function needsControl(shell: Shell, spec: string | undefined): Promise<boolean> {
  if (shell.jobControl) return true;
  if (shell.dialect === 'dash') {
    const job = await jobOf(shell, spec);
    if (job !== undefined) await warn(shell, `job ${job.id} not created under job control`);
    return false;
  }
  await warn(shell, 'no job control');
  return false;
}

/** Lets the processes of a stopped job go on. */
function proceed(shell: Shell, job: Job): void {
  for (const part of job.processes) if (part.status?.kind === 'stopped') part.status = undefined;
  if (job.group !== undefined) shell.process.kill(-job.group, 'SIGCONT');
}

export const fg: Builtin = async (shell, args) => {
  if (!(await needsControl(shell, args[0]))) return shell.dialect === 'dash' ? 2 : 1;
  await reap(shell);
  const job = await jobOf(shell, args[0] === '--' ? args[1] : args[0]);
  if (job === undefined) return 1;
  if (job.state === 'done') {
    await warn(shell, 'job has terminated');
    shell.jobs.remove(job);
    return 1;
  }
  await out(shell, `${job.text}\n`);
  job.background = false;
  if (shell.process.tty !== undefined && job.group !== undefined) shell.process.tty.foregroundGroup = job.group;
  proceed(shell, job);
  return waitForeground(shell, job);
};

export const bg: Builtin = async (shell, args) => {
  if (!(await needsControl(shell, args[0]))) return shell.dialect === 'dash' ? 2 : 1;
  await reap(shell);
  const specs = args.length === 0 ? [undefined] : args;
  let status = 0;
  for (const spec of specs) {
    const job = await jobOf(shell, spec);
    if (job === undefined) status = 1;
    else if (job.state === 'running') await warn(shell, `job ${job.id} already in background`);
    else {
      job.background = true;
      await out(shell, `[${job.id}]${shell.jobs.mark(job)} ${job.text} &\n`);
      proceed(shell, job);
    }
  }
  return status;
};

export const disown: Builtin = async (shell, args) => {
  const options = await readOptions(shell, args, 'ahr', 'disown [-h] [-ar] [jobspec ... | pid ...]');
  if (options === undefined) return 2;
  const { flags, rest } = options;
  let status = 0;
  let chosen: readonly Job[] = shell.jobs.list();
  if (!flags.has('a') && !flags.has('r')) {
    const found: Job[] = [];
    for (const spec of rest.length === 0 ? [undefined] : rest) {
      const job = await jobOf(shell, spec);
      if (job === undefined) status = 1;
      else found.push(job);
    }
    chosen = found;
  }
  for (const job of [...chosen]) {
    if (flags.has('r') && job.state !== 'running') continue;
    if (flags.has('h')) job.keptFromHangup = true;
    else shell.jobs.remove(job);
  }
  return status;
};

/** `suspend`: stops the shell itself. */
export const suspend: Builtin = async (shell, args) => {
  const { process } = shell;
  const forced = args.includes('-f');
  if (!shell.jobControl && !forced) {
    await warn(shell, 'cannot suspend: no job control');
    return 1;
  }
  if (shell.options.on('login_shell') && !forced) {
    await warn(shell, 'cannot suspend a login shell');
    return 1;
  }
  process.kill(process.pid, 'SIGSTOP');
  return 0;
};

/** `wait`: for all, for some, for any (`-n`). A trapped signal ends it with 128 + its number. */
export const wait: Builtin = async (shell, args) => {
  const options = await readOptions(shell, args, 'fnp:', 'wait [-fn] [-p var] [id ...]');
  if (options === undefined) return 2;
  const { flags, rest } = options;
  const variable = flags.get('p');
  if (flags.has('n')) return waitAny(shell, rest, variable);
  if (rest.length === 0) {
    for (const job of [...shell.jobs.list()]) {
      if (job.state === 'stopped') continue;
      const ended = await waitUntil(shell, () => job.state !== 'running');
      if (ended !== undefined) return ended;
      if (!shell.interactive && job.state === 'done') shell.jobs.remove(job);
    }
    return 0;
  }
  let status = 0;
  for (const spec of rest) {
    status = await waitOne(shell, spec);
    if (variable !== undefined && parseNumber(spec) !== undefined) shell.set(variable, spec);
  }
  return status;
};

async function waitOne(shell: Shell, spec: string): Promise<number> {
  if (spec.startsWith('%')) {
    const job = await jobOf(shell, spec);
    if (job === undefined) return 127;
    const ended = await waitUntil(shell, () => job.state !== 'running');
    if (ended !== undefined) return ended;
    const { last } = job;
    if (job.state === 'done' && !shell.interactive) shell.jobs.remove(job);
    return last === undefined ? 0 : exitCode(last);
  }
  const pid = parseNumber(spec);
  if (pid === undefined) {
    if (shell.dialect === 'dash') {
      await warn(shell, `Illegal number: ${spec}`);
      return 2;
    }
    await warn(shell, `\`${spec}': not a pid or valid job spec`);
    return 1;
  }
  const known = shell.jobs.ended(pid);
  const job = shell.jobs.ofPid(pid);
  if (known !== undefined) {
    if (job?.state === 'done' && !shell.interactive) shell.jobs.remove(job);
    return known;
  }
  if (job === undefined && pid !== shell.lastBackground) {
    if (shell.dialect !== 'dash') await warn(shell, `pid ${pid} is not a child of this shell`);
    return 127;
  }
  const ended = await waitUntil(shell, () => shell.jobs.ended(pid) !== undefined);
  if (job?.state === 'done' && !shell.interactive) shell.jobs.remove(job);
  return ended ?? shell.jobs.ended(pid) ?? 127;
}

async function waitAny(shell: Shell, specs: readonly string[], variable: string | undefined): Promise<number> {
  const wanted: Job[] = [];
  for (const spec of specs) {
    const job = await jobOf(shell, spec);
    if (job !== undefined) wanted.push(job);
  }
  const watched = specs.length === 0 ? [...shell.jobs.list()] : wanted;
  if (watched.length === 0) return 127;
  let first: Job | undefined;
  const ended = await waitUntil(shell, () => {
    first = watched.find(({ state }) => state === 'done');
    return first !== undefined;
  });
  if (ended !== undefined) return ended;
  if (first === undefined) return 127;
  if (variable !== undefined) shell.set(variable, String(first.pid));
  shell.jobs.remove(first);
  return first.last === undefined ? 0 : exitCode(first.last);
}

/** Takes what children do until `done`; a number if a trap's signal (or the end of all children) ends it before. */
async function waitUntil(shell: Shell, done: () => boolean): Promise<number | undefined> {
  while (!done()) {
    const told = await shell.process.wait({ stopped: true });
    if (told === undefined) return done() ? undefined : 127;
    if (told === 'interrupted') {
      if (!hasPending(shell)) continue;
      const signal = shell.pendingTraps[0];
      const number = signal === undefined ? undefined : parseSignal(signal);
      await handlePending(shell);
      if (number !== undefined) return 128 + signalNumber(number);
      continue;
    }
    const job = shell.jobs.update(told.pid, told.status);
    if (job === undefined) shell.jobs.remember(told.pid, exitCode(told.status));
    else await tellKilled(shell, job);
  }
  return undefined;
}
