import type { CommandNode, Script, Statement } from 'unbash';
import type { Process, SignalName } from '../../linux/process/types';
import type { CompletionSpec } from './editor/completion/spec';
import { ArithmeticError, evaluate } from './expand/arithmetic';
import type { Int } from './expand/int64';
import { subscriptNow } from './expand/subscript';
import type { JobTable } from './jobs/table';
import { type Source } from './parse/source';
import { CowMap } from './state/cow-map';
import { complain } from './run/io';
import { dynamicValue } from './state/dynamic';
import { ShellError } from './state/errors';
import { Options } from './state/options';
import { historyResized } from './builtins/history';
import { Flag, Variables } from './state/variables';
import { type Value } from './state/values';

/** Which shell it was started as: bash, or one of the plain ones whose messages and `echo` differ. */
export type Dialect = 'bash' | 'dash' | 'ash';

export interface ShellFunction {
  readonly name: string;
  readonly body: CommandNode;
  readonly source: Source;
  /** `export -f`. */
  readonly exported?: boolean;
  readonly line: number;
}

/** What leaves loops, functions and sourced files; looked at after every command. */
export type Flow = { readonly kind: 'break' | 'continue'; levels: number } | { readonly kind: 'return' };

/** A running function or sourced file: FUNCNAME, BASH_SOURCE, BASH_LINENO. */
export interface Call {
  readonly name: string;
  readonly source: string;
  readonly calledAt: number;
  /** What `set` said before `local -`. */
  options?: Options;
}

/** The interpreter as its parts see each other, so that they need not import in a circle. */
export interface Interpreter {
  /** Runs statements one after the other. */
  list(shell: Shell, statements: readonly Statement[], options?: CommandOptions): Promise<number>;
  command(shell: Shell, node: CommandNode, options?: CommandOptions): Promise<number>;
  /** Runs a text as a script in this shell: `eval`, `source`, traps, `-c`. */
  source(shell: Shell, source: Source, options?: CommandOptions): Promise<number>;
  /** Output of a command substitution, without its last newlines. */
  substitute(shell: Shell, script: Script, text: string): Promise<string>;
  /** The path of a process substitution. */
  substituteProcess(shell: Shell, script: Script, operator: '<' | '>'): Promise<string>;
  callFunction(shell: Shell, called: ShellFunction, args: readonly string[]): Promise<number>;
}

export interface CommandOptions {
  /** The shell ends after this command, so a program may take its place (exec) instead of a new process. */
  readonly last?: boolean;
}

export interface ShellSettings {
  readonly process: Process;
  readonly interpreter: Interpreter;
  readonly dialect: Dialect;
  /** `$0`. */
  readonly name: string;
  readonly source: Source;
}

const isPlainNumber = (text: string): boolean => /^\s*(?:[-+]?(?:0[xX][\da-fA-F]+|0[0-7]*|[1-9]\d*)\s*)?$/.test(text);

/** The whole state of one shell in one process. */
export class Shell {
  readonly process: Process;
  readonly interpreter: Interpreter;
  readonly dialect: Dialect;
  name: string;
  /** The pid that `$$` gives, also in subshells. */
  readonly mainPid: number;

  /** The shell that this one is a subshell of. */
  parent: Shell | undefined;

  variables = new Variables();
  functions = new CowMap<string, ShellFunction>();
  aliases = new CowMap<string, string>();
  /** Where commands were found, as `hash` lists it. */
  hashed = new CowMap<string, string>();
  readonly hashHits = new Map<string, number>();
  traps = new CowMap<string, string>();
  options = new Options();
  positional: readonly string[] = [];
  directoryStack: readonly string[] = [];
  history: string[] = [];
  /** How many lines of it are in the file. */
  historySaved = 0;
  /** How many lines of the file were read (`history -n` reads the rest). */
  historyRead = 0;

  status = 0;
  /** PIPESTATUS; undefined: just `$?`. */
  pipeStatuses: readonly number[] | undefined = [];
  lastBackground: number | undefined;
  /** The working directory by the way it was reached; undefined: as the kernel has it. */
  directory: string | undefined;
  /** What commands in subscripts gave, while an expression is evaluated. */
  subscripts: ReadonlyMap<string, string> | undefined;
  /** `set -e` inside of `!` counts again: what `tested` was before it. */
  negated: number | undefined;
  /** How many command lines were read, for `\#` of prompts. */
  commandNumber = 1;
  /** `$_` */
  lastArgument = '';
  subshellDepth = 0;
  interactive = false;
  /** It or the shell it was forked from is: messages name no lines. */
  typedTo = false;
  /** `exit` with stopped jobs warns once. */
  warnedOfJobs = false;
  startedAt: number;
  /** RANDOM: where its generator stands, and what it gave last. */
  randomSeed: number | undefined;
  randomLast = -1;

  source: Source;
  /** The running simple command, for BASH_COMMAND; in a trap, the one that set it off. */
  command: CommandNode | undefined;
  commandSource: Source | undefined;
  /** Where in the source the running command stands. */
  position = 0;
  flow: Flow | undefined;
  loopDepth = 0;
  calls: readonly Call[] = [];
  sourceDepth = 0;
  /** A script file runs: FUNCNAME ends in `main`. */
  runsScript = false;
  /** How many `+` stand before a line of `set -x`. */
  traceDepth = 1;
  /** Above zero where a failure is being looked at (`if`, `&&`, `!`): there `set -e` and the ERR trap keep still. */
  tested = 0;
  /** A here-document is expanded: `$*` in it joins with blanks whatever IFS is. */
  inHereDocument = false;
  /** Control-C came; the next command sees it. */
  interrupted = false;
  /** Traps that are to run before the next command. */
  readonly pendingTraps: string[] = [];
  /** What takes back the handler of a trapped signal. */
  readonly trapHandlers = new Map<string, () => void>();
  /** Signals that were ignored when this shell began. */
  deaf: ReadonlySet<SignalName> = new Set();
  /** Traps of the parent: a subshell lists them until it sets its own, but does not run them. */
  inheritedTraps: CowMap<string, string> | undefined;
  /** A deadly signal came while an EXIT trap is set: the shell ends after it. */
  terminating: SignalName | undefined;
  /** Names of the traps that run now, so that they do not run inside themselves. */
  readonly runningTraps = new Set<string>();
  /** The jobs of a shell with a terminal, or of `&`. */
  jobs: JobTable;
  /** Status of the last command substitution in the running command. */
  substitutionStatus: number | undefined;
  /** The builtin that runs, for messages. */
  running: string | undefined;
  /** Where `getopts` stands inside a group of letters. */
  getoptsOffset = 0;
  /** Descriptors of process substitutions of the running command. */
  readonly substitutions: number[] = [];
  /** Descriptors that keep what redirections put aside; no child gets them. */
  readonly privateFds = new Set<number>();
  /** Descriptors that scripts may use, but children do not get: those of a coprocess. */
  readonly ownFds = new Set<number>();
  /** Each pipeline gets its process group and the terminal (`set -m` with a tty). */
  jobControl = false;
  /** `complete`: what was registered for which command. */
  completions = new CowMap<string, CompletionSpec>();
  /** Builtins that `enable -n` switched off. */
  disabled = new CowMap<string, true>();

  constructor(settings: ShellSettings, jobs: JobTable, mainPid = settings.process.pid) {
    this.process = settings.process;
    this.interpreter = settings.interpreter;
    this.dialect = settings.dialect;
    this.name = settings.name;
    this.source = settings.source;
    this.mainPid = mainPid;
    this.jobs = jobs;
    this.startedAt = settings.process.clock.now;
    this.#hook();
  }

  /** A copy for a subshell in `process`: it sees everything and changes nothing of this one. */
  fork(process: Process, jobs: JobTable): Shell {
    const { interpreter, dialect, name, source } = this;
    const copy = new Shell({ process, interpreter, dialect, name, source }, jobs, this.mainPid);
    copy.variables = this.variables.fork();
    copy.functions = this.functions.fork();
    copy.aliases = this.aliases.fork();
    copy.hashed = this.hashed.fork();
    copy.completions = this.completions.fork();
    copy.disabled = this.disabled.fork();
    copy.options = this.options.fork();
    copy.positional = this.positional;
    copy.directoryStack = this.directoryStack;
    copy.history = this.history;
    copy.typedTo = this.typedTo;
    copy.status = this.status;
    copy.lastBackground = this.lastBackground;
    copy.lastArgument = this.lastArgument;
    copy.parent = this;
    copy.commandNumber = this.commandNumber;
    copy.directory = this.directory;
    copy.deaf = this.deaf;
    copy.subshellDepth = this.subshellDepth + 1;
    copy.startedAt = this.startedAt;
    copy.position = this.position;
    copy.calls = this.calls;
    copy.sourceDepth = this.sourceDepth;
    copy.runsScript = this.runsScript;
    copy.traceDepth = this.traceDepth;
    copy.tested = this.tested;
    copy.getoptsOffset = this.getoptsOffset;
    copy.#hook();
    return copy;
  }

  /** Goes on with a copy of the variables; who calls this puts the old ones back. */
  borrowVariables(): void {
    this.variables = this.variables.fork();
    this.#hook();
  }

  /** The line of the running command. */
  get line(): number {
    return this.source.lineAt(this.position);
  }

  /** What every message begins with: `bash: line 3: `, at a prompt `bash: `. */
  get prefix(): string {
    // busybox counts the lines of a text that is no file from 0 (ash_vmsg and setinputstring of ash.c).
    if (this.dialect === 'ash') {
      if (this.typedTo) return `${this.name}: `;
      return `${this.name}: line ${this.source.kind === 'command' || this.source.kind === 'eval' ? this.line - 1 : this.line}: `;
    }
    if (this.dialect === 'dash') return `${this.name}: ${this.line}: `;
    if (this.typedTo) return `${this.name}: `;
    return `${this.source.name}: line ${this.line}: `;
  }

  /** What messages of the shell itself begin with: dash names `eval` and sourced files in them. */
  get ownPrefix(): string {
    return `${this.prefix}${this.dialect === 'dash' ? this.readIn(this.source) : ''}`;
  }

  /** What dash calls the builtin that reads a text. */
  readIn({ kind, label, name }: Source): string {
    if (kind === 'eval' && label === undefined) return 'eval: ';
    return kind === 'file' && this.sourceDepth > 0 ? `${name}: ` : '';
  }

  /** `$name`, or undefined if unset. */
  get(name: string): string | undefined {
    return this.variables.scalar(name);
  }

  set(name: string, value: string): void {
    this.variables.assign(name, value);
    if (this.options.has('allexport')) this.variables.mark(name, Flag.exported);
  }

  /** Evaluates an arithmetic expression; a fault abandons the command line. `prefix` names the command (`let`, `((`). */
  arithmetic(expression: string, prefix = ''): Int {
    if (this.dialect === 'dash') this.#plainArithmetic(expression);
    try {
      return evaluate(expression, {
        get: (name, subscript) => this.#arithmeticValue(name, subscript),
        set: (name, subscript, value) => {
          if (subscript === undefined) this.set(name, value);
          else this.variables.assignElement(name, this.key(name, subscript), value);
        },
      });
    } catch (error) {
      if (error instanceof ArithmeticError) throw new ShellError(`${prefix}${error.message}`);
      throw error;
    }
  }

  /** What dash's arithmetic does not know. */
  #plainArithmetic(expression: string): void {
    const [strange] = /\*\*|\+\+|--|,/.exec(expression) ?? [];
    if (strange === undefined) return;
    const wanted = strange === ',' ? 'EOF' : 'primary';
    throw new ShellError(`arithmetic expression: expecting ${wanted}: "${expression}"`, { status: 2 });
  }

  /** The key of a subscript written in arithmetic: a text for associative arrays, else left to be evaluated. */
  key(name: string, subscript: string): string {
    return subscriptNow(this, name, subscript);
  }

  #arithmeticValue(name: string, subscript: string | undefined): string | undefined {
    const value = subscript === undefined ? this.get(name) : this.variables.element(name, this.key(name, subscript));
    // strtoimax() must take all of it: dash evaluates no values.
    if (this.dialect === 'dash' && value !== undefined && !isPlainNumber(value))
      throw new ShellError(`Illegal number: ${value}`, { status: 2 });
    if (value === undefined && this.options.has('nounset')) {
      throw new ShellError(`${name}: unbound variable`, { exits: true });
    }
    return value;
  }

  #hook(): void {
    this.variables.hooks = {
      arithmetic: (expression) => String(this.arithmetic(expression)),
      dynamic: (name): Value => dynamicValue(this, name),
      key: (name, subscript) => this.key(name, subscript),
      complain: (message) => {
        void complain(this, message);
      },
      assigned: (name, value) => {
        if (name === 'OPTIND') this.getoptsOffset = 0;
        else if (name === 'PATH') this.hashed.clear();
        else if (name.startsWith('HIST')) historyResized(this, name);
        else if (name === 'RANDOM') {
          this.randomSeed = Number(value) >>> 0;
          this.randomLast = 0;
        } else if (name === 'SECONDS') this.startedAt = this.process.clock.now - Number(value) * 1000;
      },
    };
  }
}
