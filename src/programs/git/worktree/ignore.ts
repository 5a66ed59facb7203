import type { FileSystem } from '../../../linux/fs/types';

/** A line of .gitignore (gitignore(5)). */
interface Pattern {
  readonly expression: RegExp;
  readonly negative: boolean;
  readonly directoryOnly: boolean;
  /** Matches the last part of a path, wherever it is. */
  readonly base: boolean;
  readonly text: string;
  readonly line: number;
}

/** A shell pattern as an expression (wildmatch.c with WM_PATHNAME). */
export function wildmatch(pattern: string, pathname = true): RegExp {
  let source = '';
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern.charAt(at);
    if (character === '*') {
      if (pattern.startsWith('**/', at) && (at === 0 || pattern.charAt(at - 1) === '/')) {
        source += '(?:.*/)?';
        at += 2;
      } else if (pattern.slice(at) === '**' && pattern.charAt(at - 1) === '/') {
        source += '.*';
        at += 1;
      } else {
        source += pathname ? '[^/]*' : '.*';
        while (pattern.charAt(at + 1) === '*') at++;
      }
    } else if (character === '?') source += pathname ? '[^/]' : '.';
    else if (character === '[') {
      const end = pattern.indexOf(']', at + 2);
      if (end < 0) source += '\\[';
      else {
        const body = pattern
          .slice(at + 1, end)
          .replace(/^!/, '^')
          .replace(/\\/g, '\\\\');
        source += `[${body.replace(/\[:(\w+):\]/g, (_, name: string) => classes[name] ?? '')}]`;
        at = end;
      }
    } else if (character === '\\') source += `\\${pattern.charAt(++at)}`.replace(/\\(\w)/, '$1');
    else source += character.replace(/[.+^${}()|\]]/g, '\\$&');
  }
  return new RegExp(`^${source}$`, 's');
}

const classes: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\s',
};

function parse(text: string): readonly Pattern[] {
  return text.split('\n').flatMap((raw, index) => {
    let line = raw.replace(/\r$/, '').replace(/(?<!\\) +$/, '');
    const written = line;
    if (line === '' || line.startsWith('#')) return [];
    const negative = line.startsWith('!');
    if (negative) line = line.slice(1);
    line = line.replace(/^\\(?=[#!])/, '');
    const directoryOnly = line.endsWith('/');
    if (directoryOnly) line = line.slice(0, -1);
    const base = !line.includes('/');
    const expression = wildmatch(line.replace(/^\//, ''));
    return [{ expression, negative, directoryOnly, base, text: written, line: index + 1 }];
  });
}

/** Which pattern decided about a path. */
export interface Verdict {
  readonly ignored: boolean;
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** What a working tree ignores: .gitignore in each folder, info/exclude, core.excludesFile. */
export class Ignore {
  readonly #files = new Map<string, readonly Pattern[]>();

  constructor(
    readonly fs: FileSystem,
    readonly root: string,
    /** Files for the whole tree, the weakest first. */
    readonly general: readonly string[],
  ) {}

  #patterns(file: string): readonly Pattern[] {
    const known = this.#files.get(file);
    if (known !== undefined) return known;
    const text = this.fs.readText(file);
    const patterns = text.ok ? parse(text.value) : [];
    this.#files.set(file, patterns);
    return patterns;
  }

  /** What the nearest pattern says of one path, not of the folders above it. */
  verdict(path: string, directory: boolean): Verdict | undefined {
    const parts = path.split('/');
    for (let depth = parts.length - 1; depth >= 0; depth--) {
      const folder = parts.slice(0, depth).join('/');
      const file = folder === '' ? '.gitignore' : `${folder}/.gitignore`;
      const found = this.#last(this.#patterns(`${this.root}/${file}`), parts.slice(depth).join('/'), directory);
      if (found !== undefined) return { ignored: !found.negative, file, line: found.line, text: found.text };
    }
    for (const file of [...this.general].reverse()) {
      const found = this.#last(this.#patterns(file), path, directory);
      if (found !== undefined) return { ignored: !found.negative, file, line: found.line, text: found.text };
    }
    return undefined;
  }

  #last(patterns: readonly Pattern[], path: string, directory: boolean): Pattern | undefined {
    const name = path.slice(path.lastIndexOf('/') + 1);
    return patterns.findLast(
      ({ expression, directoryOnly, base }) => (!directoryOnly || directory) && expression.test(base ? name : path),
    );
  }

  /** Whether a path, or a folder above it, is ignored; and by what. */
  decide(path: string, directory: boolean): Verdict | undefined {
    const parts = path.split('/');
    for (let depth = 1; depth < parts.length; depth++) {
      const above = this.verdict(parts.slice(0, depth).join('/'), true);
      if (above?.ignored === true) return above;
    }
    return this.verdict(path, directory);
  }

  ignores(path: string, directory: boolean): boolean {
    return this.decide(path, directory)?.ignored ?? false;
  }
}
