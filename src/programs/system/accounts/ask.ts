import { decode } from '../../../linux/io/bytes';
import type { Process } from '../../../linux/process/types';

/** Asks for a password: at the terminal without echo, else from standard input. Undefined at the end of input. */
export async function askPassword(process: Process, prompt: string): Promise<string | undefined> {
  const { tty } = process;
  const opened = tty === undefined ? undefined : process.fs.open('/dev/tty', { read: true, write: true });
  if (tty === undefined || opened?.ok !== true) {
    await process.stderr.write(prompt);
    const bytes: number[] = [];
    // Byte by byte: what follows is for whom it may concern.
    for (;;) {
      const read = await process.fds.read(0, 1);
      const [byte] = read.ok ? read.value : [];
      if (byte === undefined) return bytes.length === 0 ? undefined : decode(new Uint8Array(bytes));
      if (byte === 10) return decode(new Uint8Array(bytes));
      bytes.push(byte);
    }
  }
  const fd = process.fds.install(opened.value, 3);
  const { echo } = tty.termios;
  await process.fds.writer(fd).write(prompt);
  tty.termios.echo = false;
  try {
    return await process.fds.reader(fd).readLine();
  } finally {
    tty.termios.echo = echo;
    await process.fds.writer(fd).write('\n');
    process.fds.close(fd);
  }
}
