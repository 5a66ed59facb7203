import type { Program } from '../../linux/process/types';
import { git } from './cli';

export const programs: Readonly<Record<string, Program>> = { git };
