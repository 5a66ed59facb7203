import type { Program } from '../../linux/process/types';
import { nano } from './nano/nano';
import { busyboxVi, vi, view, vim } from './vi';

export const programs: Readonly<Record<string, Program>> = { vi, vim, view, nano, 'busybox-vi': busyboxVi };
