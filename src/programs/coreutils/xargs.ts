import { concat, decode } from '../../linux/io/bytes';
import type { Child } from '../../linux/process/types';
import { signalNumber } from '../../linux/process/signals';
import { tool, type Tool } from '../toolkit/tool';

/** xargs(1). */
export const xargs = tool(
  {
    name: 'xargs',
    usage: '[OPTION]... COMMAND [INITIAL-ARGS]...',
    about: 'Run COMMAND with arguments INITIAL-ARGS and more arguments read from input.',
    package: 'GNU findutils 4.9.0',
    short: '0a:d:E:e::I:i::L:l::n:oP:prs:tx',
    long: {
      null: '0',
      'arg-file:': 'a',
      'delimiter:': 'd',
      'eof::': 'e',
      'replace::': 'i',
      'max-lines::': 'l',
      'max-args:': 'n',
      'max-procs:': 'P',
      'no-run-if-empty': 'r',
      'max-chars:': 's',
      verbose: 't',
      exit: 'x',
      interactive: 'p',
    },
    stopAtOperand: true,
  },
  async (tool) => {
    const { options } = tool;
    for (const [name, least] of [
      ['n', 1],
      ['L', 1],
      ['P', 0],
    ] as const) {
      const given = options.value(name);
      if (given !== undefined && (!/^\d+$/.test(given) || Number(given) < least)) {
        const why = /^\d+$/.test(given)
          ? `value ${given} for -${name} option should be >= ${least}`
          : `invalid number "${given}" for -${name} option`;
        return tool.usageError(why);
      }
    }
    const command = tool.operands.length === 0 ? ['echo'] : tool.operands;
    const replace = options.has('I', 'i') ? (options.value('I') ?? options.value('i') ?? '{}') : undefined;
    const file = options.value('a');
    const input = tool.open(file ?? '-');
    if (!input.ok) return tool.fail(`Cannot open input file ‘${file ?? ''}’: ${input.error.message}`);
    const chunks: Uint8Array[] = [];
    for await (const chunk of input.value.reader) chunks.push(chunk);
    const text = decode(concat(chunks));
    const { words, wrong } = split(text, tool, replace !== undefined);

    const runner = new Runner(tool, Number(options.value('P') ?? 1));
    if (replace !== undefined) {
      for (const { word } of words) {
        if (!(await runner.run(command.map((arg) => arg.replaceAll(replace, word))))) break;
      }
      return runner.end();
    }
    const perCommand = Number(options.value('n') ?? Infinity);
    const perLines = options.has('L', 'l') ? Number(options.value('L') ?? options.value('l') ?? 1) : Infinity;
    const most = Number(options.value('s') ?? 131_072);
    let batch: string[] = [];
    let length = command.reduce((sum, word) => sum + word.length + 1, 0);
    let lines = 0;
    const base = length;
    for (const { word, endsLine } of words) {
      if (batch.length > 0 && (batch.length >= perCommand || length + word.length + 1 > most || lines >= perLines)) {
        if (!(await runner.run([...command, ...batch]))) return runner.end();
        batch = [];
        length = base;
        lines = 0;
      }
      batch.push(word);
      length += word.length + 1;
      if (endsLine) lines++;
    }
    if (wrong !== undefined) {
      if (batch.length > 0) await runner.run([...command, ...batch]);
      await runner.end();
      return tool.fail(wrong);
    }
    // GNU runs the command once even without input, unless -r.
    if (batch.length > 0 || (words.length === 0 && !options.has('r'))) await runner.run([...command, ...batch]);
    return runner.end();
  },
);

/** The words up to what is wrong with the input. */
interface Split {
  readonly words: readonly Word[];
  readonly wrong: string | undefined;
}

interface Word {
  readonly word: string;
  readonly endsLine: boolean;
}

/** Takes the input apart: by a delimiter, by lines (-I), or by blanks with quotes. */
function split(text: string, { options }: Tool, byLine: boolean): Split {
  const delimiter = options.last('0', 'd');
  if (delimiter !== undefined) {
    const char =
      delimiter === '0'
        ? '\0'
        : (options.value('d') ?? '').replace('\\n', '\n').replace('\\t', '\t').replace('\\0', '\0');
    const parts = text.split(char);
    if (parts.at(-1) === '') parts.pop();
    return { words: parts.map((word) => ({ word, endsLine: true })), wrong: undefined };
  }
  const words: Word[] = [];
  const found = (wrong?: string): Split => ({ words, wrong });
  const stop = options.value('E') ?? options.value('e');
  for (const line of text.split('\n')) {
    const parts: string[] = [];
    let word = '';
    let inWord = false;
    for (let at = 0; at < line.length; at++) {
      const char = line.charAt(at);
      if (char === '\\') {
        word += line.charAt(++at);
        inWord = true;
      } else if (char === "'" || char === '"') {
        const end = line.indexOf(char, at + 1);
        if (end < 0) {
          for (const one of parts) words.push({ word: one, endsLine: false });
          return found(
            `unmatched ${char === "'" ? 'single' : 'double'} quote; by default quotes are special to xargs unless you use the -0 option`,
          );
        }
        word += line.slice(at + 1, end);
        at = end;
        inWord = true;
      } else if (/[ \t]/.test(char) && !(byLine && inWord)) {
        if (inWord) parts.push(word);
        word = '';
        inWord = false;
      } else {
        word += char;
        inWord = true;
      }
    }
    if (inWord) parts.push(word);
    for (const [position, one] of parts.entries()) {
      if (stop !== undefined && one === stop) return found();
      words.push({ word: one, endsLine: position === parts.length - 1 && !/[ \t]$/.test(line) });
    }
  }
  return found();
}

/** Runs commands, up to so many at once. */
class Runner {
  #status = 0;
  #running: Promise<void>[] = [];

  constructor(
    readonly tool: Tool,
    readonly most: number,
  ) {}

  /** False if no more are to be run. */
  async run(argv: readonly string[]): Promise<boolean> {
    const { process, options } = this.tool;
    const [command = ''] = argv;
    if (options.has('t')) await process.stderr.write(`${argv.join(' ')}\n`);
    const file = process.which(command);
    if (file === undefined) {
      await this.tool.error(`${command}: No such file or directory`, 127);
      this.#status = 127;
      return false;
    }
    const empty = process.fs.open('/dev/null', { read: true });
    const [input, output, errors] = [
      empty.ok ? empty.value : process.fds.get(0),
      process.fds.get(1),
      process.fds.get(2),
    ];
    const fds = new Map([input, output, errors].flatMap((one, fd) => (one === undefined ? [] : [[fd, one] as const])));
    const child = process.spawn({ file, argv, fds });
    if (!child.ok) {
      await this.tool.error(`${command}: ${child.error.message}`, 126);
      this.#status = 126;
      return false;
    }
    if (this.most === 1) {
      await this.#wait(child.value, command);
      return this.#status < 124;
    }
    const done = this.#wait(child.value, command).then(() => {
      this.#running = this.#running.filter((one) => one !== done);
    });
    this.#running.push(done);
    if (this.most > 0 && this.#running.length >= this.most) await Promise.race(this.#running);
    return this.#status < 124;
  }

  async #wait(child: Child, command: string): Promise<void> {
    const status = await child.wait();
    if (status.kind === 'signaled') {
      this.#status = 125;
      await this.tool.error(`${command}: terminated by signal ${signalNumber(status.signal)}`, 125);
    } else if (status.kind === 'exited' && status.code === 255) {
      this.#status = 124;
      await this.tool.error(`${command}: exited with status 255; aborting`, 124);
    } else if (status.kind === 'exited' && status.code !== 0) this.#status = Math.max(this.#status, 123);
  }

  async end(): Promise<number> {
    while (this.#running.length > 0) await Promise.all(this.#running);
    return this.#status;
  }
}
