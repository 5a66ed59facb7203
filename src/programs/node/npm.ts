import type { Program } from '../../linux/process/types';
import { run } from './node';

/** npm and its like are JavaScript (guest/npm.js), as in reality. */
const named =
  (name: string): Program =>
  (process) =>
    run(process, ['node', '--npm', name, ...process.args]);

export const npm = named('npm');
export const npx = named('npx');
export const yarn = named('yarn');
