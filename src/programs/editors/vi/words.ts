import type { Buffer } from './buffer';
import { charAt, charClass, charLength, previous } from './text';
import type { Position } from './types';

/** A place that walks through a text as vim's inc_cursor() and dec_cursor() do: the end of a line is a place too. */
export class Walker {
  line: number;
  col: number;

  constructor(
    readonly buffer: Buffer,
    at: Position,
    readonly big = false,
  ) {
    this.line = at.line;
    this.col = at.col;
  }

  get position(): Position {
    return { line: this.line, col: this.col };
  }
  get text(): string {
    return this.buffer.line(this.line);
  }
  get char(): string {
    return charAt(this.text, this.col);
  }
  get cls(): number {
    return charClass(this.char, this.big);
  }
  get atEmptyLine(): boolean {
    return this.col === 0 && this.text === '';
  }

  /** 0: moved within the line, 2: onto its end, 1: into the next line, -1: at the end of the text. */
  inc(): number {
    const { text } = this;
    if (this.col < text.length) {
      this.col += charLength(text, this.col);
      return this.col < text.length ? 0 : 2;
    }
    if (this.line < this.buffer.last) {
      this.line++;
      this.col = 0;
      return 1;
    }
    return -1;
  }

  /** As inc(), but never stays on the end of a line that has characters. */
  incl(): number {
    const moved = this.inc();
    return moved >= 1 && this.col > 0 ? this.inc() : moved;
  }

  /** 0: within the line, 1: into the line before, -1: at the begin. */
  dec(): number {
    if (this.col > 0) {
      this.col = previous(this.text, this.col);
      return 0;
    }
    if (this.line > 0) {
      this.line--;
      this.col = this.text.length;
      return 1;
    }
    return -1;
  }

  /** As dec(), but never stays on the end of a line. */
  decl(): number {
    const moved = this.dec();
    return moved === 1 && this.col > 0 ? this.dec() : moved;
  }

  /** True: hit the end (or begin) of the text. */
  #skip(cls: number, forward: boolean): boolean {
    while (this.cls === cls) if ((forward ? this.inc() : this.dec()) === -1) return true;
    return false;
  }

  /** `w`. Source: vim textobject.c fwd_word(). */
  forward(count: number, stopAtEnd: boolean): boolean {
    for (; count > 0; count--) {
      const { cls } = this;
      const onLast = this.line === this.buffer.last;
      let moved = this.inc();
      if (moved === -1 || (moved >= 1 && onLast)) return false;
      if (moved >= 1 && stopAtEnd && count === 1) return true;
      if (cls !== 0) {
        while (this.cls === cls) {
          moved = this.inc();
          if (moved === -1 || (moved >= 1 && stopAtEnd && count === 1)) return true;
        }
      }
      while (this.cls === 0) {
        if (this.atEmptyLine) break;
        moved = this.inc();
        if (moved === -1 || (moved >= 1 && this.line === this.buffer.last && onLast)) return true;
      }
    }
    return true;
  }

  /** `b`. */
  backward(count: number, stop = false): boolean {
    for (; count > 0; count--) {
      const { cls } = this;
      if (this.dec() === -1) return false;
      if (!stop || cls === this.cls || cls === 0) {
        let empty = false;
        while (this.cls === 0) {
          if (this.atEmptyLine) {
            empty = true;
            break;
          }
          if (this.dec() === -1) return true;
        }
        if (empty) {
          stop = false;
          continue;
        }
        if (this.#skip(this.cls, false)) return true;
      }
      this.inc();
      stop = false;
    }
    return true;
  }

  /** `e`; with `empty`, an empty line is an end too. */
  end(count: number, stop: boolean, empty: boolean): boolean {
    for (; count > 0; count--) {
      const { cls } = this;
      if (this.inc() === -1) return false;
      if (this.cls === cls && cls !== 0) {
        if (this.#skip(cls, true)) return false;
      } else if (!stop || cls === 0) {
        let finished = false;
        while (this.cls === 0) {
          if (empty && this.atEmptyLine) {
            finished = true;
            break;
          }
          if (this.inc() === -1) return false;
        }
        if (finished) {
          stop = false;
          continue;
        }
        if (this.#skip(this.cls, true)) return false;
      }
      this.dec();
      stop = false;
    }
    return true;
  }

  /** `ge`. */
  endBackward(count: number): boolean {
    for (; count > 0; count--) {
      const { cls } = this;
      if (this.dec() === -1) return false;
      if (cls !== 0) while (this.cls === cls) if (this.dec() === -1) return true;
      while (this.cls === 0) {
        if (this.atEmptyLine) break;
        if (this.dec() === -1) return true;
      }
    }
    return true;
  }

  /** To the start of the run of characters of the same class in this line. */
  backInLine(): void {
    const { cls } = this;
    for (;;) {
      if (this.col === 0) return;
      const at = this.col;
      this.dec();
      if (this.cls !== cls) {
        this.col = at;
        return;
      }
    }
  }

  /** One to the left within the line. */
  left(): boolean {
    if (this.col === 0) return false;
    this.col = previous(this.text, this.col);
    return true;
  }
}
