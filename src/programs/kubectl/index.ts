import type { Program } from '../../linux/process/types';
import { kubectl } from './kubectl';
import { networkTransport } from './rest/network';

/** Programs of this folder, by the name in the executable. */
export const programs: Readonly<Record<string, Program>> = { kubectl: kubectl(networkTransport) };
