import type { Program } from '../../linux/process/types';
import { jq } from './jq';

export const programs: Readonly<Record<string, Program>> = { jq };
