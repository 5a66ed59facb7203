/** A command line of a unit file (systemd.service(5), "Command lines"), before variables are put in. */
export interface Command {
  /** What is executed. */
  readonly path: string;
  readonly argv: readonly string[];
  /** `-`: failure does not matter. */
  readonly ignoreFailure: boolean;
  /** `+` or `!`: with all privileges. */
  readonly privileged: boolean;
}

/** Takes words apart: quotes as in a shell, C escapes, no expansion. */
export function splitWords(text: string): readonly string[] {
  const words: string[] = [];
  let word = '';
  let begun = false;
  let quote = '';
  for (let index = 0; index < text.length; index++) {
    const letter = text.charAt(index);
    if (letter === '\\' && index + 1 < text.length && quote !== "'") {
      word += escaped(text.charAt(++index));
      begun = true;
    } else if (quote !== '') {
      if (letter === quote) quote = '';
      else word += letter;
    } else if ((letter === '"' || letter === "'") && !begun) {
      quote = letter;
      begun = true;
    } else if (letter === '"' || letter === "'") quote = letter;
    else if (/\s/.test(letter)) {
      if (begun) words.push(word);
      word = '';
      begun = false;
    } else {
      word += letter;
      begun = true;
    }
  }
  if (begun) words.push(word);
  return words;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', s: ' ', '0': '\0' };
const escaped = (letter: string): string => (Object.hasOwn(escapes, letter) ? (escapes[letter] ?? letter) : letter);

/** Takes a command apart with the prefixes that change how it runs; `;` begins the next. */
export function parseCommands(text: string): readonly Command[] {
  const commands: Command[] = [];
  let words: string[] = [];
  const add = (): void => {
    const [first = '', ...rest] = words;
    words = [];
    const [, prefix = '', path = ''] = /^([-@:+!]*)(.*)$/s.exec(first) ?? [];
    if (path === '') return;
    const argv = prefix.includes('@') ? rest : [path, ...rest];
    commands.push({ path, argv, ignoreFailure: prefix.includes('-'), privileged: /[+!]/.test(prefix) });
  };
  for (const word of splitWords(text)) {
    if (word === ';') add();
    else words.push(word);
  }
  add();
  return commands;
}

/** `$NAME` as a word of its own gives words, `${NAME}` text; `$$` is a dollar. */
export function expandArguments(argv: readonly string[], env: ReadonlyMap<string, string>): readonly string[] {
  return argv.flatMap((word, index) => {
    const whole = /^\$([A-Za-z_]\w*)$/.exec(word);
    if (whole !== null && index > 0) return splitWords(env.get(whole[1] ?? '') ?? '');
    return [
      word.replace(/\$\$|\$\{([A-Za-z_]\w*)\}/g, (text, name: string | undefined) =>
        text === '$$' ? '$' : (env.get(name ?? '') ?? ''),
      ),
    ];
  });
}

/** systemd.unit(5), "Specifiers": those that unit files use. */
export function expandSpecifiers(text: string, unit: string, hostname: string): string {
  if (!text.includes('%')) return text;
  const [, prefix = '', instance = ''] = /^([^@.]+)(?:@(.*))?\.[^.]+$/.exec(unit) ?? [];
  const meanings: Readonly<Record<string, string>> = {
    '%': '%',
    n: unit,
    N: unit.replace(/\.[^.]+$/, ''),
    p: prefix,
    P: prefix,
    i: instance,
    I: instance.replaceAll('-', '/'),
    H: hostname,
    l: hostname.split('.')[0] ?? hostname,
    t: '/run',
    S: '/var/lib',
    C: '/var/cache',
    L: '/var/log',
    E: '/etc',
    h: '/root',
    u: 'root',
    U: '0',
  };
  return text.replace(/%(.)/g, (whole, letter: string) =>
    Object.hasOwn(meanings, letter) ? (meanings[letter] ?? '') : whole,
  );
}

const units: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  msec: 1,
  '': 1000,
  s: 1000,
  sec: 1000,
  second: 1000,
  seconds: 1000,
  m: 60_000,
  min: 60_000,
  minute: 60_000,
  minutes: 60_000,
  h: 3_600_000,
  hr: 3_600_000,
  hour: 3_600_000,
  hours: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
  days: 86_400_000,
  w: 604_800_000,
  week: 604_800_000,
  weeks: 604_800_000,
};

/** A time span as systemd.time(7) has it, in milliseconds; undefined if it is none. */
export function parseSpan(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const trimmed = text.trim();
  if (trimmed === 'infinity') return Infinity;
  if (!/^(\d+(\.\d+)?\s*[a-z]*\s*)+$/.test(trimmed)) return undefined;
  let sum = 0;
  for (const [, amount = '0', unit = ''] of trimmed.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]*)/g)) {
    const factor = Object.hasOwn(units, unit) ? units[unit] : undefined;
    if (factor === undefined) return undefined;
    sum += Number(amount) * factor;
  }
  return sum;
}

/** A size (`512M`, `20%`) in bytes; undefined for `infinity` and what is none. */
export function parseSize(text: string | undefined, whole: number): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([KMGT%]?)B?$/.exec(text?.trim() ?? '');
  if (match === null) return undefined;
  const amount = Number(match[1]);
  if (match[2] === '%') return Math.floor((whole * amount) / 100);
  return amount * 1024 ** ' KMGT'.indexOf(match[2] === '' ? ' ' : (match[2] ?? ' '));
}
