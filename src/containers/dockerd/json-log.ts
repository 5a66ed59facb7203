import { concat, decode, encode, noBytes } from '../../linux/io/bytes';
import type { FileSystem } from '../../linux/fs/types';
import type { Clock } from '../../sim/clock';
import type { Output } from '../shim/output';
import { goTimestamp } from '../shim/timestamp';

export interface LogLine {
  readonly log: string;
  readonly stream: 'stdout' | 'stderr';
  readonly time: string;
}

const NEWLINE = 10;
/** moby daemon/logger/copier.go, defaultBufSize. */
const MAX_LINE = 16_384;

/** docker's json-file log driver: one JSON object a line of output. What `docker logs` shows is read from the file. */
export class JsonLog {
  readonly #rests = new Map<string, Uint8Array>();
  readonly #listeners = new Set<(line: LogLine) => void>();
  readonly #ends = new Set<() => void>();
  #below = 0;

  constructor(
    readonly fs: FileSystem,
    readonly clock: Clock,
    readonly path: string,
  ) {}

  follow(stream: LogLine['stream'], output: Output): void {
    output.listen((bytes) => this.#take(stream, bytes));
    output.onEnd(() => this.#flush(stream));
  }

  /** The container stopped: who follows has seen it all. */
  ended(): void {
    for (const end of [...this.#ends]) end();
  }

  /** Calls for each new line, and once when the container has stopped. */
  listen(line: (line: LogLine) => void, end: () => void): () => void {
    this.#listeners.add(line);
    this.#ends.add(end);
    return () => {
      this.#listeners.delete(line);
      this.#ends.delete(end);
    };
  }

  read(): readonly LogLine[] {
    const file = this.fs.readText(this.path);
    if (!file.ok) return [];
    return file.value
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as LogLine);
  }

  #take(stream: LogLine['stream'], bytes: Uint8Array): void {
    const rest = this.#rests.get(stream) ?? noBytes;
    let all = rest.length === 0 ? bytes : concat([rest, bytes]);
    for (;;) {
      const end = all.indexOf(NEWLINE);
      if (end < 0 && all.length < MAX_LINE) break;
      const length = end < 0 || end >= MAX_LINE ? MAX_LINE : end + 1;
      this.#line(stream, decode(all.subarray(0, length)));
      all = all.subarray(length);
    }
    this.#rests.set(stream, all);
  }

  #flush(stream: LogLine['stream']): void {
    const rest = this.#rests.get(stream);
    if (rest !== undefined && rest.length > 0) this.#line(stream, decode(rest));
    this.#rests.delete(stream);
  }

  #line(stream: LogLine['stream'], log: string): void {
    this.#below = (this.#below + 13_337) % 1_000_000;
    const line: LogLine = { log, stream, time: goTimestamp(this.clock.now, this.#below) };
    this.fs.appendFile(this.path, encode(`${JSON.stringify(line)}\n`));
    for (const listener of [...this.#listeners]) listener(line);
  }
}
