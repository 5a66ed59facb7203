import type { Process, Program } from '../../linux/process/types';
import { filesOf } from './files';
import { paneSequence, type PaneRequest } from './pane';
import { capture, runInTerminal, Terminal } from './terminal';
import { Display } from './vi/display';
import { Editor, type Flavour } from './vi/editor';
import { executeLine } from './vi/ex';
import { bufferFor, linesOf, showBuffer, textFor, writeBuffer } from './vi/files';
import { mainLoop, settle } from './vi/normal';
import { draw } from './vi/screen';
import { TerminalKeys } from './vi/terminal-keys';
import { Refused, special, type Ask, type Step } from './vi/types';

const versionText = `VIM - Vi IMproved 9.1 (2024 Jan 02, compiled Mar 12 2025 10:20:30)
Included patches: 1-16, 647, 678, 697, 689, 17-579, 1-16, 647, 678, 697, 689, 17-579
`;

const helpText = `VIM - Vi IMproved 9.1 (2024 Jan 02, compiled Mar 12 2025 10:20:30)

Usage: vim [arguments] [file ..]       edit specified file(s)
   or: vim [arguments] -               read text from stdin

Arguments:
   --\t\t\tOnly file names after this
   -R\t\t\tReadonly mode (like "view")
   -n\t\t\tNo swap file, use memory only
   -u <vimrc>\t\tUse <vimrc> instead of any .vimrc
   -c <command>\t\tExecute <command> after loading the first file
   +\t\t\tStart at end of file
   +<lnum>\t\tStart at line <lnum>
   -h  or  --help\tPrint Help (this message) and exit
   --version\t\tPrint version information and exit
`;

interface Arguments {
  readonly files: readonly string[];
  readonly commands: readonly string[];
  readonly before: readonly string[];
  readonly readOnly: boolean;
  readonly rc: string | undefined;
  readonly stdin: boolean;
}

/** Takes the command line apart; a text is what is wrong with it. */
function parse(args: readonly string[]): Arguments | { readonly wrong: string } {
  const [files, commands, before]: [string[], string[], string[]] = [[], [], []];
  let readOnly = false;
  let rc: string | undefined;
  let stdin = false;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg === '--') {
      files.push(...args.slice(at + 1));
      break;
    }
    if (arg === '-') stdin = true;
    else if (arg === '+') commands.push('$');
    else if (arg.startsWith('+')) commands.push(arg.slice(1));
    else if (arg === '--cmd') before.push(args[++at] ?? '');
    else if (arg.startsWith('--noplugin') || arg === '--clean' || arg.startsWith('--not-a-term')) continue;
    else if (arg === '-c' || arg === '-u' || arg === '-i' || arg === '-T' || arg === '-U') {
      const value = args[++at];
      if (value === undefined) return { wrong: `Argument missing after: "${arg}"` };
      if (arg === '-c') commands.push(value);
      if (arg === '-u') rc = value;
    } else if (/^-[RnNbCeEfFgGmMopOsvVxXyZ0-9]+$/.test(arg)) {
      if (arg.includes('R')) readOnly = true;
    } else if (arg.startsWith('-')) return { wrong: `Unknown option argument: "${arg}"` };
    else files.push(arg);
  }
  return { files, commands, before, readOnly, rc, stdin };
}

/** vi(1) and its kin: `name` is what it is called. */
function program(name: Flavour['name']): Program {
  return async (process) => {
    const { args } = process;
    if (name !== 'busybox' && (args.includes('--help') || args.includes('-h'))) {
      await process.stdout.write(helpText);
      return 0;
    }
    if (name !== 'busybox' && args.includes('--version')) {
      await process.stdout.write(versionText);
      return 0;
    }
    const parsed = parse(args);
    if ('wrong' in parsed) {
      await process.stderr.write(`${versionText.split('\n')[0] ?? ''}\n${parsed.wrong}\nMore info with: "vim -h"\n`);
      return 1;
    }
    return new Session(process, name, parsed).run();
  };
}

class Session {
  readonly #editor: Editor;
  readonly #display = new Display();
  readonly #keys = new TerminalKeys();
  #terminal: Terminal | undefined;
  #typed = '';
  readonly #colour: boolean;
  /** The terminal is one that may show the file in a pane. */
  readonly #pane: boolean;

  constructor(
    private readonly process: Process,
    name: Flavour['name'],
    private readonly parsed: Arguments,
  ) {
    this.#editor = new Editor(
      filesOf(process),
      { name, version: versionText.split('\n')[0] ?? '' },
      () => process.clock.now,
    );
    this.#pane = /^xterm/.test(process.env.get('TERM') ?? '');
    this.#colour = name === 'vim' && /^(xterm|screen|tmux|linux)/.test(process.env.get('TERM') ?? '');
  }

  async run(): Promise<number> {
    const { process } = this;
    const output = process.fds.get(1)?.kind === 'tty';
    const input = process.fds.get(0)?.kind === 'tty';
    const editor = this.#editor;
    if (editor.flavour.name !== 'busybox') {
      if (!output) await process.stderr.write('Vim: Warning: Output is not to a terminal\n');
      if (!input && !this.parsed.stdin) await process.stderr.write('Vim: Warning: Input is not from a terminal\n');
    }
    let typed: string | undefined;
    if (this.parsed.stdin) {
      if (output) await process.stdout.write('Vim: Reading from stdin...\r\n');
      typed = await process.stdin.text();
    } else if (!input) this.#typed = (await process.stdin.text()).replaceAll('\n', '\r');
    this.#terminal = (input || this.parsed.stdin) && output ? Terminal.open(process) : undefined;
    this.#open(typed);
    this.#resize();
    const release = process.signals.handle('SIGWINCH', () => this.#resize());
    await this.#terminal?.take();
    if (this.#pane) await this.#terminal?.write(paneSequence('here', files0(this.parsed)));
    try {
      await this.#drive(this.#begin());
      if (editor.ended === undefined) await this.#drive(mainLoop(editor));
    } finally {
      release();
    }
    if (this.#terminal !== undefined) {
      const { rows } = this.#terminal.size;
      await this.#terminal.write(`${this.#pane ? paneSequence('gone') : ''}\x1b[${rows};1H\x1b[K`);
      await this.#terminal.giveBack();
    }
    return editor.ended ?? 1;
  }

  /** The first buffer, the options, ~/.vimrc. */
  #open(stdin: string | undefined): void {
    const editor = this.#editor;
    const { files, readOnly } = this.parsed;
    const { flavour, options } = editor;
    if (flavour.name === 'busybox') {
      options.putDefault('scrolloff', 0);
      options.putDefault('autoindent', false);
    }
    editor.syntaxOn = true;
    editor.arguments = [...files];
    if (stdin !== undefined) {
      const { lines, noEndOfLine } = linesOf(stdin);
      editor.buffer.load(lines);
      editor.buffer.noEndOfLine = noEndOfLine;
      editor.buffer.loaded = true;
      editor.buffer.modified = stdin !== '';
    }
    for (const name of files) {
      const buffer = bufferFor(editor, editor.files.expand(name));
      if (readOnly || flavour.name === 'view') buffer.readOnly = true;
    }
  }

  *#begin(): Step {
    const editor = this.#editor;
    const { before, commands, files, rc } = this.parsed;
    for (const line of before) yield* attempt(editor, line);
    const path = rc ?? `${this.process.env.get('HOME') ?? ''}/.vimrc`;
    const read =
      rc === 'NONE' || editor.flavour.name === 'busybox' ? { missing: true as const } : editor.files.read(path);
    if ('text' in read) {
      editor.syntaxOn = false;
      editor.options.putDefault('scrolloff', 0);
      for (const line of read.text.split('\n')) yield* attempt(editor, line);
      editor.lastCommand = '';
    }
    const exinit = this.process.env.get('EXINIT');
    if (exinit !== undefined) yield* attempt(editor, exinit);
    const [first] = files;
    if (first !== undefined) {
      const buffer = editor.buffers.find(({ name }) => name === editor.files.expand(first));
      if (buffer !== undefined) showBuffer(editor, buffer);
      editor.alternate = undefined;
    } else editor.buffer.loaded = true;
    for (const line of commands) yield* attempt(editor, line);
  }

  #resize(): void {
    const { rows, columns } = this.#terminal?.size ?? { rows: 24, columns: 80 };
    this.#editor.view = { rows: Math.max(1, rows - 1), columns, left: 0 };
    this.#display.reset();
  }

  async #draw(): Promise<void> {
    const editor = this.#editor;
    if (this.#terminal === undefined) return;
    if (editor.redraw) {
      editor.redraw = false;
      this.#display.reset();
    }
    await this.#terminal.write(this.#display.update(draw(editor, this.#colour)));
  }

  /** Runs the editor; what it asks for is looked up here. */
  async #drive(step: Step): Promise<void> {
    let next = step.next();
    while (next.done !== true) next = step.next(await this.#answer(next.value));
  }

  async #answer(ask: Ask): Promise<unknown> {
    const { process } = this;
    if (ask.kind === 'key') return this.#key();
    if (ask.kind === 'suspend') {
      await this.#terminal?.suspend();
      this.#resize();
      return undefined;
    }
    if (ask.kind === 'more') return undefined;
    if (ask.capture) return capture(process, ask.command, ask.input ?? '');
    await this.#terminal?.giveBack();
    await process.stdout.write(`:!${ask.command}\n`);
    const status = await runInTerminal(process, ask.command, ask.input);
    if (status !== 0 && ask.command !== '') await process.stdout.write(`\nshell returned ${status}\n`);
    if (ask.command !== '' && this.#terminal !== undefined) {
      await process.stdout.write('\nPress ENTER or type command to continue');
      await this.#terminal.take();
      await process.stdout.write('\x1b[?1049l');
      await this.#next();
      await process.stdout.write('\x1b[?1049h');
    } else await this.#terminal?.take();
    this.#display.reset();
    return { output: '', status };
  }

  /** A key typed, once the screen is drawn. */
  async #key(): Promise<string> {
    const editor = this.#editor;
    if (this.#typed === '') await this.#draw();
    const key = await this.#next();
    if (editor.output !== undefined) {
      editor.output = undefined;
      editor.message = undefined;
      if (key === '\r' || key === '\n' || key === ' ' || key === '\x1b') return this.#key();
    }
    return key;
  }

  async #next(): Promise<string> {
    // Closed from outside: whatever waits for keys is given up.
    if (this.#editor.ended !== undefined) return '\x1b';
    while (this.#typed === '') {
      const bytes = await this.#terminal?.read();
      if (bytes === undefined) return this.#hangUp();
      if (bytes === 'interrupted') await this.#draw();
      else this.#typed = this.#keys.decode(bytes);
    }
    const key = String.fromCodePoint(this.#typed.codePointAt(0) ?? 0);
    this.#typed = this.#typed.slice(key.length);
    if (key !== special.pane) return key;
    await this.#serve(this.#keys.requests.shift());
    if (this.#editor.ended === undefined) await this.#draw();
    return this.#next();
  }

  /** What the pane of the page asks for. */
  async #serve(request: PaneRequest | undefined): Promise<void> {
    const editor = this.#editor;
    const { buffer } = editor;
    if (request?.verb === 'show') {
      const { name, readOnly } = buffer;
      await this.#terminal?.write(
        paneSequence('text', JSON.stringify({ path: name, text: textFor(editor, buffer), readOnly })),
      );
    } else if (request?.verb === 'save') {
      const { lines, noEndOfLine } = linesOf(request.text);
      buffer.sync();
      if (lines.join('\n') !== buffer.lines.join('\n')) buffer.replace(0, buffer.lines.length, lines, editor.cursor);
      // A last line that was whole stays so.
      buffer.noEndOfLine &&= noEndOfLine;
      buffer.sync();
      editor.visual = undefined;
      settle(editor);
      let verb: 'saved' | 'refused' = 'saved';
      try {
        writeBuffer(editor, { force: false });
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        verb = 'refused';
        editor.sayError(error.message);
      }
      await this.#terminal?.write(paneSequence(verb, editor.message?.text ?? ''));
    } else if (request?.verb === 'close') editor.ended = 0;
  }

  async #hangUp(): Promise<never> {
    await this.process.stderr.write('Vim: Error reading input, exiting...\nVim: Finished.\n');
    await this.#terminal?.giveBack();
    return this.process.exit(1);
  }
}

/** The file that a pane would show first. */
const files0 = ({ files }: Arguments): string => files[0] ?? '';

function* attempt(editor: Editor, line: string): Step {
  try {
    yield* executeLine(editor, line.trim(), {});
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    editor.sayError(error.message);
  }
}

export const vi = program('vi');
export const vim = program('vim');
export const view = program('view');
export const busyboxVi = program('busybox');
