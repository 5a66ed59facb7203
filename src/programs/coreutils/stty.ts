import type { OpenFile } from '../../linux/io/open-file';
import { defaultCharacters } from '../../linux/tty/termios';
import type { Termios, Tty } from '../../linux/tty/types';
import { parseOptions } from '../toolkit/options';
import { quote, quotef } from '../toolkit/quote';
import type { Process, Program } from '../../linux/process/types';
import { sttyHelp } from './stty-help';
import { characters, isSet, modes, restore, saved, setMode, setValue } from './stty-settings';

const ttyOf = (file: OpenFile | undefined): Tty | undefined =>
  file?.kind === 'tty' && 'tty' in file ? (file.tty as Tty) : undefined;

/** stty(1): shows and changes the settings of a terminal. */
export const stty: Program = async (process) => {
  const { args } = process;
  const say = async (text: string): Promise<number> => {
    await process.stdout.write(text);
    return 0;
  };
  const fail = async (message: string): Promise<number> => {
    await process.stderr.write(`stty: ${message}\n`);
    return 1;
  };
  const usage = (message: string): Promise<number> => fail(`${message}\nTry 'stty --help' for more information.`);
  if (args.includes('--help')) return say(sttyHelp);
  if (args.includes('--version')) return say('stty (GNU coreutils) 9.1\n');

  // Settings may begin with a dash: only what looks like stty's own options is one.
  const isOption = (arg: string, before: string | undefined): boolean =>
    /^(-[ag]+|--all|--save|-F.*|--file(=.*)?)$/.test(arg) || before === '-F' || before === '--file';
  const given = args.filter((arg, index) => isOption(arg, args[index - 1]));
  const settings = args.filter((arg, index) => !isOption(arg, args[index - 1]));
  const options = parseOptions(given, { short: 'agF:', long: { all: 'a', save: 'g', 'file:': 'F' } });
  if (typeof options === 'string') return usage(options);
  if (options.has('a') && options.has('g')) {
    return fail('the options for verbose and stty-readable output styles are\nmutually exclusive');
  }
  const all = options.has('a');
  if (settings.length > 0 && (all || options.has('g'))) {
    return fail('when specifying an output style, modes may not be set');
  }
  const device = options.value('F');
  const tty = device === undefined ? ttyOf(process.fds.get(0)) : opened(process, device);
  if (typeof tty === 'string') return fail(`${quotef(device ?? '')}: ${tty}`);
  if (tty === undefined) {
    return fail(`${device === undefined ? "'standard input'" : quotef(device)}: Inappropriate ioctl for device`);
  }
  const { termios } = tty;
  const columns = ttyOf(process.fds.get(1))?.size.columns ?? 0;
  const width = columns > 0 ? columns : Number(process.env.get('COLUMNS')) || 80;
  if (options.has('g')) return say(`${saved(termios)}\n`);
  if (settings.length === 0) return say(all ? everything(tty, width) : changed(tty, width));
  return change(tty, settings, { say, fail, usage });
};

function opened(process: Process, path: string): Tty | string | undefined {
  const file = process.fs.open(path, { read: true });
  return file.ok ? ttyOf(file.value) : file.error.message;
}

interface Words {
  say(text: string): Promise<number>;
  fail(message: string): Promise<number>;
  usage(message: string): Promise<number>;
}

const numeric = new Set(['min', 'time', 'rows', 'cols', 'columns', 'line', 'ispeed', 'ospeed']);

async function change(tty: Tty, settings: readonly string[], words: Words): Promise<number> {
  const before = saved(tty.termios);
  const status = await apply(tty, settings, words);
  const refused = ptyRefuses(tty.termios);
  if (!refused || status !== 0) return status;
  // tcsetattr(3) fails where nothing came of it.
  const nothing = saved(tty.termios) === before;
  return words.fail(`'standard input': ${nothing ? 'Invalid argument' : 'unable to perform all requested operations'}`);
}

/** A pty has eight bits, no parity and a receiver, whatever one asks for (drivers/tty/pty.c, pty_set_termios). */
function ptyRefuses(termios: Termios): boolean {
  const refused = termios.size !== 8 || termios.parenb || !termios.cread;
  Object.assign(termios, { size: 8, parenb: false, cread: true });
  return refused;
}

async function apply(tty: Tty, settings: readonly string[], { say, fail, usage }: Words): Promise<number> {
  const { termios } = tty;
  for (let index = 0; index < settings.length; index++) {
    const word = settings[index] ?? '';
    if (word === 'size') await say(`${tty.size.rows} ${tty.size.columns}\n`);
    else if (word === 'speed') await say(`${termios.speed}\n`);
    else if (word === 'drain' || word === '-drain' || setMode(termios, word)) continue;
    else if (numeric.has(word) || characters.some(([name]) => name === word)) {
      const value = settings[++index];
      if (value === undefined) return usage(`missing argument to ${quote(word)}`);
      if (numeric.has(word) && !/^\d+$/.test(value)) return fail(`invalid integer argument: ${quote(value)}`);
      if (word === 'rows') tty.resize({ ...tty.size, rows: Number(value) });
      else if (word === 'cols' || word === 'columns') tty.resize({ ...tty.size, columns: Number(value) });
      else if (word === 'ispeed' || word === 'ospeed') termios.speed = Number(value);
      else if (word !== 'line') setValue(termios, word, value);
    } else if (/^\d+$/.test(word) && speeds.has(Number(word))) termios.speed = Number(word);
    else if (!restore(termios, word)) return usage(`invalid argument ${quote(word)}`);
  }
  return 0;
}

const speeds = new Set([
  ...[0, 50, 75, 110, 134, 150, 200, 300, 600, 1200, 1800, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400],
  ...[460800, 500000, 576000, 921600, 1000000, 1152000, 1500000, 2000000, 2500000, 3000000, 3500000, 4000000],
]);

/** Puts words on lines of a width, as stty's wrapf does. */
class Wrapped {
  text = '';
  #column = 0;

  constructor(readonly width: number) {}

  put(word: string): void {
    if (this.#column > 0 && this.width < this.#column + 1 + word.length) this.end();
    if (this.#column > 0) {
      this.text += ' ';
      this.#column++;
    }
    this.text += word;
    this.#column += word.length;
  }

  end(): void {
    this.text += '\n';
    this.#column = 0;
  }
}

/** `^C`, `M-a`, `<undef>`. */
function visible(code: number): string {
  if (code === 0) return '<undef>';
  const meta = code >= 128 ? 'M-' : '';
  const low = code & 127;
  if (low < 32) return `${meta}^${String.fromCharCode(low + 64)}`;
  return low === 127 ? `${meta}^?` : meta + String.fromCharCode(low);
}

/** `stty -a`. */
function everything({ termios, size }: Tty, width: number): string {
  const out = new Wrapped(width);
  out.put(`speed ${termios.speed} baud;`);
  out.put(`rows ${size.rows}; columns ${size.columns};`);
  out.put('line = 0;');
  out.end();
  for (const [name] of characters) out.put(`${name} = ${visible(termios.characters[name])};`);
  out.put(`min = ${termios.min}; time = ${termios.time};`);
  out.end();
  let type: string = 'control';
  for (const mode of modes) {
    if (mode.type !== type) out.end();
    ({ type } = mode);
    if (isSet(termios, mode)) out.put(mode.name);
    else if (mode.flag !== undefined) out.put(`-${mode.name}`);
  }
  out.end();
  return out.text;
}

/** `stty`: what is not as after `stty sane`. */
function changed({ termios }: Tty, width: number): string {
  const out = new Wrapped(width);
  out.put(`speed ${termios.speed} baud;`);
  out.put('line = 0;');
  out.end();
  const others = characters.filter(([name]) => termios.characters[name] !== defaultCharacters[name]);
  for (const [name] of others) out.put(`${name} = ${visible(termios.characters[name])};`);
  if (!termios.icanon) out.put(`min = ${termios.min}; time = ${termios.time};`);
  if (others.length > 0 || !termios.icanon) out.end();
  let type: string = 'control';
  let empty = true;
  for (const mode of modes) {
    if (mode.type !== type && !empty) {
      out.end();
      empty = true;
    }
    ({ type } = mode);
    const set = isSet(termios, mode);
    const word = set ? (mode.sane === false ? mode.name : '') : mode.sane === true && mode.flag ? `-${mode.name}` : '';
    if (word === '') continue;
    out.put(word);
    empty = false;
  }
  if (!empty) out.end();
  return out.text;
}
