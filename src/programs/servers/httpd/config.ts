import type { FileSystem } from '../../../linux/fs/types';
import { globPattern } from './glob';

/** A directive as it was read, or a section with what stands in it. */
export interface Directive {
  readonly name: string;
  readonly args: readonly string[];
  /** What stood behind the name, as written. */
  readonly raw: string;
  readonly block: Directive[] | undefined;
  readonly file: string;
  readonly line: number;
}

/** What was read, or why it could not be. */
export interface Config {
  readonly directives: readonly Directive[];
  readonly modules: readonly string[];
  readonly root: string;
  readonly warnings: readonly { readonly module: string; readonly text: string }[];
  /** Names that `-D` and `Define` gave, with their values. */
  readonly defines: ReadonlyMap<string, string>;
  readonly problem?: string;
}

/** ap_getword_conf: words, or what stands in quotes; a backslash keeps a quote. */
export function words(text: string): readonly string[] {
  const found: string[] = [];
  let at = 0;
  for (;;) {
    while (at < text.length && /\s/.test(text.charAt(at))) at++;
    if (at >= text.length) return found;
    const quote = text.charAt(at);
    if (quote === '"' || quote === "'") {
      let word = '';
      for (at++; at < text.length && text.charAt(at) !== quote; at++) {
        const next = text.charAt(at + 1);
        if (text.charAt(at) === '\\' && (next === quote || next === '\\')) at++;
        word += text.charAt(at);
      }
      at++;
      found.push(word);
      continue;
    }
    const start = at;
    while (at < text.length && !/\s/.test(text.charAt(at))) at++;
    found.push(text.slice(start, at));
  }
}

/** Sections that are gone once the file is read: what they hold stands in their place, or not at all. */
const conditions = new Set(['ifmodule', 'ifdefine', 'ifversion', 'iffile']);

class Problem {
  constructor(readonly text: string) {}
}

export interface ReadOptions {
  readonly root: string;
  readonly defines: readonly string[];
  /** Modules that are part of the program. */
  readonly builtIn: readonly string[];
  /** Directives of `-C` and `-c`. */
  readonly before?: readonly string[];
  readonly after?: readonly string[];
}

/** ap_read_config: the tree of directives, with Include, IfModule and IfDefine done. */
export function readConfig(fs: FileSystem, path: string, options: ReadOptions): Config {
  const reader = new Reader(fs, options);
  const text = fs.readText(path);
  const done = (directives: readonly Directive[], problem?: string): Config => ({
    directives,
    modules: reader.modules,
    root: reader.root,
    warnings: reader.warnings,
    defines: reader.defines,
    ...(problem === undefined ? {} : { problem }),
  });
  if (!text.ok) return done([], `Could not open configuration file ${path}: ${text.error.message}`);
  try {
    return done([
      ...reader.read((options.before ?? []).join('\n'), 'Command line', 0),
      ...reader.read(text.value, path, 0),
      ...reader.read((options.after ?? []).join('\n'), 'Command line', 0),
    ]);
  } catch (error) {
    if (error instanceof Problem) return done([], error.text);
    throw error;
  }
}

/** A `.htaccess`: the same language, without what is done while reading. */
export function readHtaccess(
  fs: FileSystem,
  path: string,
  config: Config,
): { readonly directives: readonly Directive[]; readonly problem?: string } | undefined {
  const text = fs.readText(path);
  if (!text.ok) return undefined;
  const reader = new Reader(fs, { root: config.root, defines: [], builtIn: config.modules });
  for (const [name, value] of config.defines) reader.defines.set(name, value);
  try {
    return { directives: reader.read(text.value, path, 0) };
  } catch (error) {
    if (error instanceof Problem) return { directives: [], problem: error.text };
    throw error;
  }
}

class Reader {
  readonly modules: string[];
  readonly warnings: { module: string; text: string }[] = [];
  readonly defines = new Map<string, string>();
  root: string;

  constructor(
    private readonly fs: FileSystem,
    options: ReadOptions,
  ) {
    this.root = options.root;
    this.modules = [...options.builtIn];
    for (const name of options.defines) this.defines.set(name, '');
  }

  read(text: string, file: string, depth: number): Directive[] {
    const top: Directive[] = [];
    const open: { readonly section: Directive; readonly taken: boolean }[] = [];
    const lines = text.split('\n');
    const fail = (line: number, what: string): never => {
      throw new Problem(`Syntax error on line ${line} of ${file}: ${what}`);
    };
    for (let index = 0; index < lines.length; index++) {
      const line = index + 1;
      let whole = lines[index] ?? '';
      while (whole.endsWith('\\') && !whole.endsWith('\\\\') && index + 1 < lines.length)
        whole = `${whole.slice(0, -1)}${lines[++index] ?? ''}`;
      whole = whole.trim();
      if (whole === '' || whole.startsWith('#')) continue;
      const skipping = open.some(({ taken }) => !taken);
      const [, written = '', rest = ''] = /^(\S+?(?:(?=\s|$)|(?<=^<[A-Za-z]+)(?=>)))\s*(.*)$/s.exec(whole) ?? [];
      if (written.startsWith('</')) {
        const name = whole.slice(2).replace(/>.*$/, '').trim();
        const last = open.at(-1);
        if (last === undefined) return fail(line, `</${name}> without matching <${name}> section`);
        if (last.section.name.toLowerCase() !== name.toLowerCase())
          return fail(line, `Expected </${last.section.name}> but saw </${name}>`);
        open.pop();
        continue;
      }
      const raw = skipping ? rest : this.#filled(rest);
      const into = this.#target(open, top);
      if (written.startsWith('<')) {
        const name = written.slice(1);
        const inner = raw.replace(/>\s*$/, '');
        const section: Directive = {
          name,
          args: words(inner),
          raw,
          block: [],
          file,
          line,
        };
        const conditional = conditions.has(name.toLowerCase());
        open.push({ section, taken: !skipping && (!conditional || this.#holds(name.toLowerCase(), section.args)) });
        if (!skipping && !conditional) into.push(section);
        continue;
      }
      if (skipping) continue;
      const directive: Directive = { name: written, args: words(raw), raw, block: undefined, file, line };
      const done = this.#now(directive, depth, (what) => fail(line, what));
      if (done === undefined) into.push(directive);
      else into.push(...done);
    }
    const unclosed = open.at(-1)?.section;
    if (unclosed !== undefined) fail(unclosed.line, `${file}:${unclosed.line}: <${unclosed.name}> was not closed.`);
    return top;
  }

  #target(open: readonly { readonly section: Directive }[], top: Directive[]): Directive[] {
    for (let index = open.length - 1; index >= 0; index--) {
      const section = open[index]?.section;
      if (section?.block !== undefined && !conditions.has(section.name.toLowerCase())) return section.block;
    }
    return top;
  }

  /** `${NAME}`: what Define gave, or the environment. */
  #filled(text: string): string {
    return text.replace(/\$\{([A-Za-z_]\w*)\}/g, (whole, name: string) => {
      const value = this.defines.get(name);
      if (value === undefined)
        this.warnings.push({ module: 'core', text: `AH00111: Config variable ${whole} is not defined` });
      return value ?? whole;
    });
  }

  #holds(name: string, args: readonly string[]): boolean {
    const written = args[0] ?? '';
    const not = written.startsWith('!');
    const what = not ? written.slice(1) : written;
    const is =
      name === 'ifmodule'
        ? this.modules.some((module) => module === what || `mod_${module.replace(/_module$/, '')}.c` === what)
        : name === 'ifdefine'
          ? this.defines.has(what)
          : name === 'iffile'
            ? this.fs.stat(this.absolute(what)).ok
            : true;
    return is !== not;
  }

  absolute(path: string): string {
    return path.startsWith('/') ? path : `${this.root}/${path}`;
  }

  /** Directives that act while the file is read (EXEC_ON_READ); what stands in their place. */
  #now(directive: Directive, depth: number, fail: (what: string) => never): readonly Directive[] | undefined {
    const [first = '', second] = directive.args;
    switch (directive.name.toLowerCase()) {
      case 'serverroot': {
        const stat = this.fs.stat(first);
        if (!stat.ok || stat.value.type !== 'directory') return fail('ServerRoot must be a valid directory');
        this.root = first.replace(/(.)\/$/, '$1');
        return undefined;
      }
      case 'define':
        this.defines.set(first, second ?? '');
        return [];
      case 'undefine':
        this.defines.delete(first);
        return [];
      case 'loadmodule':
        this.#load(first, second ?? '', fail);
        return undefined;
      case 'include':
      case 'includeoptional':
        return this.#include(first, depth, directive.name.toLowerCase() === 'includeoptional', fail);
      default:
        return undefined;
    }
  }

  #load(name: string, path: string, fail: (what: string) => never): void {
    if (this.modules.includes(name)) {
      this.warnings.push({ module: 'so', text: `AH01574: module ${name} is already loaded, skipping` });
      return;
    }
    const whole = this.absolute(path);
    const stat = this.fs.stat(whole);
    if (!stat.ok)
      fail(`Cannot load ${path} into server: ${whole}: cannot open shared object file: ${stat.error.message}`);
    this.modules.push(name);
  }

  #include(written: string, depth: number, optional: boolean, fail: (what: string) => never): readonly Directive[] {
    if (depth > 10) return fail(`Exceeded maximum include depth of 10, there appears to be a recursion.`);
    const path = this.absolute(written);
    const all: Directive[] = [];
    for (const one of this.#matching(path, optional, fail)) {
      const text = this.fs.readText(one);
      if (!text.ok) {
        if (optional) continue;
        return fail(`Could not open configuration file ${one}: ${text.error.message}`);
      }
      try {
        all.push(...this.read(text.value, one, depth + 1));
      } catch (error) {
        if (error instanceof Problem) return fail(error.text);
        throw error;
      }
    }
    return all;
  }

  #matching(path: string, optional: boolean, fail: (what: string) => never): readonly string[] {
    if (!/[*?[]/.test(path)) {
      const stat = this.fs.stat(path);
      if (!stat.ok || stat.value.type !== 'directory') return [path];
      const inside = this.fs.readdir(path);
      return inside.ok ? inside.value.map(({ name }) => `${path.replace(/\/$/, '')}/${name}`).sort() : [];
    }
    let found = [''];
    const parts = path.split('/').slice(1);
    for (const part of parts) {
      if (!/[*?[]/.test(part)) {
        found = found.map((folder) => `${folder}/${part}`);
        continue;
      }
      found = found.flatMap((folder) => {
        const inside = this.fs.readdir(folder === '' ? '/' : folder);
        if (!inside.ok) {
          if (optional) return [];
          return fail(`Include/IncludeOptional: Could not open directory ${folder}: ${inside.error.message}`);
        }
        const pattern = globPattern(part);
        return inside.value
          .map(({ name }) => name)
          .filter((name) => pattern.test(name) && !name.startsWith('.'))
          .sort()
          .map((name) => `${folder}/${name}`);
      });
    }
    if (found.length === 0 && !optional)
      return fail(
        `No matches for the wildcard '${parts.at(-1) ?? ''}' in '${path.slice(0, path.lastIndexOf('/'))}', failing (use IncludeOptional if required)`,
      );
    return found;
  }
}
