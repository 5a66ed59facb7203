import type { Process } from '../../../linux/process/types';
import type { Warnings } from '../cli/warnings';
import { newProgress, type Progress, type ProgressMode } from '../progress/progress';
import type { Api } from './api';

/** What the work on a project has at hand. */
export interface Session {
  readonly process: Process;
  readonly api: Api;
  readonly warnings: Warnings;
  readonly progress: Progress;
}

export interface SessionSource {
  readonly process: Process;
  readonly api: Api;
  readonly warnings: Warnings;
  readonly progress: ProgressMode;
  readonly dryRun: boolean;
}

/** Does something while its progress is shown (progress.Run). */
export async function withProgress<T>(
  { process, api, warnings, progress: mode, dryRun }: SessionSource,
  run: (session: Session) => Promise<T>,
  title = 'Running',
): Promise<T> {
  const progress = newProgress({ process, mode, dryRun, title });
  try {
    return await run({ process, api, warnings, progress });
  } finally {
    await progress.stop();
    await warnings.flush();
  }
}

/** `Working`, then `Done`; a failure is shown as such. */
export async function step<T>(
  { progress }: Session,
  id: string,
  [working, done, failed = 'Error']: readonly [working: string, done: string, failed?: string],
  run: () => Promise<T>,
): Promise<T> {
  await progress.event({ id, status: 'working', text: working });
  try {
    const result = await run();
    await progress.event({ id, status: 'done', text: done });
    return result;
  } catch (error) {
    await progress.event({
      id,
      status: 'error',
      text: failed === '' && error instanceof Error ? error.message : failed,
    });
    throw error;
  }
}
