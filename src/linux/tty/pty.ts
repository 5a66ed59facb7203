import type { Clock } from '../../sim/clock';
import { fail, type Sys } from '../errno';
import { noBytes } from '../io/bytes';
import type { OpenFile, OpenFlags } from '../io/open-file';
import { WaitQueue } from '../io/wait-queue';
import type { SignalName } from '../process/types';
import { LineDiscipline } from './line-discipline';
import { OutputProcessor } from './output';
import { createTermios } from './termios';
import type { PtyMaster, Termios, Tty, WindowSize } from './types';

export interface PtyOptions {
  readonly clock: Clock;
  readonly index: number;
  readonly size: WindowSize;
  readonly signalGroup: (group: number, signal: SignalName) => void;
  readonly signalSession: (session: number, signal: SignalName) => void;
  readonly closed?: () => void;
}

const both: OpenFlags = { read: true, write: true, append: false };

/** How much output waits for a stopped terminal (^S) before writers wait too. */
const OUTPUT_LIMIT = 65_536;

/**
 * A pseudo terminal (pty(7)). Programs hold the slave, whoever shows it the master.
 *
 *   xterm ──input──► line discipline ──► slave's read       ^C ─► SIGINT to the foreground group
 *   xterm ◄─output── ONLCR ◄── slave's write, echo
 */
export function createPty(options: PtyOptions): PtyMaster {
  return new Pty(options);
}

class Pty implements PtyMaster {
  readonly tty: SlaveTty;
  #listener: (bytes: Uint8Array) => void = () => undefined;
  #early: Uint8Array[] = [];
  #listening = false;

  constructor(readonly options: PtyOptions) {
    this.tty = new SlaveTty(options, (bytes) => this.#show(bytes));
  }

  #show(bytes: Uint8Array): void {
    if (this.#listening) this.#listener(bytes);
    else this.#early.push(bytes);
  }

  input(bytes: Uint8Array): void {
    this.tty.discipline.input(bytes);
  }

  onOutput(listener: (bytes: Uint8Array) => void): void {
    this.#listener = listener;
    this.#listening = true;
    for (const bytes of this.#early) listener(bytes);
    this.#early = [];
  }

  resize(size: WindowSize): void {
    this.tty.resize(size);
  }

  hangup(): void {
    if (this.tty.hungUp) return;
    this.tty.hangup();
    this.options.signalSession(this.tty.session, 'SIGHUP');
    this.options.signalSession(this.tty.session, 'SIGCONT');
    this.options.closed?.();
  }
}

class SlaveTty implements Tty {
  readonly path: string;
  readonly termios: Termios = createTermios();
  readonly #output = new OutputProcessor(this.termios);
  size: WindowSize;
  foregroundGroup = 0;
  session = 0;
  hungUp = false;
  readonly readable: WaitQueue;
  readonly writable: WaitQueue;
  readonly discipline: LineDiscipline;
  #held: Uint8Array[] = [];
  #heldLength = 0;

  constructor(
    readonly options: PtyOptions,
    readonly show: (bytes: Uint8Array) => void,
  ) {
    this.path = `/dev/pts/${options.index}`;
    this.size = options.size;
    this.readable = new WaitQueue(options.clock);
    this.writable = new WaitQueue(options.clock);
    this.discipline = new LineDiscipline(this.termios, {
      echo: (bytes) => this.output(bytes),
      column: () => this.#output.column,
      signal: (signal) => options.signalGroup(this.foregroundGroup, signal),
      ready: () => this.readable.wakeAll(),
      resumed: () => this.#release(),
      after: (ms) => void options.clock.setTimer(ms, () => this.readable.wakeAll()),
      now: () => options.clock.now,
    });
  }

  resize(size: WindowSize): void {
    if (size.rows === this.size.rows && size.columns === this.size.columns) return;
    this.size = size;
    this.options.signalGroup(this.foregroundGroup, 'SIGWINCH');
  }

  /** True if the terminal took it; false if it is stopped and enough waits already. */
  output(bytes: Uint8Array): boolean {
    const shown = this.#output.process(bytes);
    if (!this.discipline.stopped) {
      this.show(shown);
      return true;
    }
    if (this.#heldLength > OUTPUT_LIMIT) return false;
    this.#held.push(shown);
    this.#heldLength += shown.length;
    return true;
  }

  #release(): void {
    for (const bytes of this.#held) this.show(bytes);
    this.#held = [];
    this.#heldLength = 0;
    this.writable.wakeAll();
  }

  hangup(): void {
    this.hungUp = true;
    this.readable.wakeAll();
    this.writable.wakeAll();
  }

  open(): OpenFile {
    return new SlaveFile(this);
  }
}

class SlaveFile implements OpenFile {
  readonly kind = 'tty';
  readonly flags = both;

  constructor(readonly tty: SlaveTty) {}

  get name(): string {
    return this.tty.path;
  }

  read(max: number): Sys<Uint8Array> | 'wait' {
    if (this.tty.hungUp) return { ok: true, value: noBytes };
    return this.tty.discipline.read(max);
  }

  write(bytes: Uint8Array): Sys<number> | 'wait' {
    if (this.tty.hungUp) return fail('EIO');
    return this.tty.output(bytes) ? { ok: true, value: bytes.length } : 'wait';
  }

  onReadable(wake: () => void): () => void {
    return this.tty.readable.add(wake);
  }
  onWritable(wake: () => void): () => void {
    return this.tty.writable.add(wake);
  }
  retain(): void {
    this.tty.discipline.users++;
  }
  release(): void {
    this.tty.discipline.users--;
  }
}
