import { defaultCharacters, noDelays, type ControlCharacter, type TermiosFlag } from '../../linux/tty/termios';
import type { Termios } from '../../linux/tty/types';

type Type = 'control' | 'input' | 'output' | 'local';
type Delay = keyof Termios['delays'];

export interface Mode {
  readonly type: Type;
  readonly name: string;
  /** What `sane` makes of it; undefined: it does not matter there. */
  readonly sane?: boolean;
  readonly bit: number;
  readonly flag?: TermiosFlag;
  /** One of several values of a field: `cs8`, `nl0`. */
  readonly choice?: { readonly field: 'size' | Delay; readonly value: number };
}

const flag = (type: Type, name: TermiosFlag, bit: number, sane?: boolean): Mode => ({
  type,
  name,
  flag: name,
  bit,
  ...(sane === undefined ? {} : { sane }),
});
const choice = (type: Type, field: 'size' | Delay, value: number, bit: number, sane?: boolean): Mode => ({
  type,
  name: `${field === 'size' ? 'cs' : field}${value}`,
  choice: { field, value },
  bit,
  ...(sane === undefined ? {} : { sane }),
});

/** mode_info of stty.c, in the order in which -a shows it; bits as <asm-generic/termbits.h> has them. */
export const modes: readonly Mode[] = [
  flag('control', 'parenb', 0o400),
  flag('control', 'parodd', 0o1000),
  flag('control', 'cmspar', 0o10000000000),
  choice('control', 'size', 5, 0),
  choice('control', 'size', 6, 0o20),
  choice('control', 'size', 7, 0o40),
  choice('control', 'size', 8, 0o60),
  flag('control', 'hupcl', 0o2000),
  flag('control', 'cstopb', 0o100),
  flag('control', 'cread', 0o200, true),
  flag('control', 'clocal', 0o4000),
  flag('control', 'crtscts', 0o20000000000),
  flag('input', 'ignbrk', 0o1, false),
  flag('input', 'brkint', 0o2, true),
  flag('input', 'ignpar', 0o4),
  flag('input', 'parmrk', 0o10),
  flag('input', 'inpck', 0o20),
  flag('input', 'istrip', 0o40),
  flag('input', 'inlcr', 0o100, false),
  flag('input', 'igncr', 0o200, false),
  flag('input', 'icrnl', 0o400, true),
  flag('input', 'ixon', 0o2000),
  flag('input', 'ixoff', 0o10000, false),
  flag('input', 'iuclc', 0o1000, false),
  flag('input', 'ixany', 0o4000, false),
  flag('input', 'imaxbel', 0o20000, true),
  flag('input', 'iutf8', 0o40000, false),
  flag('output', 'opost', 0o1, true),
  flag('output', 'olcuc', 0o2, false),
  flag('output', 'ocrnl', 0o10, false),
  flag('output', 'onlcr', 0o4, true),
  flag('output', 'onocr', 0o20, false),
  flag('output', 'onlret', 0o40, false),
  flag('output', 'ofill', 0o100, false),
  flag('output', 'ofdel', 0o200, false),
  choice('output', 'nl', 1, 0o400, false),
  choice('output', 'nl', 0, 0, true),
  choice('output', 'cr', 3, 0o3000, false),
  choice('output', 'cr', 2, 0o2000, false),
  choice('output', 'cr', 1, 0o1000, false),
  choice('output', 'cr', 0, 0, true),
  choice('output', 'tab', 3, 0o14000, false),
  choice('output', 'tab', 2, 0o10000, false),
  choice('output', 'tab', 1, 0o4000, false),
  choice('output', 'tab', 0, 0, true),
  choice('output', 'bs', 1, 0o20000, false),
  choice('output', 'bs', 0, 0, true),
  choice('output', 'vt', 1, 0o40000, false),
  choice('output', 'vt', 0, 0, true),
  choice('output', 'ff', 1, 0o100000, false),
  choice('output', 'ff', 0, 0, true),
  flag('local', 'isig', 0o1, true),
  flag('local', 'icanon', 0o2, true),
  flag('local', 'iexten', 0o100000, true),
  flag('local', 'echo', 0o10, true),
  flag('local', 'echoe', 0o20, true),
  flag('local', 'echok', 0o40, true),
  flag('local', 'echonl', 0o100, false),
  flag('local', 'noflsh', 0o200, false),
  flag('local', 'xcase', 0o4, false),
  flag('local', 'tostop', 0o400, false),
  flag('local', 'echoprt', 0o2000, false),
  flag('local', 'echoctl', 0o1000, true),
  flag('local', 'echoke', 0o4000, true),
  flag('local', 'flusho', 0o10000, false),
  flag('local', 'extproc', 0o200000, false),
];

/** Special characters with their place in c_cc. */
export const characters: readonly (readonly [ControlCharacter, number])[] = [
  ['intr', 0],
  ['quit', 1],
  ['erase', 2],
  ['kill', 3],
  ['eof', 4],
  ['eol', 11],
  ['eol2', 16],
  ['swtch', 7],
  ['start', 8],
  ['stop', 9],
  ['susp', 10],
  ['rprnt', 12],
  ['werase', 14],
  ['lnext', 15],
  ['discard', 13],
];

/** Other names of settings. */
const aliases: Readonly<Record<string, string>> = {
  hup: 'hupcl',
  tandem: 'ixoff',
  crterase: 'echoe',
  prterase: 'echoprt',
  ctlecho: 'echoctl',
  crtkill: 'echoke',
  tabs: 'tab0',
  decctlq: '-ixany',
};

/** Combinations, as `stty --help` tells them; the second is what `-name` does. */
const combinations: Readonly<Record<string, readonly [string, string?]>> = {
  cbreak: ['-icanon', 'icanon'],
  cooked: ['brkint ignpar istrip icrnl ixon opost isig icanon eof ^D eol undef', 'raw'],
  raw: [
    '-ignbrk -brkint -ignpar -parmrk -inpck -istrip -inlcr -igncr -icrnl -ixon -ixoff -icanon -opost -isig -iuclc -ixany -imaxbel -xcase min 1 time 0',
    'cooked',
  ],
  crt: ['echoe echoctl echoke'],
  dec: ['echoe echoctl echoke -ixany intr ^C erase ^? kill ^U'],
  ek: ['erase ^? kill ^U'],
  evenp: ['parenb -parodd cs7', '-parenb cs8'],
  parity: ['parenb -parodd cs7', '-parenb cs8'],
  oddp: ['parenb parodd cs7', '-parenb cs8'],
  lcase: ['xcase iuclc olcuc', '-xcase -iuclc -olcuc'],
  LCASE: ['xcase iuclc olcuc', '-xcase -iuclc -olcuc'],
  litout: ['-parenb -istrip -opost cs8', 'parenb istrip opost cs7'],
  nl: ['-icrnl -onlcr', 'icrnl -inlcr -igncr onlcr -ocrnl -onlret'],
  pass8: ['-parenb -istrip cs8', 'parenb istrip cs7'],
};

/** Is that setting in force? */
export const isSet = (termios: Termios, { flag: name, choice: field }: Mode): boolean =>
  name !== undefined ? termios[name] : field !== undefined && valueOf(termios, field.field) === field.value;

const valueOf = (termios: Termios, field: 'size' | Delay): number =>
  field === 'size' ? termios.size : termios.delays[field];

/** The four numbers and the characters of -g, and from them. */
export function saved(termios: Termios): string {
  const bits = (type: Type): number =>
    modes.reduce((sum, mode) => (mode.type === type && isSet(termios, mode) ? sum + mode.bit : sum), 0);
  const cc = new Array<number>(32).fill(0);
  for (const [name, index] of characters) cc[index] = termios.characters[name];
  cc[5] = termios.time;
  cc[6] = termios.min;
  return [bits('input'), bits('output'), bits('control') + (speedBits[termios.speed] ?? 0), bits('local'), ...cc]
    .map((value) => value.toString(16))
    .join(':');
}

/** B0 … B38400 in c_cflag; above, CBAUDEX is set. */
const speedBits: Readonly<Record<number, number>> = {
  ...Object.fromEntries(
    [0, 50, 75, 110, 134, 150, 200, 300, 600, 1200, 1800, 2400, 4800, 9600, 19200, 38400].map((speed, index) => [
      speed,
      index,
    ]),
  ),
  57600: 0o10001,
  115200: 0o10002,
  230400: 0o10003,
};

/** Puts what -g gave back; false if it is nothing of that kind. */
export function restore(termios: Termios, text: string): boolean {
  const fields = text.split(':');
  if (fields.length !== 36 || !fields.every((field) => /^[0-9a-f]+$/i.test(field))) return false;
  const values = fields.map((field) => Number.parseInt(field, 16));
  const words: Readonly<Record<Type, number>> = {
    input: values[0] ?? 0,
    output: values[1] ?? 0,
    control: values[2] ?? 0,
    local: values[3] ?? 0,
  };
  for (const mode of modes) {
    // Bits beyond the 31st cannot be tested with `&`.
    if (mode.flag !== undefined) termios[mode.flag] = Math.floor(words[mode.type] / mode.bit) % 2 === 1;
  }
  for (const mode of [...modes].sort((a, b) => a.bit - b.bit)) {
    if (mode.choice !== undefined && (words[mode.type] & mode.bit) === mode.bit) choose(termios, mode.choice);
  }
  termios.characters = Object.fromEntries(
    characters.map(([name, index]) => [name, values[4 + index] ?? 0]),
  ) as Termios['characters'];
  termios.time = values[9] ?? 0;
  termios.min = values[10] ?? 0;
  return true;
}

function choose(termios: Termios, { field, value }: NonNullable<Mode['choice']>): void {
  if (field === 'size') termios.size = value as Termios['size'];
  else termios.delays = { ...termios.delays, [field]: value };
}

/** Sets a mode or a combination by its name, `-` before it for the opposite; false if there is none. */
export function setMode(termios: Termios, given: string): boolean {
  const off = given.startsWith('-');
  const plain = off ? given.slice(1) : given;
  if (given === 'sane') {
    sane(termios);
    return true;
  }
  if (given === '-tabs') return setMode(termios, 'tab3');
  const combination = Object.hasOwn(combinations, plain) ? combinations[plain]?.[off ? 1 : 0] : undefined;
  if (combination !== undefined) {
    const words = combination.split(' ');
    for (let index = 0; index < words.length; index++) {
      const word = words[index] ?? '';
      if (setMode(termios, word)) continue;
      setValue(termios, word, words[++index] ?? '');
    }
    return true;
  }
  const alias = Object.hasOwn(aliases, plain) ? aliases[plain] : undefined;
  const name = alias ?? plain;
  const opposite = name.startsWith('-');
  const mode = modes.find((one) => one.name === (opposite ? name.slice(1) : name));
  if (mode === undefined) return false;
  if (mode.choice !== undefined) {
    if (off) return false;
    choose(termios, mode.choice);
  } else if (mode.flag !== undefined) termios[mode.flag] = off === opposite;
  return true;
}

/** `erase ^H`, `min 1`: a special character or a number; false if there is no such setting. */
export function setValue(termios: Termios, name: string, value: string): boolean {
  if (name === 'min' || name === 'time') {
    termios[name] = Number(value);
    return true;
  }
  const known = characters.find(([character]) => character === name);
  if (known === undefined) return false;
  termios.characters = { ...termios.characters, [known[0]]: characterOf(value) };
  return true;
}

function characterOf(text: string): number {
  if (text === '^-' || text === 'undef' || text === '') return 0;
  if (text.length === 1) return text.charCodeAt(0);
  if (text.startsWith('^')) return text[1] === '?' ? 127 : text.charCodeAt(1) & 0x1f;
  return text.startsWith('0') && /^0[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number(text);
}

function sane(termios: Termios): void {
  for (const mode of modes) if (mode.flag !== undefined && mode.sane !== undefined) termios[mode.flag] = mode.sane;
  termios.characters = defaultCharacters;
  termios.delays = noDelays;
  termios.min = 1;
  termios.time = 0;
}
