import type { Command } from '../../command';
import { setEnv } from './env';
import { setImage } from './image';
import { setResources, setSelector, setServiceAccount, setSubject } from './others';

export const set: Command = {
  use: 'set SUBCOMMAND',
  short: 'Set specific features on objects',
  long: `Configure application resources.

 These commands help you make changes to existing application resources.`,
  commands: [setImage, setResources, setSelector, setSubject, setServiceAccount, setEnv],
};
