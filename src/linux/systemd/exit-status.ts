import { signalNumber } from '../process/signals';
import type { WaitStatus } from '../process/types';

/** exit-status.c of systemd: what statuses are called. */
const libc: Readonly<Record<number, string>> = { 0: 'SUCCESS', 1: 'FAILURE' };
const lsb: Readonly<Record<number, string>> = {
  2: 'INVALIDARGUMENT',
  3: 'NOTIMPLEMENTED',
  4: 'NOPERMISSION',
  5: 'NOTINSTALLED',
  6: 'NOTCONFIGURED',
  7: 'NOTRUNNING',
};
const system: Readonly<Record<number, string>> = {
  200: 'CHDIR',
  201: 'NICE',
  202: 'FDS',
  203: 'EXEC',
  204: 'MEMORY',
  205: 'LIMITS',
  206: 'OOM_ADJUST',
  209: 'STDOUT',
  216: 'GROUP',
  217: 'USER',
  218: 'CAPABILITIES',
  219: 'CGROUP',
  226: 'NAMESPACE',
};
const bsd: Readonly<Record<number, string>> = {
  64: 'USAGE',
  65: 'DATAERR',
  66: 'NOINPUT',
  67: 'NOUSER',
  68: 'NOHOST',
  69: 'UNAVAILABLE',
  70: 'SOFTWARE',
  71: 'OSERR',
  72: 'OSFILE',
  73: 'CANTCREAT',
  74: 'IOERR',
  75: 'TEMPFAIL',
  76: 'PROTOCOL',
  77: 'NOPERM',
  78: 'CONFIG',
};

/** `code=exited, status=1/FAILURE` as `systemctl status` shows it. */
export function describeStatus(status: WaitStatus): string {
  if (status.kind === 'signaled') return `code=${killedOrDumped(status)}, signal=${status.signal.slice(3)}`;
  const code = status.kind === 'exited' ? status.code : 0;
  const name = libc[code] ?? system[code];
  return `code=exited, status=${code}${name === undefined ? '' : `/${name}`}`;
}

/** The same as PID 1 logs it. */
export function logStatus(status: WaitStatus): string {
  if (status.kind === 'signaled')
    return `code=${killedOrDumped(status)}, status=${signalNumber(status.signal)}/${status.signal.slice(3)}`;
  const code = status.kind === 'exited' ? status.code : 0;
  return `code=exited, status=${code}/${libc[code] ?? lsb[code] ?? system[code] ?? bsd[code] ?? 'n/a'}`;
}

const dumping = new Set(['SIGQUIT', 'SIGILL', 'SIGTRAP', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGSEGV', 'SIGSYS']);

const killedOrDumped = ({ signal }: WaitStatus & { kind: 'signaled' }): string =>
  dumping.has(signal) ? 'dumped' : 'killed';

/** Ends that are no failure of a daemon, if it was stopped or not (systemd.service(5), SuccessExitStatus=). */
const cleanSignals = new Set(['SIGHUP', 'SIGINT', 'SIGTERM', 'SIGPIPE']);

/** Whether a process ended well. `more`: SuccessExitStatus=. */
export function isClean(status: WaitStatus, more: readonly string[] = []): boolean {
  if (status.kind === 'exited') return status.code === 0 || more.includes(String(status.code));
  if (status.kind !== 'signaled') return true;
  return cleanSignals.has(status.signal) || more.includes(status.signal) || more.includes(status.signal.slice(3));
}

/** What `Result=` says of an end that was not well. */
export function resultOf(status: WaitStatus): 'exit-code' | 'signal' | 'core-dump' {
  if (status.kind === 'exited') return 'exit-code';
  return status.kind === 'signaled' && dumping.has(status.signal) ? 'core-dump' : 'signal';
}
