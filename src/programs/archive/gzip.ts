import { saying } from '../toolkit/dialect';
import { concat } from '../../linux/io/bytes';
import { strftime } from '../toolkit/date-format';
import { tool, type Tool } from '../toolkit/tool';
import { BadData, gunzipped, gzipping, pullOf, Source, type GzipHeader, type Push } from './stream';

const suffixes = ['.gz', '-gz', '.z', '-z', '_z', '.tgz', '.taz', '.Z'];

const packer = (name: string, preset: readonly string[]) =>
  tool(
    {
      name,
      usage: '[OPTION]... [FILE]...',
      about:
        'Compress or uncompress FILEs (by default, compress FILES in-place).\n\n' +
        '  -c, --stdout      write on standard output, keep original files unchanged\n' +
        '  -d, --decompress  decompress\n' +
        '  -f, --force       force overwrite of output file and compress links\n' +
        '  -k, --keep        keep (do not delete) input files\n' +
        '  -l, --list        list compressed file contents\n' +
        '  -n, --no-name     do not save or restore the original name and timestamp\n' +
        '  -N, --name        save or restore the original name and timestamp\n' +
        '  -q, --quiet       suppress all warnings\n' +
        '  -r, --recursive   operate recursively on directories\n' +
        '  -S, --suffix=SUF  use suffix SUF on compressed files\n' +
        '  -t, --test        test compressed file integrity\n' +
        '  -v, --verbose     verbose mode\n' +
        '  -1, --fast        compress faster\n' +
        '  -9, --best        compress better\n\n' +
        'With no FILE, or when FILE is -, read standard input.',
      package: 'gzip 1.12',
      hint: `Try \`${name} --help' for more information.`,
      short: '123456789acdfhklLnNqrS:tvV',
      long: {
        ascii: 'a',
        stdout: 'c',
        'to-stdout': 'c',
        decompress: 'd',
        uncompress: 'd',
        force: 'f',
        keep: 'k',
        list: 'l',
        'no-name': 'n',
        name: 'N',
        quiet: 'q',
        silent: 'q',
        recursive: 'r',
        rsyncable: 'rsyncable',
        'suffix:': 'S',
        synchronous: 'synchronous',
        test: 't',
        verbose: 'v',
        fast: '1',
        best: '9',
      },
      rewrite: (args) => [...preset, ...args],
    },
    (tool) => new Gzip(tool).run(),
  );

/** gzip(1) and its sisters. */
export const gzip = packer('gzip', []);
export const gunzip = packer('gunzip', ['-d']);
export const zcat = packer('zcat', ['-d', '-c']);

class Gzip {
  readonly #unpack: boolean;
  readonly #suffix: string;
  #listed = false;

  constructor(private readonly tool: Tool) {
    this.#unpack = tool.options.has('d', 't', 'l');
    this.#suffix = tool.options.value('S') ?? '.gz';
  }

  async run(): Promise<number> {
    for (const path of this.tool.operands.length === 0 ? ['-'] : this.tool.operands) {
      if (path === '-') await this.#standard();
      else await this.#file(path);
    }
    return this.tool.status;
  }

  /** A message; 2 is a mere warning, which -q silences. */
  async #say(message: string, status: number): Promise<void> {
    const { tool } = this;
    tool.status = tool.status === 1 ? 1 : status;
    if (status !== 1 && tool.options.has('q')) return;
    await tool.out.flush();
    if (tool.dialect !== undefined) {
      tool.status = 1;
      return saying(tool.process, tool.dialect, message.trimStart());
    }
    await tool.process.stderr.write(`${message.startsWith('\n') ? '\n' : ''}gzip: ${message.replace(/^\n/, '')}\n`);
  }

  get #header(): GzipHeader {
    const level = this.tool.options.last('1', '2', '3', '4', '5', '6', '7', '8', '9') ?? '6';
    return { level: Number(level) as GzipHeader['level'], mtime: 0 };
  }

  async #standard(): Promise<void> {
    const { tool } = this;
    const { process, options } = tool;
    const terminal = (fd: number): boolean => process.fds.get(fd)?.kind === 'tty' && !options.has('f');
    if (this.#unpack ? terminal(0) : terminal(1)) {
      const what = this.#unpack ? 'compressed data not read from' : 'compressed data not written to';
      const how = this.#unpack ? 'decompression' : 'compression';
      await this.#say(`${what} a terminal. Use -f to force ${how}.\nFor help, type: gzip -h`, 1);
      return;
    }
    const write = async (bytes: Uint8Array): Promise<void> => {
      await tool.out.write(bytes);
    };
    const source = new Source(pullOf(process.stdin));
    if (this.#unpack) await this.#expand(source, 'stdin', options.has('t', 'l') ? () => Promise.resolve() : write);
    else await this.#pack(source, this.#header, write);
  }

  async #pack(source: Source, header: GzipHeader, push: Push): Promise<number> {
    const packed = gzipping(push, header);
    let length = 0;
    for (let bytes = await source.next(); bytes !== undefined; bytes = await source.next()) {
      length += bytes.length;
      await packed.push(bytes);
      await this.tool.process.compute(bytes.length / 50);
    }
    await packed.end();
    return length;
  }

  /** False if the data is bad, which is said. */
  async #expand(source: Source, name: string, push: Push): Promise<boolean> {
    const { options } = this.tool;
    const head = await source.peek(2);
    const plain = head[0] !== 0x1f || head[1] !== 0x8b;
    if (plain && options.has('f') && options.has('c')) {
      // zcat -f is cat for what is not compressed.
      for (let bytes = await source.next(); bytes !== undefined; bytes = await source.next()) await push(bytes.slice());
      return true;
    }
    if (head.length === 0 && name !== 'stdin') {
      await this.#say(`\n${name}: unexpected end of file`, 1);
      return false;
    }
    if (head.length === 0) {
      await this.#say(`\n${name}: unexpected end of file`, 1);
      return false;
    }
    try {
      const pull = gunzipped(source.next);
      for (let bytes = await pull(); bytes !== undefined; bytes = await pull()) await push(bytes);
      return true;
    } catch (error) {
      if (!(error instanceof BadData)) throw error;
      await this.#say(`\n${name}: ${error.message}`, 1);
      return false;
    }
  }

  async #file(given: string): Promise<void> {
    const { tool } = this;
    const { fs, options } = tool;
    let path = given;
    let stat = options.has('f', 'c') ? fs.stat(path) : fs.lstat(path);
    if (!stat.ok && this.#unpack && stat.error.code === 'ENOENT') {
      const longer = fs.stat(path + this.#suffix);
      if (longer.ok && !suffixes.some((suffix) => path.endsWith(suffix))) {
        path += this.#suffix;
        stat = longer;
      } else if (!suffixes.some((suffix) => path.endsWith(suffix))) path += this.#suffix;
    }
    if (!stat.ok) return this.#say(`${path}: ${stat.error.message}`, 1);
    if (stat.value.type === 'directory') {
      if (!options.has('r')) return this.#say(`${path} is a directory -- ignored`, 2);
      const list = fs.readdir(path);
      for (const { name } of list.ok ? list.value : []) await this.#file(`${path.replace(/\/$/, '')}/${name}`);
      return;
    }
    if (stat.value.type === 'symlink') return this.#say(`${path}: Too many levels of symbolic links`, 1);
    if (stat.value.type !== 'file') return this.#say(`${path} is not a directory or a regular file - ignored`, 2);
    if (stat.value.nlink > 1 && !options.has('f', 'c', 'k', 't', 'l')) {
      return this.#say(
        `${path} has ${stat.value.nlink - 1} other link${stat.value.nlink === 2 ? '' : 's'}  -- file ignored`,
        2,
      );
    }
    await (this.#unpack ? this.#unpackFile(path, stat.value.mtime) : this.#packFile(path, stat.value.mtime));
  }

  async #packFile(path: string, mtime: number): Promise<void> {
    const { tool } = this;
    const { options } = tool;
    if ([this.#suffix, ...suffixes].some((suffix) => path.endsWith(suffix)) && !options.has('f', 'c')) {
      const known = [this.#suffix, ...suffixes].find((suffix) => path.endsWith(suffix)) ?? '';
      return this.#say(`${path} already has ${known} suffix -- unchanged`, 0);
    }
    const opened = tool.open(path);
    if (!opened.ok) return this.#say(`${path}: ${opened.error.message}`, 1);
    const source = new Source(pullOf(opened.value.reader));
    const name = path.split('/').at(-1) ?? path;
    const header = options.last('n', 'N') === 'n' ? this.#header : { ...this.#header, mtime, filename: name };
    if (options.has('c')) {
      await this.#pack(source, header, async (bytes) => {
        await tool.out.write(bytes);
      });
      opened.value.close();
      return;
    }
    const parts: Uint8Array[] = [];
    const length = await this.#pack(source, header, (bytes) => {
      parts.push(bytes);
      return Promise.resolve();
    });
    opened.value.close();
    const bytes = concat(parts);
    await this.#replace(path, path + this.#suffix, bytes, length, bytes.length, mtime);
  }

  async #unpackFile(path: string, mtime: number): Promise<void> {
    const { tool } = this;
    const { options } = tool;
    const suffix = [this.#suffix, ...suffixes].find((one) => path.endsWith(one) && path.length > one.length);
    if (suffix === undefined && !options.has('c', 't', 'l')) {
      return this.#say(`${path}: unknown suffix -- ignored`, 2);
    }
    const opened = tool.open(path);
    if (!opened.ok) return this.#say(`${path}: ${opened.error.message}`, 1);
    const source = new Source(pullOf(opened.value.reader));
    const parts: Uint8Array[] = [];
    const good = await this.#expand(source, path, async (bytes) => {
      if (options.has('c') && !options.has('t', 'l')) await tool.out.write(bytes);
      else parts.push(bytes);
    });
    opened.value.close();
    if (!good) return;
    if (options.has('l')) return this.#list(path, suffix ?? '', concat(parts).length);
    if (options.has('t')) {
      if (options.has('v')) await tool.process.stderr.write(`${path}:\t OK\n`);
      return;
    }
    if (options.has('c')) return;
    const bytes = concat(parts);
    const plain = path.slice(0, -(suffix ?? '').length).replace(/$/, /^\.t[ga]z$/.test(suffix ?? '') ? '.tar' : '');
    const packed = tool.fs.stat(path);
    await this.#replace(path, plain, bytes, bytes.length, packed.ok ? packed.value.size : 0, mtime);
  }

  /** Writes the new file, and removes the old one. */
  async #replace(
    from: string,
    to: string,
    bytes: Uint8Array,
    plain: number,
    packed: number,
    mtime: number,
  ): Promise<void> {
    const { tool } = this;
    const { fs, options } = tool;
    if (fs.lstat(to).ok && !options.has('f')) {
      if (tool.process.fds.get(0)?.kind !== 'tty') return this.#say(`${to} already exists;\tnot overwritten`, 2);
      await tool.process.stderr.write(`gzip: ${to} already exists; do you wish to overwrite (y or n)? `);
      if (!/^[yY]/.test((await tool.process.stdin.readLine()) ?? '')) {
        await tool.process.stderr.write('\tnot overwritten\n');
        tool.status ||= 2;
        return;
      }
    }
    const stat = fs.stat(from);
    const written = fs.writeFile(to, bytes, 0o600);
    if (!written.ok) return this.#say(`${to}: ${written.error.message}`, 1);
    if (stat.ok) {
      fs.chmod(to, stat.value.mode);
      fs.chown(to, stat.value.uid, stat.value.gid);
      fs.utimes(to, stat.value.atime, mtime);
    }
    if (!options.has('k')) fs.unlink(from);
    if (!options.has('v')) return;
    const done = options.has('k') ? 'created' : 'replaced with';
    await tool.process.stderr.write(`${from}:\t${ratio(plain, packed).padStart(6)} -- ${done} ${to}\n`);
  }

  async #list(path: string, suffix: string, plain: number): Promise<void> {
    const { tool } = this;
    const { options, out } = tool;
    const stat = tool.fs.stat(path);
    const packed = stat.ok ? stat.value.size : 0;
    if (!this.#listed && !options.has('q')) {
      const before = options.has('v') ? 'method  crc     date  time  ' : '';
      await out.line(
        `${before}${'compressed'.padStart(options.has('v') ? 19 : 19)} ${'uncompressed'.padStart(19)}  ratio uncompressed_name`,
      );
    }
    this.#listed = true;
    const date = stat.ok && options.has('v') ? `defla ffffffff ${strftime('%b %e %H:%M', stat.value.mtime)} ` : '';
    await out.line(
      `${date}${String(packed).padStart(19)} ${String(plain).padStart(19)} ${ratio(plain, packed - 18).padStart(6)} ${path.slice(0, path.length - suffix.length)}`,
    );
  }
}

/** How much smaller it is. */
function ratio(plain: number, packed: number): string {
  if (plain === 0) return '0.0%';
  return `${((100 * (plain - packed)) / plain).toFixed(1)}%`;
}
