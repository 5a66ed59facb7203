import type { Clock } from '../sim/clock';
import type { Random } from '../sim/random';
import type { Trace } from '../sim/trace';
import type { Sys } from '../linux/errno';
import type { FileSystem } from '../linux/fs/types';
import type { Child, Process, SpawnOptions } from '../linux/process/types';
import type { PtyMaster, WindowSize } from '../linux/tty/types';

/** What the container stack asks of the machine it runs on; `Host` offers it. */
export interface ContainerHost {
  readonly name: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly trace: Trace;
  /** The host's own tree, as root. */
  readonly fs: FileSystem;
  /** Starts a process of the host (its parent is init). */
  spawn(options: SpawnOptions): Sys<Child & { readonly process: Process }>;
  openPty(size?: WindowSize): PtyMaster;
}
