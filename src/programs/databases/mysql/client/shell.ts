import type { Process } from '../../../../linux/process/types';
import type { Outcome } from '../wire';
import { Prompt } from '../../../toolkit/prompt';
import { Connection } from './connection';
import { helpText } from './help';
import { scan } from './lines';
import { versionText, type Started } from './options';
import { print, type Style } from './print';

/** What the client keeps between statements. */
export class Shell {
  delimiter = ';';
  buffer = '';
  prompt: string | undefined;
  style: Style;
  /** Errors end it. */
  failed = false;
  ended = false;
  showWarnings = false;
  #line = 0;
  #depth = 0;
  #tee: string | undefined;
  #statementLine = 1;

  constructor(
    readonly process: Process,
    public connection: Connection,
    readonly started: Started,
    /** A terminal, with prompts. */
    readonly interactive: boolean,
    /** Results are for people to read. */
    readonly terminal: boolean,
  ) {
    const { options } = started;
    this.style = options.has('X')
      ? 'xml'
      : options.has('H')
        ? 'html'
        : options.has('E')
          ? 'vertical'
          : terminal || options.has('t')
            ? 'table'
            : 'batch';
    this.database = started.target.database;
    this.showWarnings = options.has('show-warnings');
  }

  database: string | undefined;

  get #mariadb(): boolean {
    return this.started.flavour.name === 'mariadb';
  }
  get #verbose(): number {
    return this.started.options.given.filter(({ name }) => name === 'v').length;
  }
  get #silent(): number {
    return this.started.options.given.filter(({ name }) => name === 's').length;
  }
  /** How many decimals of a second are shown. */
  get #seconds(): string {
    return this.#mariadb ? '(0.000 sec)' : '(0.00 sec)';
  }

  async out(text: string): Promise<void> {
    await this.process.stdout.write(text);
    if (this.#tee !== undefined) this.process.fs.appendFile(this.#tee, text);
  }

  /** Says something that only a person wants to know. */
  async say(text: string): Promise<void> {
    if (this.interactive && this.#silent === 0) await this.out(text);
  }

  greeting(): string {
    const { version, id } = this.connection;
    return this.#mariadb
      ? `Welcome to the MariaDB monitor.  Commands end with ; or \\g.\nYour MariaDB connection id is ${id}\nServer version: ${version} ${this.started.flavour.comment}\n\nCopyright (c) 2000, 2018, Oracle, MariaDB Corporation Ab and others.\n\nType 'help;' or '\\h' for help. Type '\\c' to clear the current input statement.\n\n`
      : `Welcome to the MySQL monitor.  Commands end with ; or \\g.\nYour MySQL connection id is ${id}\nServer version: ${version} ${this.started.flavour.comment}\n\nCopyright (c) 2000, 2025, Oracle and/or its affiliates.\n\nOracle is a registered trademark of Oracle Corporation and/or its\naffiliates. Other names may be trademarks of their respective\nowners.\n\nType 'help;' or '\\h' for help. Type '\\c' to clear the current input statement.\n\n`;
  }

  get #promptText(): string {
    const format = this.prompt ?? (this.#mariadb ? 'MariaDB [\\d]> ' : 'mysql> ');
    const { user, host } = this.started.target;
    const values: Readonly<Record<string, string>> = {
      d: this.database ?? '(none)',
      u: user,
      h: host ?? 'localhost',
      U: `${user}@${host ?? 'localhost'}`,
      v: this.connection.version,
      _: ' ',
      '\\': '\\',
      p: String(this.started.target.port),
    };
    return format.replace(/\\(.)/g, (_, letter: string) => values[letter] ?? letter);
  }

  /** Standard input to its end. */
  async interact(): Promise<void> {
    const prompt = new Prompt(this.process);
    /** Lines of a statement that goes over several: it is remembered as one too. */
    let lines: string[] = [];
    for (;;) {
      const { inside } = scan(this.buffer, this.delimiter);
      const width = this.#promptText.length;
      const more = `${(inside === '' ? '-' : inside === '*' ? '/*' : inside).padStart(width - 2)}> `;
      const typed = await prompt.read(this.buffer === '' ? this.#promptText : more);
      if (typed.kind !== 'line') {
        if (typed.kind === 'end') {
          if (this.interactive) await this.out('^D');
          break;
        }
        this.buffer = '';
        lines = [];
        continue;
      }
      prompt.remember(typed.text);
      lines.push(typed.text);
      await this.line(typed.text);
      if (this.ended) break;
      if (this.buffer !== '') continue;
      if (lines.length > 1) prompt.remember(lines.join(' ').replace(/ ;$/, ';'));
      lines = [];
    }
    if (!this.ended) await this.rest();
    if (this.interactive) await this.out('Bye\n');
  }

  /** -e: statements of the command line. */
  async execute(text: string): Promise<void> {
    for (const line of text.split('\n')) {
      await this.line(line);
      if (this.ended) return;
    }
    await this.rest();
  }

  /** A last statement without a delimiter is sent too. */
  async rest(): Promise<void> {
    const rest = this.buffer.trim();
    this.buffer = '';
    if (rest !== '' && !this.interactive && scan(rest, this.delimiter).rest.trim() !== '')
      await this.send(this.style === 'xml' ? `${rest}\n` : rest, false);
  }

  async line(line: string): Promise<void> {
    this.#line++;
    if (this.buffer === '') {
      this.#statementLine = this.#line;
      if (await this.#word(line)) return;
    }
    let text = this.buffer === '' ? line : `${this.buffer}\n${line}`;
    for (;;) {
      const { statements, command, rest } = scan(text, this.delimiter);
      for (const { text: statement, vertical } of statements) {
        if (statement.trim() === '') {
          if (this.interactive) await this.#complain('No query specified\n', true);
          continue;
        }
        await this.send(statement.trim(), vertical);
        this.#statementLine = this.#line;
        if (this.ended) return;
      }
      if (command === undefined) {
        this.buffer = rest.trim() === '' ? '' : statements.length > 0 ? rest.trimStart() : rest;
        return;
      }
      const used = await this.#command(command.letter, command.rest, rest);
      if (this.ended) return;
      text = used;
      if (text.trim() === '') {
        this.buffer = '';
        return;
      }
    }
  }

  /** Long commands stand first on a line; true if it was one. */
  async #word(line: string): Promise<boolean> {
    const [, word = '', rest = ''] = /^\s*([a-zA-Z?]+)(?:\s+(.*?))?\s*$/s.exec(line.replace(/;\s*$/, '')) ?? [];
    switch (word.toLowerCase()) {
      case 'delimiter':
        this.delimiter = /^\s*delimiter\s+(\S+)/i.exec(line)?.[1] ?? this.delimiter;
        return true;
      case 'use':
        if (rest === '') return false;
        await this.#use(rest.split(/;/)[0]?.trim() ?? rest);
        return !/;\s*\S/.test(line) || this.#after(line);
      case 'source':
        await this.source(rest.trim());
        return true;
      case 'prompt':
        this.prompt = rest === '' ? undefined : `${line.replace(/^\s*prompt\s+/i, '').replace(/;\s*$/, '')}`;
        await this.out(
          rest === ''
            ? `Returning to default PROMPT of ${this.#mariadb ? 'MariaDB [\\d]> ' : 'mysql> '}\n`
            : `PROMPT set to '${this.prompt ?? ''}'\n`,
        );
        return true;
      case 'system':
        await this.#system(rest);
        return true;
    }
    if (rest !== '')
      return /^(tee|pager)$/i.test(word) ? this.#letter(word.toLowerCase() === 'tee' ? 'T' : 'P', rest) : false;
    const letter = {
      help: 'h',
      '?': 'h',
      exit: 'q',
      quit: 'q',
      status: 's',
      clear: 'c',
      go: '',
      notee: 't',
      nopager: 'n',
      warnings: 'W',
      nowarning: 'w',
      rehash: '#',
      connect: 'r',
      print: 'p',
    }[word.toLowerCase()];
    if (letter === undefined || letter === '') return false;
    return this.#letter(letter, '');
  }

  /** `use a; select 1` on one line. */
  #after(line: string): boolean {
    this.buffer = '';
    void line;
    return true;
  }

  async #letter(letter: string, rest: string): Promise<true> {
    await this.#command(letter, rest, '');
    return true;
  }

  /** A command by its letter; what is left of the statement that was being read. */
  async #command(letter: string, rest: string, buffer: string): Promise<string> {
    switch (letter) {
      case 'q':
        this.ended = true;
        return '';
      case 'h':
      case '?':
        await this.out(helpText(this.#mariadb, this.interactive));
        return buffer;
      case 'c':
        return '';
      case 's':
        await this.status();
        return buffer;
      case 'u':
        await this.#use(rest.replace(/;\s*$/, '').trim());
        return buffer;
      case '.':
        await this.source(rest.replace(/;\s*$/, '').trim());
        return buffer;
      case 'd':
        this.delimiter = rest.trim() || this.delimiter;
        return buffer;
      case 'R':
        this.prompt = rest.trim() === '' ? undefined : rest.trimStart();
        await this.out(`PROMPT set to '${this.prompt ?? ''}'\n`);
        return buffer;
      case 'p':
        await this.out(`--------------\n${buffer.trim()}\n--------------\n\n`);
        return buffer;
      case 'W':
      case 'w':
        this.showWarnings = letter === 'W';
        if (this.interactive) await this.out(letter === 'W' ? 'Show warnings enabled.\n' : 'Show warnings disabled.\n');
        return buffer;
      case 'T':
        this.#tee = rest.trim();
        await this.out(`Logging to file '${this.#tee}'\n`);
        return buffer;
      case 't':
        this.#tee = undefined;
        await this.out('Outfile disabled.\n');
        return buffer;
      case 'n':
        await this.out('PAGER set to stdout\n');
        return buffer;
      case 'P':
        await this.out(
          rest.trim() === '' ? "Default pager wasn't set, using stdout.\n" : `PAGER set to '${rest.trim()}'\n`,
        );
        return buffer;
      case '!':
        await this.#system(rest);
        return buffer;
      case 'r':
        await this.#reconnect();
        return buffer;
      case '#':
        return buffer;
    }
    await this.#complain(`Unknown command '\\${letter}'.`, false);
    return buffer;
  }

  async #system(command: string): Promise<void> {
    const child = this.process.spawn({ file: '/bin/sh', argv: ['sh', '-c', command.replace(/;\s*$/, '')] });
    if (child.ok) await child.value.wait();
  }

  async #use(name: string): Promise<void> {
    const plain = name.replace(/^[`'"](.*)[`'"]$/, '$1');
    const outcome = await this.connection.use(plain);
    if (outcome?.kind === 'error') return this.#error(outcome);
    if (outcome === undefined) return this.#gone();
    this.database = plain;
    if (this.interactive && !this.started.options.has('A')) {
      const tables = await this.connection.query('show tables');
      if (tables?.kind === 'rows' && tables.rows.length > 0)
        await this.say(
          'Reading table information for completion of table and column names\nYou can turn off this feature to get a quicker startup with -A\n\n',
        );
    }
    await this.say('Database changed\n');
  }

  /** `source file`. */
  async source(path: string): Promise<void> {
    const read = this.process.fs.readText(path);
    if (!read.ok) {
      const number = read.error.code === 'EACCES' ? 13 : read.error.code === 'EISDIR' ? 21 : 2;
      await this.#complain(
        this.interactive || this.#mariadb
          ? `Failed to open file '${path}', error: ${number}`
          : `Failed to open file '${path}', error: ${number}`,
        false,
      );
      return;
    }
    if (this.#depth > 10) return;
    const before = { line: this.#line, statementLine: this.#statementLine, buffer: this.buffer };
    this.#depth++;
    this.#line = 0;
    this.buffer = '';
    for (const line of read.value.replace(/\n$/, '').split('\n')) {
      await this.line(line);
      if (this.ended) break;
    }
    const rest = this.buffer.trim();
    this.buffer = before.buffer;
    if (rest !== '' && !this.ended) await this.send(rest, false);
    this.#depth--;
    this.#line = before.line;
    this.#statementLine = before.statementLine;
  }

  async #reconnect(): Promise<void> {
    const opened = await Connection.open(
      this.process,
      { ...this.started.target, database: this.database },
      this.#mariadb,
    );
    if ('number' in opened) return this.#error({ kind: 'error', ...opened });
    await this.connection.close();
    this.connection = opened;
    await this.say(`Connection id:    ${opened.id}\nCurrent database: ${this.database ?? '*** NONE ***'}\n\n`);
  }

  /** Sends a statement and prints what comes of it. */
  async send(sql: string, vertical: boolean): Promise<void> {
    if (this.#verbose > 0) await this.out(`--------------\n${sql}\n--------------\n\n`);
    const outcome = await this.connection.query(sql);
    if (outcome === undefined) return this.#gone();
    if (outcome.kind === 'error') return this.#error(outcome, sql);
    const info = this.interactive ? this.#silent === 0 : this.#verbose >= 2;
    const time = this.interactive || this.#verbose >= 3 ? ` ${this.#seconds}` : '';
    const warned = outcome.warnings === 0 ? '' : `, ${outcome.warnings} warning${outcome.warnings === 1 ? '' : 's'}`;
    if (outcome.kind === 'ok') {
      const extra = outcome.info === '' ? '' : `${outcome.info}\n`;
      if (info)
        await this.out(
          `Query OK, ${outcome.affected} row${outcome.affected === 1 ? '' : 's'} affected${warned}${time}\n${extra}\n`,
        );
    } else {
      const { length } = outcome.rows;
      if (length === 0 && this.style !== 'xml') {
        if (info) await this.out(`Empty set${warned}${time}\n\n`);
      } else {
        const style = vertical && this.style !== 'xml' && this.style !== 'html' ? 'vertical' : this.style;
        const names = !this.started.options.has('N') && (this.#silent === 0 || style !== 'batch');
        await this.out(print(outcome, style, { names, raw: this.started.options.has('r'), statement: sql }));
        if (info) await this.out(`${length} row${length === 1 ? '' : 's'} in set${warned}${time}\n\n`);
      }
    }
    if (this.showWarnings && outcome.warnings > 0) await this.#warnings();
    if (/^\s*use\s/i.test(sql)) this.database = sql.trim().split(/\s+/)[1]?.replaceAll('`', '');
    if (
      /^\s*drop\s+(database|schema)\b/i.test(sql) &&
      this.database !== undefined &&
      new RegExp(`\\b${this.database}\`?$`).test(sql.trim())
    )
      this.database = undefined;
  }

  async #warnings(): Promise<void> {
    const outcome = await this.connection.query('show warnings');
    if (outcome?.kind !== 'rows') return;
    for (const [level = '', number = '', text = ''] of outcome.rows)
      await this.out(`${level} (Code ${number}): ${text}\n`);
    if (this.interactive) await this.out('\n');
  }

  async #error(outcome: Extract<Outcome, { kind: 'error' }>, sql?: string): Promise<void> {
    const at = this.interactive ? '' : ` at line ${this.#statementLine}`;
    const { number, state, message } = outcome;
    if (!this.interactive && this.#mariadb && sql !== undefined && this.#verbose === 0 && !late.has(number))
      await this.process.stderr.write(`--------------\n${sql}\n--------------\n\n`);
    await this.process.stderr.write(`ERROR ${number} (${state})${at}: ${message}\n`);
    this.#fail();
  }

  /** An error of the client's own. */
  async #complain(text: string, ignore: boolean): Promise<void> {
    const at = this.interactive ? '' : ` at line ${this.#line}`;
    await this.process.stderr.write(`ERROR${at}: ${text}\n`);
    if (!ignore) this.#fail();
  }

  #fail(): void {
    if (this.interactive) return;
    if (this.started.options.has('f')) return;
    this.failed = true;
    this.ended = true;
  }

  async #gone(): Promise<void> {
    const product = this.#mariadb ? 'Server' : 'MySQL server';
    if (this.interactive) {
      await this.process.stderr.write(
        `ERROR ${this.#mariadb ? 2006 : 2013} (HY000): ${this.#mariadb ? `${product} has gone away` : 'Lost connection to MySQL server during query'}\nNo connection. Trying to reconnect...\n`,
      );
      const opened = await Connection.open(
        this.process,
        { ...this.started.target, database: this.database },
        this.#mariadb,
      );
      if ('number' in opened) {
        await this.process.stderr.write(
          `ERROR ${opened.number} (${opened.state}): ${opened.message}\nERROR: \nCan't connect to the server\n\n`,
        );
        return;
      }
      this.connection = opened;
      await this.out(`Connection id:    ${opened.id}\nCurrent database: ${this.database ?? '*** NONE ***'}\n\n`);
      return;
    }
    await this.process.stderr.write(
      `ERROR 2013 (HY000) at line ${this.#statementLine}: Lost connection to ${this.#mariadb ? '' : 'MySQL '}server during query\n`,
    );
    this.failed = true;
    this.ended = true;
  }

  /** `status`. */
  async status(): Promise<void> {
    const { connection, started } = this;
    const asked = await connection.query(
      'select database(), user(), @@character_set_server, @@character_set_database, @@character_set_client, @@character_set_connection',
    );
    const [database, user, server, db, client, conn] = asked?.kind === 'rows' ? (asked.rows[0] ?? []) : [];
    const statistics = await connection.statistics();
    const seconds = Number(/Uptime: (\d+)/.exec(statistics)?.[1] ?? 0);
    const row = (label: string, text: string): string =>
      `${label}:${'\t'.repeat(Math.max(1, Math.ceil((24 - label.length - 1) / 8)))}${text}\n`;
    const local = connection.way.startsWith('Localhost');
    await this.out(
      [
        '--------------\n',
        `${versionText(started.name, started.flavour)}\n\n`,
        row('Connection id', String(connection.id)),
        row('Current database', database ?? ''),
        row('Current user', user ?? ''),
        row('SSL', 'Not in use'),
        row('Current pager', 'stdout'),
        row('Using outfile', "''"),
        row('Using delimiter', this.delimiter),
        this.#mariadb ? row('Server', 'MariaDB') : '',
        row('Server version', `${connection.version} ${started.flavour.comment}`),
        row('Protocol version', '10'),
        row('Connection', connection.way),
        row('Server characterset', server ?? ''),
        row('Db     characterset', db ?? ''),
        row('Client characterset', client ?? ''),
        row('Conn.  characterset', conn ?? ''),
        local ? row('UNIX socket', started.target.socket) : row('TCP port', String(started.target.port)),
        this.#mariadb ? '' : row('Binary data as', 'Hexadecimal'),
        row('Uptime', uptimeText(seconds)),
        `\n${statistics.replace(/^Uptime: \d+ +/, '')}\n--------------\n\n`,
      ].join(''),
    );
  }
}

/** Errors that come after the description of the columns: the statement is not shown again. */
const late = new Set([1141, 1242]);

/** `31 min 41 sec`. */
export function uptimeText(seconds: number): string {
  const parts: string[] = [];
  const add = (count: number, one: string): void =>
    void (
      count > 0 && parts.push(`${count} ${one}${one.endsWith('n') || one === 'sec' ? '' : count === 1 ? '' : 's'}`)
    );
  add(Math.floor(seconds / 86400), 'day');
  add(Math.floor(seconds / 3600) % 24, 'hour');
  add(Math.floor(seconds / 60) % 60, 'min');
  return [...parts, `${seconds % 60} sec`].join(' ');
}
