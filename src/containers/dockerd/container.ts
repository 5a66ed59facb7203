import { type Few } from '../../sim/few';
import { type FewMap } from '../../sim/few-map';
import type { DnsServer } from '../../linux/net/dns/server';
import type { Image } from '../images/image';
import type { ContainerSpec } from '../runc/spec';
import type { Exit, Shim, ShimProcess, StreamOptions } from '../shim/shim';
import type { Snapshot } from '../containerd/snapshots';
import type { ContainerSettings, EndpointSettings, HostConfig } from './api-types';
import type { Health } from './health';
import { humanDuration } from './human';
import type { JsonLog } from './json-log';
import type { Endpoint } from './network/network';
import type { RestartManager } from './restart';
import type { MountPoint } from './volumes';

export type Status = 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';

/** Settings after the image's have been merged in. */
export interface Settings extends ContainerSettings {
  readonly Hostname: string;
  readonly User: string;
  readonly Env: readonly string[] | null;
  readonly Cmd: readonly string[] | null;
  readonly Entrypoint: readonly string[] | null;
  readonly WorkingDir: string;
  readonly Image: string;
  readonly Labels: Readonly<Record<string, string>>;
}

/** A container of the engine, from `create` to `rm`. */
export interface Container {
  readonly id: string;
  name: string;
  readonly createdAt: number;
  readonly image: Image;
  readonly config: Settings;
  /** `docker update` puts another in its place. */
  hostConfig: HostConfig;
  readonly networking: FewMap<string, EndpointSettings>;
  readonly snapshot: Snapshot & { readonly id: string };
  readonly mounts: readonly MountPoint[];
  /** Secrets and configs: mounted, but nobody's volumes. */
  extraMounts?: readonly MountPoint[];
  readonly log: JsonLog;
  /** Endpoints while it runs, by network id. */
  readonly endpoints: FewMap<string, Endpoint>;
  readonly execs: FewMap<string, Exec>;
  readonly waiters: Few<Waiter>;

  status: Status;
  error: string;
  exitCode: number;
  oomKilled: boolean;
  startedAt: number;
  finishedAt: number;
  restartCount: number;
  /** Since it was last started by hand. */
  restarting: RestartManager;
  /** Stopped by a person: `unless-stopped` does not bring it back, nor does the next daemon. */
  stoppedByHand: boolean;
  /** `docker restart` stops it only to start it: it is not removed in between. */
  restartedByHand: boolean;
  /** Somebody is removing it. */
  removing: boolean;
  /** Where it has a health check. */
  health: Health | undefined;
  everStarted: boolean;
  sandboxId: string;
  shim: Shim | undefined;
  process: ShimProcess | undefined;
  spec: ContainerSpec | undefined;
  /** Its resolver at 127.0.0.11, in networks that have one. */
  dns: DnsServer | undefined;
  /** Clients that attached before it was started, told when its streams are there. */
  readonly pendingAttach: Few<(process: ShimProcess) => void>;
}

export interface Waiter {
  readonly condition: 'not-running' | 'next-exit' | 'removed';
  readonly done: (exitCode: number) => void;
}

export interface Exec {
  readonly id: string;
  readonly container: Container;
  readonly command: readonly string[];
  readonly options: StreamOptions & { readonly stdout: boolean; readonly stderr: boolean };
  readonly user: string;
  readonly env: readonly string[];
  readonly workingDir: string;
  readonly privileged: boolean;
  readonly detachKeys: string;
  /** Somebody called it into life; that is done once. */
  started: boolean;
  process: ShimProcess | undefined;
  exit: Exit | undefined;
  /** The command could not be started. */
  failed: number | undefined;
}

/** Tells those who wait for a condition. */
export function wake({ waiters }: Container, condition: Waiter['condition'], code: number): void {
  for (const waiter of [...waiters]) {
    if (waiter.condition !== condition) continue;
    waiters.delete(waiter);
    waiter.done(code);
  }
}

/** Its cgroup while it runs; `--cgroup-parent` puts it elsewhere. */
export const cgroupOf = ({ id, spec }: Container): string => spec?.cgroupsPath ?? `/system.slice/docker-${id}.scope`;

/** What stands first in the command line, and the rest. */
export function commandOf({ config }: Container): readonly string[] {
  return [...(config.Entrypoint ?? []), ...(config.Cmd ?? [])];
}

export const isRunning = ({ status }: Pick<Container, 'status'>): boolean =>
  status === 'running' || status === 'paused' || status === 'restarting';

/** The STATUS column (container/state.go, String). */
export function statusText(container: Container, now: number): string {
  const { status, startedAt, finishedAt, exitCode } = container;
  switch (status) {
    case 'running': {
      const { health } = container;
      const up = `Up ${humanDuration(now - startedAt)}`;
      if (health === undefined) return up;
      return `${up} (${health.status === 'starting' ? 'health: starting' : health.status})`;
    }
    case 'paused':
      return `Up ${humanDuration(now - startedAt)} (Paused)`;
    case 'restarting':
      return `Restarting (${exitCode}) ${humanDuration(now - finishedAt)} ago`;
    case 'removing':
      return 'Removal In Progress';
    case 'dead':
      return 'Dead';
    case 'created':
      return 'Created';
    case 'exited':
      return `Exited (${exitCode}) ${humanDuration(now - finishedAt)} ago`;
  }
}
