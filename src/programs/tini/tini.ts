import { signalNames, signalNumber } from '../../linux/process/signals';
import type { Process, Program, SignalName, WaitStatus } from '../../linux/process/types';

/** Of faults of its own, and what nobody can catch: not passed on (tini.c, configure_signals). */
const kept = new Set<SignalName>([
  'SIGKILL',
  'SIGSTOP',
  'SIGCHLD',
  'SIGFPE',
  'SIGILL',
  'SIGSEGV',
  'SIGBUS',
  'SIGABRT',
  'SIGTRAP',
  'SIGSYS',
  'SIGTTIN',
  'SIGTTOU',
]);

const usage = (name: string): string => `${name} (tini version 0.19.0)
Usage: ${name} [OPTIONS] PROGRAM -- [ARGS] | --version

Execute a program under the supervision of a valid init process (${name})

Command line options:

  --version: Show version and exit.
  -h: Show this help message and exit.
`;

function exitStatus(status: WaitStatus): number {
  return status.kind === 'exited' ? status.code : status.kind === 'signaled' ? 128 + signalNumber(status.signal) : 1;
}

/** `docker-init -- command …`: passes signals on, reaps whoever is left to it, ends as the command ends. */
export const tini: Program = async (process) => {
  const [first, ...rest] = process.args;
  const name = process.argv[0] ?? 'docker-init';
  if (first === '--version') {
    await process.stdout.write('tini version 0.19.0\n');
    return 0;
  }
  const command = first === '--' ? rest : process.args;
  if (first === '-h' || command[0] === undefined) {
    await (first === '-h' ? process.stdout : process.stderr).write(usage(name));
    return first === '-h' ? 0 : 1;
  }
  return supervise(process, command);
};

async function supervise(process: Process, command: readonly string[]): Promise<number> {
  const [file = ''] = command;
  const path = process.which(file);
  const started = process.spawn({
    file: path ?? file,
    argv: command,
    group: 0,
    ...(process.tty === undefined ? {} : { foreground: true }),
  });
  if (!started.ok) {
    await process.stderr.write(`[FATAL tini (${process.pid})] exec ${file} failed: ${started.error.message}\n`);
    return started.error.code === 'ENOENT' ? 127 : 126;
  }
  const { pid } = started.value;
  for (const signal of signalNames)
    if (!kept.has(signal)) process.signals.handle(signal, () => void process.kill(pid, signal));
  for (;;) {
    const ended = await process.wait();
    if (ended === undefined) return 1;
    if (ended !== 'interrupted' && ended.pid === pid && ended.status.kind !== 'stopped')
      return exitStatus(ended.status);
  }
}
