import type { Process, Program } from '../../linux/process/types';
import { Output } from '../toolkit/output';
import {
  compact,
  compileError,
  compileJq,
  Halt,
  JqError,
  JqSyntaxError,
  JsonParseError,
  print,
  runMachine,
  truthy,
  type JqProgram,
  type Json,
  type Surroundings,
} from '../jqlang';
import { Inputs } from './inputs';
import { readOptions, type JqOptions } from './options';
import { help, shortUsage, usageLine } from './usage';

/** jq(1), as 1.7.1. */
export const jq: Program = async (process) => {
  const options = readOptions(process.args, process.fs);
  if (typeof options === 'string') {
    await process.stderr.write(options);
    return 2;
  }
  if (options.flags.has('help')) {
    await process.stdout.write(help);
    return 0;
  }
  if (options.flags.has('version')) {
    await process.stdout.write('jq-1.7.1\n');
    return 0;
  }
  const source = await sourceOf(process, options);
  if (source === undefined) return 2;
  const variables = new Map<string, Json>(options.named);
  const all = new Map<string, Json>([
    ['positional', options.positional],
    ['named', options.named],
  ]);
  variables.set('ARGS', all);
  let program: JqProgram;
  try {
    program = compileJq(source, variables);
  } catch (error) {
    if (!(error instanceof JqSyntaxError)) throw error;
    await process.stderr.write(compileError(error, source));
    return 3;
  }
  return new Run(process, options, program).run();
};

async function sourceOf(process: Process, { program, flags }: JqOptions): Promise<string | undefined> {
  if (program === undefined) {
    const terminal = process.fds.get(0)?.kind === 'tty' && process.fds.get(1)?.kind === 'tty';
    if (!terminal) return '.';
    await process.stderr.write(`${shortUsage}For listing the command options, use jq --help.\n`);
    return undefined;
  }
  if (!flags.has('from-file')) return program;
  const text = process.fs.readText(program);
  if (text.ok) return text.value;
  await process.stderr.write(`jq: error: Could not open ${program}: ${text.error.message}\n${usageLine}`);
  return undefined;
}

class Run {
  readonly #out: Output;
  readonly #inputs: Inputs;
  #status = 0;
  /** The last result, for -e. */
  #last: Json | undefined;
  /** What goes to stderr once the machine rests. */
  #messages = '';

  constructor(
    readonly process: Process,
    readonly options: JqOptions,
    readonly program: JqProgram,
  ) {
    const { flags } = options;
    const terminal = process.fds.get(1)?.kind === 'tty';
    this.#out = new Output(process.stdout, terminal || flags.has('unbuffered'), async ({ message }) => {
      await process.stderr.write(`jq: error: writing output failed: ${message}\n`);
      return process.exit(2);
    });
    this.#inputs = new Inputs(process, options.files, {
      raw: flags.has('raw-input'),
      slurp: flags.has('slurp'),
      stream: flags.has('stream'),
      unreadable: (path, why) => {
        this.#messages += `jq: error: Could not open file ${path}: ${why}\n`;
        this.#status = 2;
      },
    });
  }

  async run(): Promise<number> {
    const { flags } = this.options;
    let ended: number | undefined;
    try {
      if (flags.has('null-input')) await this.#one(null);
      else {
        for (;;) {
          const next = this.#inputs.next();
          const input = next instanceof Promise ? await next : next;
          if (input === undefined) break;
          await this.#one(input);
        }
      }
    } catch (error) {
      if (error instanceof JsonParseError) {
        this.#messages += `jq: parse error: ${error.message}\n`;
        this.#status = 5;
      } else if (error instanceof Halt) {
        ended = await this.#halt(error);
      } else throw error;
    }
    await this.#out.flush();
    await this.#tell();
    if (ended !== undefined) return ended;
    if (this.#status !== 0 || !flags.has('exit-status')) return this.#status;
    return this.#last === undefined ? 4 : truthy(this.#last) ? 0 : 1;
  }

  async #tell(): Promise<void> {
    if (this.#messages === '') return;
    const text = this.#messages;
    this.#messages = '';
    await this.process.stderr.write(text);
  }

  async #halt({ status, value }: Halt): Promise<number> {
    await this.#out.flush();
    if (typeof value === 'string') this.#messages += value;
    else if (value !== undefined && value !== null) this.#messages += `${compact(value)}\n`;
    return status;
  }

  /** The program on one input. */
  async #one(input: Json): Promise<void> {
    const machine = this.program.start(input, this.#surroundingsOf());
    try {
      await runMachine(this.process, machine, (value) => this.#emit(value));
    } catch (error) {
      if (!(error instanceof JqError)) throw error;
      const { value } = error;
      const place = this.#inputs.place;
      this.#messages +=
        typeof value === 'string'
          ? `jq: error (at ${place}): ${value}\n`
          : `jq: error (at ${place}) (not a string): ${compact(value)}\n`;
      this.#status = 5;
    }
    await this.#tell();
  }

  #emit(value: Json): Promise<unknown> | undefined {
    const { flags, print: options } = this.options;
    this.#last = value;
    const seq = flags.has('seq') ? '\x1e' : '';
    const isRaw = flags.has('raw-output') || flags.has('join-output') || flags.has('raw-output0');
    const color =
      !flags.has('monochrome-output') &&
      (flags.has('color-output') ||
        (this.#out.byLine && this.process.fds.get(1)?.kind === 'tty' && !this.process.env.get('NO_COLOR')));
    let text = isRaw && typeof value === 'string' ? value : print(value, { ...options, color });
    if (isRaw && typeof value === 'string' && flags.has('ascii-output')) text = print(value, options).slice(1, -1);
    const end = flags.has('raw-output0') ? '\0' : flags.has('join-output') ? '' : '\n';
    const written = this.#out.write(seq + text + end);
    if (this.#messages === '') return written;
    return this.#out.flush().then(() => this.#tell());
  }

  readonly #surroundingsOf = (): Surroundings => ({
    input: () => this.#inputs.next(),
    inputName: () => this.#inputs.name,
    inputLine: () => this.#inputs.line,
    now: () => this.process.clock.now,
    env: this.process.env,
    message: (text) => {
      this.#messages += text;
    },
  });
}
