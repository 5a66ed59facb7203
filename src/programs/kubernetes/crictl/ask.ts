import type { CriError, Done } from '../../../containers/containerd/cri';
import type { Process } from '../../../linux/process/types';
import { err, type Result } from '../../../sim/result';

/** Waits for an answer of the runtime, which comes in its own time. A signal that is handled ends the wait. */
export async function ask<T = void>(process: Process, begin: (done: Done<T>) => void): Promise<Result<T, CriError>> {
  const answer = await process.block<Result<T, CriError>>((wake) => {
    begin(wake);
    return () => undefined;
  });
  return answer.ok ? answer.value : err({ code: 'Unknown', message: 'context canceled' });
}
