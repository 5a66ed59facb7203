import type { OpenFile } from '../../linux/io/open-file';
import { commandArguments } from './argv';
import { complain, type Make } from './state';
import { valueOf } from './expand';
import type { Scope } from './variables';

/** `$(shell command)`: its output, newlines made blanks; `.SHELLSTATUS` is set. */
export async function shell(make: Make, command: string, scope: Scope): Promise<string> {
  const { process } = make;
  const argv = commandArguments(command, await valueOf(make, 'SHELL', scope));
  if (argv === undefined) return '';
  const [name = ''] = argv;
  const file = name.includes('/') ? name : process.which(name);
  const pipe = process.pipe();
  const fd = process.fds.install(pipe.read, 3);
  const fds = new Map<number, OpenFile>([[1, pipe.write]]);
  for (const kept of [0, 2]) {
    const open = process.fds.get(kept);
    if (open !== undefined) fds.set(kept, open);
  }
  const child = file === undefined ? undefined : process.spawn({ file, argv, fds });
  if (child?.ok !== true) {
    process.fds.close(fd);
    await complain(make, `${name}: ${child === undefined ? 'No such file or directory' : child.error.message}`);
    make.globals.set('.SHELLSTATUS', '127', 'override');
    return '';
  }
  const text = await process.fds.reader(fd).text();
  process.fds.close(fd);
  const status = await child.value.wait();
  make.globals.set('.SHELLSTATUS', status.kind === 'exited' ? String(status.code) : '1', 'override');
  return text.replace(/\n+$/, '').replaceAll('\n', ' ');
}
