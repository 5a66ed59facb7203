import type { Group } from '../../cli/command';
import { exportContext, importContext } from './archive';
import { create, rm, update, use } from './change';
import { inspect, ls, show } from './list';

/** `docker context`. */
export const context: Group = {
  name: 'context',
  short: 'Manage contexts',
  commands: [create, exportContext, importContext, inspect, ls, rm, show, update, use],
};
