import type { Command, Group } from '../cli/command';
import { announced } from './announced';
import { commit } from './commit';
import { completion } from './completion';
import { config } from './config';
import { context } from './context';
import { cp } from './cp';
import { df } from './df';
import { dialStdio } from './dial-stdio';
import { diff } from './diff';
import { kill, pause, rename, restart, rm, stop, unpause, wait } from './each';
import { events } from './events';
import { exec } from './exec';
import { exportContainer } from './export';
import { history, images, pull, rmi, tag } from './images';
import { importImage } from './import';
import { inspect, inspectContainer, inspectImage } from './inspect';
import { load } from './load';
import { login } from './login';
import { logs } from './logs';
import { logout } from './logout';
import { manifest } from './manifest';
import { network } from './network';
import { node } from './node';
import { plugin } from './plugin';
import { port } from './port';
import { prune, systemPrune } from './prune';
import { ps } from './ps';
import { push } from './push';
import { create, run } from './run';
import { save } from './save';
import { search } from './search';
import { secret } from './secret';
import { service } from './service';
import { stack } from './stack';
import { attach, start } from './start';
import { stats } from './stats';
import { swarm } from './swarm';
import { info, version } from './system';
import { top } from './top';
import { update } from './update';
import { volume } from './volume';

/** The same command under another name: `docker container ls` is `docker ps`. */
const named = (command: Command, name: string): Command => ({ ...command, use: command.use.replace(/^\S+/, name) });

const container: Group = {
  name: 'container',
  short: 'Manage containers',
  commands: announced('container', [
    attach,
    commit,
    cp,
    create,
    diff,
    exec,
    exportContainer,
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
    stats,
    stop,
    top,
    unpause,
    update,
    wait,
  ]),
};

const image: Group = {
  name: 'image',
  short: 'Manage images',
  commands: announced('image', [
    history,
    importImage,
    inspectImage,
    load,
    named(images, 'ls'),
    prune('images'),
    pull,
    push,
    named(rmi, 'rm'),
    save,
    tag,
  ]),
};

const system: Group = {
  name: 'system',
  short: 'Manage Docker',
  commands: [df, dialStdio, events, info, systemPrune],
};

/** Commands that people use most, in the order in which they are listed. */
const common: readonly string[] = 'run exec ps build bake pull push images login logout search version info'.split(' ');

const commands: readonly (Command | Group)[] = [
  attach,
  commit,
  completion,
  config,
  container,
  context,
  cp,
  create,
  diff,
  events,
  exec,
  exportContainer,
  history,
  image,
  images,
  importImage,
  info,
  inspect,
  kill,
  login,
  logout,
  load,
  logs,
  manifest,
  network,
  node,
  pause,
  plugin,
  port,
  ps,
  pull,
  push,
  rename,
  restart,
  rm,
  rmi,
  run,
  save,
  search,
  secret,
  service,
  stack,
  start,
  stats,
  stop,
  swarm,
  system,
  tag,
  top,
  unpause,
  update,
  version,
  volume,
  wait,
];

export const root: Group = {
  name: 'docker',
  short: 'A self-sufficient runtime for containers',
  swarmSection: true,
  commands: announced('', commands).map((entry) => {
    const order = common.indexOf('use' in entry ? (entry.use.split(' ')[0] ?? '') : entry.name);
    return order < 0 ? entry : { ...entry, order };
  }),
};
