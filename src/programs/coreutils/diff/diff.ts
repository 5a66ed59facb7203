import type { Stat } from '../../../linux/fs/types';
import { joinPath } from '../copy';
import { strftime } from '../../toolkit/date-format';
import { compile } from '../../toolkit/regex';
import { quotef } from '../../toolkit/quote';
import { tool, type Tool } from '../../toolkit/tool';
import { globToRegExp } from '../../toolkit/glob';
import { zoneOf } from '../../toolkit/zone';
import { decode } from '../../../linux/io/bytes';
import { readAll } from '../../toolkit/latin1';
import { changesOf, type Change } from './changes';
import { colored, contextual, edScript, normal, plain, sideBySide, unified } from './write';

/** diff(1). */
export const diff = tool(
  {
    name: 'diff',
    usage: '[OPTION]... FILES',
    about: 'Compare FILES line by line.',
    package: 'GNU diffutils 3.10',
    short: '0123456789abBcC:deEF:hiI:lL:nNpPqrsS:tTuU:vwW:x:X:yZ',
    hint: "diff: Try 'diff --help' for more information.",
    long: {
      brief: 'q',
      'report-identical-files': 's',
      recursive: 'r',
      'new-file': 'N',
      'ignore-case': 'i',
      'ignore-all-space': 'w',
      'ignore-space-change': 'b',
      'ignore-blank-lines': 'B',
      'color::': 'color',
      'unified::': 'U',
      'context::': 'C',
      normal: 'normal',
      ed: 'e',
      'side-by-side': 'y',
      'width:': 'W',
      'left-column': 'left',
      'suppress-common-lines': 'common',
      'show-c-function': 'p',
      'show-function-line:': 'F',
      'ignore-matching-lines:': 'I',
      'ignore-tab-expansion': 'E',
      'ignore-trailing-space': 'Z',
      'strip-trailing-cr': 'cr',
      'expand-tabs': 't',
      'exclude:': 'x',
      'no-dereference': 'no-dereference',
      minimal: 'd',
      'speed-large-files': 'speed',
      'unidirectional-new-file': 'P',
      'label:': 'L',
      text: 'a',
    },
    trouble: 2,
  },
  async (tool) => {
    const [first, second, extra] = tool.operands;
    if (second === undefined || first === undefined) {
      return tool.usageError(`missing operand after '${first ?? tool.name}'`);
    }
    if (extra !== undefined) return tool.usageError(`extra operand '${extra}'`);
    return compare(tool, first, second, true);
  },
);

const missing: Stat = {
  dev: 0,
  ino: -1,
  type: 'file',
  mode: 0,
  nlink: 0,
  uid: 0,
  gid: 0,
  size: 0,
  atime: 0,
  mtime: 0,
  ctime: 0,
};

/** `inside`: both stand in folders that are compared. */
async function compare(tool: Tool, first: string, second: string, top: boolean, inside = false): Promise<number> {
  const { fs, options } = tool;
  const look = (path: string) =>
    path === '-' ? ({ ok: true, value: { ...missing, mtime: tool.process.clock.now } } as const) : fs.stat(path);
  const [one, other] = [look(first), look(second)];
  const absent = options.has('N');
  let trouble = false;
  for (const [path, found] of [
    [first, one],
    [second, other],
  ] as const) {
    if (found.ok || (absent && (one.ok || other.ok))) continue;
    await tool.error(`${quotef(path)}: ${found.error.message}`, 2);
    trouble = true;
  }
  if (trouble) return 2;
  const left = one.ok ? one.value : missing;
  const right = other.ok ? other.value : missing;
  const same = one.ok && other.ok && left.ino === right.ino && left.dev === right.dev && left.ino >= 0;
  if (same && !options.has('s', 'y')) return 0;
  if (left.type === 'directory' && right.type === 'directory') return directories(tool, first, second);
  if (top && left.type === 'directory')
    return compare(tool, joinPath(first, second.split('/').at(-1) ?? second), second, false);
  if (top && right.type === 'directory')
    return compare(tool, first, joinPath(second, first.split('/').at(-1) ?? first), false);
  if (left.type === 'directory' || right.type === 'directory') {
    const kind = (stat: Stat) => (stat.type === 'directory' ? 'a directory' : 'a regular file');
    await tool.out.line(`File ${first} is ${kind(left)} while file ${second} is ${kind(right)}`);
    return 1;
  }
  const texts: string[] = [];
  for (const [path, stat] of [
    [first, left],
    [second, right],
  ] as const) {
    if (stat === missing) {
      texts.push('');
      continue;
    }
    const bytes = await readAll(tool, path, (name, why) => tool.error(`${quotef(name)}: ${why}`, 2));
    if (bytes === undefined) return 2;
    texts.push(decode(bytes));
  }
  const [a = '', b = ''] = texts;
  if (a === b) {
    if (options.has('s')) await tool.out.line(`Files ${first} and ${second} are identical`);
    if (options.has('y') && !options.has('common')) {
      const lines = linesOf(a);
      await tool.out.write(sideBySide(lines, lines, [], besideOf(tool)));
    }
    return 0;
  }
  if (!options.has('a') && (a.includes('\0') || b.includes('\0'))) {
    await tool.out.line(`${options.has('q') ? 'Files' : 'Binary files'} ${first} and ${second} differ`);
    return 1;
  }
  const strip = (text: string): string => (options.has('cr') ? text.replaceAll('\r\n', '\n') : text);
  const from = linesOf(strip(a));
  const to = linesOf(strip(b));
  const changes = counted(
    tool,
    from,
    to,
    changesOf(
      from.map((line) => shape(tool, line)),
      to.map((line) => shape(tool, line)),
    ),
  );
  if (changes.length === 0) {
    if (options.has('s')) await tool.out.line(`Files ${first} and ${second} are identical`);
    return 0;
  }
  if (options.has('q')) {
    await tool.out.line(`Files ${first} and ${second} differ`);
    return 1;
  }
  const when = options.has('color') ? (options.value('color') ?? 'auto') : 'never';
  const paint = when === 'always' || (when === 'auto' && tool.process.fds.get(1)?.kind === 'tty') ? colored : plain;
  if (inside) {
    const words = ['diff', ...given(tool), first, second];
    await tool.out.line(paint('header', words.join(' ')));
  }
  const style = options.last('u', 'U', 'c', 'C', 'y', 'e', 'normal') ?? (tool.dialect === undefined ? undefined : 'u');
  const digits = options.given
    .filter(({ name }) => /^\d$/.test(name))
    .map(({ name }) => name)
    .join('');
  const context = Number(options.value('U') ?? options.value('C') ?? (digits === '' ? 3 : digits));
  const headings = options.has('p')
    ? /^[A-Za-z$_]/
    : options.has('F')
      ? new RegExp(options.value('F') ?? '')
      : undefined;
  const heading = (before: number): string => {
    const line = headings === undefined ? undefined : from.slice(0, before).findLast((one) => headings.test(one));
    return line === undefined ? '' : ` ${line.trimEnd().slice(0, 40)}`;
  };
  if (style === 'y') await tool.out.write(sideBySide(from, to, changes, besideOf(tool)));
  else if (style === 'e') await tool.out.write(edScript(to, changes));
  else if (style === undefined || style === 'normal') await tool.out.write(normal(from, to, changes, paint));
  else {
    const old = style === 'c' || style === 'C';
    const labels = options.values('L');
    const zone = zoneOf(tool.process.env.get('TZ'));
    const locale = tool.process.env.get('LC_ALL') ?? tool.process.env.get('LANG') ?? 'C';
    const format = old && /^(C|POSIX)$/.test(locale) ? '%a %b %e %T %Y' : '%Y-%m-%d %H:%M:%S.%N %z';
    const title = (label: string | undefined, path: string, stat: Stat): string =>
      label ?? `${path}\t${strftime(format, stat.mtime, 0, zone)}`;
    const [one, two] = old ? ['***', '---'] : ['---', '+++'];
    await tool.out.line(paint('header', `${one} ${title(labels[0], first, left)}`));
    await tool.out.line(paint('header', `${two} ${title(labels[1], second, right)}`));
    await tool.out.write((old ? contextual : unified)(from, to, changes, context, paint, heading));
  }
  return 1;
}

const besideOf = ({ options }: Tool) => ({
  width: Number(options.value('W') ?? 130),
  common: options.has('common'),
  left: options.has('left'),
  expand: options.has('t'),
});

/** The changes that count: not those of blank lines only (-B), nor of lines that -I means. */
function counted(
  { options }: Tool,
  a: readonly string[],
  b: readonly string[],
  changes: readonly Change[],
): readonly Change[] {
  const ignored = options.values('I').map((pattern) => compile(pattern, false));
  if (!options.has('B') && ignored.length === 0) return changes;
  const nothing = (line: string): boolean =>
    (options.has('B') && line.trim() === '') ||
    ignored.some((regex) => typeof regex !== 'string' && regex.test(line.replace(/\n$/, '')));
  return changes.filter(({ from, to, at, until }) => ![...a.slice(from, to), ...b.slice(at, until)].every(nothing));
}

async function directories(tool: Tool, first: string, second: string): Promise<number> {
  const { fs, options } = tool;
  const names = (path: string) => {
    const list = fs.readdir(path);
    return list.ok ? list.value.map(({ name }) => name) : [];
  };
  const [left, right] = [new Set(names(first)), new Set(names(second))];
  let status = 0;
  const excluded = options.values('x').map((glob) => globToRegExp(glob));
  for (const name of [...new Set([...left, ...right])].sort()) {
    if (excluded.some((glob) => glob.test(name))) continue;
    const [one, other] = [joinPath(first, name), joinPath(second, name)];
    if (!options.has('N') && !(left.has(name) && right.has(name))) {
      await tool.out.line(`Only in ${left.has(name) ? first : second}: ${name}`);
      status = Math.max(status, 1);
      continue;
    }
    const [a, b] = [fs.stat(one), fs.stat(other)];
    const both = a.ok && b.ok && a.value.type === 'directory' && b.value.type === 'directory';
    if (both && !options.has('r')) {
      await tool.out.line(`Common subdirectories: ${one} and ${other}`);
      continue;
    }
    status = Math.max(status, await compare(tool, one, other, false, true));
  }
  return status;
}

function shape({ options }: Tool, line: string): string {
  let shaped = line;
  if (options.has('w')) shaped = shaped.replace(/\s+/g, '');
  else if (options.has('b')) shaped = shaped.replace(/\s+/g, ' ').trimEnd();
  else if (options.has('Z')) shaped = shaped.replace(/\s+$/, '');
  return options.has('i') ? shaped.toLowerCase() : shaped;
}

/** Lines with their newlines: the last may have none. */
const linesOf = (text: string): readonly string[] => (text === '' ? [] : text.split(/(?<=\n)/));

/** The options as they were given, for the line above each file of a folder. */
function given({ process, operands }: Tool): readonly string[] {
  const args = [...process.args];
  for (const operand of operands.toReversed()) args.splice(args.lastIndexOf(operand), 1);
  return args.map(quotef);
}
