import { signalNumber } from '../../linux/process/signals';
import type { ByteReader, ByteWriter, Child, Process, WaitStatus } from '../../linux/process/types';
import { Output } from '../toolkit/output';
import type { Maybe } from './code';
import type { AwkRegex } from './regex';
import { AwkError } from './values';

/** A record longer than this is given up: a machine of this size has no more memory for it. Characters. */
const LONGEST = 1 << 26;

/** Reads records as they come. */
export class RecordReader {
  #text = '';
  #at = 0;
  #over = false;
  readonly #decoder = new TextDecoder();
  /** What ended the last record (RT). */
  terminator = '';

  constructor(readonly reader: Pick<ByteReader, 'read'>) {}

  /** The next record, or undefined at the end. A promise only if something must be waited for. */
  next(separator: string, regex: (source: string) => AwkRegex): Maybe<string | undefined> {
    const record = this.#take(separator, regex);
    return record ?? (this.#over ? undefined : this.#more(separator, regex));
  }

  async #more(separator: string, regex: (source: string) => AwkRegex): Promise<string | undefined> {
    // Pieces without an end of record are joined once there is one: else a long record would cost its square.
    let pieces: string[] = [];
    let held = 0;
    while (!this.#over) {
      const bytes = await this.reader.read();
      const piece = bytes === undefined ? this.#decoder.decode() : this.#decoder.decode(bytes, { stream: true });
      this.#over = bytes === undefined;
      pieces.push(piece);
      held += piece.length;
      if (held > LONGEST) throw new AwkError('memory exhausted: a record is too long');
      if (!this.#over && separator.length === 1 && !piece.includes(separator)) continue;
      this.#text = (this.#at === 0 ? this.#text : this.#text.slice(this.#at)) + pieces.join('');
      this.#at = 0;
      pieces = [];
      const record = this.#take(separator, regex);
      if (record !== undefined) return record;
    }
    return undefined;
  }

  #take(separator: string, regex: (source: string) => AwkRegex): string | undefined {
    if (separator.length === 1) {
      const end = this.#text.indexOf(separator, this.#at);
      if (end >= 0) return this.#cut(end, separator);
    } else if (separator === '') {
      // Paragraphs: empty lines separate, those at the start do not count.
      while (this.#text.charAt(this.#at) === '\n') this.#at++;
      const end = this.#text.indexOf('\n\n', this.#at);
      if (end >= 0) {
        let after = end;
        while (this.#text.charAt(after) === '\n') after++;
        if (after < this.#text.length || this.#over) return this.#cut(end, this.#text.slice(end, after));
      }
    } else {
      const found = regex(separator).exec(this.#text, this.#at);
      // A match at the very end of what is there may go on with what comes.
      if (found !== null && found[0] !== '' && (this.#over || found.index + found[0].length < this.#text.length)) {
        return this.#cut(found.index, found[0]);
      }
    }
    if (!this.#over || this.#at >= this.#text.length) return undefined;
    const rest = this.#text.slice(this.#at);
    this.#at = this.#text.length;
    this.terminator = '';
    // Newlines at the end are no part of a paragraph.
    const ended = separator === '' ? rest.replace(/\n+$/, '') : rest;
    return separator !== '' || ended !== '' ? ended : undefined;
  }

  #cut(end: number, terminator: string): string {
    const record = this.#text.slice(this.#at, end);
    this.#at = end + terminator.length;
    this.terminator = terminator;
    return record;
  }
}

interface Sink {
  readonly output: Output;
  readonly close: () => Promise<number>;
}
interface Source {
  readonly records: RecordReader;
  readonly close: () => Promise<number>;
}

const statusOf = (status: WaitStatus): number =>
  status.kind === 'exited' ? status.code : status.kind === 'signaled' ? 256 + signalNumber(status.signal) : 0;

/** The files and commands that a program reads from and writes to. */
export class Streams {
  readonly stdout: Output;
  readonly #sinks = new Map<string, Sink>();
  readonly #sources = new Map<string, Source>();

  constructor(
    readonly process: Process,
    readonly name: string,
  ) {
    this.stdout = this.#output(process.stdout, process.fds.get(1)?.kind === 'tty');
  }

  #output(writer: ByteWriter, byLine: boolean): Output {
    return new Output(writer, byLine, async ({ message }) => {
      await this.process.stderr.write(`${this.name}: write failure (${message})\n`);
      await this.process.stderr.write(`${this.name}: close failure\n`);
      return this.process.exit(2);
    });
  }

  /** Where `print > target` and so on go. */
  sink(mode: '>' | '>>' | '|', target: string): Maybe<Output> {
    if (mode !== '|' && (target === '/dev/stdout' || target === '-')) return this.stdout;
    const key = `${mode === '|' ? '|' : '>'}${target}`;
    const open = this.#sinks.get(key);
    if (open !== undefined) return open.output;
    return mode === '|' ? this.#pipeTo(key, target) : this.#openSink(key, mode, target);
  }

  #openSink(key: string, mode: '>' | '>>', path: string): Output {
    if (path === '/dev/stderr') {
      const output = this.#output(this.process.stderr, true);
      this.#sinks.set(key, { output, close: async () => 0 });
      return output;
    }
    const opened = this.process.fs.open(path, {
      write: true,
      create: true,
      ...(mode === '>' ? { truncate: true } : { append: true }),
    });
    if (!opened.ok) throw new AwkError(`cannot open "${path}" for output (${opened.error.message})`);
    const fd = this.process.fds.install(opened.value, 3);
    const output = this.#output(this.process.fds.writer(fd), opened.value.kind === 'tty');
    const close = async (): Promise<number> => {
      await output.flush();
      this.process.fds.close(fd);
      return 0;
    };
    this.#sinks.set(key, { output, close });
    return output;
  }

  async #pipeTo(key: string, command: string): Promise<Output> {
    await this.flush();
    const { process } = this;
    const { read, write } = process.pipe();
    const fd = process.fds.install(write, 3);
    const child = this.#shell(command, [[0, read]]);
    const output = this.#output(process.fds.writer(fd), false);
    const close = async (): Promise<number> => {
      await output.flush();
      process.fds.close(fd);
      return statusOf(await child.wait());
    };
    this.#sinks.set(key, { output, close });
    return output;
  }

  #shell(command: string, files: readonly (readonly [number, ReturnType<Process['pipe']>['read']])[]): Child {
    const { process } = this;
    const fds = new Map(
      [0, 1, 2].flatMap((fd) => {
        const file = process.fds.get(fd);
        return file === undefined ? [] : [[fd, file] as const];
      }),
    );
    for (const [fd, file] of files) fds.set(fd, file);
    const child = process.spawn({ file: '/bin/sh', argv: ['sh', '-c', command], fds });
    if (!child.ok) throw new AwkError(`cannot fork (${child.error.message})`);
    return child.value;
  }

  /** `getline < path`; undefined if it cannot be opened. */
  file(path: string): RecordReader | undefined {
    const key = `<${path}`;
    const open = this.#sources.get(key);
    if (open !== undefined) return open.records;
    const { process } = this;
    if (path === '-' || path === '/dev/stdin') {
      const records = new RecordReader(process.stdin);
      this.#sources.set(key, { records, close: async () => 0 });
      return records;
    }
    const opened = process.fs.open(path, { read: true });
    if (!opened.ok || opened.value.kind === 'directory') return undefined;
    const fd = process.fds.install(opened.value, 3);
    const records = new RecordReader(process.fds.reader(fd));
    const close = async (): Promise<number> => {
      process.fds.close(fd);
      return 0;
    };
    this.#sources.set(key, { records, close });
    return records;
  }

  /** `command | getline`. */
  async command(command: string): Promise<RecordReader> {
    const key = `|${command}`;
    const open = this.#sources.get(key);
    if (open !== undefined) return open.records;
    await this.flush();
    const { process } = this;
    const { read, write } = process.pipe();
    const fd = process.fds.install(read, 3);
    const child = this.#shell(command, [[1, write]]);
    const records = new RecordReader(process.fds.reader(fd));
    const close = async (): Promise<number> => {
      process.fds.close(fd);
      return statusOf(await child.wait());
    };
    this.#sources.set(key, { records, close });
    return records;
  }

  async system(command: string): Promise<number> {
    await this.flush();
    return statusOf(await this.#shell(command, []).wait());
  }

  /** -1: no such file or command is open. */
  async close(name: string): Promise<number> {
    let status = -1;
    for (const table of [this.#sinks, this.#sources]) {
      for (const mode of '><|') {
        const open = table.get(mode + name);
        if (open === undefined) continue;
        table.delete(mode + name);
        status = await open.close();
      }
    }
    return status;
  }

  async flush(): Promise<void> {
    await this.stdout.flush();
    for (const { output } of this.#sinks.values()) await output.flush();
  }

  async closeAll(): Promise<void> {
    await this.stdout.flush();
    for (const { close } of [...this.#sinks.values(), ...this.#sources.values()]) await close();
  }
}
