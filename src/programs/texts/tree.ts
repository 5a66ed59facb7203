import type { Stat } from '../../linux/fs/types';
import { strftime } from '../toolkit/date-format';
import { humanSize, modeText } from '../toolkit/format';
import { globToRegExp } from '../toolkit/glob';
import { tool, type Tool } from '../toolkit/tool';
import { Names } from '../toolkit/users';

/** tree(1). */
export const tree = tool(
  {
    name: 'tree',
    usage: '[-acdfghilnpqrstuvxACDFJQNSUX] [-L level [-R]] [-P pattern] [-I pattern] [--] [directory ...]',
    about:
      '  -a            All files are listed.\n  -d            List directories only.\n  -f            Print the full path prefix for each file.\n' +
      '  -L level      Descend only level directories deep.\n  -P pattern    List only those files that match the pattern given.\n' +
      '  -I pattern    Do not list files that match the given pattern.\n  -h            Print the size in a more human readable way.\n' +
      '  -J            Prints out an JSON representation of the tree.',
    package: 'tree v2.1.0',
    short: 'aACdDfFghiI:JlL:nNo:pP:qQrRsStuUvxX',
    long: {
      dirsfirst: 'dirsfirst',
      noreport: 'noreport',
      prune: 'prune',
      'filelimit:': 'filelimit',
      'charset:': 'charset',
      inodes: 'inodes',
      du: 'du',
      'sort::': 'sort',
    },
  },
  async (tool) => {
    const level = tool.options.value('L');
    if (level !== undefined && !(Number(level) > 0)) {
      await tool.process.stderr.write('tree: Invalid level, must be greater than 0.\n');
      return 1;
    }
    return new Tree(tool).run();
  },
);

interface Entry {
  readonly name: string;
  readonly path: string;
  readonly stat: Stat;
}

class Tree {
  #directories = 0;
  #files = 0;
  readonly #names: Names;
  readonly #marks: readonly [string, string, string];

  constructor(private readonly tool: Tool) {
    this.#names = new Names(tool.fs);
    const { env } = tool.process;
    const locale = env.get('LC_ALL') || env.get('LC_CTYPE') || env.get('LANG') || 'C';
    const drawn = /utf-?8/i.test(tool.options.value('charset') ?? locale) && !tool.options.has('A');
    // The spaces between are no-break ones, as tree writes them.
    this.#marks = drawn ? ['├── ', '└── ', '│\u00a0\u00a0 '] : ['|-- ', '`-- ', '|   '];
  }

  async run(): Promise<number> {
    const { tool } = this;
    const { options, out } = tool;
    const paths = tool.operands.length === 0 ? ['.'] : tool.operands;
    const json: string[] = [];
    for (const path of paths) {
      const stat = tool.fs.stat(path);
      const list = stat.ok ? tool.fs.readdir(path) : undefined;
      if (list?.ok !== true) {
        if (options.has('J')) json.push(`  {"type":"directory","name":${JSON.stringify(path)},"error": "opening dir"}`);
        else await out.line(`${path}  [error opening dir]`);
        if (stat.ok) this.#files++;
        else tool.status = 2;
        continue;
      }
      this.#directories++;
      if (options.has('J')) {
        const inside = await this.#json(path, 1, '    ');
        json.push(`  {"type":"directory","name":${JSON.stringify(path)},"contents":[${inside}\n  ]}`);
      } else {
        const shown = options.has('Q') ? `"${path}"` : path;
        await out.line(
          this.#info(stat.ok ? stat.value : undefined) + shown + (options.has('F') && !path.endsWith('/') ? '/' : ''),
        );
        await this.#level(path, '', 1);
      }
    }
    if (options.has('J')) {
      const report = `,\n  {"type":"report","directories":${this.#directories}${options.has('d') ? '' : `,"files":${this.#files}`}}`;
      await out.write(
        `[\n${json.join(',\n')}\n${options.has('noreport') ? '' : report}\n]\n`.replace('\n,\n', '\n,\n'),
      );
      return tool.status;
    }
    if (options.has('noreport')) return tool.status;
    const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;
    const files = options.has('d') ? '' : `, ${plural(this.#files, 'file', 'files')}`;
    await out.write(`\n${plural(this.#directories, 'directory', 'directories')}${files}\n`);
    return tool.status;
  }

  /** What of a directory is shown, in its order. */
  #entries(path: string, depth: number): Entry[] {
    const { tool } = this;
    const { options, fs } = tool;
    const list = fs.readdir(path);
    const ignored = options
      .values('I')
      .flatMap((glob) => glob.split('|').map((one) => globToRegExp(one.replace(/\/$/, ''))));
    const wanted = options.values('P').flatMap((glob) => glob.split('|').map((one) => globToRegExp(one)));
    const entries: Entry[] = [];
    for (const { name } of list.ok ? list.value : []) {
      if (name.startsWith('.') && !options.has('a')) continue;
      const below = path.endsWith('/') ? path + name : `${path}/${name}`;
      const stat = options.has('l') ? fs.stat(below) : fs.lstat(below);
      if (!stat.ok) continue;
      const directory = stat.value.type === 'directory';
      if (options.has('d') && !directory) continue;
      if (ignored.some((glob) => glob.test(name))) continue;
      if (wanted.length > 0 && !directory && !wanted.some((glob) => glob.test(name))) continue;
      entries.push({ name, path: below, stat: stat.value });
    }
    const kept = options.has('prune') ? entries.filter((one) => this.#holds(one, depth)) : entries;
    const time = options.last('t', 'S', 'U');
    if (time !== 'U') kept.sort((a, b) => (a.name < b.name ? -1 : 1));
    if (time === 't') kept.sort((a, b) => b.stat.mtime - a.stat.mtime);
    if (options.has('r')) kept.reverse();
    const rank = ({ stat }: Entry): number => (stat.type === 'directory' ? 0 : 1);
    return options.has('dirsfirst') ? kept.sort((a, b) => rank(a) - rank(b)) : kept;
  }

  #holds({ path, stat }: Entry, depth: number): boolean {
    return stat.type !== 'directory' || this.#entries(path, depth + 1).length > 0;
  }

  async #level(path: string, indent: string, depth: number): Promise<void> {
    const { options, out, process } = this.tool;
    const [middle, last, bar] = options.has('i') ? ['', '', ''] : this.#marks;
    const entries = this.#entries(path, depth);
    for (const [index, entry] of entries.entries()) {
      const end = index === entries.length - 1;
      const directory = entry.stat.type === 'directory';
      if (directory) this.#directories++;
      else this.#files++;
      await out.line(indent + (end ? last : middle) + this.#info(entry.stat) + this.#label(entry));
      await process.compute(2);
      if (directory && depth < Number(options.value('L') ?? Infinity)) {
        await this.#level(entry.path, indent + (end ? (options.has('i') ? '' : '    ') : bar), depth + 1);
      }
    }
  }

  #label({ name, path, stat }: Entry): string {
    const { options, fs } = this.tool;
    const shown = options.has('f') ? path : name;
    const quoted = options.has('Q') ? `"${shown}"` : shown;
    const target = stat.type === 'symlink' ? fs.readlink(path) : undefined;
    const marks: Readonly<Record<string, string>> = { directory: '/', fifo: '|', socket: '=' };
    const mark = options.has('F')
      ? (marks[stat.type] ?? (stat.type === 'file' && (stat.mode & 0o111) !== 0 ? '*' : ''))
      : '';
    return quoted + mark + (target?.ok === true ? ` -> ${target.value}` : '');
  }

  #info(stat: Stat | undefined): string {
    const { options } = this.tool;
    if (stat === undefined) return '';
    const parts: string[] = [];
    if (options.has('inodes')) parts.push(String(stat.ino).padStart(7));
    if (options.has('p')) parts.push(modeText(stat.type, stat.mode));
    if (options.has('u')) parts.push(this.#names.user(stat.uid).padEnd(8));
    if (options.has('g')) parts.push(this.#names.group(stat.gid).padEnd(8));
    if (options.has('h')) parts.push(humanSize(stat.size).padStart(4));
    else if (options.has('s')) parts.push(String(stat.size).padStart(11));
    if (options.has('D')) parts.push(strftime('%b %e %H:%M', stat.mtime));
    return parts.length === 0 ? '' : `[${parts.join(' ')}]  `;
  }

  async #json(path: string, depth: number, indent: string): Promise<string> {
    const { options, fs } = this.tool;
    const parts: string[] = [];
    for (const { name, path: below, stat } of this.#entries(path, depth)) {
      const directory = stat.type === 'directory';
      if (directory) this.#directories++;
      else this.#files++;
      const kind = directory ? 'directory' : stat.type === 'symlink' ? 'link' : stat.type;
      const target = stat.type === 'symlink' ? fs.readlink(below) : undefined;
      const shown = JSON.stringify(options.has('f') ? below : name);
      const head = `${indent}{"type":"${kind}","name":${shown}${target?.ok === true ? `,"target":${JSON.stringify(target.value)}` : ''}`;
      if (directory && depth < Number(options.value('L') ?? Infinity)) {
        parts.push(`${head},"contents":[${await this.#json(below, depth + 1, `${indent}  `)}\n${indent}]}`);
      } else parts.push(`${head}}`);
    }
    return parts.length === 0 ? '' : `\n${parts.join(',\n')}`;
  }
}
