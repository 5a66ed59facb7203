import { Lines } from '../toolkit/lines';
import type { Input, Tool } from '../toolkit/tool';

/** Lines of one file after another, and whether there is another one. */
export class Source {
  #pending: string[] = [];
  #lines: Lines | undefined;
  #input: Input | undefined;
  #over = false;
  /** The file whose line was given last; ended without a newline at its end? */
  unterminated = false;

  constructor(
    readonly tool: Tool,
    private readonly files: string[],
    private readonly separator: number,
  ) {}

  async next(): Promise<string | undefined> {
    if (!(await this.#fill())) return undefined;
    const line = this.#pending.shift();
    this.unterminated = this.#pending.length === 0 && this.#lines?.unterminated === true;
    return line;
  }

  async isLast(): Promise<boolean> {
    return !(await this.#fill());
  }

  async #fill(): Promise<boolean> {
    while (this.#pending.length === 0) {
      if (this.#over) return false;
      if (this.#lines !== undefined) {
        const batch = await this.#lines.next();
        if (batch !== undefined) {
          this.#pending = [...batch];
          break;
        }
        this.#input?.close();
        this.#lines = undefined;
      }
      const path = this.files.shift();
      if (path === undefined) {
        this.#over = true;
        return false;
      }
      const input = this.tool.open(path);
      if (!input.ok) {
        const message =
          input.error.code === 'EISDIR'
            ? `couldn't edit ${path}: not a regular file`
            : `can't read ${path}: ${input.error.message}`;
        const directory = input.error.code === 'EISDIR' && !this.tool.options.has('i');
        await this.tool.error(directory ? `read error on ${path}: Is a directory` : message, directory ? 4 : 2);
        if (directory) this.files.length = 0;
        continue;
      }
      this.#input = input.value;
      this.#lines = new Lines(input.value.reader, this.separator);
    }
    return true;
  }
}
