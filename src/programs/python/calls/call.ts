import type { Errno } from '../../../linux/errno';
import type { Plain } from '../engine/memory';

/** What the guest may call, by name. A promise makes it wait. */
export type Calls = Readonly<Record<string, (args: readonly Plain[]) => Plain | Promise<Plain>>>;

/** A failed call, as the guest's `_call` reads it: `!2 No such file or directory`. */
export const failure = ({ number, message }: Errno): string => `!${number} ${message}`;

export const string = (args: readonly Plain[], index: number): string => String(args[index] ?? '');
export const integer = (args: readonly Plain[], index: number): number => Number(args[index] ?? 0);
