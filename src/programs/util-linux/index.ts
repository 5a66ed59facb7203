import type { Program } from '../../linux/process/types';
import { lsns } from './lsns';
import { nsenter } from './nsenter';
import { prlimit } from './prlimit';
import { blkid, ionice, taskset } from './scheduling';
import { script } from './script';
import { setsid } from './setsid';
import { unshare } from './unshare';

export const programs: Readonly<Record<string, Program>> = {
  blkid,
  ionice,
  lsns,
  nsenter,
  prlimit,
  script,
  setsid,
  taskset,
  unshare,
};
