import type { Stat } from '../../linux/fs/types';
import type { Process } from '../../linux/process/types';
import { joinPath } from './copy';
import { parseFind } from './find-parse';
import type { Expression, FindPlan } from './find-plan';
import { modeText } from '../toolkit/format';
import { globToRegExp } from '../toolkit/glob';
import { blocksOf } from './ls';
import { quote } from '../toolkit/quote';
import { strftime } from '../toolkit/date-format';
import { unescape } from '../toolkit/escapes';
import { ask } from './rm';
import { baseName, dirName } from './simple';
import { tool, type Tool } from '../toolkit/tool';
import { Names } from '../toolkit/users';

/** find(1). */
export const find = tool(
  {
    name: 'find',
    usage: '[-H] [-L] [-P] [-Olevel] [-D debugopts] [path...] [expression]',
    about: 'Search for files in a directory hierarchy.',
    package: 'GNU findutils 4.9.0',
    raw: true,
  },
  async (tool) => {
    const plan = parseFind(tool.operands, tool);
    if (typeof plan === 'string') return tool.fail(plan);
    const search = new Search(tool, plan);
    for (const path of plan.paths) {
      if (search.quit) break;
      const stat = search.stat(path, 0);
      if (stat === undefined) await tool.error(`${quote(path)}: No such file or directory`);
      else await search.visit(path, path, stat, 0);
    }
    await search.runBatches();
    return tool.status;
  },
);

interface Seen {
  readonly path: string;
  readonly start: string;
  readonly stat: Stat;
  readonly depth: number;
}

class Search {
  quit = false;
  #prune = false;
  readonly #names: Names;
  readonly #batches = new Map<Expression, string[]>();

  constructor(
    readonly tool: Tool,
    readonly plan: FindPlan,
  ) {
    this.#names = new Names(tool.fs);
  }

  stat(path: string, depth: number): Stat | undefined {
    const { fs } = this.tool;
    const follow = this.plan.follow === 'L' || (this.plan.follow === 'H' && depth === 0);
    const followed = follow ? fs.stat(path) : undefined;
    const found = followed?.ok === true ? followed : fs.lstat(path);
    return found.ok ? found.value : undefined;
  }

  async visit(path: string, start: string, stat: Stat, depth: number): Promise<void> {
    const { plan, tool } = this;
    const seen = { path, start, stat, depth };
    this.#prune = false;
    if (!plan.depthFirst && depth >= plan.minDepth) await this.#test(plan.expression, seen);
    const descend = stat.type === 'directory' && !this.#prune && depth < plan.maxDepth && !this.quit;
    this.#prune = false;
    if (descend) {
      const list = tool.fs.readdir(path);
      if (!list.ok) await tool.error(`${quote(path)}: ${list.error.message}`);
      else {
        for (const { name } of list.value) {
          if (this.quit) return;
          const below = joinPath(path, name);
          const child = this.stat(below, depth + 1);
          if (child === undefined || (plan.sameDevice && child.dev !== stat.dev)) continue;
          await this.visit(below, start, child, depth + 1);
        }
      }
    }
    if (plan.depthFirst && depth >= plan.minDepth && !this.quit) await this.#test(plan.expression, seen);
  }

  async #test(expression: Expression, seen: Seen): Promise<boolean> {
    const { tool, plan } = this;
    const { path, stat } = seen;
    switch (expression.kind) {
      case 'and':
        for (const one of expression.all) if (!(await this.#test(one, seen))) return false;
        return true;
      case 'or':
        for (const one of expression.all) if (await this.#test(one, seen)) return true;
        return false;
      case 'comma': {
        let last = true;
        for (const one of expression.all) last = await this.#test(one, seen);
        return last;
      }
      case 'not':
        return !(await this.#test(expression.one, seen));
      case 'constant':
        return expression.value;
      case 'name':
        return globToRegExp(expression.glob, expression.ignoreCase).test(baseName(path) || path);
      case 'path':
        return globToRegExp(expression.glob, expression.ignoreCase).test(path);
      case 'regex':
        return expression.regex.test(path);
      case 'lname': {
        const target = tool.fs.readlink(path);
        return target.ok && globToRegExp(expression.glob, expression.ignoreCase).test(target.value);
      }
      case 'type': {
        let { type } = stat;
        if (expression.follow) {
          const followed = tool.fs.stat(path);
          if (followed.ok && plan.follow !== 'L') ({ type } = followed.value);
        }
        return expression.types.includes(type);
      }
      case 'number':
        return expression.compare(this.#number(expression.what, stat, expression.unit));
      case 'empty':
        if (stat.type === 'file') return stat.size === 0;
        if (stat.type !== 'directory') return false;
        {
          const list = tool.fs.readdir(path);
          return list.ok && list.value.length === 0;
        }
      case 'newer':
        return stat[expression.what] > expression.than;
      case 'perm':
        if (expression.how === 'all') return (stat.mode & expression.mode) === expression.mode;
        if (expression.how === 'any') return expression.mode === 0 || (stat.mode & expression.mode) !== 0;
        return (stat.mode & 0o7777) === expression.mode;
      case 'owner':
        return (expression.what === 'uid' ? stat.uid : stat.gid) === expression.id;
      case 'nobody':
        return expression.what === 'uid'
          ? this.#names.user(stat.uid) === String(stat.uid)
          : this.#names.group(stat.gid) === String(stat.gid);
      case 'same':
        return stat.ino === expression.ino && stat.dev === expression.dev;
      case 'access':
        return tool.fs.access(path, { [expression.mode]: true }).ok;
      case 'prune':
        this.#prune = true;
        return true;
      case 'quit':
        this.quit = true;
        await this.runBatches();
        return true;
      case 'print':
        await this.#print(path + expression.end, expression.file);
        return true;
      case 'printf':
        await this.#print(this.#format(expression.format, seen), expression.file);
        return true;
      case 'ls':
        await tool.out.write(this.#long(path, stat));
        return true;
      case 'delete': {
        if (path === '.') return true;
        const done = stat.type === 'directory' ? tool.fs.rmdir(path) : tool.fs.unlink(path);
        if (!done.ok) await tool.error(`cannot delete ${quote(path)}: ${done.error.message}`);
        return done.ok;
      }
      case 'exec':
        return this.#execute(expression, path);
    }
  }

  #print(text: string, file: string | undefined): Promise<void> | undefined {
    if (file === undefined) return this.tool.out.write(text);
    this.tool.fs.appendFile(file, text);
    return undefined;
  }

  #number(what: string, stat: Stat, unit: number): number {
    const { now } = this.tool.process.clock;
    switch (what) {
      case 'size':
        return Math.ceil(stat.size / unit);
      case 'links':
        return stat.nlink;
      case 'inum':
        return stat.ino;
      case 'mtime':
        return Math.floor((now - stat.mtime) / unit);
      case 'ctime':
        return Math.floor((now - stat.ctime) / unit);
      case 'atime':
        return Math.floor((now - stat.atime) / unit);
      case 'uid':
        return stat.uid;
      default:
        return stat.gid;
    }
  }

  async #execute(expression: Extract<Expression, { kind: 'exec' }>, path: string): Promise<boolean> {
    const { tool } = this;
    if (expression.many) {
      const batch = this.#batches.get(expression) ?? [];
      batch.push(path);
      this.#batches.set(expression, batch);
      return true;
    }
    const inDirectory = expression.inDirectory ? `./${baseName(path)}` : path;
    const argv = expression.argv.map((arg) => arg.replaceAll('{}', inDirectory));
    if (expression.ask && !(await ask(tool, `< ${argv[0] ?? ''} ... ${path} > ? `))) return false;
    return (await runCommand(tool, argv, expression.inDirectory ? dirName(path) : undefined)) === 0;
  }

  /** -exec … {} +: all that was collected. */
  async runBatches(): Promise<void> {
    for (const [expression, paths] of this.#batches) {
      if (expression.kind !== 'exec') continue;
      const argv = expression.argv.flatMap((arg) => (arg === '{}' ? paths : [arg]));
      if ((await runCommand(this.tool, argv, undefined)) !== 0) this.tool.status = 1;
    }
    this.#batches.clear();
  }

  #long(path: string, stat: Stat): string {
    const { user, group } = { user: this.#names.user(stat.uid), group: this.#names.group(stat.gid) };
    const target = stat.type === 'symlink' ? this.tool.fs.readlink(path) : undefined;
    const recent = stat.mtime > this.tool.process.clock.now - 15_778_476_000;
    const date = strftime(recent ? '%b %e %H:%M' : '%b %e  %Y', stat.mtime);
    return `${String(stat.ino).padStart(9)} ${String(blocksOf(stat)).padStart(6)} ${modeText(stat.type, stat.mode)} ${String(stat.nlink).padStart(3)} ${user.padEnd(8)} ${group.padEnd(8)} ${String(stat.size).padStart(8)} ${date} ${path}${target?.ok === true ? ` -> ${target.value}` : ''}\n`;
  }

  #format(format: string, { path, start, stat, depth }: Seen): string {
    const target = stat.type === 'symlink' ? this.tool.fs.readlink(path) : undefined;
    const letters: Readonly<Record<Stat['type'], string>> = {
      file: 'f',
      directory: 'd',
      symlink: 'l',
      fifo: 'p',
      socket: 's',
      char: 'c',
      block: 'b',
    };
    return unescape(format, false).text.replace(
      /%([-0]*\d*)([TAC].|[a-zA-Z%])/g,
      (_, flags: string, letter: string) => {
        const values: Readonly<Record<string, () => string>> = {
          '%': () => '%',
          p: () => path,
          P: () => (path === start ? '' : path.slice(start.length).replace(/^\//, '')),
          f: () => baseName(path) || path,
          h: () => (path.includes('/') ? dirName(path) : '.'),
          H: () => start,
          d: () => String(depth),
          s: () => String(stat.size),
          k: () => String(blocksOf(stat)),
          b: () => String(blocksOf(stat) * 2),
          m: () => (stat.mode & 0o7777).toString(8),
          M: () => modeText(stat.type, stat.mode),
          n: () => String(stat.nlink),
          i: () => String(stat.ino),
          u: () => this.#names.user(stat.uid),
          U: () => String(stat.uid),
          g: () => this.#names.group(stat.gid),
          G: () => String(stat.gid),
          y: () => letters[stat.type],
          Y: () => {
            const real = this.tool.fs.stat(path);
            return real.ok ? letters[real.value.type] : real.error.code === 'ELOOP' ? 'L' : 'N';
          },
          l: () => (target?.ok === true ? target.value : ''),
          t: () => strftime('%a %b %e %H:%M:%S.0000000000 %Y', stat.mtime),
          D: () => String(stat.dev),
        };
        const time = letter.startsWith('T') ? stat.mtime : letter.startsWith('A') ? stat.atime : stat.ctime;
        const zone = letter.charAt(1);
        const text =
          letter.length === 2
            ? zone === '@'
              ? `${(time / 1000).toFixed(10)}`
              : zone === '+'
                ? strftime('%F+%T.0000000000', time)
                : strftime(`%${zone}`, time)
            : (values[letter]?.() ?? `%${letter}`);
        const width = Number(/\d+/.exec(flags)?.[0] ?? 0);
        return flags.startsWith('-') ? text.padEnd(width) : text.padStart(width);
      },
    );
  }
}

/** Runs a command to its end; its exit status, or 127 and a word if there is none. */
export async function runCommand(tool: Tool, argv: readonly string[], cwd: string | undefined): Promise<number> {
  const { process } = tool;
  await tool.out.flush();
  const [command = ''] = argv;
  const file = process.which(command);
  if (file === undefined) {
    await tool.error(`${quote(command)}: No such file or directory`);
    return 127;
  }
  const child = process.spawn({ file, argv, ...(cwd === undefined ? {} : { cwd: absolute(process, cwd) }) });
  if (!child.ok) {
    await tool.error(`${quote(command)}: ${child.error.message}`);
    return 126;
  }
  const status = await child.value.wait();
  return status.kind === 'exited' ? status.code : 128;
}

const absolute = (process: Process, path: string): string =>
  path.startsWith('/') ? path : joinPath(process.cwd, path);
