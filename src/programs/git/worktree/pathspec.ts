import { fatal } from '../error';
import { normalPath, type Git } from '../git';
import { wildmatch } from './ignore';

interface Element {
  readonly given: string;
  /** From the top of the tree; empty: everything. */
  readonly path: string;
  readonly expression: RegExp | undefined;
  readonly exclude: boolean;
}

/** Paths of a command line, from the top of the working tree (gitglossary(7), "pathspec"). */
export class Pathspec {
  readonly elements: readonly Element[];

  constructor(git: Git, given: readonly string[]) {
    this.elements = given.map((text) => elementOf(git, text));
  }

  get empty(): boolean {
    return this.elements.length === 0;
  }

  matches(path: string): boolean {
    const wanted = this.elements.filter(({ exclude }) => !exclude);
    if (this.elements.some((element) => element.exclude && fits(element, path))) return false;
    return wanted.length === 0 || wanted.some((element) => fits(element, path));
  }

  /** The first element that fits none of these. */
  unmatched(paths: readonly string[]): string | undefined {
    return this.elements.find((element) => !element.exclude && !paths.some((path) => fits(element, path)))?.given;
  }
}

/** Whether a path is the element's, or below it. A path with a slash at its end is a whole folder. */
function fits({ path, expression }: Element, candidate: string): boolean {
  const plain = candidate.replace(/\/$/, '');
  if (path === '' || plain === path || plain.startsWith(`${path}/`)) return true;
  return expression?.test(plain) ?? false;
}

function elementOf(git: Git, given: string): Element {
  let text = given;
  let exclude = false;
  let top = false;
  let literal = false;
  const magic = /^:\(([^)]*)\)/.exec(text) ?? /^:([!^/]+)/.exec(text);
  if (magic !== null) {
    const words = magic[1] ?? '';
    exclude = /exclude|[!^]/.test(words);
    top = /top|\//.test(words);
    literal = words.includes('literal');
    text = text.slice(magic[0].length).replace(/^:/, '');
  }
  const { root } = git.repository;
  if (root === undefined) return { given, path: text, expression: undefined, exclude };
  const full = text.startsWith('/') ? normalPath(text) : normalPath(`${top ? root : git.cwd}/${text}`);
  const real = git.fs.realpath(root);
  const base = root === '/' ? '/' : `${root}/`;
  if (full !== root && !full.startsWith(base))
    fatal(`${given}: '${given}' is outside repository at '${real.ok ? real.value : root}'`);
  const path = full === root ? '' : full.slice(base.length);
  const globbed = !literal && /[*?[]/.test(path);
  return { given, path, expression: globbed ? wildmatch(path, false) : undefined, exclude };
}
