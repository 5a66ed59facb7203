import type { Command } from '../cli/context';
import { specs } from '../cli/root';
import type { Spec } from '../cli/spec';
import { config } from './config';
import { down } from './down';
import { ls } from './ls';
import { ps } from './ps';
import { create, up } from './up';
import { version } from './version';

const aliases: Readonly<Record<string, string>> = { convert: 'config' };

/** The command of a name. */
export const find = (word: string): Spec | undefined => specs.find(({ name }) => name === (aliases[word] ?? word));

/** What each command does. */
export const commands: Readonly<Record<string, Command>> = { config, create, down, ls, ps, up, version };
