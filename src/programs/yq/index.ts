import type { Program } from '../../linux/process/types';
import { yq } from './yq';

export const programs: Readonly<Record<string, Program>> = { yq };
