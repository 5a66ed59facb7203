import type { Errno, Sys } from '../../linux/errno';
import { fail } from '../../linux/errno';
import type { OpenFile } from '../../linux/io/open-file';
import type { ByteReader, Process, Program } from '../../linux/process/types';
import { dialectOf, saying, type Dialect } from './dialect';
import { Options, parseOptions, type OptionSpec } from './options';
import { Output } from './output';
import { localQuotes, quote, quotef } from './quote';

export interface ToolSpec extends OptionSpec {
  readonly name: string;
  /** What follows the name in `Usage:`. */
  readonly usage: string;
  readonly about: string;
  /** Exit status of wrong usage; 1 unless said. */
  readonly trouble?: number;
  /** Exit status where the options themselves are wrong; `trouble` unless said. */
  readonly usageStatus?: number;
  /** The package in `--version`. */
  readonly package?: string;
  /** What is said after a message on wrong usage, where it is not GNU's `Try 'x --help' for more information.` */
  readonly hint?: string;
  /** Takes no options at all, not even --help, unless alone (echo, printf …). */
  readonly raw?: boolean;
  /** Brings arguments of an old style into one that getopt_long knows. */
  readonly rewrite?: (args: readonly string[]) => readonly string[];
}

/** What a command has at hand while it runs. */
export class Tool {
  readonly out: Output;
  /** Exit status so far: commands go on after an error. */
  status = 0;

  /** Whose options and messages these are, if not the command's own. */
  readonly dialect: Dialect | undefined;

  constructor(
    readonly process: Process,
    readonly options: Options,
    private readonly spec: ToolSpec,
  ) {
    this.dialect = dialectOf(process);
    this.out = new Output(process.stdout, process.fds.get(1)?.kind === 'tty', async ({ message }) => {
      await process.stderr.write(`${this.name}: write error: ${message}\n`);
      return process.exit(this.spec.trouble ?? 1);
    });
  }

  /** As it was called: what messages begin with. */
  get name(): string {
    return this.process.argv[0] ?? this.spec.name;
  }
  get operands(): readonly string[] {
    return this.options.operands;
  }
  get fs() {
    return this.process.fs;
  }

  /** A message on stderr after the command's name; the exit status becomes `status`. */
  async error(message: string, status = 1): Promise<void> {
    const { dialect, process } = this;
    this.status = Math.max(this.status, dialect?.trouble ?? status);
    if (dialect !== undefined) return saying(process, dialect, message);
    await process.stderr.write(`${this.name}: ${localQuotes(message, process.env)}\n`);
  }

  /** A message, and the end. */
  async fail(message: string, status = this.spec.trouble ?? 1): Promise<number> {
    await this.error(message, status);
    await this.out.flush();
    return this.dialect?.trouble ?? status;
  }

  /** A message on wrong usage, with GNU's second line. */
  async usageError(message: string): Promise<number> {
    if (this.dialect !== undefined) {
      await saying(this.process, this.dialect, message, true);
      await this.out.flush();
      return this.dialect.trouble ?? 1;
    }
    return this.fail(`${message}\n${hintOf(this.spec, this.name)}`);
  }

  missingOperand(): Promise<number> {
    return this.usageError('missing operand');
  }

  extraOperand(operand: string): Promise<number> {
    return this.usageError(`extra operand ${quote(operand)}`);
  }

  /** `cat: x: No such file or directory`. */
  fileError(path: string, error: Errno, status = 1): Promise<void> {
    return this.error(`${quotef(path)}: ${error.message}`, status);
  }

  /** Opens for reading; `-` is standard input. Directories fail with EISDIR, as their read would. */
  open(path: string): Sys<Input> {
    if (path === '-') return { ok: true, value: new Input(this.process.stdin, undefined, () => undefined) };
    const opened = this.fs.open(path, { read: true });
    if (!opened.ok) return opened;
    if (opened.value.kind === 'directory') return fail('EISDIR');
    const fd = this.process.fds.install(opened.value, 3);
    const close = () => {
      this.process.fds.close(fd);
    };
    return { ok: true, value: new Input(this.process.fds.reader(fd), opened.value, close) };
  }
}

/** The first line of `--version`, as the package words it. */
function versionOf({ name, package: from = 'GNU coreutils 9.4' }: ToolSpec): string {
  const [, words = from, version = ''] = /^(.*) (\S+)$/.exec(from) ?? [];
  if (/^(util-linux|procps-ng)$/.test(words)) return `${name} from ${from}\n`;
  return words.startsWith('GNU ') ? `${name} (${words}) ${version}\n` : `${from}\n`;
}

const hintOf = ({ hint }: ToolSpec, name: string): string => hint ?? `Try '${name} --help' for more information.`;

/** What commands accept in dialects, made once for each. */
const spoken = new WeakMap<Dialect, { readonly spec: ToolSpec; readonly options: OptionSpec }>();

function spokenSpec(spec: ToolSpec, dialect: Dialect): OptionSpec {
  const known = spoken.get(dialect);
  if (known?.spec === spec) return known.options;
  const options = inDialect(spec, dialect);
  spoken.set(dialect, { spec, options });
  return options;
}

/** The dialect's letters and names, of which the command still asks by its own. */
const inDialect = (spec: ToolSpec, { short, long }: Dialect): OptionSpec => ({
  ...(short === undefined ? (spec.short === undefined ? {} : { short: spec.short }) : { short }),
  long: long ?? spec.long ?? {},
  bare: true,
  ...(spec.stopAtOperand === undefined ? {} : { stopAtOperand: spec.stopAtOperand }),
  ...(spec.digits === undefined ? {} : { digits: spec.digits }),
});

/** A file (or standard input) to read. */
export class Input {
  constructor(
    readonly reader: ByteReader,
    readonly file: OpenFile | undefined,
    readonly close: () => void,
  ) {}
}

/** Makes a program of a command: takes its options apart, answers --help and --version, writes out what is left. */
export function tool(spec: ToolSpec, run: (tool: Tool) => Promise<number> | number): Program {
  return async (process) => {
    const args = spec.rewrite?.(process.args) ?? process.args;
    const dialect = dialectOf(process);
    if (dialect !== undefined && process.args.length === 1 && process.args[0] === '--help') {
      await process.stderr.write(dialect.usage);
      return 0;
    }
    const only = args.length === 1 && (args[0] === '--help' || args[0] === '--version');
    const options =
      spec.raw === true && !only
        ? new Options([], args)
        : parseOptions(args, dialect === undefined ? spec : spokenSpec(spec, dialect));
    const name = process.argv[0] ?? spec.name;
    if (typeof options === 'string') {
      if (dialect !== undefined) {
        await process.stderr.write(`${name}: ${options}\n${dialect.usage}`);
        return dialect.trouble ?? 1;
      }
      await process.stderr.write(`${name}: ${options}\n${hintOf(spec, name)}\n`);
      return spec.usageStatus ?? spec.trouble ?? 1;
    }
    const early = options.last('help', 'version');
    if (early !== undefined) {
      const help = `Usage: ${name} ${spec.usage}\n${spec.about}\n`;
      await process.stdout.write(early === 'help' ? help : versionOf(spec));
      return spec.name === 'false' ? 1 : 0;
    }
    const tool = new Tool(process, options, spec);
    const status = await run(tool);
    await tool.out.flush();
    return status;
  };
}
