import { encode } from '../../linux/io/bytes';
import type { OpenFile } from '../../linux/io/open-file';
import type { Process } from '../../linux/process/types';
import { help } from './help';
import { looksBinary, Text } from './text';

/** A file or pipe that is paged: its text as far as it was asked for. */
export class Source {
  readonly text = new Text();

  private constructor(
    private readonly process: Process,
    readonly name: string | undefined,
    private readonly file: OpenFile | undefined,
    private readonly fd: number,
    /** How many bytes there are, where that is known before they are read. */
    readonly known: number | undefined,
  ) {}

  /** Opens; a text is what is wrong with it. */
  static open(process: Process, name: string, force: boolean): Source | string {
    if (name === '-') {
      const file = process.fds.get(0);
      return new Source(process, undefined, file, 0, file?.kind === 'file' ? sizeOf(file) : undefined);
    }
    const opened = process.fs.open(name, { read: true });
    if (!opened.ok)
      return opened.error.code === 'EISDIR' ? `${name} is a directory` : `${name}: ${opened.error.message}`;
    const file = opened.value;
    if (file.kind === 'directory') return `${name} is a directory`;
    if (file.kind !== 'file' && !force) return `${name} is not a regular file (use -f to see it)`;
    const size = file.kind === 'file' ? sizeOf(file) : undefined;
    return new Source(process, name, file, process.fds.install(file, 3), size === 0 ? undefined : size);
  }

  /** The help as a file. */
  static help(process: Process): Source {
    const source = new Source(process, 'HELP', undefined, -1, undefined);
    source.text.append(encode(help.slice(1)));
    source.text.ended = true;
    return source;
  }

  get bytes(): number | undefined {
    return this.text.ended ? this.text.bytes : this.known;
  }

  /** Regular files can be read again from the beginning. */
  get regular(): boolean {
    return this.file?.kind === 'file';
  }

  binary(colours: boolean): boolean {
    const got = this.file?.kind === 'file' ? this.file.read(256) : 'wait';
    if (got === 'wait' || !got.ok) return false;
    this.file?.seek?.(0, 'set');
    return looksBinary(got.value, colours);
  }

  /** Reads until there are so many lines; `slow` is called before each wait. False: interrupted. */
  async fill(lines: number, slow: () => Promise<void> = () => Promise.resolve()): Promise<boolean> {
    const { text, file } = this;
    if (file === undefined) text.ended = true;
    while (file !== undefined && text.lines.length <= lines && !text.ended) {
      if (file.kind !== 'file') await this.process.compute(10);
      const got = file.read(65_536);
      if (got === 'wait') {
        await slow();
        const woken = await this.process.block<void>((wake) => file.onReadable(wake), { interruptible: true });
        if (!woken.ok) return false;
      } else if (!got.ok || got.value.length === 0) text.ended = true;
      else text.append(got.value);
    }
    return true;
  }

  /** Waits for more after the end. False: interrupted. */
  async more(): Promise<boolean> {
    const { file, process, text } = this;
    if (file === undefined) return process.sleep(1000);
    if (file.kind === 'file') {
      const got = file.read(65_536);
      if (got !== 'wait' && got.ok && got.value.length > 0) {
        text.append(got.value);
        return true;
      }
      const watch = file.watch?.bind(file);
      if (watch === undefined) return process.sleep(1000);
      return (await process.block<void>((wake) => watch(() => wake()), { interruptible: true })).ok;
    }
    if (text.ended) return process.sleep(1000);
    const before = text.lines.length;
    return this.fill(before);
  }

  close(): void {
    if (this.fd > 2) this.process.fds.close(this.fd);
  }
}

function sizeOf(file: OpenFile): number | undefined {
  const at = file.seek?.(0, 'cur');
  const end = file.seek?.(0, 'end');
  if (at?.ok === true) file.seek?.(at.value, 'set');
  return end?.ok === true ? end.value : undefined;
}
