import { err, ok, type Result } from '../../sim/result';
import type { FileSystem } from '../../linux/fs/types';
import type { Namespaces } from '../../linux/process/types';
import type { Image } from '../images/image';
import { defaultMounts, type ContainerResources, type ContainerSpec, type SpecMount } from '../runc/spec';
import { resolveUser } from '../runc/user';
import type { CriLog } from '../shim/cri-log';
import type { ShimProcess } from '../shim/shim';
import type { ContainerConfig, ContainerStatus, LinuxContainerResources } from './cri';
import { cgroupOf, sandboxMounts, type Sandbox } from './sandbox';
import type { Snapshot } from './snapshots';

/** A container of a pod, from its creation to its removal. */
export interface Container {
  readonly id: string;
  readonly sandbox: Sandbox;
  readonly config: ContainerConfig;
  readonly image: Image;
  readonly imageRef: string;
  readonly createdAt: number;
  readonly snapshot: Snapshot;
  readonly log: CriLog;
  resources: LinuxContainerResources | undefined;
  process: ShimProcess | undefined;
  /** Since it was started. */
  spec: ContainerSpec | undefined;
  cgroupsPath: string;
  state: ContainerStatus['state'];
  startedAt: number;
  finishedAt: number;
  exitCode: number;
  signal: ContainerStatus['signal'];
  reason: string;
  message: string;
}

const nosuid = { nosuid: true, noexec: true, nodev: true } as const;
const rootlessSys: SpecMount = { destination: '/sys', type: 'sysfs', source: 'sysfs', options: nosuid };

/** The OCI specification of a container (internal/cri/server/container_create.go). */
export function containerSpec(container: Container, host: FileSystem): Result<ContainerSpec, string> {
  const { sandbox, config, image, snapshot } = container;
  const args = commandOf(config, image);
  if (args.length === 0) return err('failed to generate container spec: failed to generate spec: no command specified');
  const user = userOf(config, image, host, snapshot.target);
  if (!user.ok) return user;
  const security = config.securityContext ?? {};
  const privileged = security.privileged === true;
  const env = environmentOf(config, image, sandbox);
  if (!env.has('HOME')) env.set('HOME', user.value.home);
  return ok({
    process: {
      args,
      env,
      cwd:
        config.workingDir !== undefined && config.workingDir !== ''
          ? config.workingDir
          : (image.config.WorkingDir ?? '/'),
      user: user.value,
      terminal: config.tty === true,
    },
    root: { path: snapshot.target, readonly: security.readonlyRootfs === true },
    mounts: mountsOf(config, sandbox.id, privileged),
    cgroupsPath: cgroupOf(sandbox.config.cgroupParent, container.id),
    namespaces: namespacesOf(container),
    ...(container.resources === undefined ? {} : { resources: resourcesOf(container.resources) }),
    ...(privileged ? { privileged } : {}),
  });
}

function commandOf({ command = [], args = [] }: ContainerConfig, { config }: Image): readonly string[] {
  if (command.length > 0) return [...command, ...args];
  return [...(config.Entrypoint ?? []), ...(args.length > 0 ? args : (config.Cmd ?? []))];
}

function environmentOf(config: ContainerConfig, image: Image, sandbox: Sandbox): Map<string, string> {
  const env = new Map<string, string>();
  for (const entry of image.config.Env ?? []) {
    const equals = entry.indexOf('=');
    env.set(entry.slice(0, equals), entry.slice(equals + 1));
  }
  if (sandbox.config.hostname !== '') env.set('HOSTNAME', sandbox.config.hostname);
  for (const { key, value } of config.envs) env.set(key, value);
  if (config.tty === true) env.set('TERM', 'xterm');
  return env;
}

function userOf(config: ContainerConfig, image: Image, host: FileSystem, root: string) {
  const { runAsUser, runAsUsername, runAsGroup, supplementalGroups = [] } = config.securityContext ?? {};
  const wanted = runAsUser !== undefined ? String(runAsUser) : (runAsUsername ?? image.config.User ?? '');
  const spec = runAsGroup === undefined ? wanted : `${wanted.split(':')[0] ?? ''}:${runAsGroup}`;
  return resolveUser(host, root, spec, supplementalGroups.map(String));
}

function mountsOf({ mounts }: ContainerConfig, sandboxId: string, privileged: boolean): readonly SpecMount[] {
  const given = new Set(mounts.map(({ containerPath }) => containerPath));
  const base = privileged
    ? defaultMounts.map((mount) => {
        if (mount.destination === '/sys') return rootlessSys;
        return mount.destination === '/sys/fs/cgroup' ? { ...mount, readonly: false } : mount;
      })
    : defaultMounts;
  return [
    ...base.filter(({ destination }) => !given.has(destination)),
    ...sandboxMounts(sandboxId).filter(({ destination }) => !given.has(destination)),
    // Parents before what is mounted below them (sort by number of path parts, as containerd does).
    ...mounts
      .map(({ containerPath, hostPath, readonly = false }): SpecMount => ({
        destination: containerPath,
        type: 'bind',
        source: hostPath,
        readonly,
        options: recursively,
      }))
      .sort((a, b) => depth(a) - depth(b)),
  ];
}

const recursively = { rbind: true } as const;
const depth = ({ destination }: SpecMount): number => destination.split('/').length;

function namespacesOf({ sandbox, config }: Container): ContainerSpec['namespaces'] {
  const shared = sandbox.pause?.namespaces;
  const namespaces: { -readonly [N in keyof Namespaces]?: 'new' | Namespaces[N] } = { mnt: 'new', cgroup: 'new' };
  const options = config.securityContext?.namespaceOptions ?? sandbox.config.namespaceOptions ?? {};
  if (options.pid === 'pod' && shared !== undefined) namespaces.pid = shared.pid;
  else if (options.pid !== 'node') namespaces.pid = 'new';
  if (shared !== undefined) {
    namespaces.net = shared.net;
    namespaces.uts = shared.uts;
    namespaces.ipc = shared.ipc;
  }
  return namespaces;
}

export function resourcesOf(resources: LinuxContainerResources): ContainerResources {
  const { cpuPeriod, cpuQuota, cpuShares, memoryLimitInBytes } = resources;
  return {
    ...(cpuPeriod === undefined ? {} : { cpuPeriod }),
    ...(cpuQuota === undefined ? {} : { cpuQuota }),
    ...(cpuShares === undefined ? {} : { cpuShares }),
    ...(memoryLimitInBytes === undefined ? {} : { memory: memoryLimitInBytes }),
  };
}

export function containerStatus(container: Container): ContainerStatus {
  const { id, sandbox, config, state, createdAt, startedAt, finishedAt, exitCode, reason, message } = container;
  return {
    id,
    sandboxId: sandbox.id,
    metadata: config.metadata,
    state,
    createdAt,
    startedAt,
    finishedAt,
    exitCode,
    ...(container.signal === undefined ? {} : { signal: container.signal }),
    reason,
    message,
    image: config.image.userSpecifiedImage ?? config.image.image,
    imageId: container.image.id,
    imageRef: container.imageRef,
    labels: config.labels,
    annotations: config.annotations,
    logPath: container.log.path,
    pid: state === 'CONTAINER_RUNNING' ? (container.process?.pid ?? 0) : 0,
  };
}
