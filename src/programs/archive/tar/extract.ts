import { concat } from '../../../linux/io/bytes';
import type { Archiver } from './archiver';
import { compare } from './compare';
import type { Member } from './format';
import { matcher, type Matcher } from './names';
import type { TarReader } from './reader';

/** Lists or unpacks an archive. */
export class Extractor {
  readonly #wanted: Matcher[];
  /** Directories whose mode and time are set at the end, when nothing changes in them any more. */
  readonly #directories: (() => void)[] = [];

  constructor(
    private readonly tar: Archiver,
    private readonly reader: TarReader,
    private readonly folder: string,
    wanted: readonly string[],
  ) {
    const { options } = tar.tool;
    this.#wanted = wanted.map((pattern) =>
      matcher(pattern, {
        wildcards: options.last('wildcards', 'no-wildcards') === 'wildcards',
        anchored: options.last('anchored', 'no-anchored') !== 'no-anchored',
        slash: options.last('wildcards-match-slash', 'no-wildcards-match-slash') !== 'no-wildcards-match-slash',
        ignoreCase: options.has('ignore-case'),
      }),
    );
  }

  async run(): Promise<void> {
    const { tar } = this;
    const { options } = tar.tool;
    for (let member = await this.reader.next(); member !== undefined; member = await this.reader.next()) {
      const { name } = member;
      if (tar.excluded(name)) continue;
      const wanted = this.#wanted.filter(({ matches }) => matches(name));
      if (this.#wanted.length > 0 && wanted.length === 0) continue;
      for (const one of wanted) one.used = true;
      if (options.has('t')) {
        await tar.memberName(name);
        await tar.announce(member, name, member.target, member.type === 'hardlink');
        continue;
      }
      if (options.has('d')) {
        await compare(tar, member, this.folder, this.reader);
        continue;
      }
      await this.#extract(member);
    }
    for (const finish of this.#directories.reverse()) finish();
    for (const { pattern, used } of this.#wanted) if (!used) await tar.warn(`${pattern}: Not found in archive`);
  }

  async #extract(member: Member): Promise<void> {
    const { tar } = this;
    const { fs, options } = tar.tool;
    let name = await tar.diskName(member.name);
    if (name === undefined) return;
    const top = options.has('one-top-level') ? (options.value('one-top-level') ?? this.#topLevel()) : undefined;
    if (top !== undefined && name !== top && !name.startsWith(`${top}/`)) name = `${top}/${name}`;
    await tar.announce(member, name, member.target, member.type === 'hardlink');
    if (options.has('O')) {
      if (member.type === 'file') await this.reader.contents((bytes) => tar.tool.out.write(bytes.slice()));
      return;
    }
    const path = tar.at(this.folder, name.replace(/(.)\/+$/, '$1'));
    const there = fs.lstat(path);
    if (there.ok && member.type !== 'directory') {
      if (options.has('skip-old')) return;
      if (options.has('k')) return tar.warn(`${tar.shown(name)}: Cannot open: File exists`);
      if (options.has('keep-newer') && there.value.mtime >= member.mtime) {
        return tar.say(`Current '${tar.shown(name)}' is newer or same age`);
      }
      if (there.value.type === 'directory') {
        const gone = options.has('recursive-unlink') ? fs.removeAll(path) : fs.rmdir(path);
        if (!gone.ok)
          return tar.warn(
            `${tar.shown(name)}: Cannot open: ${gone.error.code === 'ENOTEMPTY' ? 'Is a directory' : gone.error.message}`,
          );
      } else fs.unlink(path);
    }
    this.#parents(path);
    await this.#make(member, name, path, there.ok);
  }

  #topLevel(): string {
    const archive = this.tar.tool.options.value('f') ?? 'archive';
    return (archive.split('/').at(-1) ?? archive).replace(/\.(tar(\.\w+)?|t[gbx]z2?)$/, '');
  }

  #parents(path: string): void {
    const slash = path.lastIndexOf('/');
    if (slash > 0 && !this.tar.tool.fs.stat(path.slice(0, slash)).ok) this.tar.tool.fs.mkdirAll(path.slice(0, slash));
  }

  async #make(member: Member, name: string, path: string, there: boolean): Promise<void> {
    const { tar } = this;
    const { fs, process } = tar.tool;
    const shown = tar.shown(name);
    const mode = this.#mode(member);
    switch (member.type) {
      case 'directory': {
        const made = fs.mkdir(path, 0o700);
        const stat = fs.stat(path);
        if (!made.ok && !(stat.ok && stat.value.type === 'directory')) {
          return tar.warn(`${shown}: Cannot mkdir: ${made.error.message}`);
        }
        if (made.ok || !tar.tool.options.has('no-overwrite-dir')) {
          this.#own(member, path);
          fs.chmod(path, made.ok ? mode | 0o700 : mode);
          this.#directories.push(() => {
            if (made.ok || there) fs.chmod(path, mode);
            this.#time(member, path);
          });
        }
        return;
      }
      case 'file': {
        const parts: Uint8Array[] = [];
        await this.reader.contents((bytes) => {
          parts.push(bytes.slice());
          return process.compute(bytes.length / 1000);
        });
        const written = fs.writeFile(path, concat(parts), mode & 0o777);
        if (!written.ok) return tar.warn(`${shown}: Cannot open: ${written.error.message}`);
        break;
      }
      case 'symlink': {
        const made = fs.symlink(member.target, path);
        if (!made.ok) return tar.warn(`${shown}: Cannot create symlink to '${member.target}': ${made.error.message}`);
        this.#own(member, path);
        return;
      }
      case 'hardlink': {
        const target = await tar.diskName(member.target, 'hard link targets');
        const made = fs.link(tar.at(this.folder, target ?? member.target), path);
        if (!made.ok) return tar.warn(`${shown}: Cannot hard link to '${member.target}': ${made.error.message}`);
        return;
      }
      default: {
        const device = { major: member.major, minor: member.minor };
        const made = fs.mknod(path, member.type, mode, device);
        if (!made.ok) return tar.warn(`${shown}: Cannot mknod: ${made.error.message}`);
      }
    }
    this.#own(member, path);
    fs.chmod(path, mode);
    this.#time(member, path);
  }

  #mode({ mode }: Member): number {
    const { options, process } = this.tar.tool;
    const kept = options.last('p', 'no-same-permissions') ?? (process.credentials.uid === 0 ? 'p' : '');
    return kept === 'p' ? mode : mode & 0o777 & ~process.umask;
  }

  #own(member: Member, path: string): void {
    const { options, process, fs } = this.tar.tool;
    const kept =
      options.last('same-owner', 'no-same-owner', 'o') ?? (process.credentials.uid === 0 ? 'same-owner' : '');
    if (kept !== 'same-owner') return;
    const numeric = options.has('numeric-owner');
    const uid = (numeric ? undefined : this.tar.names.uid(member.user)) ?? member.uid;
    const gid = (numeric ? undefined : this.tar.names.gid(member.group)) ?? member.gid;
    fs.chown(path, uid, gid, { noFollow: true });
  }

  #time({ mtime }: Member, path: string): void {
    const { options, process, fs } = this.tar.tool;
    if (!options.has('m')) fs.utimes(path, process.clock.now, mtime);
  }
}
