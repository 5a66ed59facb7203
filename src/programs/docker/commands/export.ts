import { validateOutputPath, writeAtomically, writeOut } from '../cli/archive-io';
import { CommandError, type Command } from '../cli/command';
import { flags } from '../cli/flags';
import { isTerminal } from '../cli/streams';

export const exportContainer: Command = {
  use: 'export [OPTIONS] CONTAINER',
  short: "Export a container's filesystem as a tar archive",
  aliases: ['docker container export', 'docker export'],
  flags: flags(`
    -o, --output string | Write to a file, instead of STDOUT
  `),
  operands: [1, 1],
  async run({ api, args, flags: given, process }) {
    const output = given.text('output');
    if (output === '' && isTerminal(process, 1))
      throw new CommandError('cowardly refusing to save to a terminal. Use the -o flag or redirect');
    if (output !== '') {
      try {
        validateOutputPath(process.fs, output);
      } catch (thrown) {
        if (!(thrown instanceof CommandError)) throw thrown;
        throw new CommandError(`failed to export container: ${thrown.message}`);
      }
    }
    const response = await api.stream('GET', `/containers/${args[0] ?? ''}/export`);
    if (output === '') await writeOut(process, response.body);
    else await writeAtomically(process, output, response.body);
    return 0;
  },
};
