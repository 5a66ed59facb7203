import type { Cgroup } from './cgroup';
import type { Kernel } from './kernel';
import type { TaskNamespaces } from './namespaces';
import type { Task } from './task';
import type { SpawnOptions } from './types';

/** What a process is made from. */
export interface TaskOptions {
  readonly kernel: Kernel;
  readonly parent: Task | undefined;
  readonly spawn: SpawnOptions;
  readonly namespaces: TaskNamespaces;
  readonly cgroup: Cgroup;
  readonly comm: string;
}

/** Kilobytes of a process that holds nothing yet. */
export const BASE_KB = 1_024;
/** Of these, pages of its executable and libraries. */
export const FILE_KB = 768;
