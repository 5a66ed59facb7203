import type { Context } from '../cli/context';
import type { Project } from '../load/types';

/** `up` in the foreground. */
export const upAttached = (_: Context, __: Project): Promise<number> => Promise.resolve(0);
