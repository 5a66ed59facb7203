import { decode, encode } from '../../../linux/io/bytes';
import type { Host } from '../../../linux/host';
import type { PtyMaster } from '../../../linux/tty/types';
import type { Clock } from '../../../sim/clock';
import { cells } from '../vi/text';

/** A terminal that understands what editors write, for whole screens. */
export class Screen {
  readonly #rows: string[][];
  #main: string[][] | undefined;
  /** What was said about a pane. */
  readonly heard: (readonly [verb: string, value: string])[] = [];
  row = 0;
  column = 0;

  constructor(
    readonly height: number,
    readonly width: number,
  ) {
    this.#rows = this.#blank();
  }

  #blank(): string[][] {
    return Array.from({ length: this.height }, () => Array.from({ length: this.width }, () => ' '));
  }

  write(text: string): void {
    for (const [all, parameters, end, verb, value] of text.matchAll(
      /\x1b\[([?\d;]*)([A-Za-z])|\x1b\]7733;(\w+);([^\x07]*)\x07|\x1b.|[^]/gu,
    )) {
      if (verb !== undefined)
        this.heard.push([verb, decode(Uint8Array.from(atob(value ?? ''), (char) => char.charCodeAt(0)))]);
      else if (end !== undefined) this.#sequence(parameters ?? '', end);
      else if (all === '\r') this.column = 0;
      else if (all === '\n') this.#down();
      else if (all === '\b') this.column = Math.max(0, this.column - 1);
      else if (all >= ' ') this.#put(all);
    }
  }

  #put(char: string): void {
    const size = cells(char, 0, 8);
    if (this.column + size > this.width) {
      this.column = 0;
      this.#down();
    }
    const row = this.#rows[this.row];
    if (row === undefined) return;
    row[this.column] = char;
    if (size === 2) row[this.column + 1] = '';
    this.column += size;
  }

  #down(): void {
    if (this.row < this.height - 1) this.row++;
    else {
      this.#rows.shift();
      this.#rows.push(Array.from({ length: this.width }, () => ' '));
    }
  }

  #sequence(parameters: string, end: string): void {
    const [first = 1, second = 1] = parameters.split(';').map((each) => Number(each || 1));
    const row = this.#rows[this.row];
    if (end === 'H') [this.row, this.column] = [first - 1, second - 1];
    else if (end === 'K') row?.fill(' ', this.column);
    else if (end === 'J') for (const each of this.#rows) each.fill(' ');
    else if (end === 'C') this.column += first;
    else if (end === 'D') this.column -= first;
    else if (parameters === '?1049' && end === 'h') {
      this.#main ??= this.#rows.map((each) => [...each]);
      for (const each of this.#rows) each.fill(' ');
    } else if (parameters === '?1049' && end === 'l' && this.#main !== undefined) {
      for (const [index, each] of this.#main.entries()) this.#rows[index] = each;
      this.#main = undefined;
      [this.row, this.column] = [this.height - 1, 0];
    }
  }

  /** The rows as text, without blanks at their ends. */
  get rows(): readonly string[] {
    return this.#rows.map((row) => row.join('').trimEnd());
  }
}

/** A program on a terminal of 80 × 24: what is typed, what is on the screen. */
export class EditorSession {
  readonly host: Host;
  readonly clock: Clock;
  readonly pty: PtyMaster;
  readonly screen: Screen;
  ended: number | undefined;

  /** On a machine that has the editors. */
  constructor(
    { host, clock }: { readonly host: Host; readonly clock: Clock },
    argv: readonly string[],
    files: Readonly<Record<string, string>> = {},
    size = { rows: 24, columns: 80 },
  ) {
    this.host = host;
    this.clock = clock;
    for (const [path, text] of Object.entries(files)) host.fs.writeFile(path, text);
    this.pty = host.openPty(size);
    this.screen = new Screen(size.rows, size.columns);
    this.pty.onOutput((bytes) => this.screen.write(decode(bytes)));
    const slave = this.pty.tty.open();
    const spawned = host.spawn({
      file: `/bin/${argv[0] ?? ''}`,
      argv,
      env: new Map([
        ['PATH', '/usr/bin:/bin'],
        ['HOME', '/root'],
        ['TERM', 'xterm'],
      ]),
      cwd: '/tmp',
      newSession: true,
      controllingTty: this.pty.tty,
      fds: new Map([0, 1, 2].map((fd) => [fd, slave])),
    });
    if (!spawned.ok) throw new Error(spawned.error.message);
    void spawned.value.wait().then((status) => {
      this.ended = status.kind === 'exited' ? status.code : 128;
    });
  }

  /** Types (each call is one read of the program's) and gives the screen then. */
  async type(...texts: readonly string[]): Promise<readonly string[]> {
    for (const text of texts) {
      this.pty.input(encode(text));
      await this.clock.advance(20);
    }
    await this.clock.advance(50);
    return this.screen.rows;
  }

  text(path: string): string {
    const read = this.host.fs.readText(path);
    return read.ok ? read.value : `(${read.error.message})`;
  }
}
