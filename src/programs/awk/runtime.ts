import type { Process } from '../../linux/process/types';
import type { Maybe } from './code';
import { chain } from './code';
import { sprintf } from './format';
import { unescape } from './lexer';
import { AwkRegex } from './regex';
import { RecordReader, Streams } from './streams';
import { AwkError, Cell, fromInput, numberText, toNumber, type Value } from './values';

/** How a record is taken apart. */
type Splitter = (record: string) => string[];

const blanks: Splitter = (record) => {
  const trimmed = record.replace(/^[ \t\n]+|[ \t\n]+$/g, '');
  return trimmed === '' ? [] : trimmed.split(/[ \t\n]+/);
};

/** The state of a running program: variables, the record and its fields, the input. */
export class Runtime {
  readonly globals = new Map<string, Cell>();
  /** Parameters and locals of the running function. */
  frame: readonly Cell[] = [];
  depth = 0;
  returned: Value = undefined;
  exitStatus = 0;
  readonly streams: Streams;
  readonly #regexes = new Map<string, AwkRegex>();
  readonly #splitters = new Map<string, Splitter>();

  #record = '';
  #recordValue: Value = undefined;
  #recordStale = false;
  #fields: Value[] | undefined = [];
  #splitter: Splitter = blanks;

  readonly NR: Cell;
  readonly FNR: Cell;
  readonly FS: Cell;
  readonly RS: Cell;
  readonly OFS: Cell;
  readonly ORS: Cell;
  readonly SUBSEP: Cell;
  readonly CONVFMT: Cell;
  readonly OFMT: Cell;
  readonly RSTART: Cell;
  readonly RLENGTH: Cell;
  readonly FILENAME: Cell;
  readonly RT: Cell;
  readonly IGNORECASE: Cell;

  constructor(
    readonly process: Process,
    readonly name: string,
    operands: readonly string[],
  ) {
    this.streams = new Streams(process, name);
    const set = (variable: string, value: Value): Cell => {
      const cell = this.global(variable);
      cell.value = value;
      return cell;
    };
    this.NR = set('NR', 0);
    this.FNR = set('FNR', 0);
    this.FS = set('FS', ' ');
    this.RS = set('RS', '\n');
    this.OFS = set('OFS', ' ');
    this.ORS = set('ORS', '\n');
    this.SUBSEP = set('SUBSEP', '\x1c');
    this.CONVFMT = set('CONVFMT', '%.6g');
    this.OFMT = set('OFMT', '%.6g');
    this.RSTART = set('RSTART', 0);
    this.RLENGTH = set('RLENGTH', -1);
    this.FILENAME = set('FILENAME', undefined);
    this.RT = set('RT', undefined);
    this.IGNORECASE = set('IGNORECASE', undefined);
    set('ARGC', operands.length + 1);
    const argv = this.global('ARGV').elements();
    [name, ...operands].forEach((arg, index) => argv.set(String(index), fromInput(arg)));
    const environ = this.global('ENVIRON').elements();
    for (const [variable, value] of process.env) environ.set(variable, fromInput(value));
  }

  global(name: string): Cell {
    let cell = this.globals.get(name);
    if (cell === undefined) this.globals.set(name, (cell = new Cell()));
    return cell;
  }

  // --- values

  readonly text = (value: Value): string => {
    if (typeof value === 'string') return value;
    if (value === undefined) return '';
    if (typeof value !== 'number') return value.text;
    if (value === (value | 0)) return `${value | 0}`;
    return numberText(value, this.text(this.CONVFMT.value), this.#format);
  };

  /** As print writes it. */
  readonly outputText = (value: Value): string =>
    typeof value === 'number' && value !== (value | 0)
      ? numberText(value, this.text(this.OFMT.value), this.#format)
      : this.text(value);

  readonly #format = (format: string, value: number): string => sprintf(format, [value], this.text);

  readonly regex = (source: string): AwkRegex => {
    const ignoreCase = this.IGNORECASE.value !== undefined && toNumber(this.IGNORECASE.value) !== 0;
    const key = ignoreCase ? `i${source}` : `-${source}`;
    let regex = this.#regexes.get(key);
    if (regex === undefined) this.#regexes.set(key, (regex = new AwkRegex(source, ignoreCase)));
    return regex;
  };

  splitter(separator: string): Splitter {
    let splitter = this.#splitters.get(separator);
    if (splitter === undefined) this.#splitters.set(separator, (splitter = this.#makeSplitter(separator)));
    return splitter;
  }

  #makeSplitter(separator: string): Splitter {
    if (separator === ' ') return blanks;
    if (separator === '') return (record) => [...record];
    if (separator.length === 1 && separator !== '\\') {
      return (record) => (record === '' ? [] : record.split(separator));
    }
    return (record) => this.splitBy(record, this.regex(separator)).parts;
  }

  /** The parts of a text and what stood between them. */
  splitBy(text: string, regex: AwkRegex): { readonly parts: string[]; readonly separators: string[] } {
    const parts: string[] = [];
    const separators: string[] = [];
    if (text === '') return { parts, separators };
    let from = 0;
    for (let at = 0; at <= text.length;) {
      const found = regex.exec(text, at);
      if (found === null) break;
      if (found[0] === '') {
        at = found.index + 1;
        continue;
      }
      parts.push(text.slice(from, found.index));
      separators.push(found[0]);
      from = at = found.index + found[0].length;
    }
    parts.push(text.slice(from));
    return { parts, separators };
  }

  // --- the record

  setRecord(text: string): void {
    this.#record = text;
    this.#recordValue = undefined;
    this.#recordStale = false;
    this.#fields = undefined;
    const separator = this.text(this.FS.value);
    this.#splitter = this.splitter(separator);
    if (this.RS.value === '' && separator !== ' ') {
      const inner = this.#splitter;
      this.#splitter = (record) => record.split('\n').flatMap((line) => inner(line));
    }
  }

  get record(): string {
    if (this.#recordStale) {
      this.#record = this.#split().map(this.text).join(this.text(this.OFS.value));
      this.#recordStale = false;
      this.#recordValue = undefined;
    }
    return this.#record;
  }

  #split(): Value[] {
    return (this.#fields ??= this.#splitter(this.#record).map(fromInput));
  }

  field(index: number): Value {
    if (index === 0) return (this.#recordValue ??= fromInput(this.record));
    if (index < 0 || Number.isNaN(index)) throw new AwkError(`negative field index $${index}`, true);
    return this.#split()[Math.trunc(index) - 1];
  }

  setField(given: number, value: Value): void {
    const index = Math.trunc(given);
    if (index === 0) {
      this.setRecord(this.text(value));
      return;
    }
    if (index < 0 || Number.isNaN(index)) throw new AwkError(`negative field index $${index}`, true);
    const fields = this.#split();
    while (fields.length < index - 1) fields.push('');
    fields[index - 1] = value;
    this.#recordStale = true;
  }

  get NF(): number {
    return this.#split().length;
  }

  set NF(count: number) {
    const fields = this.#split();
    const length = Math.max(0, Math.trunc(count));
    if (length < fields.length) fields.length = length;
    while (fields.length < length) fields.push('');
    this.#recordStale = true;
  }

  // --- the input

  #argument = 0;
  #input: { readonly records: RecordReader; readonly close: () => void } | undefined;
  #opened = false;
  #inputOver = false;

  /** The next record of the files on the command line; undefined after the last. */
  nextRecord(): Maybe<string | undefined> {
    if (this.#input === undefined) {
      if (!this.#openNext()) return undefined;
    }
    const record = this.#input?.records.next(this.text(this.RS.value), this.regex);
    return record instanceof Promise ? record.then((text) => this.#arrived(text)) : this.#arrived(record);
  }

  #arrived(record: string | undefined): Maybe<string | undefined> {
    if (record === undefined) {
      this.nextFile();
      return this.nextRecord();
    }
    this.NR.value = toNumber(this.NR.value) + 1;
    this.FNR.value = toNumber(this.FNR.value) + 1;
    this.RT.value = this.#input?.records.terminator ?? '';
    return record;
  }

  nextFile(): void {
    this.#input?.close();
    this.#input = undefined;
  }

  #openNext(): boolean {
    const argv = this.global('ARGV').elements();
    if (this.#inputOver) return false;
    for (;;) {
      const count = toNumber(this.global('ARGC').value);
      if (++this.#argument >= count) {
        this.#inputOver = true;
        if (this.#opened) return false;
        return this.#open('-');
      }
      const arg = this.text(argv.get(String(this.#argument)));
      if (arg === '') continue;
      if (this.assignOperand(arg)) continue;
      return this.#open(arg);
    }
  }

  #open(path: string): boolean {
    this.#opened = true;
    this.FNR.value = 0;
    const { process } = this;
    if (path === '-' || path === '/dev/stdin') {
      this.#input = { records: new RecordReader(process.stdin), close: () => undefined };
      return true;
    }
    const opened = process.fs.open(path, { read: true });
    if (!opened.ok) throw new AwkError(`cannot open ${path} (${opened.error.message})`);
    if (opened.value.kind === 'directory') throw new AwkError('read error (Is a directory)');
    this.FILENAME.value = fromInput(path);
    const fd = process.fds.install(opened.value, 3);
    this.#input = { records: new RecordReader(process.fds.reader(fd)), close: () => process.fds.close(fd) };
    return true;
  }

  /** `name=value` among the files; false if it is none. */
  assignOperand(arg: string): boolean {
    const match = /^([A-Za-z_]\w*)=([^]*)$/.exec(arg);
    if (match === null) return false;
    const [, name = '', value = ''] = match;
    const given = fromInput(unescape(value));
    if (name === 'NF') this.NF = toNumber(given);
    else this.global(name).value = given;
    return true;
  }

  // --- time

  #ticks = 0;

  /** Called by everything that may go on for long. */
  tick(): Promise<void> | undefined {
    if (++this.#ticks < 256) return undefined;
    this.#ticks = 0;
    return this.process.compute(25);
  }

  /** Writes to standard output or where a redirection goes. */
  write(output: Maybe<Streams['stdout']>, text: string): Maybe<void> {
    return chain(output, (to) => to.write(text));
  }
}
