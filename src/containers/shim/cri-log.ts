import { concat, encode, noBytes } from '../../linux/io/bytes';
import type { FileSystem } from '../../linux/fs/types';
import type { OpenFile } from '../../linux/io/open-file';
import type { Clock } from '../../sim/clock';
import type { Output } from './output';
import { nanoTimestamp } from './timestamp';

/** Longest piece of a line; what is longer comes in parts marked P (containerd's max_container_log_line_size). */
const MAX_LINE = 16_384;
const NEWLINE = 10;

/** A container's log in the format of the CRI: `<time> stdout F <line>`. Opened when the first line comes. */
export class CriLog {
  #file: OpenFile | undefined;
  readonly #fs: FileSystem;
  readonly #clock: Clock;
  #below = 0;
  readonly #rests = new Map<string, Uint8Array>();

  constructor(
    fs: FileSystem,
    clock: Clock,
    readonly path: string,
  ) {
    this.#fs = fs;
    this.#clock = clock;
  }

  follow(stream: 'stdout' | 'stderr', output: Output): void {
    output.listen((bytes) => this.#take(stream, bytes));
    output.onEnd(() => this.#flush(stream));
  }

  /** Makes the file, so that it is there before anything is written. */
  create(): void {
    this.#open();
  }

  close(): void {
    this.#file?.release();
    this.#file = undefined;
  }

  /** After rotation the name means another file. */
  reopen(): void {
    this.close();
    this.#open();
  }

  #take(stream: string, bytes: Uint8Array): void {
    const rest = this.#rests.get(stream) ?? noBytes;
    let all = rest.length === 0 ? bytes : concat([rest, bytes]);
    for (;;) {
      const end = all.indexOf(NEWLINE);
      if (end < 0 && all.length < MAX_LINE) break;
      const partial = end < 0 || end > MAX_LINE;
      const length = partial ? MAX_LINE : end;
      this.#line(stream, partial ? 'P' : 'F', all.subarray(0, length));
      all = all.subarray(partial ? length : length + 1);
    }
    this.#rests.set(stream, all);
  }

  #flush(stream: string): void {
    const rest = this.#rests.get(stream);
    if (rest !== undefined && rest.length > 0) this.#line(stream, 'P', rest);
    this.#rests.delete(stream);
  }

  #line(stream: string, tag: 'F' | 'P', line: Uint8Array): void {
    this.#below = (this.#below + 13_337) % 1_000_000;
    const head = encode(`${nanoTimestamp(this.#clock.now, this.#below)} ${stream} ${tag} `);
    this.#open()?.write(concat([head, line, newline]));
  }

  #open(): OpenFile | undefined {
    if (this.#file !== undefined) return this.#file;
    const options = { write: true, append: true, create: true, mode: 0o640 };
    let opened = this.#fs.open(this.path, options);
    if (!opened.ok) {
      this.#fs.mkdirAll(this.path.slice(0, this.path.lastIndexOf('/')));
      opened = this.#fs.open(this.path, options);
    }
    if (!opened.ok) return undefined;
    opened.value.retain();
    this.#file = opened.value;
    return this.#file;
  }
}

const newline = Uint8Array.of(NEWLINE);
