import { encode } from '../../../../linux/io/bytes';
import type { Process } from '../../../../linux/process/types';
import type { Options } from '../../../toolkit/options';
import { Prompt } from '../../../toolkit/prompt';
import { textOf, type Connection, type Outcome } from '../client';
import { connect } from '../libpq';
import { blank, quoteName, quoteText, scan, withoutComments } from '../statements';
import { metaCommand } from './commands';
import { errorText } from './errors';
import { defaults, print, type Format, type Table } from './print';

/** What psql keeps between commands. */
export class Shell {
  readonly variables = new Map<string, string>();
  readonly format: Format = defaults();
  timing = false;
  failed = false;
  /** \q, or an error with ON_ERROR_STOP. */
  ended = false;
  /** There is no server any more. */
  lost = false;
  buffer = '';
  /** The last statement sent, for \g and \watch. */
  last = '';
  /** What is being read, as errors name it. */
  source: string | undefined;
  lineNumber = 0;
  #sink: string | undefined;
  /** Lines of the input that COPY FROM STDIN may take. */
  #lines: () => Promise<string | undefined> = () => this.process.stdin.readLine();

  constructor(
    readonly process: Process,
    public connection: Connection,
    readonly version: string,
    readonly options: Options,
  ) {}

  get quiet(): boolean {
    return this.#on('QUIET');
  }

  #on(name: string): boolean {
    const value = this.variables.get(name);
    return value !== undefined && !/^(off|0|false|no)$/i.test(value);
  }

  redirect(path: string | undefined): void {
    this.#sink = path;
    if (path !== undefined) this.process.fs.writeFile(path, '');
  }

  async out(text: string): Promise<void> {
    if (text === '') return;
    if (this.#sink === undefined) await this.process.stdout.write(text);
    else this.process.fs.appendFile(this.#sink, text);
  }

  async err(text: string): Promise<void> {
    await this.process.stderr.write(text);
  }

  /** An error of psql's own. */
  async complain(text: string): Promise<void> {
    this.failed = true;
    await this.err(`${this.#place()}${text}\n`);
  }

  #place(): string {
    return this.source === undefined ? '' : `psql:${this.source}:${this.lineNumber}: `;
  }

  async table(table: Table): Promise<void> {
    await this.out(print(table, this.format));
  }

  /** -c: one string, SQL in one message or one backslash command. */
  async command(text: string): Promise<number> {
    this.failed = false;
    if (text.trimStart().startsWith('\\')) await this.line(text.trimStart());
    else await this.send(this.#interpolated(text, false));
    return this.failed ? 1 : 0;
  }

  /** -f and \i. */
  async file(path: string): Promise<number> {
    let lines: readonly string[];
    if (path === '-') lines = (await this.process.stdin.text()).split('\n');
    else {
      const read = this.process.fs.readText(path);
      if (!read.ok) {
        await this.err(
          `${this.source === undefined ? 'psql: error: ' : this.#place()}${path}: ${read.error.message}\n`,
        );
        this.failed = true;
        return 1;
      }
      lines = read.value.split('\n');
    }
    if (lines.at(-1) === '') lines = lines.slice(0, -1);
    const before = { source: this.source, lineNumber: this.lineNumber, lines: this.#lines, buffer: this.buffer };
    this.source = path === '-' ? '<stdin>' : path;
    this.lineNumber = 0;
    this.buffer = '';
    let at = 0;
    this.#lines = async () => lines[at++];
    const stopped = await this.#read(async () => {
      this.lineNumber++;
      return lines[at++];
    });
    await this.#rest();
    this.source = before.source;
    this.lineNumber = before.lineNumber;
    this.#lines = before.lines;
    this.buffer = before.buffer;
    return stopped ? 3 : 0;
  }

  /** Standard input: a terminal with prompts, or a script. */
  async interact(terminal: boolean): Promise<number> {
    if (terminal && !this.quiet) await this.out(this.#greeting());
    const prompt = new Prompt(this.process);
    let lines: string[] = [];
    const stopped = await this.#read(async () => {
      if (this.buffer === '' && lines.length > 0) {
        prompt.remember(lines.join(' '));
        lines = [];
      }
      for (;;) {
        const typed = await prompt.read(terminal ? await this.#prompt() : '');
        if (typed.kind === 'line') lines.push(typed.text);
        if (typed.kind === 'line') return typed.text;
        if (typed.kind === 'end') return undefined;
        this.buffer = '';
        lines = [];
      }
    });
    if (!terminal) await this.#rest();
    else if (!this.ended) await this.process.stdout.write('\\q\n');
    return this.lost ? 2 : stopped ? 3 : 0;
  }

  #greeting(): string {
    const server = /^\S+/.exec(this.connection.parameters.get('server_version') ?? '')?.[0] ?? this.version;
    const full = `${this.version} (Debian ${this.version}-1.pgdg13+1)`;
    return server === this.version
      ? `psql (${full})\nType "help" for help.\n\n`
      : `psql (${full}, server ${this.connection.parameters.get('server_version') ?? server})\nType "help" for help.\n\n`;
  }

  async #prompt(): Promise<string> {
    const { inside } = scan(this.buffer);
    const state = this.buffer === '' ? '=' : inside === '=' ? '-' : inside;
    const transaction = { I: '', T: '*', E: '!' }[this.connection.status] ?? '';
    const superuser = this.connection.parameters.get('is_superuser') === 'on';
    return `${this.connection.target.database}${state}${transaction}${superuser ? '#' : '>'} `;
  }

  /** Reads until the end; true if an error stopped it. */
  async #read(next: () => Promise<string | undefined>): Promise<boolean> {
    for (;;) {
      const line = await next();
      if (line === undefined) return false;
      this.failed = false;
      await this.line(line);
      if (this.ended) return false;
      if (this.failed && this.#on('ON_ERROR_STOP')) return true;
    }
  }

  /** A last statement without a semicolon is sent too. */
  async #rest(): Promise<void> {
    const rest = this.buffer;
    this.buffer = '';
    if (!blank(rest) && !this.ended) await this.send(this.#interpolated(rest.trimEnd(), true));
  }

  /** One line of input. */
  async line(line: string): Promise<void> {
    if (this.buffer === '') {
      const word = line.trim();
      if (/^(quit|exit)\s*;?$/i.test(word)) {
        this.ended = true;
        return;
      }
      if (/^help\s*;?$/i.test(word)) return this.out(help);
      if (word === '') return;
    }
    if (this.#on('ECHO') || this.options.has('a')) await this.out(`${line}\n`);
    let rest = line;
    for (;;) {
      const backslash = commandAt(this.buffer, rest);
      const head = backslash < 0 ? rest : rest.slice(0, backslash);
      this.buffer += this.buffer === '' ? head : backslash >= 0 && this.buffer.endsWith('\n') ? head : head;
      const { statements, rest: open } = scan(this.buffer);
      this.buffer = statements.length > 0 ? (blank(open) ? '' : open.trimStart()) : this.buffer;
      for (const statement of statements) {
        if (blank(statement)) continue;
        await this.send(this.#interpolated(statement.replace(/^\s+/, ''), true) + ';');
        if (this.failed && this.#on('ON_ERROR_STOP')) return;
      }
      if (backslash < 0) {
        if (this.buffer !== '') this.buffer += '\n';
        return;
      }
      rest = await metaCommand(this, rest.slice(backslash));
      if (this.ended || rest.trim() === '') return;
    }
  }

  /** `:name`, `:'name'`, `:"name"`. */
  #interpolated(sql: string, wanted: boolean): string {
    if (!wanted || this.variables.size === 0) return sql;
    return sql.replace(
      /('(?:[^']|'')*'|--[^\n]*)|(?<![:\w])::?(?:(\w+)|'(\w+)'|"(\w+)")/g,
      (all: string, literal: string | undefined, plain?: string, text?: string, name?: string) => {
        if (literal !== undefined || all.startsWith('::')) return all;
        const value = this.variables.get(plain ?? text ?? name ?? '');
        if (value === undefined) return all;
        return text !== undefined ? quoteText(value) : name !== undefined ? quoteName(value) : value;
      },
    );
  }

  /** Sends SQL and prints what comes back. */
  async send(sql: string, silent = false): Promise<void> {
    this.last = sql;
    if (this.options.has('e')) await this.out(`${sql}\n`);
    const began = this.process.clock.now;
    const outcomes = await this.connection.query(sql, () => this.#copyData());
    if (outcomes === undefined) return this.#lost();
    for (const outcome of outcomes) await this.#show(outcome, sql, silent);
    if (this.timing) await this.out(`Time: ${(this.process.clock.now - began + 0.5).toFixed(3)} ms\n`);
  }

  async #copyData(): Promise<Uint8Array> {
    const lines: string[] = [];
    if (this.process.fds.get(0)?.kind === 'tty' && this.source === undefined && !this.quiet)
      await this.out(
        'Enter data to be copied followed by a newline.\nEnd with a backslash and a period on a line by itself, or an EOF signal.\n',
      );
    for (;;) {
      if (this.process.fds.get(0)?.kind === 'tty' && this.source === undefined) await this.process.stdout.write('>> ');
      const line = await this.#lines();
      if (line === undefined || line === '\\.') break;
      lines.push(`${line}\n`);
    }
    return encode(lines.join(''));
  }

  async #lost(): Promise<void> {
    this.failed = true;
    await this.err(
      `${this.#place()}FATAL:  terminating connection due to administrator command\n${this.#place()}server closed the connection unexpectedly\n\tThis probably means the server terminated abnormally\n\tbefore or while processing the request.\n`,
    );
    const again = await connect(this.process, { ...this.connection.target, password: undefined }, this.options);
    if (typeof again !== 'string') {
      this.connection = again;
      await this.err('The connection to the server was lost. Attempting reset: Succeeded.\n');
      return;
    }
    await this.err('The connection to the server was lost. Attempting reset: Failed.\n');
    this.ended = true;
    this.lost = true;
  }

  /** Prints what a command of psql's own got from the server. */
  async report(outcomes: readonly Outcome[] | undefined, sql: string): Promise<void> {
    if (outcomes === undefined) return this.#lost();
    for (const outcome of outcomes) await this.#show(outcome, sql, false);
  }

  async #show(outcome: Outcome, sql: string, silent: boolean): Promise<void> {
    switch (outcome.kind) {
      case 'rows':
        await this.table(outcome);
        if (!/^(SELECT|SHOW|FETCH|EXPLAIN|CALL|VALUES)/.test(outcome.tag) && !this.quiet)
          await this.out(`${outcome.tag}\n`);
        return;
      case 'done':
        if (!silent && !this.quiet) await this.out(`${outcome.tag}\n`);
        return;
      case 'copied':
        await this.out(textOf(outcome.data));
        return;
      case 'notice':
        await this.err(this.#place() + errorText(outcome.fields, sql));
        return;
      case 'error':
        this.failed = true;
        await this.err(this.#place() + errorText(outcome.fields, sql));
        return;
      case 'empty':
    }
  }

  /** \connect. */
  async reconnect(database: string | undefined, user: string | undefined, host?: string, port?: string): Promise<void> {
    const now = this.connection.target;
    const target = {
      ...now,
      database: database ?? now.database,
      user: user ?? now.user,
      host: host ?? now.host,
      port: port === undefined ? now.port : Number(port),
      password: undefined,
    };
    const opened = await connect(this.process, target, this.options);
    if (typeof opened === 'string') {
      if (this.process.fds.get(0)?.kind === 'tty' && this.source === undefined) {
        await this.complain(opened);
        await this.err('Previous connection kept\n');
      } else {
        await this.complain(`\\connect: ${opened}`);
        this.ended = true;
        this.lost = true;
      }
      return;
    }
    await this.connection.close();
    this.connection = opened;
    if (!this.quiet) {
      await this.out(`You are now connected to database "${target.database}" as user "${target.user}".\n`);
    }
  }

  /** \pset. */
  async set(name: string, value: string | undefined, silent = false): Promise<void> {
    const { format } = this;
    const say = (text: string): Promise<void> => (silent || this.quiet ? Promise.resolve() : this.out(`${text}\n`));
    const flag = (old: boolean): boolean => (value === undefined ? !old : /^(on|true|yes|1|t|y)$/i.test(value));
    const onOff = (on: boolean): string => (on ? 'on' : 'off');
    switch (name) {
      case 'format':
        if (value === 'aligned' || value === 'unaligned' || value === 'csv') format.format = value;
        else if (value !== undefined)
          return this.complain(
            '\\pset: allowed formats are aligned, asciidoc, csv, html, latex, latex-longtable, troff-ms, unaligned, wrapped',
          );
        return say(`Output format is ${format.format}.`);
      case 'border':
        if (value !== undefined) format.border = Math.min(2, Number(value) || 0);
        return say(`Border style is ${format.border}.`);
      case 'x':
      case 'expanded':
        format.expanded = value === 'auto' ? 'auto' : flag(format.expanded === true);
        return say(
          format.expanded === 'auto'
            ? 'Expanded display is used automatically.'
            : `Expanded display is ${onOff(format.expanded)}.`,
        );
      case 'null':
        if (value !== undefined) format.null = value;
        return say(`Null display is "${format.null}".`);
      case 't':
      case 'tuples_only':
        format.tuplesOnly = flag(format.tuplesOnly);
        return say(`Tuples only is ${onOff(format.tuplesOnly)}.`);
      case 'footer':
        format.footer = flag(format.footer);
        return say(`Default footer is ${onOff(format.footer)}.`);
      case 'fieldsep':
        if (value !== undefined) format.separator = value;
        return say(`Field separator is "${format.separator}".`);
      case 'pager':
        format.pager = flag(format.pager);
        return say(format.pager ? 'Pager is used for long output.' : 'Pager usage is off.');
      case 'linestyle':
      case 'title':
        return;
      default:
        return this.complain(`\\pset: unknown option: ${name}`);
    }
  }
}

/** Where a backslash command begins in a line that goes on with the buffer; -1: nowhere. */
function commandAt(buffer: string, line: string): number {
  for (let at = line.indexOf('\\'); at >= 0; at = line.indexOf('\\', at + 1)) {
    const { inside } = scan(buffer + line.slice(0, at));
    if (/--[^\n]*$/.test(withoutComments(line.slice(0, at)))) return -1;
    if (inside === '=' || inside === '-' || inside === '(') return at;
  }
  return -1;
}

const help = `You are using psql, the command-line interface to PostgreSQL.
Type:  \\copyright for distribution terms
       \\h for help with SQL commands
       \\? for help with psql commands
       \\g or terminate with semicolon to execute query
       \\q to quit
`;
