import type { Stat } from '../../linux/fs/types';
import { strftime } from '../toolkit/date-format';
import { joinPath } from './copy';
import { compareBytes, compareVersions, humanSize, modeText, parseSize, textWidth } from '../toolkit/format';
import { inColumns, inEqualColumns, withCommas } from './ls-columns';
import { dialectOf } from '../toolkit/dialect';
import { colorsOf, type Colors } from './ls-colors';
import type { Options } from '../toolkit/options';
import { quote, quoteaf, quotef } from '../toolkit/quote';
import { tool, type Tool } from '../toolkit/tool';
import { Names } from '../toolkit/users';
import { zoneOf, type Zone } from '../toolkit/zone';

interface Item {
  readonly name: string;
  readonly path: string;
  readonly stat: Stat;
  readonly target: string | undefined;
}

type Format = 'long' | 'columns' | 'single' | 'commas' | 'across';

/** ls(1) and its sisters, which begin with another format. */
const lister = (name: string, preset: readonly string[]) =>
  tool(
    {
      name,
      usage: '[OPTION]... [FILE]...',
      about: 'List information about the FILEs (the current directory by default).',
      short: 'aAbBcCdDfFgGhHiI:klLmnNopqQrRsStT:uUvw:xXZ1',
      long: {
        all: 'a',
        'almost-all': 'A',
        author: 'author',
        'block-size:': 'block-size',
        'hide:': 'hide',
        'quoting-style:': 'quoting-style',
        si: 'si',
        zero: 'zero',
        'dereference-command-line': 'H',
        'hide-control-chars': 'q',
        'show-control-chars': 'show',
        'tabsize:': 'T',
        hyperlink: 'hyperlink',
        escape: 'b',
        'ignore-backups': 'B',
        'color::': 'color',
        directory: 'd',
        'classify::': 'F',
        'file-type': 'file-type',
        'full-time': 'full-time',
        'group-directories-first': 'group-directories-first',
        'no-group': 'G',
        'human-readable': 'h',
        inode: 'i',
        'ignore:': 'I',
        kibibytes: 'k',
        dereference: 'L',
        'numeric-uid-gid': 'n',
        literal: 'N',
        'indicator-style:': 'indicator',
        'quote-name': 'Q',
        reverse: 'r',
        recursive: 'R',
        size: 's',
        'sort:': 'sort',
        'time:': 'time',
        'time-style:': 'time-style',
        'width:': 'w',
        'format:': 'format',
      },
      trouble: 2,
      rewrite: (args) => [...preset, ...args],
    },
    async (tool) => (await wrong(tool)) ?? new Listing(tool).run(),
  );

export const ls = lister('ls', []);
export const dir = lister('dir', ['-C', '-b']);
export const vdir = lister('vdir', ['-l', '-b']);

const escapes: Readonly<Record<string, string>> = { ' ': '\\ ', '\\': '\\\\', '\n': '\\n', '\t': '\\t' };

const formats: Readonly<Record<string, Format>> = {
  l: 'long',
  g: 'long',
  n: 'long',
  o: 'long',
  'full-time': 'long',
  C: 'columns',
  x: 'across',
  m: 'commas',
  '1': 'single',
};

class Listing {
  readonly #options: Options;
  readonly #names: Names;
  readonly #format: Format;
  readonly #colors: Colors | undefined;
  readonly #terminal: boolean;
  readonly #zone: Zone;
  #first = true;
  /** The first colour of all resets what the terminal had. */
  #painted = false;

  constructor(readonly tool: Tool) {
    const { options, process } = tool;
    this.#options = options;
    this.#zone = zoneOf(process.env.get('TZ'));
    this.#names = new Names(tool.fs);
    this.#terminal = process.fds.get(1)?.kind === 'tty';
    const given = options.given.findLast(
      ({ name }) => name in formats && !(name === '1' && options.has('l', 'g', 'n', 'o', 'full-time')),
    );
    this.#format = formats[given?.name ?? ''] ?? (this.#terminal ? 'columns' : 'single');
    const color = options.given.findLast(({ name }) => name === 'color');
    const wanted = color !== undefined && (color.value ?? 'always');
    const colored =
      wanted === 'always' || wanted === 'yes' || wanted === 'force' || (wanted === 'auto' && this.#terminal);
    const term = process.env.get('TERM') ?? '';
    const capable =
      process.env.has('LS_COLORS') || /^(xterm|screen|tmux|linux|vt1|rxvt|ansi|color|alacritty)/.test(term);
    this.#colors = colored && capable ? colorsOf(process.env.get('LS_COLORS')) : undefined;
  }

  async run(): Promise<number> {
    const { tool } = this;
    const paths = tool.operands.length === 0 ? ['.'] : tool.operands;
    const files: Item[] = [];
    const directories: Item[] = [];
    for (const path of paths) {
      const item = this.#look(path, path, true);
      if (typeof item === 'string') {
        await tool.error(`cannot access ${quoteaf(path)}: ${item}`, 2);
        continue;
      }
      (item.stat.type === 'directory' && !this.#options.has('d') ? directories : files).push(item);
    }
    if (files.length > 0) {
      await this.#print(this.#sort(files), false);
      this.#first = false;
    }
    const titles = paths.length > 1 || this.#options.has('R');
    for (const { path } of this.#sort(directories)) await this.#directory(path, titles);
    return tool.status;
  }

  #look(path: string, name: string, operand = false): Item | string {
    const { fs } = this.tool;
    const long = this.#format === 'long' || this.#options.has('d', 'F');
    const follow = this.#options.has('L') || (operand && (this.#options.has('H') || !long));
    let stat = follow ? fs.stat(path) : fs.lstat(path);
    if (!stat.ok && follow) stat = fs.lstat(path);
    if (!stat.ok) return stat.error.message;
    const link = stat.value.type === 'symlink' ? fs.readlink(path) : undefined;
    return { name, path, stat: stat.value, target: link?.ok === true ? link.value : undefined };
  }

  async #directory(path: string, titled: boolean): Promise<void> {
    const { tool } = this;
    const options = this.#options;
    const list = tool.fs.readdir(path);
    if (!list.ok) {
      return tool.error(
        `cannot open directory ${quoteaf(path)}: ${list.error.message}`,
        tool.operands.length === 0 ? 2 : 2,
      );
    }
    const all = options.has('a', 'f');
    const ignored = [...options.values('I'), ...(options.has('a', 'A') ? [] : options.values('hide'))].map(globOf);
    const names = list.value
      .map(({ name }) => name)
      .filter((name) => all || options.has('A') || !name.startsWith('.'))
      .filter((name) => !(options.has('B') && name.endsWith('~')) && !ignored.some((glob) => glob.test(name)));
    if (all) names.unshift('.', '..');
    const items: Item[] = [];
    for (const name of names) {
      const item = this.#look(joinPath(path, name), name);
      if (typeof item === 'string') await tool.error(`cannot access ${quoteaf(joinPath(path, name))}: ${item}`);
      else items.push(item);
    }
    const sorted = options.has('f') ? items : this.#sort(items);
    if (titled) await tool.out.write(`${this.#first ? '' : '\n'}${this.#shown(path)}:\n`);
    this.#first = false;
    await this.#print(sorted, true);
    if (!options.has('R')) return;
    for (const { name, path: below, stat } of sorted) {
      if (stat.type === 'directory' && name !== '.' && name !== '..') await this.#directory(below, true);
    }
  }

  #sort(items: readonly Item[]): readonly Item[] {
    const options = this.#options;
    const by = options.last('t', 'S', 'U', 'X', 'v', 'sort');
    const kind = by === 'sort' ? (options.value('sort') ?? 'name') : by;
    const time = this.#time;
    const orders: Readonly<Record<string, (a: Item, b: Item) => number>> = {
      t: (a, b) => time(b.stat) - time(a.stat),
      S: (a, b) => b.stat.size - a.stat.size,
      X: (a, b) => compareBytes(extension(a.name), extension(b.name)),
      v: (a, b) => compareVersions(a.name, b.name),
    };
    const aliases: Readonly<Record<string, string>> = { time: 't', size: 'S', extension: 'X', version: 'v', none: 'U' };
    const letter = aliases[kind ?? ''] ?? kind ?? (options.has('c', 'u') && this.#format !== 'long' ? 't' : '');
    const order = orders[letter] ?? (() => 0);
    const sorted = letter === 'U' ? [...items] : items.toSorted((a, b) => order(a, b) || compareBytes(a.name, b.name));
    if (options.has('r')) sorted.reverse();
    if (!options.has('group-directories-first')) return sorted;
    const first = (item: Item) => (item.stat.type === 'directory' ? 0 : 1);
    return sorted.toSorted((a, b) => first(a) - first(b));
  }

  get #time(): (stat: Stat) => number {
    const which = this.#options.last('c', 'u', 'time');
    const named = which === 'time' ? (this.#options.value('time') ?? '') : which;
    if (named === 'c' || named === 'ctime' || named === 'status') return (stat) => stat.ctime;
    if (named === 'u' || /^(atime|access|use)$/.test(named ?? '')) return (stat) => stat.atime;
    return (stat) => stat.mtime;
  }

  #print(items: readonly Item[], total: boolean): Promise<void> | undefined {
    const { out } = this.tool;
    const options = this.#options;
    const prefix = items.map((item) => this.#prefix(item, items));
    if (this.#format === 'long' || options.has('s')) {
      const blocks = items.reduce((sum, { stat }) => sum + blocksOf(stat), 0);
      if (total) void out.write(`total ${options.has('h') ? humanSize(blocks * 1024) : blocks}\n`);
    }
    if (this.#format === 'long') return this.#long(items, prefix);
    const names = items.map((item, index) => {
      const plain = this.#shown(item.name) + this.#indicator(item);
      const before = prefix[index] ?? '';
      return { text: before + this.#colored(item) + this.#indicator(item), width: textWidth(before + plain) };
    });
    if (names.length === 0) return undefined;
    if (this.#format === 'single')
      return out.write(names.map(({ text }) => text + (options.has('zero') ? '\0' : '\n')).join(''));
    const given = options.value('w') ?? this.tool.process.env.get('COLUMNS');
    const columns = given === undefined || given === '' ? (this.tool.process.tty?.size.columns ?? 80) : Number(given);
    const width = columns === 0 ? Infinity : columns;
    if (this.#format === 'commas') return out.write(withCommas(names, width));
    const across = this.#format === 'across';
    if (dialectOf(this.tool.process) !== undefined) return out.write(inEqualColumns(names, width, across));
    return out.write(inColumns(names, width, across, options.value('T') !== '0'));
  }

  /** -i and -s. */
  #prefix(item: Item, items: readonly Item[]): string {
    const options = this.#options;
    const inos = options.has('i') ? Math.max(...items.map(({ stat }) => String(stat.ino).length)) : 0;
    const sizes = items.map(({ stat }) => blocksOf(stat));
    const shown = (blocks: number) => (options.has('h') ? humanSize(blocks * 1024) : String(blocks));
    const blocks = options.has('s') ? Math.max(...sizes.map((size) => shown(size).length)) : 0;
    return (
      (options.has('i') ? `${String(item.stat.ino).padStart(inos)} ` : '') +
      (options.has('s') ? `${shown(blocksOf(item.stat)).padStart(blocks)} ` : '')
    );
  }

  #long(items: readonly Item[], prefix: readonly string[]): Promise<void> | undefined {
    const options = this.#options;
    const numeric = options.has('n');
    const rows = items.map(({ stat }) => {
      const { rdev } = stat;
      const size = rdev !== undefined ? `${rdev.major}, ${rdev.minor}` : this.#size(stat.size);
      return [
        modeText(stat.type, stat.mode),
        String(stat.nlink),
        numeric ? String(stat.uid) : this.#names.user(stat.uid),
        numeric ? String(stat.gid) : this.#names.group(stat.gid),
        numeric ? String(stat.uid) : this.#names.user(stat.uid),
        size,
        this.#date(this.#time(stat)),
      ];
    });
    const kept = [true, true, !options.has('g'), !options.has('o', 'G'), options.has('author'), true, true];
    const right = [false, true, numeric, numeric, numeric, true, true];
    const widths = kept.map((_, column) => Math.max(0, ...rows.map((row) => textWidth(row[column] ?? ''))));
    // Columns of owners are padded on the right, also where numbers; ls pads numbers on the left.
    const lines = rows.map((row, index) => {
      const cells = row.flatMap((cell, column) => {
        if (kept[column] !== true) return [];
        const width = widths[column] ?? 0;
        return [right[column] === true ? cell.padStart(width) : cell.padEnd(width)];
      });
      const item = items[index];
      if (item === undefined) return '';
      const arrow = item.target === undefined ? '' : ` -> ${this.#target(item)}`;
      return `${prefix[index] ?? ''}${cells.join(' ')} ${this.#colored(item)}${arrow === '' ? this.#indicator(item) : arrow}\n`;
    });
    return lines.length === 0 ? undefined : this.tool.out.write(lines.join(''));
  }

  #size(bytes: number): string {
    const options = this.#options;
    const kind = options.last('h', 'si', 'block-size');
    if (kind === 'h') return humanSize(bytes);
    if (kind === 'si') return humanSize(bytes, 1000);
    const unit = kind === undefined ? 1 : parseSize((options.value('block-size') ?? '1').replace(/^(?=[A-Z])/, '1'));
    return String(Math.ceil(bytes / (unit > 0 ? unit : 1)));
  }

  #target(item: Item): string {
    const shown = this.#shown(item.target ?? '');
    const stat = this.tool.fs.stat(item.path);
    const indicator = stat.ok ? this.#indicator({ ...item, stat: stat.value }) : '';
    const color = stat.ok ? this.#colors?.of(item.target ?? '', stat.value, true) : this.#colors?.orphan;
    return (color === undefined ? shown : `\x1b[${color}m${shown}\x1b[0m`) + indicator;
  }

  #date(ms: number): string {
    const style = this.#options.has('full-time') ? 'full-iso' : (this.#options.value('time-style') ?? 'locale');
    const { now } = this.tool.process.clock;
    const show = (format: string): string => strftime(format, ms, 0, this.#zone);
    const halfYear = 15_778_476_000;
    const recent = ms > now - halfYear && ms <= now;
    if (style.startsWith('+')) return show(style.slice(1).split('\n')[recent ? 1 : 0] ?? style.slice(1));
    switch (style) {
      case 'full-iso':
        return show('%Y-%m-%d %H:%M:%S.%N %z');
      case 'long-iso':
        return show('%Y-%m-%d %H:%M');
      case 'iso':
        return show(recent ? '%m-%d %H:%M' : '%Y-%m-%d ');
      default:
        return show(recent ? '%b %e %H:%M' : '%b %e  %Y');
    }
  }

  /** The name as it is shown: on a terminal quoted where a shell would need it. */
  #shown(name: string): string {
    const style = this.#options.last('Q', 'b', 'N', 'quoting-style');
    const named = style === 'quoting-style' ? this.#options.value('quoting-style') : style;
    if (named === 'Q' || named === 'c') return JSON.stringify(name);
    if (named === 'b' || named === 'escape') {
      return name.replace(
        /[\\ \x00-\x1f\x7f]/g,
        (char) => escapes[char] ?? `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`,
      );
    }
    if (named === 'shell-always' || named === 'shell-escape-always') return quoteaf(name);
    if (named === 'shell' || named === 'shell-escape') return quotef(name);
    if (!this.#terminal || named === 'N' || named === 'literal') return name;
    return name.includes(':') && !/[^\w.:/-]/.test(name) ? name : quotef(name);
  }

  #colored(item: Item): string {
    const shown = this.#shown(item.name);
    const color = this.#colors?.of(item.name, item.stat, this.tool.fs.stat(item.path).ok);
    if (color === undefined) return shown;
    const start = this.#painted ? '' : '\x1b[0m';
    this.#painted = true;
    return `${start}\x1b[${color}m${shown}\x1b[0m`;
  }

  #indicator({ stat }: Item): string {
    const options = this.#options;
    const style = options.last('F', 'p', 'file-type', 'indicator');
    const named = style === 'indicator' ? options.value('indicator') : style;
    const all = named === 'F' || named === 'classify';
    const types = all || (named === 'p' && options.has('p')) || named === 'file-type' || named === 'slash';
    if (!types) return '';
    if (stat.type === 'directory') return '/';
    if (named === 'slash' || named === 'p') return '';
    const marks: Readonly<Record<string, string>> = { symlink: '@', fifo: '|', socket: '=' };
    return marks[stat.type] ?? (all && stat.type === 'file' && (stat.mode & 0o111) !== 0 ? '*' : '');
  }
}

const colorWords: readonly (readonly string[])[] = [
  ['always', 'yes', 'force'],
  ['never', 'no', 'none'],
  ['auto', 'tty', 'if-tty'],
];

/** Complains about arguments of options that cannot be. */
async function wrong(tool: Tool): Promise<number | undefined> {
  const color = tool.options.value('color');
  if (color !== undefined && !colorWords.some((words) => words.includes(color))) {
    const valid = colorWords.map((words) => `  - ${words.map(quote).join(', ')}`).join('\n');
    await tool.usageError(`invalid argument ${quote(color)} for ${quote('--color')}\nValid arguments are:\n${valid}`);
    return 1;
  }
  const width = tool.options.value('w');
  if (width !== undefined && !/^\d+$/.test(width)) return tool.fail(`invalid line width: ${quote(width)}`);
  return undefined;
}

const extension = (name: string): string => (name.lastIndexOf('.') <= 0 ? '' : name.slice(name.lastIndexOf('.')));
const globOf = (glob: string): RegExp =>
  new RegExp(
    `^${glob
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    's',
  );

/** Blocks of 1024 bytes on a disk with blocks of 4096. Short symbolic links take none. */
export const blocksOf = ({ type, size }: Stat): number =>
  // A directory in memory has the size of its entries and no blocks.
  type === 'file' || (type === 'directory' && size % 4096 === 0) ? Math.ceil(size / 4096) * 4 : 0;
