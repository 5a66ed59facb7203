import type { Program } from '../../linux/process/types';
import { nginx } from './nginx/nginx';
import { pause } from './pause';

export const programs: Readonly<Record<string, Program>> = { nginx, pause };
