import type { Program } from '../../linux/process/types';
import { pause } from './pause';

export const programs: Readonly<Record<string, Program>> = { pause };
