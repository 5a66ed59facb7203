import type { Program } from '../../linux/process/types';
import { make } from './make';

export const programs: Readonly<Record<string, Program>> = { make };
