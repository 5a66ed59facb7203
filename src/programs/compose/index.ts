import type { Program } from '../../linux/process/types';
import { compose, composeOfDebian } from './compose';

export const programs: Readonly<Record<string, Program>> = {
  'docker-compose': compose,
  'docker-compose.io': composeOfDebian,
};
