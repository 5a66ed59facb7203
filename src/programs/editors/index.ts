import type { Program } from '../../linux/process/types';
import { busyboxVi, vi, view, vim } from './vi';

export const programs: Readonly<Record<string, Program>> = { vi, vim, view, 'busybox-vi': busyboxVi };
