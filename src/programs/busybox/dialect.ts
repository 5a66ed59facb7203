import type { Build, Dialect, Said } from '../toolkit/dialect';
import { parseOptions } from '../toolkit/options';
import usages from './usage.json';
import { words, type Phrase } from './words';

interface Usage {
  readonly usage: string;
  readonly short?: string;
  readonly long?: readonly string[];
}

const known: ReadonlyMap<string, Usage> = new Map(Object.entries(usages));

/** Exit status of wrong usage where it is not 1 (xfunc_error_retval). */
const troubles: Readonly<Record<string, number>> = {
  sort: 2,
  grep: 2,
  egrep: 2,
  fgrep: 2,
  cmp: 2,
  diff: 2,
  tty: 2,
  expr: 2,
};

/** Commands whose messages BusyBox gives another exit status than theirs. */
const statuses: Readonly<Record<string, number>> = {
  sed: 1,
  tar: 1,
  mount: 1,
  umount: 1,
  chroot: 1,
  ls: 1,
  ...troubles,
};

/** Applets whose options the command here takes apart by itself: what BusyBox does not know is refused before. */
const ownOptions = new Set(
  'ls ps route netstat arp traceroute top less vi nc wget ping awk nslookup hd telnet more'.split(' '),
);

/** Applets that want at least one operand. */
const wanting = new Set(
  'telnet nc ping nslookup traceroute watch setsid which awk sed wget grep egrep fgrep'.split(' '),
);

/** What is wrong with the arguments before the applet itself looks at them: a message, '' for none, undefined: nothing. */
export function refusal(name: string, args: readonly string[]): string | undefined {
  const usage = known.get(name);
  if (usage === undefined) return undefined;
  if (wanting.has(name) && args.length === 0) return '';
  if (!ownOptions.has(name) || usage.short === undefined) return undefined;
  const long = Object.fromEntries((usage.long ?? []).map((option) => [option, option]));
  const parsed = parseOptions(args, { short: usage.short, long, bare: true, stopAtOperand: stopping.has(name) });
  return typeof parsed === 'string' ? parsed : undefined;
}

/** Applets that take no options after the first operand. */
const stopping = new Set(['nc', 'awk', 'telnet']);

/** The first line of every usage. */
export const bannerOf = (build: Build): string => `${shortBanner(build)} multi-call binary.`;
export const shortBanner = ({ release, version }: Build): string => `BusyBox v${release} (${version})`;

/** How BusyBox's applet of this name speaks. */
export function dialectFor(name: string, build: Build): Dialect | undefined {
  const usage = known.get(name);
  if (usage === undefined) return undefined;
  const text = `${bannerOf(build)}\n\n${usage.usage}`;
  const phrases = words[name] ?? [];
  const say = (message: string, wrongUsage: boolean): Said => {
    for (const { pattern, words: form } of [...phrases, ...everybodys].map(compiled)) {
      const match = pattern.exec(message);
      if (match === null) continue;
      const [, ...parts] = match;
      if (form === undefined) return {};
      const [words = '', usage] = form.split('{usage}');
      const text = words.replace(/\{(\d)\}/g, (_, at: string) => unquoted(parts[Number(at)] ?? ''));
      return { ...(text === '' ? {} : { text }), usage: usage !== undefined };
    }
    return wrongUsage ? { usage: true } : { text: message.replace(/‘([^’]*)’/g, "'$1'") };
  };
  const trouble = statuses[name];
  return {
    build,
    usage: text,
    ...(usage.short === undefined || ownOptions.has(name) ? {} : { short: usage.short.replace(/\d/g, '') }),
    say,
    ...(trouble === undefined ? {} : { trouble }),
  };
}

/** `{}: No such file or directory`: a name needs no quotes, whatever is in it. */
const everybodys: readonly Phrase[] = [
  ['invalid number: {}', "invalid number '{0}'"],
  ['invalid time interval {}', "invalid number '{0}'"],
];

interface Compiled {
  readonly pattern: RegExp;
  readonly words: string | undefined;
}
const patterns = new Map<Phrase, Compiled>();

function compiled(phrase: Phrase): Compiled {
  let made = patterns.get(phrase);
  if (made === undefined) {
    const [theirs, ours] = phrase;
    const parts = theirs.split('{}').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
    made = { pattern: new RegExp(`^${parts.join('(\'[^]*?\'|"[^]*?"|‘[^]*?’|[^]*?)')}$`, 'u'), words: ours };
    patterns.set(phrase, made);
  }
  return made;
}

/** A name as it is, out of the quotation marks of a GNU message. */
const unquoted = (text: string): string => /^(['"‘])([^]*)(['"’])$/.exec(text)?.[2] ?? text;
