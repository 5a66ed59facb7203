import type { Program } from '../../linux/process/types';
import { less } from './less';

export const programs: Readonly<Record<string, Program>> = { less, pager: less };
