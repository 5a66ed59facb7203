import type { Program } from '../../linux/process/types';
import { registry } from './registry';

/** The program of the image `registry`. */
export const programs: Readonly<Record<string, Program>> = { registry };
