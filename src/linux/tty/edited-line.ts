import { noBytes } from '../io/bytes';
import type { Termios } from './types';

interface Screen {
  echo(bytes: Uint8Array): void;
  column(): number;
}

const LF = 10;
const TAB = 9;
const BS = 8;
const DEL = 127;
const slash = 0x2f;
const backslash = 0x5c;

/** The line that is typed but not finished, with its echo (n_tty.c: eraser(), echo_char()). */
export class EditedLine {
  #bytes: number[] = [];
  /** The cursor's column where the line began. */
  #start = 0;
  /** ECHOPRT: between `\` and `/`. */
  #erasing = false;

  constructor(
    readonly termios: Termios,
    readonly screen: Screen,
  ) {}

  get length(): number {
    return this.#bytes.length;
  }

  clear(): void {
    this.#bytes = [];
    this.#erasing = false;
  }

  take(): Uint8Array {
    const line = this.#bytes.length === 0 ? noBytes : Uint8Array.from(this.#bytes);
    this.clear();
    return line;
  }

  add(byte: number): void {
    const { echo, echonl } = this.termios;
    if (this.#bytes.length === 0) this.#start = this.screen.column();
    this.#finishErasing();
    this.#bytes.push(byte);
    if (echo) this.echo([byte]);
    else if (byte === LF && echonl) this.#show(LF);
  }

  /** How many characters ^W takes. */
  get wordLength(): number {
    const text = String.fromCharCode(...this.#bytes.filter((byte) => (byte & 0xc0) !== 0x80));
    return text.length - text.replace(/\S*\s*$/, '').length;
  }

  /** ^V was typed: the next character is taken as it is. */
  literal(): void {
    const { echo, echoctl } = this.termios;
    if (echo && echoctl) this.#show(0x5e, BS);
  }

  reprint(character: number): void {
    if (!this.termios.echo) return;
    this.#finishErasing();
    this.echo([character]);
    this.#show(LF);
    this.#start = 0;
    this.echo(this.#bytes);
  }

  /** ^U. */
  kill(): void {
    const { echo, echok, echoke, echoe, characters } = this.termios;
    if (!echo) return this.clear();
    if (echok && echoke && echoe) return this.erase(Infinity);
    this.clear();
    this.echo([characters.kill]);
    if (echok) this.#show(LF);
  }

  /** Takes characters back; a UTF-8 sequence goes as one. */
  erase(characters: number): void {
    const { echo, echoe, echoprt, characters: keys } = this.termios;
    for (let count = 0; count < characters && this.#bytes.length > 0; count++) {
      const gone = this.#pop();
      if (!echo) continue;
      if (echoprt) {
        if (!this.#erasing) this.#show(backslash);
        this.#erasing = true;
        this.echo(gone);
      } else if (!echoe) this.echo([keys.erase]);
      else this.#rubOut(gone[0] ?? 0);
    }
    if (this.#bytes.length === 0) this.#finishErasing();
  }

  #pop(): number[] {
    const gone: number[] = [];
    let byte = this.#bytes.pop() ?? 0;
    gone.unshift(byte);
    while ((byte & 0xc0) === 0x80 && this.#bytes.length > 0) {
      byte = this.#bytes.pop() ?? 0;
      gone.unshift(byte);
    }
    return gone;
  }

  #rubOut(byte: number): void {
    if (byte === TAB) {
      const from = this.#columnAfter(this.#bytes);
      for (let column = from + 8 - (from % 8); column > from; column--) this.#show(BS);
      return;
    }
    const columns = isControl(byte) ? (this.termios.echoctl ? 2 : 0) : 1;
    for (let column = 0; column < columns; column++) this.#show(BS, 0x20, BS);
  }

  /** Where the cursor is after these bytes of the line. */
  #columnAfter(bytes: readonly number[]): number {
    let column = this.#start;
    for (const byte of bytes) {
      if (byte === TAB) column += 8 - (column % 8);
      else if (isControl(byte)) column += this.termios.echoctl ? 2 : 0;
      else if ((byte & 0xc0) !== 0x80) column++;
    }
    return column;
  }

  #finishErasing(): void {
    if (!this.#erasing) return;
    this.#erasing = false;
    this.#show(slash);
  }

  /** ECHOCTL: control characters show as ^X. */
  echo(bytes: readonly number[]): void {
    const shown: number[] = [];
    for (const byte of bytes) {
      if (isControl(byte) && this.termios.echoctl) shown.push(0x5e, byte ^ 0x40);
      else shown.push(byte);
    }
    if (shown.length > 0) this.screen.echo(Uint8Array.from(shown));
  }

  #show(...bytes: readonly number[]): void {
    this.screen.echo(Uint8Array.from(bytes));
  }
}

const isControl = (byte: number): boolean => (byte < 32 && byte !== LF && byte !== TAB) || byte === DEL;
