import type { Process } from '../../../linux/process/types';

/** `2025-11-21 09:00:00.000 UTC [1] LOG:  …` on standard error, as log_line_prefix '%m [%p] ' has it. */
export async function log(process: Process, severity: string, text: string, pid = process.pid): Promise<void> {
  const time = new Date(process.clock.now).toISOString().slice(0, 23).replace('T', ' ');
  await process.stderr.write(`${time} UTC [${pid}] ${severity}:  ${text.replaceAll('\n', '\n\t')}\n`);
}
