import { decode, encode } from '../../linux/io/bytes';
import { tool, type Tool } from '../toolkit/tool';

/** cat(1). */
export const cat = tool(
  {
    name: 'cat',
    usage: '[OPTION]... [FILE]...',
    about: 'Concatenate FILE(s) to standard output.',
    short: 'AbeEnstTuv',
    long: {
      'show-all': 'A',
      'number-nonblank': 'b',
      'show-ends': 'E',
      number: 'n',
      'squeeze-blank': 's',
      'show-tabs': 'T',
      'show-nonprinting': 'v',
    },
  },
  async (tool) => {
    const { options } = tool;
    const show = new Shower(
      options.has('b') ? 'nonblank' : options.has('n') ? 'all' : 'none',
      options.has('s'),
      options.has('E', 'e', 'A'),
      options.has('T', 't', 'A'),
      options.has('v', 'e', 't', 'A'),
    );
    for (const path of tool.operands.length === 0 ? ['-'] : tool.operands) await copy(tool, path, show);
    return tool.status;
  },
);

async function copy(tool: Tool, path: string, show: Shower): Promise<void> {
  const input = tool.open(path);
  if (!input.ok) return tool.fileError(path, input.error);
  for (;;) {
    const bytes = await input.value.reader.read();
    if (bytes === undefined) break;
    // cat does not buffer: what comes goes out.
    await tool.out.write(show.plain ? bytes : show.show(bytes));
    await tool.out.flush();
  }
  const { failure } = input.value.reader;
  input.value.close();
  if (failure !== undefined) await tool.fileError(path, failure);
}

/** What -n, -E and their like do to the bytes, across reads and files. */
class Shower {
  #line = 0;
  #atStart = true;
  #blank = 0;

  constructor(
    private readonly numbers: 'none' | 'all' | 'nonblank',
    private readonly squeeze: boolean,
    private readonly ends: boolean,
    private readonly tabs: boolean,
    private readonly nonprinting: boolean,
  ) {}

  get plain(): boolean {
    return this.numbers === 'none' && !this.squeeze && !this.ends && !this.tabs && !this.nonprinting;
  }

  show(bytes: Uint8Array): Uint8Array {
    const parts: string[] = [];
    const text = this.nonprinting ? [...bytes].map((byte) => String.fromCharCode(byte)).join('') : decode(bytes);
    for (const piece of text.split(/(?<=\n)/)) {
      const ended = piece.endsWith('\n');
      const line = ended ? piece.slice(0, -1) : piece;
      const blank = this.#atStart && line === '' && ended;
      if (blank) {
        if (this.squeeze && this.#blank > 0) continue;
        this.#blank++;
      } else this.#blank = 0;
      if (this.#atStart && (this.numbers === 'all' || (this.numbers === 'nonblank' && !blank))) {
        parts.push(`${String(++this.#line).padStart(6)}\t`);
      }
      parts.push(this.#visible(line));
      if (ended) parts.push(this.ends ? '$\n' : '\n');
      this.#atStart = ended;
    }
    return encode(parts.join(''));
  }

  #visible(line: string): string {
    let shown = line;
    if (this.nonprinting) shown = shown.replace(/[^\x20-\x7e\t]/g, (char) => caret(char.charCodeAt(0)));
    return this.tabs ? shown.replaceAll('\t', '^I') : shown;
  }
}

function caret(code: number): string {
  if (code >= 128) return `M-${code >= 160 && code < 255 ? String.fromCharCode(code - 128) : caret(code - 128)}`;
  return code === 127 ? '^?' : `^${String.fromCharCode(code + 64)}`;
}
