/** What a case says a shell answers; texts hold one character per byte. */
export interface Expected {
  readonly stdout?: string;
  readonly stderr?: string;
  readonly status?: number;
}

export interface SpecCase {
  readonly title: string;
  readonly line: number;
  /** One character per byte. */
  readonly code: string;
  /** What bash answers: what is said of bash alone goes before what is said of all shells. */
  readonly expected: Expected;
}

export interface SpecFile {
  /** `compare_shells`, `suite`, `legacy_tmp_dir` …: the head of the file. */
  readonly head: ReadonlyMap<string, string>;
  readonly cases: readonly SpecCase[];
}

type Token =
  | { readonly kind: 'case'; readonly title: string; readonly line: number }
  | { readonly kind: 'key'; readonly shells: readonly string[]; readonly key: string; readonly value: string }
  | { readonly kind: 'end' }
  | { readonly kind: 'plain'; readonly text: string };

const KEY = /^##\s+(?:(?:OK(?:-\d)?|BUG(?:-\d)?|N-I)\s+([\w+/]+)\s+)?([\w-]+):\s*(.*)/;

/** One line as test/sh_spec.py of Oils classifies it; undefined if it says nothing. */
function classify(text: string, line: number, raw: boolean): Token | undefined {
  if (!raw && text.trim() === '') return undefined;
  if (text.startsWith('####')) return { kind: 'case', title: text.slice(4).trim(), line };
  const key = KEY.exec(text);
  if (key !== null) {
    const [, shells, name = '', value = ''] = key;
    return { kind: 'key', shells: shells?.split('/') ?? [], key: name, value };
  }
  if (/^##\s+END/.test(text)) return { kind: 'end' };
  if (text.trimStart().startsWith('#')) return undefined;
  return { kind: 'plain', text: `${text}\n` };
}

class Reader {
  readonly #lines: readonly string[];
  #at = 0;
  current: Token | undefined;

  constructor(text: string) {
    this.#lines = text.replace(/\n$/, '').split('\n');
    this.next();
  }

  /** Blank lines count within code and texts (`raw`). */
  next(raw = false): void {
    this.current = undefined;
    while (this.current === undefined && this.#at < this.#lines.length) {
      this.current = classify(this.#lines[this.#at] ?? '', ++this.#at, raw);
    }
  }

  plain(): string {
    let text = '';
    while (this.current?.kind === 'plain') {
      text += this.current.text;
      this.next(true);
    }
    return text;
  }
}

/** Keys under which something is said, `bash stdout` before `stdout`. */
function keys(reader: Reader, into: Map<string, string>): void {
  while (reader.current?.kind === 'key') {
    const { shells, key, value } = reader.current;
    const names = shells.length === 0 ? [key.toLowerCase()] : shells.map((shell) => `${shell} ${key.toLowerCase()}`);
    let text = value;
    if (key === 'STDOUT' || key === 'STDERR') {
      reader.next(true);
      text = reader.plain();
      if ((reader.current as Token | undefined)?.kind === 'end') reader.next();
    } else {
      if (key === 'stdout' || key === 'stderr') text += '\n';
      reader.next();
    }
    for (const name of names) into.set(name, text);
  }
}

/** Text of JSON as bytes. */
const bytesOfJson = (json: string): string =>
  Buffer.from(JSON.parse(Buffer.from(json, 'latin1').toString()) as string).toString('latin1');

function expectedOf(said: ReadonlyMap<string, string>): Expected {
  const textOf = (name: string): string | undefined => {
    for (const prefix of ['bash ', '']) {
      const json = said.get(`${prefix}${name}-json`);
      const text = json === undefined ? said.get(`${prefix}${name}`) : bytesOfJson(json);
      if (text !== undefined) return text;
    }
    return undefined;
  };
  const [stdout, stderr] = [textOf('stdout'), textOf('stderr')];
  return {
    ...(stdout === undefined ? {} : { stdout }),
    ...(stderr === undefined ? {} : { stderr }),
    status: Number(said.get('bash status') ?? said.get('status') ?? 0),
  };
}

/** Reads a `.test.sh` file of the Oils project (format: test/sh_spec.py there), one character per byte. */
export function parseSpecFile(text: string): SpecFile {
  const reader = new Reader(text);
  const head = new Map<string, string>();
  keys(reader, head);
  const cases: SpecCase[] = [];
  while (reader.current !== undefined) {
    if (reader.current.kind !== 'case') throw new Error(`expected ####, found ${JSON.stringify(reader.current)}`);
    const { title, line } = reader.current;
    const said = new Map<string, string>();
    reader.next();
    keys(reader, said);
    let code = said.get('code');
    if (code === undefined) {
      code = reader.plain();
      keys(reader, said);
    }
    cases.push({ title, line, code, expected: expectedOf(said) });
  }
  return { head, cases };
}
