import { query } from '../cli/api';
import { validateDestination, writeAtomically, writeOut } from '../cli/archive-io';
import { CommandError, type Command } from '../cli/command';
import { flags } from '../cli/flags';
import { isTerminal } from '../cli/streams';

export const save: Command = {
  use: 'save [OPTIONS] IMAGE [IMAGE...]',
  short: 'Save one or more images to a tar archive (streamed to STDOUT by default)',
  aliases: ['docker image save', 'docker save'],
  flags: flags(`
    -o, --output string | Write to a file, instead of STDOUT
    --platform string | Save only the given platform variant. Formatted as "os[/arch[/variant]]" (e.g., "linux/amd64")
  `),
  operands: [1, Infinity],
  async run({ api, args, flags: given, process }) {
    const output = given.text('output');
    if (output === '' && isTerminal(process, 1))
      throw new CommandError('cowardly refusing to save to a terminal. Use the -o flag or redirect');
    if (output !== '') {
      try {
        validateDestination(process.fs, output);
      } catch (thrown) {
        if (!(thrown instanceof CommandError)) throw thrown;
        throw new CommandError(`failed to save image: ${thrown.message}`);
      }
    }
    const names = args.map((name) => `names=${encodeURIComponent(name)}`).join('&');
    const platform = query({ platform: given.last('platform') }).replace('?', '&');
    const response = await api.stream('GET', `/images/get?${names}${platform}`);
    if (output === '') await writeOut(process, response.body);
    else await writeAtomically(process, output, response.body);
    return 0;
  },
};
