import type { ArrayElement } from '../run/assign';
import type { CommandOptions, Shell } from '../shell';

/** How a builtin was called. */
export interface Invocation {
  readonly args: readonly string[];
  /** For `declare a=(…)`: the elements, by the index in the command's words (its name is 0). */
  readonly arrays: ReadonlyMap<number, readonly ArrayElement[]> | undefined;
  readonly options: CommandOptions;
}

/** A command that the shell runs itself; gives its status. */
export type Builtin = (shell: Shell, args: readonly string[], invocation: Invocation) => number | Promise<number>;
