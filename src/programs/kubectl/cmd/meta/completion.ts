import { bashCompletion } from '../../../cobra/bash-completion';
import type { Command } from '../../command';
import { Failure } from '../../errors';

const shells = ['bash', 'zsh', 'fish', 'powershell'];

export const completion: Command = {
  use: 'completion SHELL',
  short: 'Output shell completion code for the specified shell (bash, zsh, fish, or powershell)',
  long: `Print a script that makes a shell (bash, zsh, fish or powershell) complete the words of kubectl.

 The shell has to read it, as .bashrc can have it do.`,
  example: `# In this bash
  source <(kubectl completion bash)

  # In each new bash
  echo 'source <(kubectl completion bash)' >> ~/.bashrc`,
  run: async (cli) => {
    const { args } = cli;
    const [shell = ''] = args;
    if (args.length === 0) throw cli.usage('Shell not specified.');
    if (args.length > 1) throw cli.usage('Too many arguments. Expected only the shell type.');
    if (!shells.includes(shell)) throw cli.usage(`Unsupported shell type ${JSON.stringify(shell)}.`);
    if (shell !== 'bash') throw new Failure(`there is no completion for ${shell} yet`);
    await cli.out(bashCompletion('kubectl'));
  },
};
