import type { Process } from '../../../linux/process/types';

/** How packages call what they built: a release of its authors has its tag, Debian its revision. */
const packaged = new WeakMap<Process, string>();

/** A process is that of a package. */
export const isPackaged = (process: Process, version: string): void => void packaged.set(process, version);

/** The version that was compiled in. */
export const builtAs = (process: Process): string => packaged.get(process) ?? 'v2.40.3';
