import type { Program } from '../../linux/process/types';
import { shellMain } from './main';

/** The shells, by the names that executables give: bash; dash as Debian's `sh`; busybox' ash. */
export const programs: Readonly<Record<string, Program>> = {
  bash: (process) => shellMain(process, 'bash'),
  sh: (process) => shellMain(process, 'dash'),
  dash: (process) => shellMain(process, 'dash'),
  ash: (process) => shellMain(process, 'ash'),
};

/** `bash`, `dash` or `ash` as a program; for multi-call binaries that choose by argv[0]. */
export { shellMain } from './main';
