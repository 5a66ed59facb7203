import type { Command } from '../../command';
import { globalFlags } from '../../flags/global';
import { flagText } from '../../help';

/** The flags that all commands have. */
export const options: Command = {
  use: 'options',
  short: 'Print the list of flags inherited by all commands',
  long: 'Print the list of flags inherited by all commands',
  example: `# The flags of all commands
  kubectl options`,
  hidden: true,
  run: async (cli) => {
    const flags = globalFlags.filter(({ hidden }) => !hidden).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    await cli.out(`The following options can be passed to any command:\n\n${flags.map(flagText).join('\n\n')}\n`);
  },
};

/** Holds commands that are not finished; this version has none. */
export const alpha: Command = {
  use: 'alpha',
  short: 'Commands for features in alpha',
  hidden: true,
  helpless: true,
  run: (cli) => cli.err('No alpha commands are available in this version of kubectl\n'),
};
