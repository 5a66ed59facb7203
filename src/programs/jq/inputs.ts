import type { ByteReader, Process } from '../../linux/process/types';
import { JsonReader, type Json } from '../jqlang';

export interface InputOptions {
  readonly raw: boolean;
  readonly slurp: boolean;
  readonly stream: boolean;
  /** A file that cannot be read. */
  readonly unreadable: (path: string, why: string) => void;
}

/** The inputs of a run: JSON texts or lines of files or of standard input, as they come. */
export class Inputs {
  readonly #files: string[];
  #reader: ByteReader | undefined;
  #close: () => void = () => undefined;
  #decoder = new TextDecoder();
  /** Lines that were read and not looked at yet. */
  #lines: string[] = [];
  #partial = '';
  #parser = new JsonReader();
  #over = false;
  #slurped: Json[] | undefined;
  #text = '';
  #events: Json[] = [];
  /** How many lines the parser has seen: where messages say an error is. */
  line = 0;
  name: string | undefined;

  constructor(
    readonly process: Process,
    files: readonly string[],
    readonly options: InputOptions,
  ) {
    this.#files = files.length === 0 ? ['-'] : [...files];
    if (options.slurp) this.#slurped = [];
  }

  /** Where an error is, for messages. */
  get place(): string {
    if (this.line === 0 && this.#reader === undefined && this.#files.length > 0) return '<unknown>';
    return `${this.name ?? '<stdin>'}:${this.line}`;
  }

  /** The next input; undefined after the last. */
  next(): Json | undefined | Promise<Json | undefined> {
    const value = this.options.slurp ? undefined : this.#take();
    return value ?? this.#more();
  }

  #take(): Json | undefined {
    for (;;) {
      const event = this.#events.shift();
      if (event !== undefined) return event;
      if (!this.options.raw) {
        const value = this.#parser.take();
        if (value !== undefined) {
          if (!this.options.stream) return value;
          this.#events.push(...streamOf(value, [], true));
          continue;
        }
      }
      const line = this.#lines.shift();
      if (line === undefined) return undefined;
      if (line.endsWith('\n')) this.line++;
      if (this.options.raw) return line.replace(/\n$/, '');
      this.#parser.feed(line);
    }
  }

  async #more(): Promise<Json | undefined> {
    for (;;) {
      if (this.#slurped !== undefined) {
        if (this.options.raw) this.#text += this.#lines.splice(0).join('');
        else for (let value = this.#take(); value !== undefined; value = this.#take()) this.#slurped.push(value);
      } else {
        const value = this.#take();
        if (value !== undefined) return value;
      }
      if (this.#over) {
        const all = this.#slurped;
        this.#slurped = undefined;
        if (all === undefined) return undefined;
        return this.options.raw ? this.#text : all;
      }
      await this.#read();
    }
  }

  /** Reads a piece, or goes on to the next file. */
  async #read(): Promise<void> {
    if (this.#reader === undefined) {
      const path = this.#files.shift();
      if (path === undefined) {
        this.#over = true;
        if (this.#partial !== '') this.#lines.push(this.#partial);
        this.#partial = '';
        if (!this.options.raw) {
          for (const line of this.#lines.splice(0)) this.#parser.feed(line);
          this.#parser.end();
        }
        return;
      }
      this.#open(path);
      return;
    }
    const bytes = await this.#reader.read();
    if (bytes === undefined) {
      this.#close();
      this.#reader = undefined;
      return;
    }
    const text = this.#partial + this.#decoder.decode(bytes, { stream: true });
    const lines = text.split(/(?<=\n)/);
    const last = lines.at(-1) ?? '';
    // Texts need not wait for the end of their line.
    this.#partial = this.options.raw && !last.endsWith('\n') ? (lines.pop() ?? '') : '';
    this.#lines.push(...lines);
  }

  #open(path: string): void {
    const { process } = this;
    if (path === '-') {
      this.#reader = process.stdin;
      this.#close = () => undefined;
      this.name = undefined;
      return;
    }
    const opened = process.fs.open(path, { read: true });
    if (!opened.ok || opened.value.kind === 'directory') {
      const why = opened.ok ? 'Is a directory' : opened.error.message;
      this.options.unreadable(path, why);
      return;
    }
    const fd = process.fds.install(opened.value, 3);
    this.#reader = process.fds.reader(fd);
    this.#close = () => process.fds.close(fd);
    this.name = path;
    this.line = 0;
  }
}

/** --stream: the value as events. */
function* streamOf(value: Json, path: readonly Json[], top: boolean): Generator<Json> {
  const children: readonly (readonly [Json, Json])[] = Array.isArray(value)
    ? value.map((item: Json, at) => [at, item] as const)
    : value instanceof Map
      ? [...(value as ReadonlyMap<string, Json>)]
      : [];
  if (children.length === 0) {
    yield [path, value];
    return;
  }
  for (const [key, item] of children) yield* streamOf(item, [...path, key], false);
  yield [[...path, children.at(-1)?.[0] ?? null]];
  if (top) return;
}
