import type { OpenFile } from '../../linux/io/open-file';
import { tool, type Tool } from '../toolkit/tool';

/** man(1): there are no manual pages here, as on most small machines; what a program says of itself stands for one. */
export const man = tool(
  {
    name: 'man',
    usage: '[OPTION...] [SECTION] PAGE...',
    about: '',
    package: 'man 2.12.0',
    trouble: 16,
    short: '7adDfkKl:M:P:s:wW',
    long: { all: 'a', apropos: 'k', whatis: 'f', 'pager:': 'P', 'sections:': 's', where: 'w' },
  },
  async (tool) => {
    const pages =
      tool.operands.length > 1 && /^\d/.test(tool.operands[0] ?? '') ? tool.operands.slice(1) : tool.operands;
    const section = pages.length < tool.operands.length ? ` in section ${tool.operands[0] ?? ''}` : '';
    if (tool.options.has('k', 'f')) {
      for (const page of pages) await tool.error(`${page}: nothing appropriate.`, 16);
      return tool.status;
    }
    if (pages.length === 0) {
      await tool.process.stderr.write("What manual page do you want?\nFor example, try 'man man'.\n");
      return 1;
    }
    for (const page of pages) {
      const path = /^[\w.+-]+$/.test(page) ? tool.process.which(page) : undefined;
      const text = path === undefined ? undefined : await helpOf(tool, path, page);
      if (text === undefined) {
        await tool.process.stderr.write(`No manual entry for ${page}${section}\n`);
        tool.status = 16;
      } else await show(tool, text);
    }
    return tool.status;
  },
);

/** What `--help` prints; undefined if it fails. */
async function helpOf({ process }: Tool, path: string, name: string): Promise<string | undefined> {
  const pipe = process.pipe();
  const fd = process.fds.install(pipe.read, 3);
  const empty = process.fs.open('/dev/null', { read: true });
  const fds = new Map<number, OpenFile>([
    [1, pipe.write],
    [2, pipe.write],
  ]);
  if (empty.ok) fds.set(0, empty.value);
  const child = process.spawn({ file: path, argv: [name, '--help'], fds });
  if (!child.ok) {
    process.fds.close(fd);
    return undefined;
  }
  const text = await process.fds.reader(fd).text();
  process.fds.close(fd);
  const status = await child.value.wait();
  return status.kind === 'exited' && status.code === 0 && text !== '' ? text : undefined;
}

/** Through MANPAGER or PAGER on a terminal. */
async function show(tool: Tool, text: string): Promise<void> {
  const { process, options } = tool;
  const pager = options.value('P') ?? (process.env.get('MANPAGER') || process.env.get('PAGER') || 'less');
  const file = process.which(pager.split(' ')[0] ?? 'less');
  if (process.fds.get(1)?.kind !== 'tty' || file === undefined) {
    await tool.out.write(text);
    return;
  }
  const pipe = process.pipe();
  const fd = process.fds.install(pipe.write, 3);
  const fds = new Map<number, OpenFile>([[0, pipe.read]]);
  for (const kept of [1, 2]) {
    const open = process.fds.get(kept);
    if (open !== undefined) fds.set(kept, open);
  }
  const child = process.spawn({ file, argv: pager.split(' '), fds });
  if (!child.ok) return;
  const restore = process.signals.ignore('SIGPIPE');
  await process.fds.write(fd, new TextEncoder().encode(text));
  process.fds.close(fd);
  await child.value.wait();
  restore();
}
