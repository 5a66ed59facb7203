import { inert, toggle, type Settings } from './settings';

export interface Arguments {
  readonly files: string[];
  /** Keys pressed at the beginning (`+G`). */
  keys: string;
  /** `-p`, `+/`: looked for at the beginning. */
  pattern: string | undefined;
  readonly wrong: string[];
  readonly action: 'run' | 'help' | 'version';
}

const long: Readonly<Record<string, string>> = {
  'quit-if-one-screen': 'F',
  'RAW-CONTROL-CHARS': 'R',
  'raw-control-chars': 'r',
  'LINE-NUMBERS': 'N',
  'line-numbers': 'n',
  'no-init': 'X',
  'chop-long-lines': 'S',
  'ignore-case': 'i',
  'IGNORE-CASE': 'I',
  'long-prompt': 'm',
  'LONG-PROMPT': 'M',
  'quit-at-eof': 'e',
  'QUIT-AT-EOF': 'E',
  'quit-on-intr': 'K',
  'squeeze-blank-lines': 's',
  force: 'f',
  tilde: '~',
  'HILITE-SEARCH': 'G',
  quiet: 'q',
  silent: 'q',
  pattern: 'p',
  tabs: 'x',
  window: 'z',
  shift: '#',
};

/** Takes $LESS and the command line apart, and sets what they say. */
export function parseArguments(args: readonly string[], fromEnvironment: string, settings: Settings): Arguments {
  const result: Arguments = { files: [], keys: '', pattern: undefined, wrong: [], action: 'run' };
  let action: Arguments['action'] = 'run';
  const given = fromEnvironment.split(/[\s$]+/).filter((word) => word !== '');
  const options = given.map((word) => (/^[-+]/.test(word) ? word : `-${word}`));
  const queue: string[] = [...options, ...args];
  const value = (attached: string): string => (attached === '' ? (queue.shift() ?? '') : attached);
  const withValue = (letter: string, text: string): void => {
    if (letter === 'p') result.pattern = text;
    else if (letter === 'x') settings.tabs = Math.max(1, Number.parseInt(text, 10) || 8);
    else if (letter === 'z') settings.window = Number.parseInt(text, 10) || undefined;
    else if (letter === '#') settings.shift = Number.parseInt(text, 10) || undefined;
  };
  const set = (letter: string): void => {
    const defaults = {
      i: 'ignoreCase',
      I: 'ignoreCase',
      m: 'prompt',
      M: 'prompt',
      r: 'raw',
      R: 'raw',
      e: 'quitAtEnd',
      E: 'quitAtEnd',
    };
    // Given twice an option stays; only inside less it turns over.
    const key = (defaults as Readonly<Record<string, keyof Settings>>)[letter];
    const before = { ...settings };
    const said = toggle(settings, letter);
    if (said === undefined) result.wrong.push(`There is no -${letter} option ("less --help" for help)`);
    else if (key === undefined) {
      for (const [name, was] of Object.entries(before)) {
        const now = settings[name as keyof Settings];
        if (typeof was === 'boolean' && now !== was && was === !['init', 'tildes', 'highlight'].includes(name))
          Object.assign(settings, before);
      }
    } else if (Object.is(settings[key], { ignoreCase: 'no', prompt: 'short', raw: '', quitAtEnd: '' }[key as 'raw']))
      Object.assign(settings, before);
  };
  for (let arg = queue.shift(); arg !== undefined; arg = queue.shift()) {
    if (arg === '--') {
      result.files.push(...queue.splice(0));
    } else if (arg === '--help' || arg === '-?') action = 'help';
    else if (arg === '--version' || arg === '-V') action = 'version';
    else if (arg.startsWith('--')) {
      const [, name = '', attached = ''] = /^--([^=]*)=?(.*)$/s.exec(arg) ?? [];
      const letter = long[name] ?? Object.entries(long).find(([each]) => name !== '' && each.startsWith(name))?.[1];
      if (letter === undefined) {
        if (!/^(mouse|follow-name|use-color|incsearch|save-marks|wordwrap|no-keypad|auto-buffers)$/.test(name))
          result.wrong.push(`There is no ${name} option ("less --help" for help)`);
      } else if ('pxz#'.includes(letter)) withValue(letter, value(attached));
      else set(letter);
    } else if (arg.startsWith('+') && arg.length > 1) {
      if (arg.startsWith('+/')) result.pattern = arg.slice(2);
      else result.keys = arg.replace(/^\++/, '');
    } else if (arg.startsWith('-') && arg.length > 1) {
      for (let at = 1; at < arg.length; at++) {
        const letter = arg[at] ?? '';
        if (/\d/.test(letter)) {
          const digits = /^\d+/.exec(arg.slice(at))?.[0] ?? '';
          settings.window = Number(digits);
          at += digits.length - 1;
        } else if (/[pxz#bhjyPDokTt"]/.test(letter)) {
          withValue(letter, value(arg.slice(at + 1)));
          break;
        } else if (letter === '+' || letter === '-') continue;
        else set(letter);
      }
    } else result.files.push(arg);
  }
  return { ...result, action };
}

/** Whether a letter is an option's. */
export const isOption = (letter: string): boolean => /^[iImMrReENSs~FKXGf]$/.test(letter) || inert.includes(letter);
