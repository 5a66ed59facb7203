import { signalText } from '../../../linux/process/signals';
import type { WaitStatus } from '../../../linux/process/types';
import { exitCode } from '../jobs/signals';
import { type Job } from '../jobs/table';
import type { Shell } from '../shell';
import { Interrupted } from '../state/errors';
import { errorText } from './io';
import { handlePending } from './traps';

/** Waits until a job in the foreground has ended or stopped; its status. Shows what a terminal shows of that. */
export async function waitForeground(shell: Shell, job: Job): Promise<number> {
  const { process } = shell;
  while (job.state === 'running') {
    const running = job.processes.find(({ status }) => status === undefined);
    const told = await process.wait({ pid: running?.pid ?? -1, stopped: shell.jobControl });
    if (told === 'interrupted') {
      if (shell.terminating !== undefined) await handlePending(shell);
      continue;
    }
    if (told === undefined) {
      if (running !== undefined) running.status = { kind: 'exited', code: 127 };
      continue;
    }
    note(shell, job, told.pid, told.status);
  }
  if (shell.jobControl && process.tty !== undefined) process.tty.foregroundGroup = process.group;
  return settleForeground(shell, job);
}

function note(shell: Shell, job: Job, pid: number, status: WaitStatus): void {
  const part = job.processes.find((each) => each.pid === pid);
  if (part !== undefined) part.status = status.kind === 'continued' ? undefined : status;
  shell.jobs.update(pid, status);
}

async function settleForeground(shell: Shell, job: Job): Promise<number> {
  const statuses = job.processes.map(({ status }) => (status === undefined ? 0 : exitCode(status)));
  if (job.state === 'stopped') {
    job.background = true;
    if (job.id === 0) shell.jobs.add(job);
    else shell.jobs.touch(job);
    job.notified = true;
    await errorText(shell, `\n${shell.jobs.line(job)}\n`);
    shell.pipeStatuses = statuses;
    const status = job.processes.find((each) => each.status?.kind === 'stopped')?.status;
    return status === undefined ? 0 : exitCode(status);
  }
  if (job.id !== 0) shell.jobs.remove(job);
  // BusyBox tells of each process of the job, not only of its last one (ash.c, dowait()).
  for (const { status } of shell.dialect === 'ash' && !shell.interactive ? job.processes.slice(0, -1) : [])
    if (status?.kind === 'signaled' && status.signal !== 'SIGINT' && status.signal !== 'SIGPIPE')
      await errorText(shell, `${signalText(status.signal)}\n`);
  await tellDeath(shell, job);
  return pipelineStatus(shell, statuses);
}

/** `$?` and PIPESTATUS of a pipeline. */
export function pipelineStatus(shell: Shell, statuses: readonly number[]): number {
  shell.pipeStatuses = statuses.length > 1 ? statuses : undefined;
  const last = statuses.at(-1) ?? 0;
  if (!shell.options.has('pipefail')) return last;
  return statuses.findLast((status) => status !== 0) ?? 0;
}

/** A shell that is not interactive tells of background jobs that a signal killed, when it learns of it. */
export async function tellKilled(shell: Shell, job: Job | undefined): Promise<void> {
  if (job === undefined || shell.interactive || job.state !== 'done' || job.notified) return;
  job.notified = true;
  const { last } = job;
  if (last?.kind === 'signaled' && (last.signal !== 'SIGTERM' || shell.dialect !== 'bash')) await tellDeath(shell, job);
}

/** Says what signal ended a job in the foreground, as bash's notify_of_job_status does. */
async function tellDeath(shell: Shell, job: Job): Promise<void> {
  const { last } = job;
  if (last?.kind !== 'signaled') return;
  const { signal } = last;
  if (shell.interactive) {
    restoreTerminal(shell);
    if (signal === 'SIGINT') {
      if (!shell.traps.has('SIGINT')) {
        shell.interrupted = false;
        throw new Interrupted();
      }
    } else if (signal !== 'SIGPIPE') await errorText(shell, `${signalText(signal)}\n`);
    return;
  }
  if (signal === 'SIGINT' || signal === 'SIGPIPE') return;
  if (signal === 'SIGTERM' || shell.dialect !== 'bash') {
    await errorText(shell, `${signalText(signal)}\n`);
    return;
  }
  await errorText(
    shell,
    `${shell.prefix}${String(job.pid).padStart(5)} ${signalText(signal).padEnd(23)} ${job.text}\n`,
  );
}

/** A program that died may have left the terminal raw. */
function restoreTerminal(shell: Shell): void {
  const { tty } = shell.process;
  if (tty === undefined) return;
  Object.assign(tty.termios, cooked);
}

export const cooked = {
  canonical: true,
  echo: true,
  signals: true,
  outputNewline: true,
  inputNewline: true,
  flowControl: true,
} as const;

/** Collects what children did meanwhile, without waiting. */
export async function reap(shell: Shell): Promise<void> {
  for (;;) {
    const told = await shell.process.wait({ noHang: true, stopped: true });
    if (told === undefined || told === 'interrupted') return;
    const job = shell.jobs.update(told.pid, told.status);
    if (job === undefined) shell.jobs.remember(told.pid, exitCode(told.status));
    else await tellKilled(shell, job);
  }
}

/** Before a prompt: tells of background jobs that ended or stopped, and forgets the ended. */
export async function notifyJobs(shell: Shell): Promise<void> {
  await reap(shell);
  for (const job of [...shell.jobs.list()]) {
    const { state } = job;
    if (state === 'running') continue;
    if (!job.notified && shell.interactive) await errorText(shell, `${shell.jobs.line(job)}\n`);
    job.notified = true;
    if (state === 'done') shell.jobs.remove(job);
  }
}
