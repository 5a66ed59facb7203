import type { Program } from '../../linux/process/types';
import { stress } from './stress';

export const programs: Readonly<Record<string, Program>> = { stress };
