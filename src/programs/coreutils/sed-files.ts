import type { OpenFile } from '../../linux/io/open-file';
import type { Tool } from '../toolkit/tool';

/** Files that a script reads a line at a time (`R`). */
export class LineFiles {
  readonly #left = new Map<string, string[]>();

  constructor(private readonly tool: Tool) {}

  /** The next line; undefined where there is none. */
  next(path: string): string | undefined {
    let lines = this.#left.get(path);
    if (lines === undefined) {
      const text = this.tool.fs.readText(path);
      lines = text.ok ? text.value.split('\n') : [];
      if (lines.at(-1) === '') lines.pop();
      this.#left.set(path, lines);
    }
    return lines.shift();
  }
}

/** What a shell command prints (`e`). */
export async function output({ process }: Tool, command: string): Promise<string> {
  const pipe = process.pipe();
  const fd = process.fds.install(pipe.read, 3);
  const fds = new Map<number, OpenFile>([[1, pipe.write]]);
  for (const kept of [0, 2]) {
    const file = process.fds.get(kept);
    if (file !== undefined) fds.set(kept, file);
  }
  const child = process.spawn({ file: '/bin/sh', argv: ['sh', '-c', command], fds });
  const text = child.ok ? await process.fds.reader(fd).text() : '';
  process.fds.close(fd);
  if (child.ok) await child.value.wait();
  return text;
}
