import type { Clock } from '../../sim/clock';
import { decode } from '../io/bytes';
import type { OpenFile } from '../io/open-file';

/** Who wrote a line: shared by all lines of one process. */
export interface Source {
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
  readonly comm: string;
  readonly exe: string;
  readonly cmdline: string;
  /** The unit in whose cgroup it runs. */
  readonly unit: string | undefined;
  readonly cgroup: string;
  readonly invocation: string | undefined;
  readonly transport: 'stdout' | 'journal' | 'syslog' | 'kernel';
}

/** One entry (systemd.journal-fields(7)). */
export interface Entry {
  readonly sequence: number;
  /** Virtual milliseconds since the epoch. */
  readonly time: number;
  readonly priority: number;
  readonly identifier: string;
  readonly message: string;
  readonly source: Source;
  /** The unit that a message of PID 1 is about. */
  readonly about?: string | undefined;
  /** MESSAGE_ID: what the catalog explains. */
  readonly id?: string | undefined;
  /** Further fields. */
  readonly fields?: Readonly<Record<string, string>> | undefined;
}

/** How many entries are kept; the oldest go first, as with SystemMaxUse=. */
const LIMIT = 20_000;

/** What systemd-journald holds of one host. */
export class Journal {
  #entries: Entry[] = [];
  #next = 1;
  readonly #listeners = new Set<() => void>();

  constructor(
    readonly clock: Clock,
    /** Hexadecimal digits that are this boot's id. */
    readonly bootId: string,
  ) {}

  append(entry: Omit<Entry, 'sequence' | 'time'>): void {
    const { priority, identifier, message, source, about, id, fields } = entry;
    const { now: time } = this.clock;
    // Always of one shape: each line is kept for long.
    this.#entries.push({ sequence: this.#next++, time, priority, identifier, message, source, about, id, fields });
    if (this.#entries.length > LIMIT) this.#entries = this.#entries.slice(LIMIT / 4);
    if (this.#listeners.size > 0) for (const listener of [...this.#listeners]) listener();
  }

  /** The number of the next entry. */
  get next(): number {
    return this.#next;
  }

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  /** Calls after each entry. */
  onAppend(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Forgets what is older. */
  vacuum(before: number): void {
    this.#entries = this.#entries.filter(({ time }) => time >= before);
  }

  /**
   * What a service's standard output or error is: lines become entries, `<3>` in front sets the priority
   * (sd-daemon(3)). `source` is asked at the first line.
   */
  stream(identifier: () => string, source: () => Source, inode: number): OpenFile {
    let held = '';
    let users = 0;
    let known: Source | undefined;
    const line = (text: string): void => {
      if (text === '') return;
      const level = /^<([0-7])>/.exec(text);
      this.append({
        priority: level === null ? 6 : Number(level[1]),
        identifier: identifier(),
        message: level === null ? text : text.slice(3),
        source: (known ??= source()),
      });
    };
    return {
      kind: 'socket',
      name: `socket:[${inode}]`,
      flags: { read: false, write: true, append: false },
      read: () => ({ ok: true, value: new Uint8Array(0) }),
      write: (bytes) => {
        const lines = (held + decode(bytes)).split('\n');
        held = lines.pop() ?? '';
        for (const each of lines) line(each);
        return { ok: true, value: bytes.length };
      },
      onReadable: () => () => undefined,
      onWritable: () => () => undefined,
      retain: () => {
        users++;
      },
      release: () => {
        if (--users > 0 || held === '') return;
        line(held);
        held = '';
      },
    };
  }
}
