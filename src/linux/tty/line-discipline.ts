import type { Sys } from '../errno';
import { concat, noBytes } from '../io/bytes';
import type { SignalName } from '../process/types';
import type { Termios } from './types';

/** What the discipline does to the world around it. */
export interface DisciplineHooks {
  echo(bytes: Uint8Array): void;
  signal(signal: SignalName): void;
  /** There is something to read. */
  ready(): void;
  /** Output goes on after ^S. */
  resumed(): void;
}

const CR = 13;
const LF = 10;
const ETX = 3;
const EOT = 4;
const BS = 8;
const LNEXT = 22;
const ETB = 23;
const NAK = 21;
const DC1 = 17;
const DC3 = 19;
const SUB = 26;
const FS = 28;
const REPRINT = 18;
const DEL = 127;

const signalKeys: ReadonlyMap<number, SignalName> = new Map([
  [ETX, 'SIGINT'],
  [SUB, 'SIGTSTP'],
  [FS, 'SIGQUIT'],
]);

/** N_TTY (drivers/tty/n_tty.c): lines with erase, kill and echo, or bytes as they come; signals from keys. */
export class LineDiscipline {
  /** Descriptors that are open. */
  users = 0;
  stopped = false;
  /** Complete lines (canonical), or whatever came (raw). An empty chunk is ^D: end of file for one read. */
  #ready: Uint8Array[] = [];
  #line: number[] = [];
  #literal = false;

  constructor(
    readonly termios: Termios,
    readonly hooks: DisciplineHooks,
  ) {}

  input(bytes: Uint8Array): void {
    const plain: number[] = [];
    for (const byte of bytes) this.#byte(byte, plain);
    this.#flushRaw(plain);
  }

  read(max: number): Sys<Uint8Array> | 'wait' {
    if (!this.termios.canonical && this.#line.length > 0) this.#push();
    const first = this.#ready[0];
    if (first === undefined) return 'wait';
    if (first.length <= max) {
      this.#ready.shift();
      return { ok: true, value: first };
    }
    this.#ready[0] = first.subarray(max);
    return { ok: true, value: first.subarray(0, max) };
  }

  #flushRaw(bytes: number[]): void {
    if (bytes.length === 0) return;
    const last = this.#ready.at(-1);
    const chunk = Uint8Array.from(bytes);
    if (last === undefined || last.length === 0) this.#ready.push(chunk);
    else this.#ready[this.#ready.length - 1] = concat([last, chunk]);
    if (this.termios.echo) this.#echo(bytes);
    bytes.length = 0;
    this.hooks.ready();
  }

  #byte(code: number, raw: number[]): void {
    const { termios } = this;
    if (this.#literal) {
      this.#literal = false;
      this.#take(code, raw);
      return;
    }
    if (termios.flowControl && (code === DC3 || code === DC1)) {
      this.stopped = code === DC3;
      if (code === DC1) this.hooks.resumed();
      return;
    }
    const signal = termios.signals ? signalKeys.get(code) : undefined;
    if (signal !== undefined) {
      this.#flushRaw(raw);
      this.#line = [];
      this.#ready = [];
      if (termios.echo) this.#echo([code]);
      if (this.stopped) {
        this.stopped = false;
        this.hooks.resumed();
      }
      this.hooks.signal(signal);
      return;
    }
    const byte = code === CR && termios.inputNewline ? LF : code;
    if (termios.canonical) this.#edit(byte, raw);
    else raw.push(byte);
  }

  #edit(byte: number, raw: number[]): void {
    switch (byte) {
      case DEL:
      case BS:
        this.#erase(1);
        return;
      case ETB:
        this.#erase(this.#wordLength());
        return;
      case NAK:
        this.#erase(Infinity);
        return;
      case LNEXT:
        this.#literal = true;
        return;
      case REPRINT:
        this.#echo([REPRINT, LF, ...this.#line]);
        return;
      case EOT:
        this.#push();
        return;
      default:
        this.#take(byte, raw);
    }
  }

  #take(byte: number, raw: number[]): void {
    if (!this.termios.canonical) {
      raw.push(byte);
      return;
    }
    this.#line.push(byte);
    if (this.termios.echo || byte === LF) this.#echo(this.termios.echo ? [byte] : []);
    if (byte === LF) this.#push();
  }

  #push(): void {
    this.#ready.push(this.#line.length === 0 ? noBytes : Uint8Array.from(this.#line));
    this.#line = [];
    this.hooks.ready();
  }

  /** Takes characters back; a UTF-8 sequence goes as one. */
  #erase(characters: number): void {
    for (let count = 0; count < characters && this.#line.length > 0; count++) {
      let byte = this.#line.pop() ?? 0;
      const columns = isControl(byte) ? 2 : 1;
      while ((byte & 0xc0) === 0x80 && this.#line.length > 0) byte = this.#line.pop() ?? 0;
      if (this.termios.echo) for (let column = 0; column < columns; column++) this.hooks.echo(rubout);
    }
  }

  #wordLength(): number {
    const text = String.fromCharCode(...this.#line.filter((byte) => (byte & 0xc0) !== 0x80));
    return text.length - text.replace(/\S*\s*$/, '').length;
  }

  /** ECHOCTL: control characters show as ^X. */
  #echo(bytes: readonly number[]): void {
    const shown: number[] = [];
    for (const byte of bytes) {
      if (isControl(byte)) shown.push(0x5e, byte ^ 0x40);
      else shown.push(byte);
    }
    if (shown.length > 0) this.hooks.echo(Uint8Array.from(shown));
  }
}

const isControl = (byte: number): boolean => (byte < 32 && byte !== LF && byte !== 9) || byte === DEL;
const rubout = Uint8Array.from([BS, 32, BS]);
