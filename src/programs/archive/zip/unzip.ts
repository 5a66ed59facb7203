import { decode } from '../../../linux/io/bytes';
import { strftime } from '../../toolkit/date-format';
import { globToRegExp } from '../../toolkit/glob';
import { tool, type Tool } from '../../toolkit/tool';
import { contentOf, decodeZip, type ZipMember } from './format';

const about =
  '  Default action is to extract files in list, except those in xlist, to exdir;\n' +
  '  file[.zip] may be a wildcard.\n\n' +
  '  -p  extract files to pipe, no messages     -l  list files (short format)\n' +
  '  -f  freshen existing files, create none    -t  test compressed archive data\n' +
  '  -u  update files, create if necessary      -v  list verbosely/show version info\n' +
  '  -x  exclude files that follow (in xlist)   -d  extract files into exdir\n' +
  'modifiers:\n' +
  '  -n  never overwrite existing files         -q  quiet mode (-qq => quieter)\n' +
  '  -o  overwrite files WITHOUT prompting      -j  junk paths (do not make directories)';

/** unzip(1) of Info-ZIP. */
export const unzip = tool(
  {
    name: 'unzip',
    usage: '[-Z] [-opts[modifiers]] file[.zip] [list] [-x xlist] [-d exdir]',
    about,
    package: 'UnZip 6.00',
    trouble: 10,
    raw: true,
  },
  (tool) => new Unzip(tool).run(),
);

class Unzip {
  readonly #flags: string[] = [];
  #folder = '';
  #overwrite: 'ask' | 'all' | 'none' = 'ask';
  #status = 0;

  constructor(private readonly tool: Tool) {}

  #has(letter: string): boolean {
    return this.#flags.includes(letter);
  }

  async #say(message: string): Promise<void> {
    await this.tool.out.flush();
    await this.tool.process.stderr.write(message);
  }

  async run(): Promise<number> {
    const { tool } = this;
    const operands: string[] = [];
    const excluded: string[] = [];
    const args = [...tool.operands];
    let into: string[] = operands;
    for (let arg = args.shift(); arg !== undefined; arg = args.shift()) {
      if (arg.startsWith('-d') && arg !== '-') this.#folder = arg.slice(2) || (args.shift() ?? '');
      else if (arg === '-x') into = excluded;
      else if (arg.startsWith('-') && arg !== '-') this.#flags.push(...arg.slice(1));
      else into.push(arg);
    }
    const [given, ...wanted] = operands;
    if (given === undefined) {
      await tool.out.write(`Usage: unzip [-Z] [-opts[modifiers]] file[.zip] [list] [-x xlist] [-d exdir]\n${about}\n`);
      return this.#flags.length === 0 || this.#has('v') ? 0 : 10;
    }
    const names = [given, `${given}.zip`, `${given}.ZIP`];
    const archive = names.find((name) => tool.fs.stat(name).ok);
    if (archive === undefined) {
      await this.#say(`unzip:  cannot find or open ${names[0] ?? ''}, ${names[1] ?? ''} or ${names[2] ?? ''}.\n`);
      return 9;
    }
    const bytes = tool.fs.readFile(archive);
    const members = bytes.ok ? decodeZip(bytes.value) : undefined;
    const quiet = this.#flags.filter((flag) => flag === 'q').length;
    if (quiet === 0 && !this.#has('p') && !this.#has('c') && !this.#has('Z'))
      await tool.out.line(`Archive:  ${archive}`);
    if (members === undefined) return this.#notZip(given);
    const patterns = wanted.map((pattern) => ({ pattern, regex: globToRegExp(pattern), used: false }));
    const left = excluded.map((pattern) => globToRegExp(pattern));
    const chosen = members.filter(({ name }) => {
      if (left.some((regex) => regex.test(name))) return false;
      const found = patterns.filter(({ regex }) => regex.test(name));
      for (const one of found) one.used = true;
      return patterns.length === 0 || found.length > 0;
    });
    if (this.#has('Z')) for (const { name } of chosen) await tool.out.line(name);
    else if (this.#has('l') || this.#has('v')) await this.#list(chosen, quiet);
    else if (this.#has('t')) await this.#test(chosen, archive, quiet);
    else for (const member of chosen) if (!(await this.#extract(member, quiet))) break;
    for (const { pattern, used } of patterns) {
      if (used) continue;
      await this.#say(`caution: filename not matched:  ${pattern}\n`);
      this.#status = 11;
    }
    return this.#status;
  }

  async #notZip(given: string): Promise<number> {
    await this.#say(
      '  End-of-central-directory signature not found.  Either this file is not\n' +
        '  a zipfile, or it constitutes one disk of a multi-part archive.  In the\n' +
        '  latter case the central directory and zipfile comment will be found on\n' +
        '  the last disk(s) of this archive.\n' +
        `unzip:  cannot find zipfile directory in one of ${given} or\n        ${given}.zip, and cannot find ${given}.ZIP, period.\n`,
    );
    return 9;
  }

  async #list(members: readonly ZipMember[], quiet: number): Promise<void> {
    const { out } = this.tool;
    const long = this.#has('v');
    const sum = (size: (member: ZipMember) => number): number =>
      members.reduce((total, member) => total + size(member), 0);
    const percent = (packed: number, size: number): string =>
      `${size === 0 ? 0 : Math.round((100 * (size - packed)) / size)}%`.padStart(4);
    if (quiet < 1) {
      await out.line(
        long
          ? ' Length   Method    Size  Cmpr    Date    Time   CRC-32   Name\n--------  ------  ------- ---- ---------- ----- --------  ----'
          : '  Length      Date    Time    Name\n---------  ---------- -----   ----',
      );
    }
    for (const member of members) {
      const time = strftime('%Y-%m-%d %H:%M', member.mtime);
      const method = member.method === 0 ? 'Stored' : 'Defl:N';
      const packed = member.packed.length;
      await out.line(
        long
          ? `${String(member.size).padStart(8)}  ${method} ${String(packed).padStart(8)} ${percent(packed, member.size)} ${time} ${member.crc.toString(16).padStart(8, '0')}  ${member.name}`
          : `${String(member.size).padStart(9)}  ${time}   ${member.name}`,
      );
    }
    if (quiet > 0) return;
    const total = sum(({ size }) => size);
    const packed = sum(({ packed: bytes }) => bytes.length);
    const files = `${members.length} file${members.length === 1 ? '' : 's'}`;
    await out.line(
      long
        ? `--------          -------  ---                            -------\n${String(total).padStart(8)}         ${String(packed).padStart(8)} ${percent(packed, total)}                            ${files}`
        : `---------                     -------\n${String(total).padStart(9)}                     ${files}`,
    );
  }

  async #test(members: readonly ZipMember[], archive: string, quiet: number): Promise<void> {
    const { out } = this.tool;
    let bad = 0;
    for (const member of members) {
      const good = contentOf(member) !== undefined;
      if (!good) bad++;
      if (quiet === 0 || !good) await out.line(`    testing: ${member.name.padEnd(22)}   ${good ? 'OK' : ' bad CRC'}`);
    }
    if (bad === 0) await out.line(`No errors detected in ${archive === '' ? '' : 'compressed data of '}${archive}.`);
    else {
      await out.line(`At least one error was detected in ${archive}.`);
      this.#status = 2;
    }
  }

  /** False: no more. */
  async #extract(member: ZipMember, quiet: number): Promise<boolean> {
    const { tool } = this;
    const { fs, out } = tool;
    const content = contentOf(member);
    if (this.#has('p') || this.#has('c')) {
      if (content !== undefined) await out.write(content);
      return true;
    }
    const directory = member.name.endsWith('/');
    if (directory && this.#has('j')) return true;
    const base = this.#has('j') ? (member.name.split('/').at(-1) ?? '') : member.name.replace(/^\/+/, '');
    // Parts that lead upwards are left out.
    const safe = base
      .split('/')
      .filter((part) => part !== '..')
      .join('/');
    const path = this.#folder === '' ? safe : `${this.#folder.replace(/\/$/, '')}/${safe}`;
    if (directory) {
      if (fs.stat(path).ok) return true;
      fs.mkdirAll(path.replace(/\/$/, ''));
      if (member.mode !== 0) fs.chmod(path.replace(/\/$/, ''), member.mode & 0o7777);
      if (quiet === 0) await out.line(`   creating: ${path}`);
      return true;
    }
    if (content === undefined) {
      await this.#say(`    skipping: ${member.name}  unsupported compression method ${member.method}\n`);
      this.#status = 81;
      return true;
    }
    const there = fs.lstat(path);
    if (!there.ok && this.#has('f')) return true;
    if (there.ok) {
      if ((this.#has('u') || this.#has('f')) && there.value.mtime >= member.mtime) return true;
      const answer = await this.#ask(path);
      if (answer === 'none') return true;
      if (answer === 'stop') return false;
      fs.unlink(path);
    }
    const slash = path.lastIndexOf('/');
    if (slash > 0) fs.mkdirAll(path.slice(0, slash));
    if ((member.mode & 0o170000) === 0o120000) {
      fs.symlink(decode(content), path);
      if (quiet === 0) await out.line(`    linking: ${path.padEnd(22)}  -> ${decode(content)} `);
      return true;
    }
    const written = fs.writeFile(path, content);
    if (!written.ok) {
      await this.#say(`error:  cannot create ${path}\n        ${written.error.message}\n`);
      this.#status = 50;
      return true;
    }
    if (member.mode !== 0) fs.chmod(path, member.mode & 0o7777);
    fs.utimes(path, member.mtime, member.mtime);
    if (quiet === 0) await out.line(`${member.method === 0 ? ' extracting' : '  inflating'}: ${path.padEnd(22)}  `);
    return true;
  }

  async #ask(path: string): Promise<'all' | 'none' | 'stop'> {
    if (this.#has('o') || this.#overwrite === 'all') return 'all';
    if (this.#has('n') || this.#overwrite === 'none') return 'none';
    await this.#say(`replace ${path}? [y]es, [n]o, [A]ll, [N]one, [r]ename: `);
    const answer = await this.tool.process.stdin.readLine();
    if (answer === undefined) {
      await this.#say(' NULL\n(EOF or read error, treating as "[N]one" ...)\n');
      this.#overwrite = 'none';
      this.#status = 1;
      return 'none';
    }
    if (answer.startsWith('A')) this.#overwrite = 'all';
    if (answer.startsWith('N')) this.#overwrite = 'none';
    return /^[yA]/.test(answer) ? 'all' : 'none';
  }
}
