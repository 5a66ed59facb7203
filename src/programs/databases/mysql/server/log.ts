import type { Process } from '../../../../linux/process/types';
import type { Flavour } from '../types';

/** The microseconds of the line before, for each server: a log goes forward within a millisecond too. */
const last = new WeakMap<Process, number>();

function microseconds(process: Process): number {
  const { now } = process.clock;
  const next = Math.max(
    Math.floor(now) * 1000 + process.random.below(300),
    (last.get(process) ?? 0) + 1 + process.random.below(60),
  );
  last.set(process, next);
  return next;
}

/** One line of the error log, which is standard error: `2025-11-21T09:00:00.000000Z 0 [System] [MY-010931] [Server] …`. */
export async function log(
  process: Process,
  { name }: Flavour,
  level: string,
  code: number,
  text: string,
  from = 'Server',
  thread = 0,
): Promise<void> {
  const micros = microseconds(process);
  const iso = new Date(Math.floor(micros / 1000)).toISOString();
  await process.stderr.write(
    name === 'mysql'
      ? `${iso.slice(0, 23)}${String(micros % 1000).padStart(3, '0')}Z ${thread} [${level}] [MY-${String(code).padStart(6, '0')}] [${from}] ${text}\n`
      : `${iso.slice(0, 10)} ${iso.slice(11, 19)} ${thread} [${level}] ${from === 'InnoDB' ? 'InnoDB: ' : ''}${text}\n`,
  );
}
