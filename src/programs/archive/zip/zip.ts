import { encode } from '../../../linux/io/bytes';
import { globToRegExp } from '../../toolkit/glob';
import { readAll } from '../../toolkit/latin1';
import { tool, type Tool } from '../../toolkit/tool';
import { decodeZip, encodeZip, memberOf, type ZipMember } from './format';

const about =
  'The default action is to add or replace zipfile entries from list, which\n  can include the special name - to compress standard input.\n' +
  '  -f   freshen: only changed files  -u   update: only changed or new files\n' +
  '  -d   delete entries in zipfile    -m   move into zipfile (delete OS files)\n' +
  "  -r   recurse into directories     -j   junk (don't record) directory names\n" +
  '  -0   store only                   -9   compress better\n' +
  '  -q   quiet operation              -v   verbose operation\n' +
  '  -x   exclude the following names  -i   include only the following names\n' +
  '  -@   read names from stdin        -D   do not add directory entries\n' +
  '  -y   store symbolic links as the link instead of the referenced file';

/** zip(1) of Info-ZIP. */
export const zip = tool(
  {
    name: 'zip',
    usage: '[-options] [-b path] [-t mmddyyyy] [-n suffixes] [zipfile list] [-xi list]',
    about,
    package: 'Zip 3.0',
    trouble: 16,
    raw: true,
  },
  async (tool) => new Zip(tool).run(),
);

class Zip {
  readonly #flags = new Set<string>();
  readonly #exclude: RegExp[] = [];
  readonly #include: RegExp[] = [];
  #members = new Map<string, ZipMember>();
  readonly #moved: string[] = [];
  #changed = 0;
  #toOutput = false;

  constructor(private readonly tool: Tool) {}

  /** Messages go where the list of members goes, unless the archive does. */
  async #note(text: string): Promise<void> {
    if (this.#toOutput) await this.tool.process.stderr.write(text);
    else await this.tool.out.write(text);
  }

  async #fail(message: string, status: number): Promise<number> {
    await this.#note(`\nzip error: ${message}\n`);
    return status;
  }

  async #warn(message: string): Promise<void> {
    await this.#note(`\tzip warning: ${message}\n`);
  }

  async run(): Promise<number> {
    const { tool } = this;
    const operands: string[] = [];
    const args = [...tool.operands];
    for (let arg = args.shift(); arg !== undefined; arg = args.shift()) {
      if (!arg.startsWith('-') || arg === '-') {
        operands.push(arg);
        continue;
      }
      const word = {
        '--recurse-paths': 'r',
        '--quiet': 'q',
        '--junk-paths': 'j',
        '--symlinks': 'y',
        '--delete': 'd',
        '--update': 'u',
        '--move': 'm',
      }[arg];
      for (const letter of word ?? arg.slice(1)) {
        if (letter === 'x' || letter === 'i') {
          const list = letter === 'x' ? this.#exclude : this.#include;
          while (args[0] !== undefined && !args[0].startsWith('-') && args[0] !== '@')
            list.push(globToRegExp(args.shift() ?? ''));
        } else if (letter === 'b' || letter === 'n' || letter === 't') args.shift();
        else if (/[0-9DdfjlmoqrTuvXyr@R]/.test(letter)) this.#flags.add(letter);
        else {
          await tool.process.stderr.write(
            `\nzip error: Invalid command arguments (short option '${letter}' not supported)\n`,
          );
          return 16;
        }
      }
    }
    const [given, ...paths] = operands;
    if (given === undefined) {
      await tool.out.write(
        `Usage: zip ${'[-options] [-b path] [-t mmddyyyy] [-n suffixes] [zipfile list] [-xi list]'}\n${about}\n`,
      );
      return 0;
    }
    if (this.#flags.has('@')) {
      for (
        let line = await tool.process.stdin.readLine();
        line !== undefined;
        line = await tool.process.stdin.readLine()
      )
        paths.push(line);
    }
    const archive = given === '-' || /\.[^/]+$/.test(given) ? given : `${given}.zip`;
    return this.#into(archive, paths);
  }

  async #into(archive: string, paths: readonly string[]): Promise<number> {
    const { tool } = this;
    const { fs } = tool;
    this.#toOutput = archive === '-';
    const old = archive === '-' ? undefined : fs.readFile(archive);
    if (old?.ok === true) {
      const members = decodeZip(old.value);
      if (members === undefined) return this.#fail(`Zip file structure invalid (${archive})`, 3);
      for (const member of members) this.#members.set(member.name, member);
    }
    if (this.#flags.has('d')) {
      for (const pattern of paths) {
        const regex = globToRegExp(pattern);
        const found = [...this.#members.keys()].filter((name) => regex.test(name));
        if (found.length === 0) await this.#warn(`name not matched: ${pattern}`);
        for (const name of found) {
          this.#members.delete(name);
          this.#changed++;
          await this.#tell(`deleting: ${name}`);
        }
      }
    } else {
      for (const path of paths) {
        if (path === '-') await this.#standard();
        else if (!fs.lstat(path).ok) await this.#warn(`name not matched: ${path}`);
        else await this.#add(path);
      }
    }
    if (this.#changed === 0) {
      if (this.#flags.has('u') || this.#flags.has('f')) return 12;
      const name = archive.includes('/') ? archive : archive;
      return this.#fail(
        `Nothing to do! (${this.#flags.has('r') && paths.length > 0 ? `try: zip -r ${name} . -i ${paths.join(' ')}` : name})`,
        12,
      );
    }
    const bytes = encodeZip([...this.#members.values()]);
    if (archive === '-') await tool.out.write(bytes);
    else if (this.#members.size === 0) {
      fs.unlink(archive);
      await this.#warn(`zip file empty`);
    } else {
      const written = fs.writeFile(archive, bytes);
      if (!written.ok) return this.#fail(`Could not create output file (${archive})`, 15);
    }
    if (this.#flags.has('m')) for (const path of this.#moved.reverse()) if (!fs.unlink(path).ok) fs.rmdir(path);
    return tool.status;
  }

  async #tell(text: string): Promise<void> {
    if (!this.#flags.has('q')) await this.#note(`${text}\n`);
  }

  async #standard(): Promise<void> {
    const bytes = (await readAll(this.tool, '-')) ?? encode('');
    await this.#put(memberOf('-', bytes, this.tool.process.clock.now, 0o010600, this.#level));
  }

  get #level(): number {
    return Number([...this.#flags].find((flag) => /\d/.test(flag)) ?? 6);
  }

  async #add(path: string): Promise<void> {
    const { fs } = this.tool;
    const stat = this.#flags.has('y') ? fs.lstat(path) : fs.stat(path);
    if (!stat.ok) return;
    const { type, mode, mtime } = stat.value;
    const junk = this.#flags.has('j');
    const plain = path
      .replace(/^\/+/, '')
      .replace(/^(\.\/)+/, '')
      .replace(/\/+$/, '');
    if (type === 'directory') {
      const name = `${plain}/`;
      if (!junk && !this.#flags.has('D') && plain !== '.' && plain !== '' && this.#wants(name)) {
        await this.#put(memberOf(name, encode(''), mtime, 0o040000 | mode, 0));
        this.#moved.push(path);
      }
      if (!this.#flags.has('r')) return;
      const list = fs.readdir(path);
      for (const { name: entry } of list.ok ? list.value : []) await this.#add(`${path.replace(/\/+$/, '')}/${entry}`);
      return;
    }
    const name = junk ? (plain.split('/').at(-1) ?? plain) : plain;
    if (!this.#wants(name)) return;
    const known = this.#members.get(name);
    if (this.#flags.has('f') && known === undefined) return;
    if (
      (this.#flags.has('f') || this.#flags.has('u')) &&
      known !== undefined &&
      known.mtime >= Math.floor(mtime / 1000) * 1000
    )
      return;
    const link = type === 'symlink' ? fs.readlink(path) : undefined;
    const content = link?.ok === true ? { ok: true as const, value: encode(link.value) } : fs.readFile(path);
    if (!content.ok) {
      await this.#warn(`could not open for reading: ${path}`);
      this.tool.status = 18;
      return;
    }
    this.#moved.push(path);
    await this.#put(
      memberOf(name, content.value, mtime, (type === 'symlink' ? 0o120000 : 0o100000) | mode, this.#level),
    );
  }

  #wants(name: string): boolean {
    if (this.#exclude.some((regex) => regex.test(name))) return false;
    return this.#include.length === 0 || this.#include.some((regex) => regex.test(name));
  }

  async #put(member: ZipMember): Promise<void> {
    const known = this.#members.has(member.name);
    this.#members.set(member.name, member);
    this.#changed++;
    const saved = member.size === 0 ? 0 : Math.round((100 * (member.size - member.packed.length)) / member.size);
    const how = member.method === 8 ? `deflated ${saved}%` : 'stored 0%';
    await this.#tell(`${known ? 'updating' : '  adding'}: ${member.name} (${how})`);
  }
}
