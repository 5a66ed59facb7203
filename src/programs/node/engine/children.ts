import type { OpenFile } from '../../../linux/io/open-file';
import type { Process } from '../../../linux/process/types';
import { failed } from './files';
import type { Loop } from './loop';
import type { Value } from './values';

interface Wanted {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Of 0, 1 and 2: `pipe`, `inherit` or `ignore`. */
  readonly stdio: readonly string[];
}

/** child_process: programs that run beside, their output as events. */
export class Children {
  readonly #inputs = new Map<number, number>();
  #next = 1;

  constructor(
    private readonly process: Process,
    private readonly loop: Loop,
  ) {}

  spawn(options: Value): Value {
    const { process, loop } = this;
    const { file, args, cwd, env, stdio } = options as unknown as Wanted;
    const path = file.includes('/') ? file : process.which(file);
    if (path === undefined) return { $errno: 'ENOENT', number: 2, text: 'No such file or directory' };
    const id = this.#next++;
    const fds = new Map<number, OpenFile>();
    const outputs: (readonly [number, OpenFile])[] = [];
    const ends: OpenFile[] = [];
    stdio.forEach((kind, fd) => {
      if (kind === 'inherit') {
        const own = process.fds.get(fd);
        if (own !== undefined) fds.set(fd, own);
      } else if (kind === 'pipe') {
        const { read, write } = process.pipe();
        fds.set(fd, fd === 0 ? read : write);
        ends.push(fd === 0 ? read : write);
        if (fd === 0) this.#inputs.set(id, process.fds.install(write, 10));
        else outputs.push([fd, read]);
      } else {
        const nothing = process.fs.open('/dev/null', { read: true, write: true });
        if (nothing.ok) fds.set(fd, nothing.value);
      }
    });
    for (const end of ends) end.retain();
    const child = process.spawn({
      file: path,
      argv: [file, ...args],
      fds,
      ...(cwd === undefined ? {} : { cwd }),
      ...(env === undefined ? {} : { env: new Map(Object.entries(env)) }),
    });
    for (const end of ends) end.release();
    if (!child.ok) return failed(child.error);
    let open = outputs.length + 1;
    const closed = (): void => {
      if (--open === 0) loop.post('child-close', id);
    };
    for (const [fd, output] of outputs) {
      const own = process.fds.install(output, 10);
      process.thread(async () => {
        for await (const chunk of process.fds.reader(own)) loop.post('child-data', id, fd, chunk);
        process.fds.close(own);
        loop.post('child-data', id, fd, null);
        closed();
      });
    }
    process.thread(async () => {
      const status = await child.value.wait();
      if (status.kind === 'exited') loop.post('child-exit', id, status.code, null);
      else if (status.kind === 'signaled') loop.post('child-exit', id, null, status.signal);
      closed();
    });
    return { id, pid: child.value.pid };
  }

  /** Writes to a child's standard input; undefined closes it. */
  input(id: number, bytes: Uint8Array | undefined): void {
    const fd = this.#inputs.get(id);
    if (fd === undefined) return;
    if (bytes === undefined) {
      this.#inputs.delete(id);
      this.process.fds.close(fd);
    } else this.process.thread(() => this.process.fds.write(fd, bytes));
  }
}
