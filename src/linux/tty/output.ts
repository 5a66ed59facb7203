import type { Termios } from './types';

const LF = 10;
const CR = 13;
const TAB = 9;
const BS = 8;

/** Output processing (n_tty.c, do_output_char), and where it leaves the cursor. */
export class OutputProcessor {
  column = 0;

  constructor(readonly termios: Termios) {}

  process(bytes: Uint8Array): Uint8Array {
    const { termios } = this;
    if (!termios.opost) return bytes.slice();
    const simple = termios.onlcr && !(termios.ocrnl || termios.onocr || termios.onlret || termios.olcuc);
    if (simple && termios.delays.tab !== TAB3) return this.#usual(bytes);
    const shown: number[] = [];
    for (const byte of bytes) this.#one(byte, shown);
    return Uint8Array.from(shown);
  }

  /** ONLCR and nothing else. */
  #usual(bytes: Uint8Array): Uint8Array {
    let newlines = 0;
    for (const byte of bytes) {
      if (byte === LF) newlines++;
      this.#advance(byte);
      if (byte === LF) this.column = 0;
    }
    if (newlines === 0) return bytes.slice();
    const shown = new Uint8Array(bytes.length + newlines);
    let at = 0;
    for (const byte of bytes) {
      if (byte === LF) shown[at++] = CR;
      shown[at++] = byte;
    }
    return shown;
  }

  #one(byte: number, shown: number[]): void {
    const { termios } = this;
    if (byte === LF) {
      if (termios.onlret) this.column = 0;
      if (termios.onlcr) {
        shown.push(CR);
        this.column = 0;
      }
      shown.push(LF);
    } else if (byte === CR) {
      if (termios.onocr && this.column === 0) return;
      if (termios.ocrnl) {
        if (termios.onlret) this.column = 0;
        shown.push(LF);
      } else {
        this.column = 0;
        shown.push(CR);
      }
    } else if (byte === TAB && termios.delays.tab === TAB3) {
      const spaces = 8 - (this.column % 8);
      this.column += spaces;
      for (let count = 0; count < spaces; count++) shown.push(0x20);
    } else {
      const upper = termios.olcuc && byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte;
      this.#advance(upper);
      shown.push(upper);
    }
  }

  #advance(byte: number): void {
    if (byte === TAB) this.column += 8 - (this.column % 8);
    else if (byte === BS) this.column = Math.max(0, this.column - 1);
    else if (byte === CR) this.column = 0;
    else if (byte >= 32 && byte !== 127 && (byte & 0xc0) !== 0x80) this.column++;
  }
}

/** XTABS: tabs become spaces. */
const TAB3 = 3;
