import type { Shell } from '../shell';
import { errorText } from './io';

/** `time`: how long a pipeline took, in virtual time. */
export async function timed(shell: Shell, posix: boolean, run: () => Promise<number>): Promise<number> {
  const before = shell.process.clock.now;
  const cpuBefore = cpuOf(shell);
  const report = async (): Promise<void> => {
    const real = (shell.process.clock.now - before) / 1000;
    const user = Math.max(0, cpuOf(shell) - cpuBefore) / 1000;
    await errorText(shell, formatTimes(shell, posix, { real, user, system: 0 }));
  };
  let status = 0;
  try {
    status = await run();
  } catch (error) {
    await report();
    throw error;
  }
  await report();
  return status;
}

function cpuOf(shell: Shell): number {
  const { process } = shell;
  return process.host.processes(process).find(({ pid }) => pid === process.pid)?.cpuMs ?? 0;
}

interface Times {
  readonly real: number;
  readonly user: number;
  readonly system: number;
}

const DEFAULT_FORMAT = '\nreal\t%3lR\nuser\t%3lU\nsys\t%3lS';
const POSIX_FORMAT = 'real %2R\nuser %2U\nsys %2S';

/** TIMEFORMAT (bash(1)). */
function formatTimes(shell: Shell, posix: boolean, { real, user, system }: Times): string {
  const format = posix ? POSIX_FORMAT : (shell.get('TIMEFORMAT') ?? DEFAULT_FORMAT);
  if (format === '') return '';
  const text = format.replace(
    /%(%|P|(\d?)(l?)([RUS]))/g,
    (_, all: string, digits: string, long: string, which: string) => {
      if (all === '%') return '%';
      if (all === 'P') return real === 0 ? '0.00' : (((user + system) / real) * 100).toFixed(2);
      const seconds = which === 'R' ? real : which === 'U' ? user : system;
      return duration(seconds, digits === undefined || digits === '' ? 3 : Math.min(3, Number(digits)), long === 'l');
    },
  );
  return `${text}\n`;
}

/** `1.234`, or `0m1.234s`. */
export function duration(seconds: number, digits: number, long: boolean): string {
  if (!long) return seconds.toFixed(digits);
  const minutes = Math.floor(seconds / 60);
  return `${minutes}m${(seconds - minutes * 60).toFixed(digits)}s`;
}
