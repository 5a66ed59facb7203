import type { Program } from '../../linux/process/types';
import { tini } from './tini';

export const programs: Readonly<Record<string, Program>> = { 'docker-init': tini };
