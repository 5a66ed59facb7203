import type { Process } from '../../../linux/process/types';

/** Asks for yes or no; no where nobody can answer. */
export async function confirm(process: Process, question: string): Promise<boolean> {
  await process.stdout.write(`${question} [yN] `);
  const answer = await process.stdin.readLine();
  return /^y(es)?$/i.test(answer?.trim() ?? '');
}
