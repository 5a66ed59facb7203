import type { Program } from '../../linux/process/types';

/** pause: holds a pod's namespaces and reaps its orphans (build/pause/linux/pause.c). */
export const pause: Program = async (process) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.signals.handle(signal, () => process.exit(0));
  process.signals.ignore('SIGCHLD');
  await process.block<void>(() => () => undefined);
  return 0;
};
