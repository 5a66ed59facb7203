import { bashCompletion } from '../../cobra/bash-completion';
import { CommandError, type Command, type Group } from '../cli/command';

const shell = (name: string, run: Command['run']): Command => ({
  use: name,
  short: `Generate the autocompletion script for ${name}`,
  operands: [0, 0],
  offline: true,
  run,
});

const notHere =
  (name: string): Command['run'] =>
  async () => {
    throw new CommandError(`there is no completion for ${name} yet`);
  };

/** `docker completion bash`. */
export const completion: Group = {
  name: 'completion',
  short: 'Generate the autocompletion script for the specified shell',
  hidden: true,
  commands: [
    shell('bash', async ({ out }) => {
      await out(bashCompletion('docker'));
      return 0;
    }),
    ...['fish', 'powershell', 'zsh'].map((name) => shell(name, notHere(name))),
  ],
};
