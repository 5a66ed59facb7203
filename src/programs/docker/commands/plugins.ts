import type { ClientBuild } from '../cli/build';
import type { Plugin } from '../cli/command';

/** Plugins of the CLI that are here, if their files are on the disk; Debian builds its own. */
export const pluginsOf = ({ platform }: ClientBuild): readonly Plugin[] => [
  {
    Name: 'buildx',
    Vendor: 'Docker Inc.',
    Version: platform === '' ? '0.29.1+ds1' : 'v0.29.1',
    ShortDescription: 'Docker Buildx',
  },
  {
    Name: 'compose',
    Vendor: 'Docker Inc.',
    Version: platform === '' ? '2.40.3-3' : 'v2.40.3',
    ShortDescription: 'Docker Compose',
  },
];
