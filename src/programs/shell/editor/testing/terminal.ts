import headless from '@xterm/headless';
import { decode, encode } from '../../../../linux/io/bytes';
import type { Host } from '../../../../linux/host';
import type { Program } from '../../../../linux/process/types';
import type { PtyMaster } from '../../../../linux/tty/types';
import type { Clock } from '../../../../sim/clock';
import { machine } from '../../testing/machine';

export interface TerminalOptions {
  readonly history?: readonly string[];
  readonly inputrc?: string;
  /** Empty files below the working directory; a name that ends in a slash is a directory. */
  readonly files?: readonly string[];
  readonly rows?: number;
  readonly columns?: number;
  readonly prompt?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly programs?: Readonly<Record<string, Program>>;
  readonly argv?: readonly string[];
  readonly prepare?: (host: Host) => void;
}

/** What is to be seen: rows without blanks at their ends, and the cursor as column and row. */
export interface Seen {
  readonly screen: readonly string[];
  readonly cursor: readonly [number, number];
}

/** An interactive bash behind xterm: what is typed, and what a person sees. */
export class Terminal {
  readonly host: Host;
  readonly clock: Clock;
  readonly #pty: PtyMaster;
  readonly #xterm: headless.Terminal;
  #output = '';
  /** Everything that was written. */
  written = '';

  constructor(options: TerminalOptions = {}) {
    const { history = [], files = [], rows = 24, columns = 80, prompt = '$ ', env = {}, programs } = options;
    const { host, clock } = machine(programs);
    this.host = host;
    this.clock = clock;
    const { fs } = host;
    fs.writeFile('/root/.bash_history', history.map((line) => `${line}\n`).join(''));
    if (options.inputrc !== undefined) fs.writeFile('/root/.inputrc', options.inputrc);
    fs.mkdirAll('/root/work');
    for (const name of files) {
      const path = `/root/work/${name}`;
      fs.mkdirAll(name.endsWith('/') ? path : path.slice(0, path.lastIndexOf('/')));
      if (!name.endsWith('/')) fs.writeFile(path, '');
    }
    options.prepare?.(host);
    this.#xterm = new headless.Terminal({ rows, cols: columns, allowProposedApi: true });
    this.#pty = host.openPty({ rows, columns });
    this.#pty.onOutput((bytes) => {
      this.#output += decode(bytes);
    });
    const slave = this.#pty.tty.open();
    const spawned = host.spawn({
      file: '/bin/bash',
      argv: options.argv ?? ['bash', '--norc'],
      env: new Map(
        Object.entries({ PATH: '/usr/bin:/bin', HOME: '/root', TERM: 'xterm', LANG: 'C.UTF-8', PS1: prompt, ...env }),
      ),
      cwd: '/root/work',
      newSession: true,
      controllingTty: this.#pty.tty,
      fds: new Map([0, 1, 2].map((fd) => [fd, slave])),
    });
    if (!spawned.ok) throw new Error(spawned.error.message);
  }

  /** Types characters one by one; a sequence that one key sends comes at once, a lone ESC is waited for. */
  async type(keys: string, wait = 200): Promise<void> {
    await this.clock.advance(50);
    for (const [token] of keys.matchAll(/\x1b\x1b?\[[0-9;]*[A-Za-z~]|\x1bO[A-Z]|[^]/gu)) {
      this.#pty.input(encode(token));
      await this.clock.advance(1);
    }
    await this.clock.advance(wait);
  }

  resize(rows: number, columns: number): void {
    this.#xterm.resize(columns, rows);
    this.#pty.resize({ rows, columns });
  }

  /** What xterm shows now. */
  async see(): Promise<Seen> {
    const text = this.#output;
    this.#output = '';
    this.written += text;
    // xterm tells by a callback that it has drawn; nothing of the world waits for it.
    // eslint-disable-next-line no-restricted-syntax
    await new Promise<void>((resolve) => this.#xterm.write(text, resolve));
    const { active } = this.#xterm.buffer;
    const screen: string[] = [];
    for (let y = active.baseY; y < active.baseY + this.#xterm.rows; y++)
      screen.push(active.getLine(y)?.translateToString(true) ?? '');
    while (screen.at(-1) === '') screen.pop();
    return { screen, cursor: [active.cursorX, active.cursorY] };
  }
}
