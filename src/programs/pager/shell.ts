import type { Pager } from './pager';

/** Runs a command line on the terminal; comes back to the pager, with a word if one is to be said. */
export async function runShell(pager: Pager, line: string, done?: string): Promise<void> {
  const { process, terminal } = pager;
  await terminal.giveBack();
  if (done !== undefined) await terminal.write(`!${line}\n`);
  const shell = process.env.get('SHELL') ?? '/bin/sh';
  const child = process.spawn({
    file: line === '' ? shell : '/bin/sh',
    argv: line === '' ? [shell] : ['sh', '-c', line],
    fds: new Map(
      [0, 1, 2].flatMap((fd) => {
        // Standard input is the terminal, also where the text comes from a pipe.
        const file = fd === 0 ? process.tty?.open() : process.fds.get(fd);
        return file === undefined ? [] : [[fd, file] as const];
      }),
    ),
  });
  if (child.ok) await child.value.wait();
  else await terminal.write(`${child.error.message}\n`);
  if (done !== undefined) {
    terminal.raw();
    await terminal.write(`\x1b[7m${done}  (press RETURN)\x1b[27m`);
    await terminal.key();
    terminal.cooked();
    await terminal.write('\r\x1b[K');
  }
  await terminal.take();
  terminal.forget();
  pager.fresh = true;
}
