import type { RuncBuild } from '../runc/features';

/** What is compiled into an engine, and into what it came with. */
export interface EngineBuild {
  readonly platform: string;
  readonly version: string;
  readonly gitCommit: string;
  readonly goVersion: string;
  readonly buildTime: string;
  readonly containerd: { readonly version: string; readonly commit: string };
  readonly runc: RuncBuild;
  readonly init: { readonly version: string; readonly commit: string };
  /** Logging drivers that were built in. */
  readonly logDrivers: readonly string[];
  /** Where it says something else of its machine than it would find there: Docker Desktop's VM, Windows. */
  readonly system?: EngineSystem;
}

/** A machine as its engine describes it. */
export interface EngineSystem {
  readonly os: 'linux' | 'windows';
  readonly kernelVersion: string;
  /** What a list of manifests has to have, in the words of a pull that found nothing. */
  readonly pullPlatform: string;
  /** Parts of the answer to /version. */
  readonly components: boolean;
  /** Fields of /info that are others. */
  readonly info: Readonly<Record<string, unknown>>;
}

const logDrivers = ['awslogs', 'fluentd', 'gcplogs', 'gelf', 'journald', 'json-file', 'local', 'splunk', 'syslog'];

/** Package docker-ce of download.docker.com. */
export const community: EngineBuild = {
  platform: 'Docker Engine - Community',
  version: '28.5.2',
  gitCommit: '89c5e8f',
  goVersion: 'go1.24.9',
  buildTime: '2025-11-05T14:43:25.000000000+00:00',
  containerd: { version: 'v2.1.5', commit: 'fcd43222d6b07379a4be9786bda52438f0dd16a1' },
  runc: { version: '1.3.3', commit: 'v1.3.3-0-gd842d771', libseccomp: '2.5.6' },
  init: { version: '0.19.0', commit: 'de40ad0' },
  logDrivers,
};

/** Debian's package docker.io. */
export const debian: EngineBuild = {
  platform: '',
  version: '28.5.2+dfsg4',
  gitCommit: '3ef3c07c883be49a2e8097bcf6d2952fce1d70eb',
  goVersion: 'go1.27.1',
  buildTime: '2026-09-15T11:02:57.000000000+00:00',
  containerd: { version: '2.1.9+unknown', commit: '' },
  runc: { version: '1.3.6+ds1', commit: '1.3.6+ds1-1', libseccomp: '2.6.1' },
  init: { version: '0.19.0', commit: '' },
  logDrivers: logDrivers.filter((driver) => driver !== 'gcplogs'),
};
