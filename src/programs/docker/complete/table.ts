import { directories, Directive, files, none, only, type Completions } from '../../cobra/directives';
import type { FlagValues } from '../cli/flags';
import type { Engine } from './engine';

/** What completes the arguments of a command or the value of a flag. */
export type Complete = (engine: Engine, args: readonly string[], flags: FlagValues) => Promise<Completions>;

const list =
  (names: (engine: Engine) => Promise<readonly string[]>): Complete =>
  async (engine) =>
    only(await names(engine));

const containers = (...states: readonly string[]): Complete => list((engine) => engine.containers(...states));
const images = list((engine) => engine.images());
const networks = list((engine) => engine.networks());
const volumes = list((engine) => engine.volumes());

/** Only the first argument is one of these; what follows is free. */
const first =
  (complete: Complete): Complete =>
  async (engine, args, flags) =>
    args.length === 0 ? complete(engine, args, flags) : none;

const running = containers('running');
const any = containers();
const nothing: Complete = async () => none;
const stopped = ['created', 'exited', 'dead'];

/** Containers that can be removed: with -f all. */
const removable: Complete = async (engine, _args, flags) =>
  only(await engine.containers(...(flags.on('force') ? [] : stopped)));

const ofNetwork: Complete = async (engine, args) => {
  if (args.length === 0) return only(await engine.networks());
  return args.length === 1 ? only(await engine.containers()) : none;
};

/** By the command's own name. Source: docker/cli, ValidArgsFunction of each command. */
export const argumentsOf: Readonly<Record<string, Complete>> = {
  attach: running,
  create: images,
  exec: running,
  history: first(images),
  'container inspect': any,
  'image inspect': images,
  inspect: nothing,
  kill: running,
  logs: any,
  pause: running,
  port: running,
  rename: any,
  restart: any,
  rm: removable,
  rmi: images,
  'image rm': images,
  run: first(images),
  start: containers(...stopped),
  stop: running,
  tag: images,
  top: running,
  unpause: containers('paused'),
  wait: running,
  images: async () => files,
  'image ls': async () => files,
  'network connect': ofNetwork,
  'network disconnect': first(networks),
  'network create': nothing,
  'network inspect': networks,
  'network ls': nothing,
  'network rm': networks,
  'network prune': async () => files,
  'volume create': nothing,
  'buildx build': async () => directories,
  'volume inspect': volumes,
  'volume ls': nothing,
  'volume rm': volumes,
};

const choice =
  (...values: readonly string[]): Complete =>
  async () =>
    only(values);

const capabilities =
  'CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE'
    .split(' ')
    .map((name) => `CAP_${name}`);

const events = ['container', 'daemon', 'event', 'image', 'label', 'network', 'node', 'scope', 'type', 'volume'];

/** Flags of `run` and `create`; their other values are free, and no files. */
export const containerFlags: Readonly<Record<string, Complete>> = {
  'cap-add': choice('ALL', ...capabilities),
  'cap-drop': choice('ALL', ...capabilities),
  env: async ({ api }) => only([...api.process.env.keys()]),
  'env-file': async () => files,
  cidfile: async () => files,
  'label-file': async () => files,
  link: async (engine) => ({
    values: (await engine.containers()).map((name) => `${name}:`),
    directive: Directive.noSpace,
  }),
  'log-driver': choice('awslogs', 'fluentd', 'gcplogs', 'gelf', 'journald', 'json-file', 'local', 'splunk', 'syslog'),
  network: networks,
  pull: choice('always', 'missing', 'never'),
  restart: choice('no', 'always', 'on-failure', 'unless-stopped'),
  'volumes-from': any,
};

/** Values of flags of other commands. */
export const flagValues: Readonly<Record<string, Complete>> = {
  'events --filter': async () => ({ values: events.map((name) => `${name}=`), directive: Directive.noSpace }),
  'inspect --format': nothing,
  'inspect --type': choice(
    ...['config', 'container', 'image', 'network', 'node', 'plugin', 'secret', 'service', 'task', 'volume'],
  ),
  'kill --signal': choice(
    'HUP',
    'INT',
    'QUIT',
    'KILL',
    'TERM',
    'STOP',
    'CONT',
    'USR1',
    'USR2',
    'WINCH',
    'ALRM',
    'ABRT',
  ),
};
