import type { FileSystem } from '../../../linux/fs/types';
import { err, ok, type Result } from '../../../sim/result';
import { knownDirectives } from './directives';

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
      const body = text.slice(index + 1, end).replace(/\\(["'\\])/g, '$1');
      found.push({ text: body, line, quoted: true });
      line += body.split('\n').length - 1;
      index = end + 1;
    } else {
      word.lastIndex = index;
      const match = word.exec(text)?.[0] ?? char;
      found.push({ text: match, line, quoted: false });
      index += match.length;
    }
  }
  return found;
}

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
  /** Nothing to include and no error, here or further in: `directives` is the result. */
  readonly plain: boolean;
}

/** What files of some path and text say: containers of one image all read the same. */
const parsed = new Map<string, Parsed>();
const KEPT = 200;

function parse(path: string, text: string): Parsed {
  const key = `${path}\0${text}`;
  let known = parsed.get(key);
  if (known === undefined) {
    if (parsed.size >= KEPT) parsed.clear();
    parsed.set(key, (known = new Parser(path, tokens(text)).block(false)));
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
      if (first === undefined) return nested ? end('unexpected end of file, expecting "}"') : end();
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
    const line = stream[this.#at]?.line ?? 1;
    for (let token = stream[this.#at++]; token !== undefined; token = stream[this.#at++]) {
      if (!token.quoted && (token.text === ';' || token.text === '{')) {
        const [name = '', ...args] = words;
        if (name === '') return `unexpected "${token.text}" in ${file}:${token.line}`;
        if (!this.#data && !knownDirectives.has(name)) return `unknown directive "${name}" in ${file}:${line}`;
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
    return `unexpected end of file, expecting ";" or "}" in ${file}:${stream.at(-1)?.line ?? 1}`;
  }

  get #line(): number {
    return (this.stream[this.#at] ?? this.stream.at(-1))?.line ?? 1;
  }
}

/** Reads a configuration with its includes. The error is what `nginx -t` says after `[emerg]`. */
export function readConfig(fs: FileSystem, path: string): Result<readonly Directive[], string> {
  const text = fs.readText(path);
  if (!text.ok) return err(`open() "${path}" failed (${text.error.number}: ${text.error.message})`);
  return included(fs, parse(path, text.value), path);
}

/** With what the includes bring in. */
function included(fs: FileSystem, level: Parsed, path: string): Result<readonly Directive[], string> {
  if (level.plain) return ok(level.directives);
  const directives: Directive[] = [];
  for (const directive of level.directives) {
    const { inner } = directive;
    if (directive.name === 'include') {
      const more = include(fs, directive, path);
      if (!more.ok) return more;
      directives.push(...more.value);
    } else if (inner === undefined || inner.plain) directives.push(directive);
    else {
      const block = included(fs, inner, path);
      if (!block.ok) return block;
      directives.push({ ...directive, block: block.value });
    }
  }
  return level.error === undefined ? ok(directives) : err(level.error);
}

/** `include conf.d/*.conf`: relative to /etc/nginx; a pattern may match nothing. */
function include(fs: FileSystem, { args }: Directive, from: string): Result<readonly Directive[], string> {
  const [pattern = ''] = args;
  const path = pattern.startsWith('/') ? pattern : `/etc/nginx/${pattern}`;
  if (!path.includes('*')) return readConfig(fs, path);
  const folder = path.slice(0, path.lastIndexOf('/'));
  const name = path.slice(folder.length + 1);
  const shape = new RegExp(`^${name.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*')}$`);
  const listed = fs.readdir(folder);
  const all: Directive[] = [];
  for (const file of listed.ok ? listed.value.map((entry) => entry.name).sort() : []) {
    if (!shape.test(file) || `${folder}/${file}` === from) continue;
    const read = readConfig(fs, `${folder}/${file}`);
    if (!read.ok) return read;
    all.push(...read.value);
  }
  return ok(all);
}

/** The arguments of the last directive of a name. */
export const argsOf = (block: readonly Directive[] | undefined, name: string): readonly string[] | undefined =>
  block?.findLast((directive) => directive.name === name)?.args;

export const blocksOf = (block: readonly Directive[] | undefined, name: string): readonly Directive[] =>
  (block ?? []).filter((directive) => directive.name === name);
