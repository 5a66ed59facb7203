import type { Program } from '../../linux/process/types';
import { node } from './node';
import { npm, npx, yarn } from './npm';

/** By the names that the images' executables give. */
export const programs: Readonly<Record<string, Program>> = { node, npm, npx, yarn };
