import type { Command } from '../cli/context';
import { specs } from '../cli/root';
import type { Spec } from '../cli/spec';
import { build, pull, push } from './build';
import { config } from './config';
import { down } from './down';
import { kill, pause, restart, rm, scale, start, stop, unpause, wait } from './each';
import { events } from './events';
import { images, port, top, volumes } from './lists';
import { logs } from './logs';
import { ls } from './ls';
import { ps } from './ps';
import { run } from './run';
import { attach, commit, cp, exec, exportContainer, stats } from './through-docker';
import { create, up } from './up';
import { version } from './version';
import { watch } from './watch';

const aliases: Readonly<Record<string, string>> = { convert: 'config' };

/** The command of a name. */
export const find = (word: string): Spec | undefined => specs.find(({ name }) => name === (aliases[word] ?? word));

/** What each command does. */
export const commands: Readonly<Record<string, Command>> = {
  ...{ attach, build, commit, config, cp, create, down, events, exec, export: exportContainer, images, kill, logs, ls },
  ...{ pause, port, ps, pull, push, restart, rm, run, scale, start, stats, stop, top, unpause, up, version, volumes },
  wait,
  watch,
};
