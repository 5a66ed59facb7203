/** What is compiled into a docker command line. */
export interface ClientBuild {
  /** `Docker Engine - Community`; Debian's own packages name no platform. */
  readonly platform: string;
  readonly version: string;
  readonly gitCommit: string;
  readonly goVersion: string;
  /** RFC 3339, as the linker was given it. */
  readonly buildTime: string;
}

/** The highest version of the Engine API that it speaks. */
export const apiVersion = '1.51';

/** Package docker-ce-cli of download.docker.com. */
export const community: ClientBuild = {
  platform: 'Docker Engine - Community',
  version: '28.5.2',
  gitCommit: 'ecc6942',
  goVersion: 'go1.24.9',
  buildTime: '2025-11-05T14:43:25.000000000+00:00',
};

/** Debian's package docker-cli. */
export const debian: ClientBuild = {
  platform: '',
  version: '28.5.2+dfsg4',
  gitCommit: '9cc6dea35e9a963f281434761c656fba4ac43aed',
  goVersion: 'go1.27.1',
  buildTime: '2026-09-15T11:02:57.000000000+00:00',
};
