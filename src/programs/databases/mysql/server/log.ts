import type { Process } from '../../../../linux/process/types';
import type { Flavour } from '../types';

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
  const iso = new Date(process.clock.now).toISOString();
  await process.stderr.write(
    name === 'mysql'
      ? `${iso.slice(0, 23)}${String(process.random.below(1000)).padStart(3, '0')}Z ${thread} [${level}] [MY-${String(code).padStart(6, '0')}] [${from}] ${text}\n`
      : `${iso.slice(0, 10)} ${iso.slice(11, 19)} ${thread} [${level}] ${from === 'InnoDB' ? 'InnoDB: ' : ''}${text}\n`,
  );
}
