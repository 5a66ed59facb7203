import type { Command } from '../../command';
import { canI } from './can-i';
import { reconcile } from './reconcile';
import { whoami } from './whoami';

export const auth: Command = {
  use: 'auth [flags]',
  short: 'Inspect authorization',
  long: 'Ask about what is allowed.',
  commands: [canI, reconcile, whoami],
};
