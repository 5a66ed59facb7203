import { concat, encode } from '../../src/linux/io/bytes';
import type { Process, Program } from '../../src/linux/process/types';
import { toBytes } from '../../src/programs/shell/text';
import { repr, runPython } from './python';

/** What spec/bin of Oils holds as Python scripts, as programs of ours. */
const scripts: Readonly<Record<string, Program>> = {
  'argv.py': async (process) => say(process, `[${process.args.map(repr).join(', ')}]\n`),
  'printenv.py': async (process) =>
    say(process, process.args.map((name) => `${process.env.get(name) ?? 'None'}\n`).join('')),
  'stdout_stderr.py': async (process) => {
    const [out = 'STDOUT', err = 'STDERR', status = '0'] = process.args;
    // Python writes what it has for a pipe when it ends.
    await process.stderr.write(`${err}\n`);
    await process.stdout.write(`${out}\n`);
    return Number(status);
  },
  'read_from_fd.py': async (process) => {
    for (const arg of process.args) {
      const read = await process.fds.read(Number(arg), 1024);
      if (!read.ok) {
        await process.stderr.write(`FATAL: Error reading from fd ${arg}: [Errno 9] Bad file descriptor\n`);
        return 1;
      }
      await process.stdout.write(concat([encode(`${arg}: `), read.value]));
    }
    return 0;
  },
  'show_fd_table.py': async (process) =>
    say(process, [...process.fds.entries()].map(([fd, file]) => `${fd} ${file.name}\n`).join('')),
};

/** What the cases call beside coreutils. */
const tools: Readonly<Record<string, Program>> = {
  python2: runPython,
  python3: runPython,
};

async function say(process: Process, text: string): Promise<number> {
  await process.stdout.write(toBytes(text));
  return 0;
}

export { scripts, tools };
