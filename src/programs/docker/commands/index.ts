import type { Command, Group } from '../cli/command';
import { completion } from './completion';
import { kill, pause, rename, restart, rm, stop, unpause, wait } from './each';
import { exec } from './exec';
import { history, images, pull, rmi, tag } from './images';
import { inspect, inspectContainer, inspectImage } from './inspect';
import { logs } from './logs';
import { network } from './network';
import { port } from './port';
import { prune, systemPrune } from './prune';
import { ps } from './ps';
import { create, run } from './run';
import { attach, start } from './start';
import { events, info, version } from './system';
import { top } from './top';
import { volume } from './volume';

/** The same command under another name: `docker container ls` is `docker ps`. */
const named = (command: Command, name: string): Command => ({ ...command, use: command.use.replace(/^\S+/, name) });

const container: Group = {
  name: 'container',
  short: 'Manage containers',
  commands: [
    attach,
    create,
    exec,
    inspectContainer,
    kill,
    logs,
    named(ps, 'ls'),
    pause,
    port,
    prune('containers'),
    rename,
    restart,
    rm,
    run,
    start,
    stop,
    top,
    unpause,
    wait,
  ],
};

const image: Group = {
  name: 'image',
  short: 'Manage images',
  commands: [history, inspectImage, named(images, 'ls'), prune('images'), pull, named(rmi, 'rm'), tag],
};

const system: Group = { name: 'system', short: 'Manage Docker', commands: [events, info, systemPrune] };

export const common: readonly Command[] = [run, exec, ps, pull, images, version, info];
export const management: readonly Group[] = [container, image, network, system, volume];
export const others: readonly Command[] = [
  attach,
  create,
  events,
  history,
  inspect,
  kill,
  logs,
  pause,
  port,
  rename,
  restart,
  rm,
  rmi,
  start,
  stop,
  tag,
  top,
  unpause,
  wait,
];

export const root: Group = {
  name: 'docker',
  short: 'A self-sufficient runtime for containers',
  commands: [...common, ...management, ...others, completion],
};
