import { vi } from '../vi';
import { changing } from './changing';
import { completing } from './completing';
import { globbing } from './globbing';
import { history } from './history';
import { killing } from './killing';
import { listing } from './listing';
import { macros } from './macros';
import { moving } from './moving';
import { searching } from './searching';
import { shellCommands } from './shell-commands';
import type { Command, Commands } from './types';

const all: Commands = {
  ...moving,
  ...changing,
  ...killing,
  ...globbing,
  ...history,
  ...searching,
  ...completing,
  ...listing,
  ...macros,
  ...shellCommands,
  ...vi,
};

/** The command of a name of readline's. */
export const commands = (name: string): Command | undefined => (Object.hasOwn(all, name) ? all[name] : undefined);
