import type { Program } from '../../linux/process/types';
import { commandNotFound } from './command-not-found';

export const programs: Readonly<Record<string, Program>> = { 'command-not-found': commandNotFound };
