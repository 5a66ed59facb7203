import type { OpenFile } from '../../linux/io/open-file';
import { tool } from '../toolkit/tool';

/** tee(1). */
export const tee = tool(
  {
    name: 'tee',
    usage: '[OPTION]... [FILE]...',
    about: 'Copy standard input to each FILE, and also to standard output.',
    short: 'aip',
    long: { append: 'a', 'ignore-interrupts': 'i', 'output-error::': 'p' },
  },
  async (tool) => {
    const { process, options } = tool;
    if (options.has('i')) process.signals.ignore('SIGINT');
    const append = options.has('a');
    const fds: { readonly path: string; readonly fd: number; readonly file: OpenFile }[] = [];
    for (const path of tool.operands) {
      const opened = tool.fs.open(path, { write: true, create: true, append, truncate: !append });
      if (opened.ok) fds.push({ path, fd: process.fds.install(opened.value, 3), file: opened.value });
      else await tool.fileError(path, opened.error);
    }
    for await (const chunk of process.stdin) {
      await tool.out.write(chunk);
      await tool.out.flush();
      for (const { fd } of fds) await process.fds.writer(fd).write(chunk);
    }
    return tool.status;
  },
);
