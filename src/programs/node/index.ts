import type { Program } from '../../linux/process/types';
import { node } from './node';

/** By the names that the images' executables give. */
export const programs: Readonly<Record<string, Program>> = { node };
