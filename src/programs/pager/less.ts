import type { Process, Program } from '../../linux/process/types';
import { parseArguments } from './arguments';
import { help, version } from './help';
import { Pager } from './pager';
import { defaults } from './settings';
import { Source } from './source';
import { Terminal } from './terminal';

/** less(1): a pager when it writes to a terminal, else cat. */
export const less: Program = async (process) => {
  const settings = defaults();
  const parsed = parseArguments(process.args, process.env.get('LESS') ?? '', settings);
  const { files, action } = parsed;
  if (action !== 'run') {
    await process.stdout.write(action === 'help' ? help : version);
    return 0;
  }
  const terminal = process.fds.get(1)?.kind === 'tty' ? Terminal.open(process) : undefined;
  if (files.length === 0) {
    if (process.fds.get(0)?.kind === 'tty') {
      await process.stderr.write('Missing filename ("less --help" for help)\n');
      return 1;
    }
    files.push('-');
  }
  for (const wrong of parsed.wrong) await process.stderr.write(`${wrong}\n`);
  if (terminal === undefined) return copy(process, files);
  terminal.alternate = settings.init;
  if (parsed.wrong.length > 0) await pause(terminal);
  const pager = new Pager(process, terminal, settings, files);
  return pager.run(parsed);
};

/** Waits for RETURN where less cannot begin yet. */
async function pause(terminal: Terminal): Promise<void> {
  await terminal.write('Press RETURN to continue ');
  terminal.raw();
  await terminal.key();
  terminal.cooked();
  await terminal.write('\n');
}

async function copy(process: Process, files: readonly string[]): Promise<number> {
  let status = 0;
  for (const name of files) {
    const source = Source.open(process, name, true);
    if (typeof source === 'string') {
      await process.stdout.write(`${source}\n`);
      status = 1;
      continue;
    }
    source.close();
    const fd = name === '-' ? 0 : openFor(process, name);
    for (;;) {
      const got = await process.fds.read(fd, 65_536);
      if (!got.ok || got.value.length === 0) break;
      await process.stdout.write(got.value);
    }
    if (fd > 2) process.fds.close(fd);
  }
  return status;
}

function openFor(process: Process, name: string): number {
  const opened = process.fs.open(name, { read: true });
  return opened.ok ? process.fds.install(opened.value, 3) : -1;
}
