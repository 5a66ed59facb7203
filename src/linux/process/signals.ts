import type { SignalName } from './types';

/** signal(7), x86-64: numbers and what happens where nobody handles the signal. */
const table: Readonly<
  Record<SignalName, readonly [number, 'terminate' | 'core' | 'ignore' | 'stop' | 'continue', string]>
> = {
  SIGHUP: [1, 'terminate', 'Hangup'],
  SIGINT: [2, 'terminate', 'Interrupt'],
  SIGQUIT: [3, 'core', 'Quit'],
  SIGILL: [4, 'core', 'Illegal instruction'],
  SIGTRAP: [5, 'core', 'Trace/breakpoint trap'],
  SIGABRT: [6, 'core', 'Aborted'],
  SIGBUS: [7, 'core', 'Bus error'],
  SIGFPE: [8, 'core', 'Floating point exception'],
  SIGKILL: [9, 'terminate', 'Killed'],
  SIGUSR1: [10, 'terminate', 'User defined signal 1'],
  SIGSEGV: [11, 'core', 'Segmentation fault'],
  SIGUSR2: [12, 'terminate', 'User defined signal 2'],
  SIGPIPE: [13, 'terminate', 'Broken pipe'],
  SIGALRM: [14, 'terminate', 'Alarm clock'],
  SIGTERM: [15, 'terminate', 'Terminated'],
  SIGSTKFLT: [16, 'terminate', 'Stack fault'],
  SIGCHLD: [17, 'ignore', 'Child exited'],
  SIGCONT: [18, 'continue', 'Continued'],
  SIGSTOP: [19, 'stop', 'Stopped (signal)'],
  SIGTSTP: [20, 'stop', 'Stopped'],
  SIGTTIN: [21, 'stop', 'Stopped (tty input)'],
  SIGTTOU: [22, 'stop', 'Stopped (tty output)'],
  SIGURG: [23, 'ignore', 'Urgent I/O condition'],
  SIGXCPU: [24, 'core', 'CPU time limit exceeded'],
  SIGXFSZ: [25, 'core', 'File size limit exceeded'],
  SIGVTALRM: [26, 'terminate', 'Virtual timer expired'],
  SIGPROF: [27, 'terminate', 'Profiling timer expired'],
  SIGWINCH: [28, 'ignore', 'Window changed'],
  SIGIO: [29, 'terminate', 'I/O possible'],
  SIGPWR: [30, 'terminate', 'Power failure'],
  SIGSYS: [31, 'core', 'Bad system call'],
};

export const signalNames = Object.keys(table) as readonly SignalName[];

export const signalNumber = (signal: SignalName): number => table[signal][0];
export const defaultAction = (signal: SignalName): 'terminate' | 'core' | 'ignore' | 'stop' | 'continue' =>
  table[signal][1];
/** strsignal(3), as shells print it. */
export const signalText = (signal: SignalName): string => table[signal][2];

const byNumber = new Map(signalNames.map((name) => [signalNumber(name), name]));

/** `TERM`, `SIGTERM`, `15`; undefined if there is no such signal. */
export function parseSignal(text: string): SignalName | undefined {
  if (/^\d+$/.test(text)) return byNumber.get(Number(text));
  const upper = text.toUpperCase();
  const name = (upper.startsWith('SIG') ? upper : `SIG${upper}`) as SignalName;
  return Object.hasOwn(table, name) ? name : undefined;
}
