import { buildInfo } from '../../apimachinery/version';

const { major, minor, ...build } = buildInfo;

/** What /version of the reference server says. */
export const version = {
  major,
  minor,
  emulationMajor: '1',
  emulationMinor: '33',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '32',
  ...build,
} as const;
