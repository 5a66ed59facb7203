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

/** Words, quoted words, and `{` `}` `;` (src/core/ngx_conf_file.c, ngx_conf_read_token). */
function* tokens(text: string): Generator<Token> {
  let line = 1;
  let index = 0;
  while (index < text.length) {
    const char = text.charAt(index);
    if (char === '\n') line++;
    if (/\s/.test(char)) {
      index++;
    } else if (char === '#') {
      while (index < text.length && text.charAt(index) !== '\n') index++;
    } else if (char === '{' || char === '}' || char === ';') {
      yield { text: char, line, quoted: false };
      index++;
    } else if (char === '"' || char === "'") {
      const end = closing(text, index);
      const body = text.slice(index + 1, end).replace(/\\(["'\\])/g, '$1');
      yield { text: body, line, quoted: true };
      line += body.split('\n').length - 1;
      index = end + 1;
    } else {
      const match = /^(?:\\.|\$\{[^}]*\}|[^\s;{}])+/s.exec(text.slice(index));
      const word = match?.[0] ?? char;
      yield { text: word, line, quoted: false };
      index += word.length;
    }
  }
}

function closing(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index++) {
    if (text.charAt(index) === '\\') index++;
    else if (text.charAt(index) === text.charAt(start)) return index;
  }
  return text.length;
}

const dataBlocks = new Set(['types', 'map', 'geo', 'split_clients']);

/** Reads a configuration with its includes. The error is what `nginx -t` says after `[emerg]`. */
export function readConfig(fs: FileSystem, path: string): Result<readonly Directive[], string> {
  const text = fs.readText(path);
  if (!text.ok) return err(`open() "${path}" failed (${text.error.number}: ${text.error.message})`);
  const stream = [...tokens(text.value)];
  let at = 0;

  const block = (nested: boolean): Result<readonly Directive[], string> => {
    const directives: Directive[] = [];
    for (;;) {
      const first = stream[at];
      if (first === undefined) {
        if (!nested) return ok(directives);
        const line = stream.at(-1)?.line ?? 1;
        return err(`unexpected end of file, expecting "}" in ${path}:${line}`);
      }
      if (!first.quoted && first.text === '}') {
        if (!nested) return err(`unexpected "}" in ${path}:${first.line}`);
        at++;
        return ok(directives);
      }
      const read = directive();
      if (!read.ok) return read;
      if (read.value.name !== 'include') directives.push(read.value);
      else {
        const included = include(fs, read.value, path);
        if (!included.ok) return included;
        directives.push(...included.value);
      }
    }
  };

  // What stands in these blocks is data, not directives.
  let data = false;

  const directive = (): Result<Directive, string> => {
    const words: string[] = [];
    const line = stream[at]?.line ?? 1;
    for (let token = stream[at++]; token !== undefined; token = stream[at++]) {
      if (!token.quoted && (token.text === ';' || token.text === '{')) {
        const [name = '', ...args] = words;
        if (name === '') return err(`unexpected "${token.text}" in ${path}:${token.line}`);
        if (!data && !knownDirectives.has(name)) return err(`unknown directive "${name}" in ${path}:${line}`);
        if (token.text === ';') return ok({ name, args, block: undefined, file: path, line });
        const outside = data;
        data ||= dataBlocks.has(name);
        const inner = block(true);
        data = outside;
        return inner.ok ? ok({ name, args, block: inner.value, file: path, line }) : inner;
      }
      if (!token.quoted && token.text === '}') {
        return err(`unexpected "}" in ${path}:${token.line}`);
      }
      words.push(token.text);
    }
    return err(`unexpected end of file, expecting ";" or "}" in ${path}:${stream.at(-1)?.line ?? 1}`);
  };
  return block(false);
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
