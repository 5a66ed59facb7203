import { BuildFailure, type Range } from './source';

/** `# syntax=…` and its like, at the very top of a Dockerfile. */
export interface Directive {
  readonly name: string;
  readonly value: string;
  readonly range: Range;
}

const known = ['syntax', 'escape', 'check'];

/** Reads directives line by line until something else comes (parser/directives.go). */
export class DirectiveReader {
  #line = 0;
  #done = false;
  readonly #seen = new Set<string>();

  constructor(readonly comment = '#') {}

  read(line: string): Directive | undefined {
    this.#line++;
    if (this.#done) return undefined;
    const match = line.startsWith(this.comment)
      ? /^\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$/.exec(line.slice(this.comment.length))
      : null;
    const name = match?.[1]?.toLowerCase() ?? '';
    if (match === null || !known.includes(name)) {
      this.#done = true;
      return undefined;
    }
    if (this.#seen.has(name)) throw new BuildFailure(`only one ${name} parser directive can be used`);
    this.#seen.add(name);
    return { name, value: match[2] ?? '', range: { start: this.#line, end: this.#line } };
  }
}

/** The value of one directive; `syntax` may also stand in comments of other kinds, or in JSON. */
export function findDirective(text: string, name: string, anyFormat = false): Directive | undefined {
  const plain = text.replace(/^\uFEFF/, '');
  const shebang = plain.startsWith('#!');
  const lines = (shebang ? plain.slice(plain.indexOf('\n') + 1) : plain).split('\n');
  for (const comment of anyFormat ? ['#', '//'] : ['#']) {
    const reader = new DirectiveReader(comment);
    try {
      for (const line of lines) {
        const directive = reader.read(line);
        if (directive === undefined) break;
        if (directive.name === name) return directive;
      }
    } catch (error) {
      if (!(error instanceof BuildFailure)) throw error;
    }
  }
  return undefined;
}
