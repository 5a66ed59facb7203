import type { Program } from '../../linux/process/types';
import { pip, python } from './python';

/** By the names that the image's executables give. */
export const programs: Readonly<Record<string, Program>> = {
  python3: python,
  pip3: pip,
};
