import type { Stat } from '../../../linux/fs/types';
import { encode } from '../../../linux/io/bytes';
import { parseDate } from '../../toolkit/date-parse';
import { parseMode } from '../../toolkit/mode';
import type { Push } from '../stream';
import type { Archiver } from './archiver';
import { encodeHeader, padding, type Member, type MemberType, type TarFormat } from './format';

const types: Readonly<Record<Stat['type'], MemberType | undefined>> = {
  file: 'file',
  directory: 'directory',
  symlink: 'symlink',
  fifo: 'fifo',
  char: 'char',
  block: 'block',
  socket: undefined,
};

/** Writes files into an archive. */
export class Creator {
  readonly #links = new Map<string, string>();
  readonly #format: TarFormat;
  readonly #mtime: number | undefined;
  readonly #mode: ReturnType<typeof parseMode> | undefined;
  /** Bytes written. */
  written = 0;

  constructor(
    private readonly tar: Archiver,
    private readonly push: Push,
    private readonly archive: Stat | undefined,
  ) {
    const { options, process } = tar.tool;
    const format = options.value('H') ?? (options.has('posix') ? 'posix' : options.has('o') ? 'v7' : 'gnu');
    this.#format =
      format === 'posix' || format === 'pax' ? 'pax' : format === 'ustar' || format === 'v7' ? format : 'gnu';
    const mtime = options.value('mtime');
    if (mtime !== undefined) {
      const named = /^[./]/.test(mtime) ? tar.tool.fs.stat(mtime) : undefined;
      this.#mtime = named?.ok === true ? named.value.mtime : parseDate(mtime, process.clock.now);
    }
    const mode = options.value('mode');
    this.#mode = mode === undefined ? undefined : parseMode(mode, 0);
  }

  /** One operand, with what lies below it. `folder`: what -C said last. */
  async add(path: string, folder: string): Promise<void> {
    const { tar } = this;
    const { fs, options } = tar.tool;
    const real = tar.at(folder, path);
    const stat = options.has('h') ? fs.stat(real) : fs.lstat(real);
    if (!stat.ok) return tar.warn(`${path}: Cannot stat: ${stat.error.message}`);
    await this.#member(path.replace(/(.)\/+$/, '$1'), real, stat.value, true);
  }

  async #member(path: string, real: string, stat: Stat, top: boolean): Promise<void> {
    const { tar } = this;
    const { fs, options } = tar.tool;
    if (tar.excluded(path)) return;
    const type = types[stat.type];
    if (type === undefined) {
      await tar.say(`${path}: socket ignored`);
      return;
    }
    if (this.archive !== undefined && stat.ino === this.archive.ino && stat.dev === this.archive.dev) {
      await tar.say(`${path}: file is the archive; not dumped`);
      return;
    }
    const directory = type === 'directory';
    const list = directory && !options.has('no-recursion') ? fs.readdir(real) : undefined;
    if (list?.ok === false) await tar.warn(`${path}: Cannot open: ${list.error.message}`);
    const name = await tar.memberName(directory && !path.endsWith('/') ? `${path}/` : path);
    const key = `${stat.dev}:${stat.ino}`;
    const known = stat.nlink > 1 && !directory && !options.has('hard-dereference') ? this.#links.get(key) : undefined;
    if (name !== '') {
      const content = type === 'file' && known === undefined ? fs.readFile(real) : undefined;
      if (content?.ok === false) return tar.warn(`${path}: Cannot open: ${content.error.message}`);
      if (stat.nlink > 1 && !directory && known === undefined) this.#links.set(key, name);
      const link = type === 'symlink' ? fs.readlink(real) : undefined;
      const member = this.#describe(name, type, stat, content?.value.length ?? 0, link?.ok === true ? link.value : '');
      const target = known === undefined ? undefined : await tar.linkName(known);
      await this.#write(target === undefined ? member : { ...member, type: 'hardlink', target }, content?.value);
      await tar.announce(member, name, target ?? member.target, target !== undefined);
    }
    if (list?.ok === true) {
      const below =
        options.value('sort') === 'name' ? list.value.toSorted((a, b) => (a.name < b.name ? -1 : 1)) : list.value;
      for (const { name: entry } of below) {
        const realBelow = real.endsWith('/') ? real + entry : `${real}/${entry}`;
        const entryStat = options.has('h') ? fs.stat(realBelow) : fs.lstat(realBelow);
        const shown = path.endsWith('/') ? path + entry : `${path}/${entry}`;
        if (!entryStat.ok) await tar.warn(`${shown}: Cannot stat: ${entryStat.error.message}`);
        else if (!options.has('one-file-system') || entryStat.value.dev === stat.dev) {
          await this.#member(shown, realBelow, entryStat.value, false);
        }
      }
    }
    if (options.has('remove-files') && !top) await this.#remove(path, real, directory);
    else if (options.has('remove-files')) await this.#remove(path, real, directory);
  }

  async #remove(path: string, real: string, directory: boolean): Promise<void> {
    const { fs } = this.tar.tool;
    const gone = directory ? fs.rmdir(real) : fs.unlink(real);
    if (!gone.ok) await this.tar.warn(`${path}: Cannot ${directory ? 'rmdir' : 'unlink'}: ${gone.error.message}`);
  }

  #describe(name: string, type: MemberType, stat: Stat, size: number, target: string): Member {
    const { tool, names } = this.tar;
    const { options } = tool;
    const owner = idOf(options.value('owner'), (text) => names.uid(text));
    const group = idOf(options.value('group'), (text) => names.gid(text));
    const uid = owner?.id ?? stat.uid;
    const gid = group?.id ?? stat.gid;
    const named = (text: string): string => (options.has('numeric-owner') || /^\d+$/.test(text) ? '' : text);
    const nameOf = (given: { readonly name: string } | undefined, known: string): string =>
      given === undefined || /^\d+$/.test(given.name) ? known : given.name;
    const change = this.#mode;
    return {
      name,
      type,
      mode: change === undefined || change === 'invalid' ? stat.mode : change(stat.mode, type === 'directory'),
      uid,
      gid,
      user: named(nameOf(owner, names.user(uid))),
      group: named(nameOf(group, names.group(gid))),
      size,
      mtime: this.#mtime ?? stat.mtime,
      target,
      major: stat.rdev?.major ?? 0,
      minor: stat.rdev?.minor ?? 0,
    };
  }

  async #write(member: Member, content: Uint8Array | undefined): Promise<void> {
    const header = encodeHeader(member, this.#format);
    if (header === undefined) {
      const long =
        encode(member.name).length > 256
          ? 'file name is too long (max 256); not dumped'
          : 'file name is too long (cannot be split); not dumped';
      return this.tar.warn(`${member.name}: ${long}`);
    }
    await this.put(header);
    if (content === undefined || content.length === 0) return;
    await this.put(content);
    await this.put(padding(content.length));
  }

  async put(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return;
    this.written += bytes.length;
    await this.push(bytes);
  }

  /** Two empty blocks, and zeros up to a whole record. */
  async end(factor: number): Promise<void> {
    const record = factor * 512;
    await this.put(new Uint8Array(1024));
    const rest = this.written % record;
    if (rest !== 0) await this.put(new Uint8Array(record - rest));
  }
}

/** `--owner=NAME[:ID]`. */
function idOf(
  text: string | undefined,
  look: (name: string) => number | undefined,
): { readonly name: string; readonly id: number | undefined } | undefined {
  if (text === undefined) return undefined;
  const [name = '', id] = text.split(':');
  if (id !== undefined) return { name, id: Number(id) };
  const plus = name.replace(/^\+/, '');
  return { name: plus, id: /^\d+$/.test(plus) ? Number(plus) : look(name) };
}
