import type { Program } from '../../linux/process/types';
import { compose } from './compose';

export const programs: Readonly<Record<string, Program>> = { 'docker-compose': compose };
