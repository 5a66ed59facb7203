import type { Process } from '../../linux/process/types';
import { decode } from '../../linux/io/bytes';
import type { ShellAnswer } from './vi/types';

/** The terminal in an editor's hands: raw keys, its own screen; given back when others need it. */
export class Terminal {
  readonly #fd: number;
  #former: Record<string, boolean> | undefined;

  private constructor(
    private readonly process: Process,
    fd: number,
  ) {
    this.#fd = fd;
  }

  /** Standard input if it is a terminal, else the controlling one. */
  static open(process: Process): Terminal | undefined {
    if (process.tty === undefined) return undefined;
    if (process.fds.get(0)?.kind === 'tty') return new Terminal(process, 0);
    const opened = process.fs.open('/dev/tty', { read: true, write: true });
    return opened.ok ? new Terminal(process, process.fds.install(opened.value, 3)) : undefined;
  }

  get size(): { readonly rows: number; readonly columns: number } {
    const { rows = 24, columns = 80 } = this.process.tty?.size ?? {};
    return rows === 0 || columns === 0 ? { rows: 24, columns: 80 } : { rows, columns };
  }

  async write(text: string): Promise<void> {
    await this.process.stdout.write(text);
  }

  /** Raw mode and the alternate screen. */
  async take(): Promise<void> {
    const { tty } = this.process;
    if (tty === undefined) return;
    const { canonical, echo, signals, outputNewline, inputNewline, flowControl } = tty.termios;
    this.#former = { canonical, echo, signals, outputNewline, inputNewline, flowControl };
    Object.assign(tty.termios, {
      canonical: false,
      echo: false,
      signals: false,
      outputNewline: false,
      inputNewline: false,
      flowControl: false,
    });
    await this.write('\x1b[?1049h\x1b[?2004h');
  }

  /** As it was before. */
  async giveBack(): Promise<void> {
    const { tty } = this.process;
    if (tty === undefined || this.#former === undefined) return;
    await this.write('\x1b[?2004l\x1b[?1049l');
    Object.assign(tty.termios, this.#former);
    this.#former = undefined;
  }

  /** What is typed; 'interrupted' after a signal (the window changed), undefined at the end. */
  async read(): Promise<Uint8Array | 'interrupted' | undefined> {
    const got = await this.process.fds.read(this.#fd, 4096);
    if (!got.ok) return got.error.code === 'EINTR' ? 'interrupted' : undefined;
    return got.value.length === 0 ? undefined : got.value;
  }

  /** Stops as CTRL-Z does; comes back when the shell says so. */
  async suspend(): Promise<void> {
    await this.giveBack();
    this.process.kill(0 - this.process.group, 'SIGTSTP');
    await this.process.sleep(0);
    await this.take();
  }
}

/** Runs a command line with the shell and keeps what it writes. */
export async function capture(process: Process, command: string, input: string): Promise<ShellAnswer> {
  const [stdin, output] = [process.pipe(), process.pipe()];
  const writer = process.fds.install(stdin.write, 10);
  const reader = process.fds.install(output.read, 10);
  const child = process.spawn({
    file: '/bin/sh',
    argv: ['sh', '-c', command],
    fds: new Map([
      [0, stdin.read],
      [1, output.write],
      [2, output.write],
    ]),
  });
  if (!child.ok) {
    process.fds.close(writer);
    process.fds.close(reader);
    return { output: `${child.error.message}\n`, status: 127 };
  }
  const restore = process.signals.ignore('SIGPIPE');
  process.thread(async () => {
    await process.fds.writer(writer).write(input);
    process.fds.close(writer);
  });
  let text = '';
  for await (const chunk of process.fds.reader(reader)) text += decode(chunk);
  process.fds.close(reader);
  const status = await child.value.wait();
  restore();
  return { output: text, status: status.kind === 'exited' ? status.code : 128 };
}

/** Runs a command line (or a shell) on the terminal. */
export async function runInTerminal(process: Process, command: string, input?: string): Promise<number> {
  if (input !== undefined) {
    const answer = await capture(process, command, input);
    await process.stdout.write(answer.output);
    return answer.status;
  }
  const shell = process.env.get('SHELL') ?? '/bin/sh';
  const child = process.spawn({
    file: command === '' ? shell : '/bin/sh',
    argv: command === '' ? [shell] : ['sh', '-c', command],
  });
  if (!child.ok) {
    await process.stderr.write(`${child.error.message}\n`);
    return 127;
  }
  const status = await child.value.wait();
  return status.kind === 'exited' ? status.code : 128;
}
