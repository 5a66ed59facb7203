import type { CrictlCommand } from './crictl';
import { exec } from './exec';
import { images, inspecti, pull, rmi } from './images';
import { inspect, inspectp } from './inspect';
import { logs } from './logs';
import { pods, ps } from './ps';
import { rm, rmp, start, stop, stopp } from './lifecycle';
import { config, info, version } from './runtime';
import { stats, statsp } from './stats';

/** Every command, in the order of the help. */
export const commands: readonly CrictlCommand[] = [
  exec,
  images,
  inspect,
  inspecti,
  inspectp,
  logs,
  ps,
  pull,
  rm,
  rmi,
  rmp,
  pods,
  start,
  info,
  stop,
  stopp,
  version,
  config,
  stats,
  statsp,
];
