import { argumentsOf } from './arguments';
import { DirectiveReader } from './directives';
import { heredocsOf, type Heredoc } from './heredoc';
import type { Node, Parsed } from './nodes';
import { splitCommand } from './split-command';
import { BuildFailure, located } from './source';

const mayHaveHeredocs = new Set(['add', 'copy', 'run']);

/** A Dockerfile's text in its instructions (frontend/dockerfile/parser). */
export function parseDockerfile(text: string): Parsed {
  return new Parser(text).parse();
}

const isComment = (line: string): boolean => line.trimStart().startsWith('#');

class Parser {
  readonly #lines: readonly string[];
  readonly #directives = new DirectiveReader();
  #escape = '\\';
  #continued = continuation('\\');
  #at = 0;

  constructor(text: string) {
    const lines = text.replace(/^\uFEFF/, '').split('\n');
    if (lines.at(-1) === '') lines.pop();
    this.#lines = lines;
  }

  parse(): Parsed {
    const nodes: Node[] = [];
    const empty: { start: number; end: number }[] = [];
    let comments: string[] = [];
    while (this.#at < this.#lines.length) {
      const raw = this.#lines[this.#at] ?? '';
      if (isComment(raw)) {
        const comment = raw.trimStart().slice(1).trim();
        comments = comment === '' ? [] : [...comments, comment];
      }
      const { line: first, directive } = this.#process(raw, true);
      if (directive) comments = comments.slice(0, -1);
      this.#at++;
      const start = this.#at;
      let { line, more } = this.#withoutContinuation(first);
      if (!more && line === '') continue;
      let hasEmpty = false;
      while (more && this.#at < this.#lines.length) {
        const next = this.#lines[this.#at] ?? '';
        this.#at++;
        if (isComment(next)) continue;
        if (next.trim() === '') {
          hasEmpty = true;
          continue;
        }
        const rest = this.#withoutContinuation(next.replace(/\r+$/, ''));
        line += rest.line;
        more = rest.more;
      }
      if (hasEmpty) empty.push({ start: this.#at, end: this.#at });
      nodes.push(this.#node(line, start, comments));
      comments = [];
    }
    if (nodes.length === 0) throw new BuildFailure('file with no instructions', [{ start: this.#at, end: this.#at }]);
    return { nodes, escape: this.#escape, emptyContinuations: empty };
  }

  #process(raw: string, first: boolean): { readonly line: string; readonly directive: boolean } {
    const line = first ? raw.replace(/[\r\n]+$/, '').trimStart() : raw;
    const directive = located([{ start: this.#at, end: this.#at }], () => {
      const found = this.#directives.read(line);
      if (found?.name === 'escape') this.#setEscape(found.value);
      return found;
    });
    return { line: isComment(line) ? '' : line, directive: directive !== undefined };
  }

  #setEscape(token: string): void {
    if (token !== '`' && token !== '\\')
      throw new BuildFailure(`invalid escape token '${token}' does not match \` or \\`);
    this.#escape = token;
    this.#continued = continuation(token);
  }

  #withoutContinuation(line: string): { line: string; more: boolean } {
    return this.#continued.test(line)
      ? { line: line.replace(this.#continued, '$1'), more: true }
      : { line, more: false };
  }

  #node(line: string, start: number, comments: readonly string[]): Node {
    const ranges = [{ start, end: this.#at }];
    return located(ranges, () => {
      const { command, flags, rest } = splitCommand(line, this.#escape);
      const { args, json } = argumentsOf(command.toLowerCase(), rest, this.#escape);
      const compound = command.toLowerCase() === 'onbuild' ? (args[0] ?? '').toLowerCase() : command.toLowerCase();
      const heredocs = mayHaveHeredocs.has(compound) && !json && line.includes('<<') ? this.#heredocs(line, start) : [];
      return {
        command,
        flags,
        args,
        json,
        heredocs,
        original: line,
        ranges: [{ start, end: this.#at }],
        comments,
      };
    });
  }

  #heredocs(line: string, start: number): readonly Heredoc[] {
    return heredocsOf(line).map((heredoc) => {
      let content = '';
      while (this.#at < this.#lines.length) {
        const next = this.#lines[this.#at] ?? '';
        this.#at++;
        const candidate = next.replace(/\r+$/, '');
        if ((heredoc.chomp ? candidate.replace(/^\t+/, '') : candidate) === heredoc.name)
          return { ...heredoc, content };
        content += `${next}\n`;
      }
      throw new BuildFailure('unterminated heredoc', [{ start, end: this.#at }]);
    });
  }
}

/** The escape character at a line's end, unless it is itself escaped. */
function continuation(token: string): RegExp {
  const escaped = token === '\\' ? '\\\\' : token;
  return new RegExp(`([^${escaped}])${escaped}[ \\t]*$|^${escaped}[ \\t]*$`);
}
