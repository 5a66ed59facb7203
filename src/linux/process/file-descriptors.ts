import { FewMap } from '../../sim/few-map';
import { fail, type Sys } from '../errno';
import { encode, noBytes } from '../io/bytes';
import type { OpenFile } from '../io/open-file';
import { StreamReader } from './stream-reader';
import type { ByteReader, ByteWriter, FileDescriptors, Process } from './types';

/** What the kernel does before a process reads from or after it failed to write to a file. */
export interface DescriptorHooks {
  /** Job control: may stop the process (SIGTTIN); an error ends the read. */
  beforeRead(file: OpenFile): Promise<Sys<void>> | undefined;
  /** The same before a write, where the terminal says `tostop` (SIGTTOU). */
  beforeWrite(file: OpenFile): Promise<Sys<void>> | undefined;
  /** EPIPE: SIGPIPE first, and it may be deadly. */
  brokenPipe(): void;
  /** RLIMIT_FSIZE, and what goes beyond it: SIGXFSZ first. */
  readonly fileSizeLimit: number;
  fileTooLarge(): void;
}

/**
 * CPU time of a system call that moves so many bytes, in microseconds: a switch of modes, and copying at 250 MB a
 * second. Who reads without end (`cat /dev/zero`) thereby gives way to everybody else.
 */
const costOf = (bytes: number): number => 0.5 + bytes / 256;

/** The fd table of a process (`files_struct`). */
export class DescriptorTable implements FileDescriptors {
  readonly #files = new FewMap<number, OpenFile>();
  #readers: Map<number, StreamReader> | undefined;
  /** For /proc/<pid>/io. */
  readonly io = { readBytes: 0, writtenBytes: 0, reads: 0, writes: 0 };

  constructor(
    readonly process: Process,
    readonly hooks: DescriptorHooks,
    inherited: ReadonlyMap<number, OpenFile>,
  ) {
    for (const [fd, file] of inherited) this.set(fd, file);
  }

  get(fd: number): OpenFile | undefined {
    return this.#files.get(fd);
  }

  set(fd: number, file: OpenFile): void {
    const before = this.#files.get(fd);
    if (before === file) return;
    file.retain();
    this.#files.set(fd, file);
    this.#readers?.delete(fd);
    before?.release();
  }

  close(fd: number): Sys<void> {
    const file = this.#files.get(fd);
    if (file === undefined) return fail('EBADF');
    this.#files.delete(fd);
    this.#readers?.delete(fd);
    file.release();
    return { ok: true, value: undefined };
  }

  closeAll(): void {
    for (const fd of [...this.#files.keys()]) this.close(fd);
  }

  install(file: OpenFile, from = 0): number {
    let fd = from;
    while (this.#files.has(fd)) fd++;
    this.set(fd, file);
    return fd;
  }

  /** How many are open. */
  get count(): number {
    return this.#files.size;
  }

  entries(): readonly (readonly [number, OpenFile])[] {
    return [...this.#files].sort(([a], [b]) => a - b);
  }

  async read(fd: number, max: number): Promise<Sys<Uint8Array>> {
    return this.#read(fd, max, true);
  }

  /** As `read`, but goes on after a handled signal. */
  async readRestarting(fd: number, max: number): Promise<Sys<Uint8Array>> {
    return this.#read(fd, max, false);
  }

  async #read(fd: number, max: number, interruptible: boolean): Promise<Sys<Uint8Array>> {
    const file = this.#files.get(fd);
    if (file === undefined || !file.flags.read) return fail('EBADF');
    for (;;) {
      const allowed = await this.hooks.beforeRead(file);
      if (allowed !== undefined && !allowed.ok) return allowed;
      const result = file.read(max);
      if (result !== 'wait') {
        this.io.reads++;
        if (!result.ok) return result;
        this.io.readBytes += result.value.length;
        const slice = this.process.compute(costOf(result.value.length));
        if (slice !== undefined) await slice;
        return result;
      }
      const waited = await this.process.block<void>((wake) => file.onReadable(wake), { interruptible });
      if (!waited.ok) return waited;
    }
  }

  async write(fd: number, bytes: Uint8Array): Promise<Sys<void>> {
    const file = this.#files.get(fd);
    if (file === undefined || !file.flags.write) return fail('EBADF');
    const allowed = await this.hooks.beforeWrite(file);
    if (allowed !== undefined && !allowed.ok) return allowed;
    let rest = bytes;
    while (rest.length > 0) {
      const room = this.#roomFor(file, rest.length);
      if (room === 0) {
        this.hooks.fileTooLarge();
        return fail('EFBIG');
      }
      const result = file.write(room < rest.length ? rest.subarray(0, room) : rest);
      if (result === 'wait') {
        await this.process.block<void>((wake) => file.onWritable(wake));
        continue;
      }
      if (!result.ok) {
        if (result.error.code === 'EPIPE') this.hooks.brokenPipe();
        return result;
      }
      this.io.writes++;
      this.io.writtenBytes += result.value;
      const slice = this.process.compute(costOf(result.value));
      if (slice !== undefined) await slice;
      rest = rest.subarray(result.value);
    }
    return done;
  }

  /** How much of `length` bytes the file size limit lets through. */
  #roomFor(file: OpenFile, length: number): number {
    const { fileSizeLimit } = this.hooks;
    if (fileSizeLimit === Infinity || file.kind !== 'file' || file.seek === undefined) return length;
    const at = file.seek(0, file.flags.append ? 'end' : 'cur');
    return at.ok ? Math.max(0, Math.min(length, fileSizeLimit - at.value)) : length;
  }

  reader(fd: number): ByteReader {
    let reader = this.#readers?.get(fd);
    if (reader === undefined) {
      const made = new StreamReader(async (max) => {
        const result = await this.readRestarting(fd, max);
        made.failure = result.ok ? undefined : result.error;
        return result.ok ? result.value : noBytes;
      });
      reader = made;
      (this.#readers ??= new Map()).set(fd, reader);
    }
    return reader;
  }

  writer(fd: number): ByteWriter {
    return { write: (data) => this.write(fd, typeof data === 'string' ? encode(data) : data) };
  }
}

/** What a child has where nothing else is said: 0, 1 and 2 of its parent. */
export function standardStreams(parent: Process | undefined): ReadonlyMap<number, OpenFile> {
  const files = new Map<number, OpenFile>();
  for (const fd of [0, 1, 2]) {
    const file = parent?.fds.get(fd);
    if (file !== undefined) files.set(fd, file);
  }
  return files;
}

const done: Sys<void> = { ok: true, value: undefined };
