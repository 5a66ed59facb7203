import type { Program } from '../../linux/process/types';
import { ctr } from './ctr/ctr';
import { runc } from './runc/runc';

export const programs: Readonly<Record<string, Program>> = { ctr, runc };
