import type { FileSystem } from '../../../linux/fs/types';

/** One directive, with what stands in its braces. */
export interface Directive {
  readonly name: string;
  readonly args: readonly string[];
  readonly block: readonly Directive[] | undefined;
  readonly file: string;
  readonly line: number;
}

interface Token {
  readonly text: string;
  readonly line: number;
  readonly quoted: boolean;
}

const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13);
const word = /(?:\\.|\$\{[^}]*\}|[^\s;{}])+/sy;

/** Words, quoted words, and `{` `}` `;` (src/core/ngx_conf_file.c, ngx_conf_read_token). */
function tokens(text: string): readonly Token[] {
  const found: Token[] = [];
  let line = 1;
  let index = 0;
  while (index < text.length) {
    const char = text.charAt(index);
    if (char === '\n') line++;
    if (isSpace(char.charCodeAt(0))) {
      index++;
    } else if (char === '#') {
      while (index < text.length && text.charAt(index) !== '\n') index++;
    } else if (char === '{' || char === '}' || char === ';') {
      found.push({ text: char, line, quoted: false });
      index++;
    } else if (char === '"' || char === "'") {
      const end = closing(text, index);
      if (end === text.length) break;
      const body = text.slice(index + 1, end);
      found.push({ text: unescaped(body), line, quoted: true });
      line += body.split('\n').length - 1;
      index = end + 1;
    } else {
      word.lastIndex = index;
      const match = word.exec(text)?.[0] ?? char;
      found.push({ text: unescaped(match), line, quoted: false });
      index += match.length;
    }
  }
  return found;
}

/** `\\n`, `\\t`, `\\r` and what quotes need; other backslashes stay, regular expressions want them. */
const unescaped = (text: string): string =>
  text.includes('\\') ? text.replace(/\\(["'\\ntr])/g, (_, char: string) => escapes[char] ?? char) : text;
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

function closing(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index++) {
    if (text.charAt(index) === '\\') index++;
    else if (text.charAt(index) === text.charAt(start)) return index;
  }
  return text.length;
}

const dataBlocks = new Set(['types', 'map', 'geo', 'split_clients']);

/** Directives of one level as they stand in a file, up to where it goes wrong. `include`s are still among them. */
interface Parsed {
  readonly directives: readonly (Directive & { readonly inner?: Parsed })[];
  readonly error: string | undefined;
  readonly id?: number;
  /** Nothing to include and no error, here or further in: `directives` is the result. */
  readonly plain: boolean;
}

/** What files of some path and text say: containers of one image all read the same. */
const parsed = new Map<string, Parsed>();
const KEPT = 200;
let counted = 0;

function parse(path: string, text: string): Parsed {
  const key = `${path}\0${text}`;
  let known = parsed.get(key);
  if (known === undefined) {
    if (parsed.size >= KEPT) parsed.clear();
    parsed.set(
      key,
      (known = { ...new Parser(path, tokens(text), text.split('\n').length).block(false), id: ++counted }),
    );
  }
  return known;
}

class Parser {
  #at = 0;
  /** What stands in some blocks is data, not directives. */
  #data = false;

  constructor(
    readonly path: string,
    readonly stream: readonly Token[],
    readonly lines: number,
  ) {}

  block(nested: boolean): Parsed {
    const directives: Directive[] = [];
    let plain = true;
    const end = (problem?: string): Parsed => ({
      directives,
      error: problem === undefined ? undefined : `${problem} in ${this.path}:${this.#line}`,
      plain: plain && problem === undefined,
    });
    for (;;) {
      const first = this.stream[this.#at];
      if (first === undefined) {
        if (!nested) return end();
        const error = `unexpected end of file, expecting "}" in ${this.path}:${this.lines}`;
        return { directives, error, plain: false };
      }
      if (!first.quoted && first.text === '}') {
        if (!nested) return end('unexpected "}"');
        this.#at++;
        return end();
      }
      const read = this.#directive();
      if (typeof read === 'string') return { directives, error: read, plain: false };
      directives.push(read);
      if (read.name === 'include' || read.inner?.plain === false) plain = false;
      if (read.inner?.error !== undefined) return { directives, error: undefined, plain: false };
    }
  }

  #directive(): (Directive & { readonly inner?: Parsed }) | string {
    const { path: file, stream } = this;
    const words: string[] = [];
    for (let token = stream[this.#at++]; token !== undefined; token = stream[this.#at++]) {
      if (!token.quoted && (token.text === ';' || token.text === '{')) {
        const [name = '', ...args] = words;
        if (name === '') return `unexpected "${token.text}" in ${file}:${token.line}`;
        const { line } = token;
        if (token.text === ';') return { name, args, block: undefined, file, line };
        const outside = this.#data;
        this.#data ||= dataBlocks.has(name);
        const inner = this.block(true);
        this.#data = outside;
        return { name, args, block: inner.directives, file, line, inner };
      }
      if (!token.quoted && token.text === '}') return `unexpected "}" in ${file}:${token.line}`;
      words.push(token.text);
    }
    return `unexpected end of file, expecting ";" or "}" in ${file}:${this.lines}`;
  }

  get #line(): number {
    return (this.stream[this.#at] ?? this.stream.at(-1))?.line ?? 1;
  }
}

/** A configuration that was read. Equal files give the identical object, so that what is made of it is made once. */
export interface Config {
  readonly directives: readonly Directive[];
  /** What goes wrong after those, as nginx says it after `[emerg]`. */
  readonly error: string | undefined;
  readonly files: readonly { readonly path: string; readonly text: string }[];
  /** Where relative names begin. */
  readonly folder: string;
}

const configs = new Map<string, Config>();

interface Reading {
  readonly fs: FileSystem;
  readonly folder: string;
  readonly files: { readonly path: string; readonly text: string }[];
  key: string;
}

/** Reads a configuration with its includes; `globals` are the directives of `-g`. */
export function readConfig(fs: FileSystem, path: string, globals = ''): Config {
  const folder = path.slice(0, path.lastIndexOf('/'));
  const reading: Reading = { fs, folder, files: [], key: `${globals}\0` };
  const given = globals === '' ? undefined : parse('command line', globals);
  const read = given?.error === undefined ? readFile(reading, path, '') : { directives: [], error: given.error };
  const known = configs.get(reading.key);
  if (known !== undefined && read.error === undefined) return known;
  const directives = [...(given?.directives ?? []), ...read.directives];
  const config = { directives, error: read.error, files: reading.files, folder };
  if (configs.size >= KEPT) configs.clear();
  if (read.error === undefined) configs.set(reading.key, config);
  return config;
}

interface Level {
  readonly directives: readonly Directive[];
  readonly error: string | undefined;
}

function readFile(reading: Reading, path: string, from: string): Level {
  const text = reading.fs.readText(path);
  if (!text.ok) {
    const { number, message } = text.error;
    return { directives: [], error: `open() "${path}" failed (${number}: ${message})${from}` };
  }
  const level = parse(path, text.value);
  reading.files.push({ path, text: text.value });
  reading.key += `${level.id ?? 0},`;
  return included(reading, level);
}

/** With what the includes bring in. */
function included(reading: Reading, level: Parsed): Level {
  if (level.plain) return level;
  const directives: Directive[] = [];
  for (const directive of level.directives) {
    const { inner } = directive;
    if (directive.name === 'include' && directive.block === undefined) {
      const more = include(reading, directive);
      directives.push(...more.directives);
      if (more.error !== undefined) return { directives, error: more.error };
    } else if (inner === undefined || inner.plain) directives.push(directive);
    else {
      const block = included(reading, inner);
      directives.push({ ...directive, block: block.directives });
      if (block.error !== undefined) return { directives, error: block.error };
    }
  }
  return { directives, error: level.error };
}

/** `include conf.d/*.conf`: relative to the main file; a pattern may match nothing. */
function include(reading: Reading, { args, file, line }: Directive): Level {
  const [pattern = ''] = args;
  const path = pattern.startsWith('/') ? pattern : `${reading.folder}/${pattern}`;
  const from = ` in ${file}:${line}`;
  if (!/[*?[]/.test(path)) return readFile(reading, path, from);
  const directives: Directive[] = [];
  for (const found of expand(reading.fs, path)) {
    const read = readFile(reading, found, from);
    directives.push(...read.directives);
    if (read.error !== undefined) return { directives, error: read.error };
  }
  return { directives, error: undefined };
}

/** glob(3). */
function expand(fs: FileSystem, path: string): readonly string[] {
  let found = [''];
  for (const part of path.split('/').slice(1)) {
    if (!/[*?[]/.test(part)) {
      found = found.map((folder) => `${folder}/${part}`);
      continue;
    }
    const escaped = part
      .replace(/[.+^${}()|\\]/g, '\\$&')
      .replace(/\*/g, '.*')
      .replace(/\?/g, '.');
    const shape = new RegExp(`^${escaped}$`);
    found = found.flatMap((folder) => {
      const listed = fs.readdir(folder === '' ? '/' : folder);
      const names = listed.ok ? listed.value.map(({ name }) => name) : [];
      const fitting = names.filter((name) => shape.test(name) && (part.startsWith('.') || !name.startsWith('.')));
      return fitting.sort().map((name) => `${folder}/${name}`);
    });
  }
  return found.filter((at) => fs.stat(at).ok);
}
