import type { Program } from '../../linux/process/types';
import { awk, gawk } from './awk';

export const programs: Readonly<Record<string, Program>> = { awk, gawk, mawk: awk };
