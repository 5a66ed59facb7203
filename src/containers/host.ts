import type { Clock } from '../sim/clock';
import type { Sys } from '../linux/errno';
import type { FileSystem } from '../linux/fs/types';
import type { NetworkAdmin } from '../linux/net/types';
import type { Child, Process, SpawnOptions } from '../linux/process/types';
import type { DevPts, PtyMaster, WindowSize } from '../linux/tty/types';

/** What the container stack asks of the machine it runs on; `Host` (linux/host.ts) is one. */
export interface ContainerHost {
  readonly name: string;
  readonly clock: Clock;
  /** The host's own tree, as root. */
  readonly fs: FileSystem;
  readonly net: NetworkAdmin;
  readonly init: Process;
  /** Starts a process of the host; its parent is init. */
  spawn(options: SpawnOptions): Sys<Child>;
  openPty(size: WindowSize, instance?: DevPts): PtyMaster;
}
