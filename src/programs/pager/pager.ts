import type { Process } from '../../linux/process/types';
import type { Arguments } from './arguments';
import { command } from './commands';
import { promptOf, type About } from './prompt';
import { pattern, type Pattern } from './search';
import type { Settings } from './settings';
import { Source } from './source';
import type { Terminal } from './terminal';
import { View } from './view';

const standout = (text: string): string => `\x1b[7m${text}\x1b[27m`;

/** A running less: its files, the one that is shown, and what commands need. */
export class Pager {
  source: Source;
  view: View;
  index = -1;
  /** The help is shown over this. */
  below: { readonly source: Source; readonly view: View } | undefined;
  fresh = true;
  ended: number | undefined;
  number: number | undefined;
  half: number | undefined;
  readonly marks = new Map<string, { readonly line: number; readonly part: number }>();
  readonly searches: string[] = [];
  readonly shellLines: string[] = [];
  forwards = true;
  #message = '';
  #interrupted = false;
  #stop = false;

  constructor(
    readonly process: Process,
    readonly terminal: Terminal,
    readonly settings: Settings,
    readonly files: string[],
  ) {
    this.source = Source.help(process);
    this.view = new View(this.source.text, settings, terminal.size);
  }

  async run(parsed: Arguments): Promise<number> {
    const { process, terminal, settings } = this;
    process.signals.handle('SIGWINCH', () => {
      this.view.size = terminal.size;
      terminal.forget();
    });
    process.signals.handle('SIGINT', () => {
      this.#interrupted = true;
    });
    process.signals.handle('SIGTSTP', () => {
      this.#stop = true;
    });
    let wrong = false;
    for (let index = 0; index < this.files.length && this.index < 0; index++) {
      const said = await this.open(index);
      if (said === undefined) break;
      wrong = true;
      if (said !== '') await terminal.write(`${said}\n`);
    }
    if (this.index < 0) return 1;
    if (wrong) {
      await terminal.write('Press RETURN to continue ');
      terminal.raw();
      await terminal.key();
      terminal.cooked();
    }
    if (settings.quitIfOneScreen && this.files.length === 1) {
      await this.fill(this.view.height + 1, false);
      if (this.view.atEnd) {
        const rows = this.view.rows().slice(0, this.view.visible().length);
        await terminal.write(rows.map((row) => `${row}\n`).join(''));
        return 0;
      }
    }
    await terminal.take();
    if (parsed.pattern !== undefined) await this.search(parsed.pattern, true);
    if (parsed.keys !== '') {
      terminal.unread(/\d$/.test(parsed.keys) ? `${parsed.keys}g` : parsed.keys);
      while (terminal.pending) await command(this, (await terminal.key()) ?? 'q');
      this.fresh = true;
    }
    while (this.ended === undefined) {
      await this.show();
      const key = await this.key();
      if (key === undefined) this.ended = 1;
      else if (key !== 'interrupted') await command(this, key);
    }
    await terminal.giveBack();
    return this.ended;
  }

  get about(): About {
    const help = this.below !== undefined;
    return {
      name: this.source.name,
      index: this.index,
      files: help ? [] : this.files,
      fresh: this.fresh,
      bytes: this.source.bytes,
    };
  }

  /** Opens one of the files; what is wrong is said (nothing if the learner would not see it). */
  async open(index: number): Promise<string | undefined> {
    const name = this.files[index] ?? '';
    const source = Source.open(this.process, name, this.settings.force);
    if (typeof source === 'string') return source;
    if (!this.settings.force && source.binary(this.settings.raw !== '')) {
      const { terminal } = this;
      const taken = terminal.taken;
      await terminal.ask(`"${name}" may be a binary file.  See it anyway? `);
      terminal.raw();
      const key = await terminal.key();
      if (!taken) {
        terminal.cooked();
        await terminal.write('\r\n');
      }
      if (key !== 'y' && key !== 'Y') {
        source.close();
        return '';
      }
    }
    if (this.index >= 0) this.source.close();
    this.source = source;
    this.index = index;
    const { found } = this.view;
    this.view = new View(source.text, this.settings, this.terminal.size);
    this.view.found = found;
    this.fresh = true;
    return undefined;
  }

  /** Reads so many lines; on the way what came is shown. */
  fill(lines: number, shown = true): Promise<boolean> {
    return this.source.fill(lines, async () => {
      if (shown && this.view.visible().length < this.view.height)
        await this.terminal.draw(this.view.rows(), '', this.view.visible().length);
    });
  }

  /** Reads what a move by so many rows may need. */
  ahead(rows: number): Promise<boolean> {
    return this.fill((this.view.visible().at(-1)?.line ?? this.view.top.line) + rows + 1);
  }

  async all(): Promise<boolean> {
    return this.fill(Infinity);
  }

  async show(): Promise<void> {
    const { view, terminal, settings } = this;
    const filled = await this.fill(view.top.line + view.height);
    while (filled && view.visible().length < view.height && !this.source.text.ended)
      if (!(await this.fill(this.source.text.lines.length + view.height))) break;
    this.#interrupted = false;
    if (settings.prompt === 'long' && this.source.regular) await this.all();
    const shown = view.visible();
    const short =
      shown.length < view.height &&
      view.atEnd &&
      view.top.line === 0 &&
      view.filter === undefined &&
      view.top.part === 0
        ? shown.length
        : undefined;
    const help = `HELP -- ${view.atEnd ? 'END -- Press g to see it again' : 'Press RETURN for more'}, or q when done`;
    const text = this.below !== undefined ? help : promptOf(view, this.about);
    const said = this.#message === '' ? text : `${this.#message}  (press RETURN)`;
    const filtered = view.filter === undefined || this.#message !== '' ? '' : '& ';
    // Under a message the screen stays as it was.
    const rows = this.#message === '' ? view.rows() : (terminal.shown ?? view.rows());
    await terminal.draw(rows, filtered + (said === '' ? ':' : standout(said)), short);
  }

  /** The next key. A message waits for RETURN; other keys are taken as commands. */
  async key(): Promise<string | undefined> {
    const key = await this.terminal.key();
    if (this.#stop) await this.#suspend();
    if (key === 'interrupted' && this.#interrupted) {
      this.#interrupted = false;
      this.fresh = false;
      if (this.settings.quitOnInterrupt) {
        this.ended = 130;
        return 'interrupted';
      }
    }
    if (this.#message !== '') {
      this.#message = '';
      if (key === '\r' || key === '\n' || key === ' ') return 'interrupted';
    }
    return key;
  }

  async #suspend(): Promise<void> {
    this.#stop = false;
    await this.terminal.giveBack();
    const restore = this.process.signals.handle('SIGTSTP', () => undefined);
    restore();
    this.process.signals.reset('SIGTSTP');
    this.process.kill(-this.process.group, 'SIGTSTP');
    await this.process.sleep(0);
    this.process.signals.handle('SIGTSTP', () => {
      this.#stop = true;
    });
    await this.terminal.take();
    this.terminal.forget();
  }

  say(message: string): void {
    this.#message = message;
  }

  /** Remembers where we were, for `''`, and goes. */
  jump(line: number): void {
    this.marks.set("'", this.view.top);
    this.view.goTo(line);
  }

  /** Looks for a pattern that was typed (an empty one is the last). */
  async search(source: string, forwards: boolean, inverse = false): Promise<void> {
    this.forwards = forwards;
    if (source === '') {
      if (this.view.found === undefined) this.say('No previous regular expression');
      else await this.find(this.view.found, forwards, false);
      return;
    }
    const wanted = pattern(source, this.settings, { inverse });
    if (wanted === undefined) this.say('Invalid pattern');
    else {
      this.view.found = wanted;
      this.settings.highlight = true;
      await this.find(wanted, forwards, false);
    }
  }

  /** Goes to the next line that matches: from the screen's edge, or after the top line when it is repeated. */
  async find(wanted: Pattern, forwards: boolean, again: boolean, count = 1): Promise<void> {
    const { view } = this;
    await this.ahead(view.height);
    let from = again ? view.top.line + (forwards ? 1 : -1) : view.top.line;
    if (!again && !forwards) from = view.visible().at(-1)?.line ?? 0;
    let found: number | undefined;
    for (let left = count; left > 0; left--) {
      found = view.find(wanted, from, forwards);
      while (found === undefined && forwards && !this.source.text.ended) {
        from = Math.max(from, this.source.text.lines.length);
        if (!(await this.fill(from + 1000, false))) break;
        found = view.find(wanted, from, true);
      }
      if (found === undefined) break;
      from = found + (forwards ? 1 : -1);
    }
    if (found === undefined) this.say('Pattern not found');
    else this.jump(found);
  }

  /** `F`: goes on showing the end until it is interrupted. */
  async follow(): Promise<void> {
    const { terminal } = this;
    await this.all();
    this.#interrupted = false;
    for (;;) {
      this.view.goToEnd();
      await terminal.draw(this.view.rows(), standout('Waiting for data... (interrupt to abort)'), undefined);
      const went = await this.source.more();
      if (!went && this.#interrupted) break;
    }
    this.#interrupted = false;
  }
}
