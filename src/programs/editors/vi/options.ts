import { Refused } from './types';

type Kind = 'bool' | 'number' | 'string';

interface Spec {
  readonly name: string;
  readonly short: string;
  readonly kind: Kind;
  readonly value: boolean | number | string;
}

const spec = (name: string, short: string, value: boolean | number | string): Spec => ({
  name,
  short,
  kind: typeof value === 'boolean' ? 'bool' : typeof value === 'number' ? 'number' : 'string',
  value,
});

/** vim's options that we know, with their defaults under `nocompatible`. Most of the others have no meaning here. */
const specs: readonly Spec[] = [
  spec('autoindent', 'ai', false),
  spec('autoread', 'ar', false),
  spec('autowrite', 'aw', false),
  spec('background', 'bg', 'light'),
  spec('backspace', 'bs', 'indent,eol,start'),
  spec('backup', 'bk', false),
  spec('belloff', 'bo', ''),
  spec('cindent', 'cin', false),
  spec('clipboard', 'cb', ''),
  spec('cmdheight', 'ch', 1),
  spec('colorcolumn', 'cc', ''),
  spec('compatible', 'cp', false),
  spec('cursorcolumn', 'cuc', false),
  spec('cursorline', 'cul', false),
  spec('directory', 'dir', '.,~/tmp,/var/tmp,/tmp'),
  spec('encoding', 'enc', 'utf-8'),
  spec('errorbells', 'eb', false),
  spec('expandtab', 'et', false),
  spec('fileencoding', 'fenc', ''),
  spec('fileformat', 'ff', 'unix'),
  spec('filetype', 'ft', ''),
  spec('foldenable', 'fen', true),
  spec('foldmethod', 'fdm', 'manual'),
  spec('gdefault', 'gd', false),
  spec('hidden', 'hid', false),
  spec('history', 'hi', 200),
  spec('hlsearch', 'hls', false),
  spec('ignorecase', 'ic', false),
  spec('incsearch', 'is', true),
  spec('indentkeys', 'indk', ''),
  spec('joinspaces', 'js', false),
  spec('laststatus', 'ls', 1),
  spec('lazyredraw', 'lz', false),
  spec('list', 'list', false),
  spec('magic', 'magic', true),
  spec('modifiable', 'ma', true),
  spec('modified', 'mod', false),
  spec('mouse', 'mouse', ''),
  spec('number', 'nu', false),
  spec('paste', 'paste', false),
  spec('readonly', 'ro', false),
  spec('relativenumber', 'rnu', false),
  spec('ruler', 'ru', true),
  spec('scroll', 'scr', 0),
  spec('scrolloff', 'so', 5),
  spec('shell', 'sh', '/bin/bash'),
  spec('shiftround', 'sr', false),
  spec('shiftwidth', 'sw', 8),
  spec('showcmd', 'sc', true),
  spec('showmatch', 'sm', false),
  spec('showmode', 'smd', true),
  spec('smartcase', 'scs', false),
  spec('smartindent', 'si', false),
  spec('smarttab', 'sta', false),
  spec('softtabstop', 'sts', 0),
  spec('spell', 'spell', false),
  spec('startofline', 'sol', true),
  spec('statusline', 'stl', ''),
  spec('swapfile', 'swf', true),
  spec('syntax', 'syn', ''),
  spec('tabstop', 'ts', 8),
  spec('termguicolors', 'tgc', false),
  spec('textwidth', 'tw', 0),
  spec('timeoutlen', 'tm', 1000),
  spec('title', 'title', false),
  spec('tildeop', 'top', false),
  spec('ttyfast', 'tf', true),
  spec('undolevels', 'ul', 1000),
  spec('viminfo', 'vi', ''),
  spec('visualbell', 'vb', false),
  spec('whichwrap', 'ww', 'b,s'),
  spec('wildmenu', 'wmnu', true),
  spec('wrap', 'wrap', true),
  spec('wrapscan', 'ws', true),
  spec('writebackup', 'wb', true),
];

const byName = new Map(specs.flatMap((each) => [[each.name, each] as const, [each.short, each] as const]));

/** The options and `:set`. */
export class Options {
  readonly #values = new Map<string, boolean | number | string>(specs.map(({ name, value }) => [name, value]));
  readonly #fallback = new Map(this.#values);

  bool(name: string): boolean {
    return this.#values.get(name) === true;
  }
  number(name: string): number {
    const value = this.#values.get(name);
    return typeof value === 'number' ? value : 0;
  }
  string(name: string): string {
    const value = this.#values.get(name);
    return typeof value === 'string' ? value : '';
  }
  put(name: string, value: boolean | number | string): void {
    this.#values.set(name, value);
  }
  /** A default that this editor has instead. */
  putDefault(name: string, value: boolean | number | string): void {
    this.#values.set(name, value);
    this.#fallback.set(name, value);
  }

  get tabStop(): number {
    return this.number('tabstop');
  }
  /** `shiftwidth`, or `tabstop` where that is 0. */
  get shiftWidth(): number {
    return this.number('shiftwidth') || this.tabStop;
  }

  /** `:set` arguments; lines to be shown. */
  set(text: string): readonly string[] {
    const args = text.match(/(?:\\.|[^\s\\])+/g) ?? [];
    if (args.length === 0 || text.trim() === 'all') return this.#listed(text.trim() === 'all');
    return args.flatMap((arg) => this.#one(arg.replace(/\\(.)/g, '$1')));
  }

  #listed(all: boolean): readonly string[] {
    const shown = specs
      .filter(({ name }) => all || this.#values.get(name) !== this.#fallback.get(name))
      .map((each) => this.#display(each));
    return ['--- Options ---', ...shown];
  }

  #display({ name, kind }: Spec): string {
    const value = this.#values.get(name);
    if (kind === 'bool') return value === true ? `  ${name}` : `no${name}`;
    return `  ${name}=${String(value)}`;
  }

  #one(arg: string): readonly string[] {
    const found = /^(no|inv)?([a-z]+)(.*)$/.exec(arg);
    let [, prefix = '', name = '', rest = ''] = found ?? [];
    if (prefix !== '' && byName.has(prefix + name)) [prefix, name] = ['', prefix + name];
    const option = byName.get(name);
    if (option === undefined) throw new Refused(`E518: Unknown option: ${arg}`);
    if (rest === '?') return [this.#display(option)];
    if (rest === '&') {
      this.#values.set(option.name, this.#fallback.get(option.name) ?? option.value);
      return [];
    }
    if (option.kind === 'bool') {
      if (rest !== '' && rest !== '!') throw new Refused(`E474: Invalid argument: ${arg}`);
      const value = rest === '!' || prefix === 'inv' ? !this.bool(option.name) : prefix === '';
      this.#values.set(option.name, value);
      if (option.name === 'paste') this.#paste(value);
      return [];
    }
    if (prefix !== '') throw new Refused(`E474: Invalid argument: ${arg}`);
    if (rest === '') return [this.#display(option)];
    const assigned = /^\s*([-+^]?)[=:](.*)$/s.exec(rest);
    if (!assigned) throw new Refused(`E474: Invalid argument: ${arg}`);
    const [, sign = '', value = ''] = assigned;
    if (option.kind === 'string') {
      const former = this.string(option.name);
      const comma = former === '' || value === '' ? '' : ',';
      const next = sign === '+' ? former + comma + value : sign === '^' ? value + comma + former : value;
      this.#values.set(option.name, sign === '-' ? former.replace(value, '') : next);
      return [];
    }
    if (!/^-?\d+$/.test(value)) throw new Refused(`E521: Number required after =: ${arg}`);
    const former = this.number(option.name);
    const number = Number(value);
    const next =
      sign === '+' ? former + number : sign === '-' ? former - number : sign === '^' ? former * number : number;
    if (option.name === 'tabstop' && next <= 0) throw new Refused(`E487: Argument must be positive: ${arg}`);
    if (option.name === 'shiftwidth' && next < 0) throw new Refused(`E487: Argument must be positive: ${arg}`);
    this.#values.set(option.name, next);
    return [];
  }

  /** `:set paste` turns off what changes typed text, and gives it back. */
  #before: ReadonlyMap<string, boolean | number | string> | undefined;
  #paste(on: boolean): void {
    const off = {
      autoindent: false,
      expandtab: false,
      smartindent: false,
      cindent: false,
      softtabstop: 0,
      textwidth: 0,
    };
    if (on && this.#before === undefined) {
      this.#before = new Map(Object.keys(off).map((name) => [name, this.#values.get(name) ?? false]));
      for (const [name, value] of Object.entries(off)) this.#values.set(name, value);
    } else if (!on && this.#before !== undefined) {
      for (const [name, value] of this.#before) this.#values.set(name, value);
      this.#before = undefined;
    }
  }
}
