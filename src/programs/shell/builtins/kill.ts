import { parseSignal, signalNames, signalNumber } from '../jobs/signals';
import type { Job } from '../jobs/table';
import { errorText, out, warn } from '../run/io';
import type { Shell } from '../shell';
import { jobOf } from './jobs';
import { parseNumber } from './numbers';
import { signalTable } from './trap';
import type { Builtin } from './types';

const DASH_USAGE = 'Usage: kill [-s sigspec | -signum | -sigspec] [pid | job]... or\nkill -l [exitstatus]';

/** `kill` */
export const kill: Builtin = async (shell, args) => {
  const synopsis = 'kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]';
  const [first = ''] = args;
  if (first === '-l' || first === '-L') return listSignals(shell, args.slice(1));
  let rest = args;
  let name = 'TERM';
  if (first === '-s' || first === '-n') {
    name = args[1] ?? '';
    rest = args.slice(2);
  } else if (first.startsWith('-') && first !== '--') {
    name = parseSignal(first.slice(1)) !== undefined || first === '-0' ? first.slice(1) : first.replace(/^-[sn]?/, '');
    rest = args.slice(1);
  }
  if (rest[0] === '--') rest = rest.slice(1);
  const signal = name === '0' || name === 'EXIT' ? 0 : parseSignal(name);
  const dash = shell.dialect === 'dash';
  if (signal === undefined && dash) {
    const named = first === '-s' || first === '-n';
    await warn(shell, named ? `invalid signal number or name: ${name}` : `Illegal option ${first.slice(0, 2)}`);
    return 2;
  }
  if (signal === undefined) {
    await warn(shell, `${name}: invalid signal specification`);
    return 1;
  }
  if (rest.length === 0) {
    if (shell.dialect === 'ash') await warn(shell, 'you need to specify whom to kill');
    else if (dash) await warn(shell, DASH_USAGE);
    else await errorText(shell, `kill: usage: ${synopsis}\n`);
    return shell.dialect === 'ash' ? 1 : 2;
  }
  let status = 0;
  for (const target of rest) {
    if (await send(shell, target, signal)) continue;
    status = 1;
    // dash gives up where it cannot tell whom to kill.
    if (dash && !/^-?\d+$/.test(target)) return 2;
  }
  return status;
};

async function send(
  shell: Shell,
  target: string,
  signal: NonNullable<ReturnType<typeof parseSignal>> | 0,
): Promise<boolean> {
  let pid = parseNumber(target);
  let job: Job | undefined;
  if (target.startsWith('%')) {
    job = await jobOf(shell, target);
    if (job === undefined) return false;
    pid = job.group === undefined ? job.pid : -job.group;
  }
  if (pid === undefined) {
    await warn(
      shell,
      shell.dialect === 'dash' ? `Illegal number: ${target}` : `${target}: arguments must be process or job IDs`,
    );
    return false;
  }
  const killed = shell.process.kill(pid, signal);
  if (!killed.ok) {
    await warn(shell, shell.dialect === 'bash' ? `(${pid}) - ${killed.error.message}` : killed.error.message);
    // dash ends its message twice.
    if (shell.dialect === 'dash') await errorText(shell, '\n');
    return false;
  }
  // A stopped job must run to die (bash's kill builtin).
  if (job?.state === 'stopped' && (signal === 'SIGTERM' || signal === 'SIGHUP')) shell.process.kill(pid, 'SIGCONT');
  return true;
}

async function listSignals(shell: Shell, specs: readonly string[]): Promise<number> {
  if (specs.length === 0) return out(shell, signalTable());
  let status = 0;
  for (const spec of specs) {
    const number = parseNumber(spec);
    if (number === undefined && shell.dialect === 'dash') {
      await warn(shell, `Illegal number: ${spec}`);
      return 2;
    }
    if (number === 0) {
      await out(shell, 'EXIT\n');
      continue;
    }
    const signal = number !== undefined && number > 128 ? signalNames[number - 129] : parseSignal(spec);
    if (signal === undefined) {
      await warn(shell, `${spec}: invalid signal specification`);
      status = 1;
    } else await out(shell, number === undefined ? `${signalNumber(signal)}\n` : `${signal.slice(3)}\n`);
  }
  return status;
}
