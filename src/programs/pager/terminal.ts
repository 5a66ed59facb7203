import type { Process } from '../../linux/process/types';
import { decode } from '../../linux/io/bytes';

/** The terminal in the pager's hands: keys one by one, rows below each other, and its prompt. */
export class Terminal {
  #former: { readonly canonical: boolean; readonly echo: boolean } | undefined;
  #typed = '';
  #shown: readonly string[] | undefined;
  #prompt = '';
  #squished = false;
  /** With -X what is shown stays, and begins where the cursor is. */
  alternate = true;

  private constructor(
    private readonly process: Process,
    private readonly fd: number,
  ) {}

  /** The controlling terminal; undefined where there is none. */
  static open(process: Process): Terminal | undefined {
    if (process.tty === undefined) return undefined;
    const opened = process.fs.open('/dev/tty', { read: true, write: true });
    return opened.ok ? new Terminal(process, process.fds.install(opened.value, 3)) : undefined;
  }

  get size(): { readonly rows: number; readonly columns: number } {
    const { rows = 24, columns = 80 } = this.process.tty?.size ?? {};
    return rows === 0 || columns === 0 ? { rows: 24, columns: 80 } : { rows, columns };
  }

  /** What is on the screen, where that is known. */
  get shown(): readonly string[] | undefined {
    return this.#shown;
  }

  /** Keys wait to be read. */
  get pending(): boolean {
    return this.#typed !== '';
  }

  get taken(): boolean {
    return this.#former !== undefined;
  }

  async write(text: string): Promise<void> {
    await this.process.stdout.write(text);
  }

  /** Keys come one by one and unseen. */
  raw(): void {
    const { tty } = this.process;
    if (tty === undefined || this.#former !== undefined) return;
    this.#former = { canonical: tty.termios.canonical, echo: tty.termios.echo };
    Object.assign(tty.termios, { canonical: false, echo: false });
  }

  /** Raw keys and (unless -X) the alternate screen. */
  async take(): Promise<void> {
    this.raw();
    if (this.alternate) await this.write('\x1b[?1049h\x1b[?1h\x1b=\x1b[H');
    this.forget();
    this.#squished = true;
  }

  async giveBack(): Promise<void> {
    if (this.#former === undefined) return;
    await this.write(`\r\x1b[K${this.alternate ? '\x1b[?1l\x1b>\x1b[?1049l' : ''}`);
    this.cooked();
  }

  /** As it was before, without leaving the screen. */
  cooked(): void {
    if (this.process.tty !== undefined) Object.assign(this.process.tty.termios, this.#former);
    this.#former = undefined;
  }

  /** Everything is drawn anew next time. */
  forget(): void {
    this.#shown = undefined;
    this.#squished = false;
  }

  /** Shows rows and the prompt under them. `short`: the text is over before the screen is, and it is the first there. */
  async draw(rows: readonly string[], prompt: string, short: number | undefined): Promise<void> {
    const shown = short !== undefined && this.#squished ? rows.slice(0, short) : rows;
    const former = this.#shown;
    let text = '';
    if (former === undefined) text = this.#squished ? append([], shown) : `\x1b[H\x1b[J${append([], shown)}`;
    else if (this.#squished && former.every((row, index) => row === shown[index])) text = append(former, shown);
    else {
      const by = this.#squished ? 0 : scrolled(former, shown);
      if (by === 0) {
        if (this.#squished || former.some((row, index) => row !== shown[index]))
          text = `\x1b[H\x1b[J${append([], shown)}`;
      } else text = append(former.slice(by), shown);
    }
    this.#squished &&= short !== undefined;
    this.#shown = shown;
    if (text === '' && prompt === this.#prompt) return;
    this.#prompt = prompt;
    await this.write(`${text}\r\x1b[K${prompt}`);
  }

  /** Writes another text where the prompt is. */
  async ask(prompt: string): Promise<void> {
    this.#prompt = prompt;
    await this.write(`\r\x1b[K${prompt}`);
  }

  /** A key, an escape sequence as a whole; 'interrupted' after a signal, undefined when the terminal is gone. */
  async key(): Promise<string | undefined> {
    if (this.#typed === '') {
      const got = await this.process.fds.read(this.fd, 256);
      if (!got.ok) return got.error.code === 'EINTR' ? 'interrupted' : undefined;
      if (got.value.length === 0) return undefined;
      this.#typed = decode(got.value);
    }
    const [key = ''] = /^(?:\x1b\[[\d;]*[A-Za-z~]|\x1bO[A-Za-z]|[^])/u.exec(this.#typed) ?? [];
    this.#typed = this.#typed.slice(key.length);
    return key;
  }

  /** Puts a key back: it is read next. */
  unread(key: string): void {
    this.#typed = key + this.#typed;
  }
}

const append = (former: readonly string[], rows: readonly string[]): string =>
  rows.length <= former.length ? '' : `\r\x1b[K${rows.slice(former.length).join('\r\n')}\r\n`;

/** By how many rows the text moved up; 0 where it is another. */
function scrolled(former: readonly string[], rows: readonly string[]): number {
  if (former.length !== rows.length) return 0;
  for (let by = 1; by < rows.length; by++) {
    if (former.every((row, index) => index < by || row === rows[index - by])) return by;
  }
  return 0;
}
