import { query } from '../cli/api';
import { readAll } from '../cli/archive-io';
import { CommandError, type Command } from '../cli/command';
import { flags } from '../cli/flags';
import { showMessages } from '../cli/pull';
import { isTerminal } from '../cli/streams';

export const load: Command = {
  use: 'load [OPTIONS]',
  short: 'Load an image from a tar archive or STDIN',
  aliases: ['docker image load', 'docker load'],
  flags: flags(`
    -i, --input string | Read from tar archive file, instead of STDIN
    --platform string | Load only the given platform variant. Formatted as "os[/arch[/variant]]" (e.g., "linux/amd64")
    -q, --quiet | Suppress the load output
  `),
  operands: [0, 0],
  async run({ api, flags: given, process }) {
    const input = given.text('input');
    if (input === '' && isTerminal(process, 0)) throw new CommandError('requested load from stdin, but stdin is empty');
    const archive = input === '' ? await readAll(process.stdin) : readFile(process.fs, input);
    const quiet = given.on('quiet') || !isTerminal(process, 1);
    const params = query({ platform: given.last('platform'), quiet: quiet ? '1' : '0' });
    const response = await api.stream('POST', `/images/load${params}`, archive);
    await showMessages(process, response.body, 1);
    return 0;
  },
};

/** A file as Go opens it. */
export function readFile(fs: Parameters<Command['run']>[0]['process']['fs'], path: string): Uint8Array {
  const read = fs.readFile(path);
  if (read.ok) return read.value;
  const verb = read.error.code === 'EISDIR' ? 'read' : 'open';
  throw new CommandError(`${verb} ${path}: ${read.error.message.toLowerCase()}`);
}
