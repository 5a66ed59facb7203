import { concat, decode, encode, noBytes } from '../../linux/io/bytes';
import type { FileSystem } from '../../linux/fs/types';
import type { Clock } from '../../sim/clock';
import { Few } from '../../sim/few';
import type { Output } from '../shim/output';
import { goTimestamp } from '../shim/timestamp';

export interface LogLine {
  readonly log: string;
  readonly stream: 'stdout' | 'stderr';
  /** What `--log-opt` adds to each line. */
  readonly attrs?: Readonly<Record<string, string>>;
  readonly time: string;
}

const NEWLINE = 10;
/** moby daemon/logger/copier.go, defaultBufSize. */
const MAX_LINE = 16_384;

/** What `--log-opt` says of the files. */
export interface LogOptions {
  /** `none`: nothing is kept. */
  readonly driver: string;
  /** Bytes; absent: no limit. */
  readonly maxSize?: number;
  readonly maxFile: number;
}

/** `--log-driver` and `--log-opt` as the json-file driver takes them (jsonfilelog.go, New); or what is wrong with them. */
export function logOptionsOf({ Type, Config }: LogConfig): LogOptions | string {
  const size = Config['max-size'];
  const file = Config['max-file'];
  const maxSize = size === undefined ? undefined : decimalSize(size);
  if (typeof maxSize === 'string') return maxSize;
  if (maxSize !== undefined && maxSize <= 0) return 'max-size must be a positive number';
  if (file !== undefined && !/^[+-]?\d+$/.test(file))
    return `strconv.Atoi: parsing ${JSON.stringify(file)}: invalid syntax`;
  const maxFile = file === undefined ? 1 : Number(file);
  if (maxFile < 1) return 'max-file cannot be less than 1';
  const compress = /^(1|t|true)$/i.test(Config['compress'] ?? '');
  if (compress && (maxFile === 1 || maxSize === undefined))
    return 'compress cannot be true when max-file is less than 2 or max-size is not set';
  return { driver: Type, maxFile, ...(maxSize === undefined ? {} : { maxSize }) };
}

/** go-units' FromHumanSize: `10k` are ten thousand bytes. */
function decimalSize(text: string): number | string {
  const match = /^(\d+(?:\.\d*)?)\s?([kmgtp]?)(i?b)?$/i.exec(text);
  if (match === null)
    return /\d/.test(text) ? `invalid suffix: '${text.replace(/^[\d.\s]*/, '')}'` : `invalid size: '${text}'`;
  const power = ' kmgtp'.indexOf((match[2] ?? '').toLowerCase() || ' ');
  return Math.floor(Number(match[1]) * 1000 ** power);
}

type LogConfig = { readonly Type: string; readonly Config: Readonly<Record<string, string>> };

/** docker's json-file log driver: one JSON object a line of output. What `docker logs` shows is read from the file. */
export class JsonLog {
  /** Of lines that have no end yet. */
  #rests: Map<string, Uint8Array> | undefined;
  readonly #listeners = new Few<(line: LogLine) => void>();
  readonly #ends = new Few<() => void>();
  /** Of every line. */
  attributes: Readonly<Record<string, string>> | undefined;
  #below = 0;
  #size = 0;

  constructor(
    readonly fs: FileSystem,
    readonly clock: Clock,
    readonly path: string,
    readonly options: LogOptions = { driver: 'json-file', maxFile: 1 },
  ) {}

  /** Whether `docker logs` finds anything. */
  get readable(): boolean {
    return this.options.driver !== 'none';
  }

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
    const { maxFile } = this.options;
    const paths = Array.from({ length: maxFile }, (_, index) => this.#file(maxFile - 1 - index));
    return paths
      .map((path) => this.fs.readText(path))
      .map((file) => (file.ok ? file.value : ''))
      .join('')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as LogLine);
  }

  #take(stream: LogLine['stream'], bytes: Uint8Array): void {
    const rest = this.#rests?.get(stream) ?? noBytes;
    let all = rest.length === 0 ? bytes : concat([rest, bytes]);
    for (;;) {
      const end = all.indexOf(NEWLINE);
      if (end < 0 && all.length < MAX_LINE) break;
      const length = end < 0 || end >= MAX_LINE ? MAX_LINE : end + 1;
      this.#line(stream, decode(all.subarray(0, length)));
      all = all.subarray(length);
    }
    (this.#rests ??= new Map()).set(stream, all);
  }

  #flush(stream: LogLine['stream']): void {
    const rest = this.#rests?.get(stream);
    if (rest !== undefined && rest.length > 0) this.#line(stream, decode(rest));
    this.#rests?.delete(stream);
  }

  #line(stream: LogLine['stream'], log: string): void {
    this.#below = (this.#below + 13_337) % 1_000_000;
    const attrs = this.attributes === undefined ? {} : { attrs: this.attributes };
    const line: LogLine = { log, stream, ...attrs, time: goTimestamp(this.clock.now, this.#below) };
    if (this.readable) this.#write(encode(`${JSON.stringify(line)}\n`));
    for (const listener of [...this.#listeners]) listener(line);
  }

  #file(index: number): string {
    return index === 0 ? this.path : `${this.path}.${index}`;
  }

  /** The file is there from the container's first start on (logfile.go, NewLogFile). */
  create(): void {
    if (!this.readable || this.fs.stat(this.path).ok) return;
    this.fs.writeFile(this.path, '', 0o640);
    this.fs.chmod(this.path, 0o640);
  }

  /** A full file is put aside before the next line is written (loggerutils/logfile.go). */
  #write(bytes: Uint8Array): void {
    const { maxSize, maxFile } = this.options;
    if (maxSize !== undefined && this.#size >= maxSize) {
      for (let index = maxFile - 1; index > 0; index--) this.fs.rename(this.#file(index - 1), this.#file(index));
      if (maxFile === 1) this.fs.unlink(this.path);
      this.#size = 0;
    }
    if (this.#size === 0) this.create();
    this.#size += bytes.length;
    this.fs.appendFile(this.path, bytes);
  }
}
