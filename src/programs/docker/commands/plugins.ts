import type { Plugin } from '../cli/command';

/** Plugins of the CLI that are here, if their files are on the disk. */
export const plugins: readonly Plugin[] = [
  { Name: 'buildx', Vendor: 'Docker Inc.', Version: 'v0.29.1', ShortDescription: 'Docker Buildx' },
  { Name: 'compose', Vendor: 'Docker Inc.', Version: 'v2.40.3', ShortDescription: 'Docker Compose' },
];
