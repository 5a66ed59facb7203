import type { Sys } from '../errno';
import { concat, noBytes } from '../io/bytes';
import type { SignalName } from '../process/types';
import { EditedLine } from './edited-line';
import type { Termios } from './types';

/** What the discipline does to the world around it. */
export interface DisciplineHooks {
  echo(bytes: Uint8Array): void;
  /** Where the cursor is, as far as output has told. */
  column(): number;
  signal(signal: SignalName): void;
  /** There is something to read. */
  ready(): void;
  /** Output goes on after ^S. */
  resumed(): void;
  /** Calls `ready` after so many milliseconds. */
  after(ms: number): void;
  now(): number;
}

const CR = 13;
const LF = 10;
const BELL = Uint8Array.of(7);
const signalKeys = [
  ['intr', 'SIGINT'],
  ['quit', 'SIGQUIT'],
  ['susp', 'SIGTSTP'],
] as const;

/** N_TTY_BUF_SIZE: more is not kept of a line. */
const BUFFER = 4096;

/** N_TTY (drivers/tty/n_tty.c): lines with erase, kill and echo, or bytes as they come; signals from keys. */
export class LineDiscipline {
  /** Descriptors that are open. */
  users = 0;
  stopped = false;
  /** Complete lines (canonical), or whatever came (raw). An empty chunk is ^D: end of file for one read. */
  #ready: Uint8Array[] = [];
  #waiting = 0;
  readonly #line: EditedLine;
  #literal = false;
  /** When a read with VTIME gives up; undefined: none waits. */
  #deadline: number | undefined;

  constructor(
    readonly termios: Termios,
    readonly hooks: DisciplineHooks,
  ) {
    this.#line = new EditedLine(termios, hooks);
  }

  input(bytes: Uint8Array): void {
    const plain: number[] = [];
    for (const byte of bytes) this.#byte(byte, plain);
    this.#flushRaw(plain);
  }

  /** TCIFLUSH. */
  flush(): void {
    this.#line.clear();
    this.#ready = [];
    this.#waiting = 0;
  }

  /** FIONREAD. */
  get available(): number {
    return this.#waiting;
  }

  read(max: number): Sys<Uint8Array> | 'wait' {
    const { canonical, min, time } = this.termios;
    if (canonical) return this.#take(max);
    if (this.#line.length > 0) this.#push();
    if (this.#waiting >= Math.max(1, Math.min(min, max))) return this.#take(max);
    if (time === 0) return min === 0 ? end : 'wait';
    // VTIME: from the start of the read, or with VMIN from the last byte that came.
    if (min > 0 && this.#waiting === 0) return 'wait';
    const now = this.hooks.now();
    if (this.#deadline === undefined) {
      this.#deadline = now + time * 100;
      this.hooks.after(time * 100);
    }
    if (now < this.#deadline) return 'wait';
    this.#deadline = undefined;
    return this.#waiting > 0 ? this.#take(max) : end;
  }

  #take(max: number): Sys<Uint8Array> | 'wait' {
    const first = this.#ready[0];
    if (first === undefined) return 'wait';
    this.#deadline = undefined;
    const taken = first.length <= max ? first : first.subarray(0, max);
    if (first.length <= max) this.#ready.shift();
    else this.#ready[0] = first.subarray(max);
    this.#waiting -= taken.length;
    return { ok: true, value: taken };
  }

  #flushRaw(bytes: number[]): void {
    if (bytes.length === 0) return;
    const last = this.#ready.at(-1);
    const chunk = Uint8Array.from(bytes);
    if (last === undefined || last.length === 0) this.#ready.push(chunk);
    else this.#ready[this.#ready.length - 1] = concat([last, chunk]);
    this.#waiting += chunk.length;
    if (this.termios.echo) this.#line.echo(bytes);
    bytes.length = 0;
    if (this.#deadline !== undefined && this.termios.min > 0) {
      this.#deadline = this.hooks.now() + this.termios.time * 100;
      this.hooks.after(this.termios.time * 100);
    }
    this.hooks.ready();
  }

  #byte(given: number, raw: number[]): void {
    const { termios } = this;
    const { characters } = termios;
    let code = termios.istrip ? given & 0x7f : given;
    if (termios.iuclc && termios.iexten && code >= 0x41 && code <= 0x5a) code += 0x20;
    if (this.#literal) {
      this.#literal = false;
      this.#plain(code, raw);
      return;
    }
    if (termios.ixon && this.#flow(code)) return;
    if (termios.isig) {
      for (const [key, signal] of signalKeys) {
        if (code === characters[key] && code !== 0) {
          this.#flushRaw(raw);
          this.#signal(code, signal);
          return;
        }
      }
    }
    if (this.stopped && termios.ixany && termios.ixon) this.#go();
    if (code === CR) {
      if (termios.igncr) return;
      if (termios.icrnl) code = LF;
    } else if (code === LF && termios.inlcr) code = CR;
    if (termios.icanon) this.#edit(code, raw);
    else this.#plain(code, raw);
  }

  /** ^S and ^Q. */
  #flow(code: number): boolean {
    const { start, stop } = this.termios.characters;
    if (code === start && code !== 0) {
      this.#go();
      return true;
    }
    if (code !== stop || code === 0) return false;
    this.stopped = true;
    return true;
  }

  #go(): void {
    this.stopped = false;
    this.hooks.resumed();
  }

  #signal(code: number, signal: SignalName): void {
    if (!this.termios.noflsh) this.flush();
    if (this.stopped) this.#go();
    if (this.termios.echo) this.#line.echo([code]);
    this.hooks.signal(signal);
  }

  #edit(byte: number, raw: number[]): void {
    const { characters, iexten } = this.termios;
    const line = this.#line;
    const is = (name: keyof typeof characters): boolean => characters[name] === byte && byte !== 0;
    if (is('erase')) line.erase(1);
    else if (is('kill')) line.kill();
    else if (is('werase') && iexten) line.erase(line.wordLength);
    else if (is('lnext') && iexten) {
      this.#literal = true;
      line.literal();
    } else if (is('rprnt') && iexten) line.reprint(byte);
    else if (is('eof')) this.#push();
    else if (is('eol') || (is('eol2') && iexten)) {
      this.#plain(byte, raw);
      this.#push();
    } else {
      this.#plain(byte, raw);
      if (byte === LF) this.#push();
    }
  }

  #plain(byte: number, raw: number[]): void {
    if (!this.termios.icanon) {
      // What has no room in N_TTY's buffer waits in the driver's (tty_buffer.c): of a long paste nothing is lost.
      raw.push(byte);
      return;
    }
    // There is always room for the newline that ends the line.
    if (this.#line.length >= BUFFER - 1 && byte !== LF) {
      if (this.termios.imaxbel) this.hooks.echo(BELL);
      return;
    }
    this.#line.add(byte);
  }

  #push(): void {
    const line = this.#line.take();
    this.#ready.push(line);
    this.#waiting += line.length;
    this.hooks.ready();
  }
}

const end: Sys<Uint8Array> = { ok: true, value: noBytes };
