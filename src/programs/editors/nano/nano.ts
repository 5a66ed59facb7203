import type { Program } from '../../../linux/process/types';
import { paneSequence, type PaneRequest } from '../pane';
import { capture, Terminal } from '../terminal';
import { matchingBracket } from '../vi/brackets';
import { linesOf } from '../vi/files';
import { formatLines } from '../vi/format';
import { charClass, charLength, previous } from '../vi/text';
import { special } from '../vi/types';
import { parseArguments, usage } from './arguments';
import { bars, helpLines } from './bars';
import { NanoSearching } from './searching';
import { width } from './text';

/** nano(1), as 7.2. */
export const nano: Program = async (process) => {
  const { args } = process;
  if (args.includes('-h') || args.includes('--help')) {
    await process.stdout.write(usage);
    return 0;
  }
  if (args.includes('-V') || args.includes('--version')) {
    await process.stdout.write(' GNU nano, version 7.2\n');
    return 0;
  }
  const choices = parseArguments(args);
  if ('wrong' in choices) {
    await process.stderr.write(choices.wrong);
    return 1;
  }
  const terminal =
    process.fds.get(1)?.kind === 'tty' && process.fds.get(0)?.kind === 'tty' ? Terminal.open(process) : undefined;
  if (terminal === undefined) {
    await process.stderr.write('Standard input is not a terminal\n');
    return 1;
  }
  return new Nano(process, terminal, choices).run();
};

class Nano extends NanoSearching {
  async run(): Promise<number> {
    const { terminal, process } = this;
    if (this.name !== '') this.#read(this.name);
    if (this.choices.at !== undefined) this.text.moveTo(this.choices.at);
    const release = process.signals.handle('SIGWINCH', () => this.display.reset());
    await terminal.take();
    const pane = /^xterm/.test(process.env.get('TERM') ?? '');
    if (pane) await terminal.write(paneSequence('here', this.name));
    this.centre();
    while (!this.ended) {
      const key = await this.key();
      this.message = undefined;
      await this.#do(key);
    }
    release();
    await terminal.write(`${pane ? paneSequence('gone') : ''}\x1b[${terminal.size.rows};1H\x1b[K`);
    await terminal.giveBack();
    return 0;
  }

  #read(name: string): void {
    const found = this.files.read(name);
    if ('missing' in found) this.say('New File');
    else if ('error' in found) {
      this.say(
        found.error === 'is a directory' ? `${name} is a directory` : `Error reading ${name}: ${found.error}`,
        true,
      );
      this.name = '';
    } else {
      const { lines } = linesOf(found.text);
      this.text.load(found.text === '' ? [] : lines);
      const count = found.text === '' ? 0 : lines.length;
      const told = `Read ${count} line${count === 1 ? '' : 's'}`;
      if (found.readOnly) this.say(`File '${name}' is unwritable`, true);
      else this.say(told);
    }
  }

  /** What the pane of the page asks for. */
  protected async serve(request: PaneRequest | undefined): Promise<void> {
    const text = this.text;
    if (request?.verb === 'show') {
      const shown = { path: this.name, text: text.text, readOnly: this.choices.viewing };
      await this.terminal.write(paneSequence('text', JSON.stringify(shown)));
    } else if (request?.verb === 'save') {
      const { lines } = linesOf(request.text);
      text.mark = undefined;
      text.replaceLines(0, text.buffer.last, request.text === '' ? [''] : [...lines, ''], 'replacement');
      text.moveTo({ line: 0, col: 0 });
      const error = this.name === '' ? 'no file name' : this.#save(this.name);
      await this.terminal.write(
        paneSequence(error === undefined ? 'saved' : 'refused', this.message?.text ?? error ?? ''),
      );
    } else if (request?.verb === 'close') this.ended = true;
  }

  async #do(key: string): Promise<void> {
    const text = this.text;
    const changes =
      '\x08\x7f\x04\x0b\x15\r\n\t\x0a'.includes(key) ||
      (key >= ' ' && key < '\ue000' && !key.startsWith('M-')) ||
      key === special.delete;
    if (changes && this.choices.viewing) return this.say('Key is invalid in view mode', true);
    if (key.length === 1 && key >= ' ' && key < '\ue000' && key !== '\x7f') return text.insert(key);
    if (!'\x08\x7f\x04\x0b'.includes(key) && key !== special.delete) text.rest();
    switch (key) {
      case '\r':
        return text.insert(`\n${this.choices.indent ? (/^[ \t]*/.exec(text.line)?.[0] ?? '') : ''}`);
      case '\t':
        return text.insert(this.choices.spaces ? ' '.repeat(8 - (width(text.line, text.cursor.col) % 8)) : '\t');
      case '\x08':
      case '\x7f':
        return text.backspace();
      case '\x04':
      case special.delete:
        return text.delete();
      case '\x0b':
        return text.cut() ? undefined : this.say('Nothing was cut');
      case 'M-6':
      case 'M-^':
        return text.copy();
      case '\x15':
        return text.cutBuffer === '' ? this.say('Cutbuffer is empty', true) : text.insert(text.cutBuffer, 'paste');
      case special.pasteStart:
        return this.#paste();
      case special.left:
      case '\x02':
        return text.left();
      case special.right:
      case '\x06':
        return text.right();
      case special.up:
      case '\x10':
        return text.moveLines(-1);
      case special.down:
      case '\x0e':
        return text.moveLines(1);
      case '\x01':
      case special.home:
        return text.moveTo({ line: text.cursor.line, col: 0 });
      case '\x05':
      case special.end:
        return text.moveTo({ line: text.cursor.line, col: text.line.length });
      case '\x16':
      case special.pageDown:
      case '\x19':
      case special.pageUp: {
        const by = (key === '\x16' || key === special.pageDown ? 1 : -1) * Math.max(1, this.height() - 2);
        this.top = Math.max(0, Math.min(this.top + by, text.buffer.last));
        return text.moveLines(by);
      }
      case 'M-\\':
        return text.moveTo({ line: 0, col: 0 });
      case 'M-/':
        return text.moveTo({ line: text.buffer.last, col: 0 });
      case 'M- ':
      case special.shiftLeft:
      case special.shiftRight:
        return this.#word(key !== special.shiftLeft);
      case 'M-a':
        text.mark = text.mark === undefined ? text.cursor : undefined;
        return this.say(text.mark === undefined ? 'Mark Unset' : 'Mark Set');
      case 'M-u':
      case 'M-e': {
        const kind = key === 'M-u' ? text.undo() : text.redo();
        const word = key === 'M-u' ? 'undo' : 'redo';
        this.centre();
        return this.say(kind === undefined ? `Nothing to ${word}` : `${key === 'M-u' ? 'Undid' : 'Redid'} ${kind}`);
      }
      case 'M-n':
      case 'M-#':
        this.numbers = !this.numbers;
        return this.say(`Line numbering ${this.numbers ? 'enabled' : 'disabled'}`);
      case 'M-]': {
        const to = matchingBracket(text.buffer, text.cursor);
        return to === undefined ? this.say('Not a bracket') : text.moveTo(to);
      }
      case '\x03':
        return this.#location();
      case '\x0c':
        return this.display.reset();
      case '\x1a':
        await this.terminal.suspend();
        return this.display.reset();
      case '\x07':
      case special.f1:
        return this.#help();
      case '\x0f':
        return void (await this.#write());
      case '\x13':
        if (this.name === '') await this.#write();
        else this.#save(this.name);
        return;
      case '\x18':
        return this.#exit();
      case '\x17':
        return this.search();
      case 'M-w':
        return this.needle === '' ? this.say('No current search pattern') : this.next();
      case '\x1c':
      case 'M-r':
        return this.replace();
      case '\x1f':
      case 'M-g':
        return this.goto();
      case '\x12':
        return this.#insertFile();
      case '\x14':
        return this.#execute();
      case '\n':
        return this.#justify();
      default:
        return this.say(
          key.startsWith('M-') ? `Unbound key: ${key.length > 3 ? key : key.toUpperCase()}` : 'Unbound key',
          true,
        );
    }
  }

  #word(forward: boolean): void {
    const text = this.text;
    let { col } = text.cursor;
    const { line } = text;
    const isWord = (at: number): boolean => charClass(line.charAt(at), false) > 1;
    if (forward) {
      while (col < line.length && isWord(col)) col += charLength(line, col);
      while (col < line.length && !isWord(col)) col += charLength(line, col);
      if (col >= line.length && text.cursor.col >= line.length) return text.right();
    } else {
      if (col === 0) return text.left();
      while (col > 0 && !isWord(previous(line, col))) col = previous(line, col);
      while (col > 0 && isWord(previous(line, col))) col = previous(line, col);
    }
    text.moveTo({ line: text.cursor.line, col });
  }

  async #paste(): Promise<void> {
    let pasted = '';
    for (let key = await this.key(); key !== special.pasteEnd; key = await this.key())
      pasted += key === '\r' ? '\n' : key.startsWith('M-') ? key.slice(2) : key;
    if (!this.choices.viewing) this.text.insert(pasted, 'paste');
  }

  #location(): void {
    const { buffer, cursor, line } = this.text;
    const lines = buffer.last + 1;
    const column = width(line, cursor.col) + 1;
    const columns = width(line, line.length) + 1;
    const chars =
      [...buffer.lines.slice(0, cursor.line).join('\n')].length +
      (cursor.line > 0 ? 1 : 0) +
      [...line.slice(0, cursor.col)].length;
    const total = [...buffer.lines.join('\n')].length;
    const percent = (part: number, whole: number): number => (whole === 0 ? 0 : Math.floor((part * 100) / whole));
    const pad = (number: number, whole: number): string => String(number).padStart(String(whole).length);
    this.say(
      `line ${pad(cursor.line + 1, lines).padStart(2)}/${lines} (${percent(cursor.line + 1, lines)}%), col ${String(column).padStart(2)}/${columns} (${String(percent(column, columns)).padStart(3)}%), char ${pad(chars, total)}/${total} (${String(percent(chars, total)).padStart(2)}%)`,
    );
  }

  async #help(): Promise<void> {
    const { rows, columns } = this.terminal.size;
    const lines = helpLines.slice(0, rows - 3);
    const head = (lines[0] ?? '').padStart(Math.floor((columns + (lines[0] ?? '').length) / 2));
    const shown = [head, ...lines.slice(1)];
    while (shown.length < rows - 2) shown.push('');
    this.display.reset();
    await this.terminal.write(
      this.display.update({
        rows: [...shown, '^L Refresh   ^P Prev Line ^Y Prev Page', '^X Close     ^N Next Line ^V Next Page'],
        cursor: { row: rows - 1, column: 0 },
      }),
    );
    const bytes = await this.terminal.read();
    if (bytes !== undefined && bytes !== 'interrupted') this.keys.decode(bytes);
    this.display.reset();
  }

  /** False if nothing was written. */
  async #write(): Promise<boolean> {
    const region = this.text.region;
    const what = region === undefined ? 'File Name to Write' : 'Write Selection to File';
    const answer = await this.ask(what, bars.write, region === undefined ? this.name : '', ['M-a', 'M-p']);
    const append = typeof answer === 'object' && answer.key === 'M-a';
    const name =
      typeof answer === 'object'
        ? await this.ask(append ? 'File Name to Append to' : 'File Name to Prepend to', bars.write, answer.typed)
        : answer;
    if (typeof name !== 'string' || name === '') {
      if (name === '') this.say('Cancelled');
      return false;
    }
    if (name !== this.name && !append && this.files.exists(name)) {
      if ((await this.askYesNo(`File "${name}" exists; OVERWRITE? `)) !== 'y') return false;
    }
    return this.#save(name, append) === undefined;
  }

  /** Writes; an error is told and given back. */
  #save(name: string, append = false): string | undefined {
    const text = this.text;
    const { region } = text;
    const content = region === undefined ? text.text : text.textBetween(region);
    const error = this.files.write(name, content, { append, force: false });
    if (error !== undefined) {
      this.say(error === 'is a directory' ? `${name} is a directory` : `Error writing ${name}: ${error}`, true);
      return error;
    }
    const lines = content === '' ? 0 : content.split('\n').length - (content.endsWith('\n') ? 1 : 0);
    if (region === undefined && !append) {
      this.name = name;
      text.buffer.saved();
    }
    this.say(`${append ? 'Appended' : 'Wrote'} ${lines} line${lines === 1 ? '' : 's'}`);
    return undefined;
  }

  async #exit(): Promise<void> {
    if (!this.text.buffer.modified || this.choices.viewing) {
      this.ended = true;
      return;
    }
    const answer = await this.askYesNo('Save modified buffer? ');
    if (answer === 'n') this.ended = true;
    if (answer === 'y') this.ended = await this.#write();
  }

  async #insertFile(): Promise<void> {
    const answer = await this.ask('File to insert [from ./]', bars.read, '', ['\x18']);
    if (typeof answer === 'object') return this.#execute();
    if (answer === undefined || answer === '') return this.say('Cancelled');
    const found = this.files.read(answer);
    if (!('text' in found))
      return this.say(
        'missing' in found ? `File "${answer}" not found` : `Error reading ${answer}: ${found.error}`,
        true,
      );
    this.text.insert(found.text, 'insertion');
    const { length } = linesOf(found.text).lines;
    this.say(`Inserted ${length} line${length === 1 ? '' : 's'}`);
  }

  async #execute(): Promise<void> {
    const answer = await this.ask('Command to execute', bars.execute);
    if (typeof answer !== 'string' || answer === '') return this.say('Cancelled');
    const { output } = await capture(this.process, answer, '');
    this.text.insert(output, 'insertion');
  }

  #justify(): void {
    const text = this.text;
    const { buffer, cursor } = text;
    let from = cursor.line;
    while (from < buffer.last && buffer.line(from).trim() === '') from++;
    while (from > 0 && buffer.line(from - 1).trim() !== '') from--;
    let to = from;
    while (to < buffer.last && buffer.line(to + 1).trim() !== '') to++;
    text.replaceLines(
      from,
      to,
      formatLines(buffer.lines.slice(from, to + 1), this.terminal.size.columns - 8),
      'justification',
    );
    this.say('Justified paragraph');
  }
}
