import type { Stat } from '../../linux/fs/types';
import type { Process, Program } from '../../linux/process/types';
import { strftime } from '../toolkit/date-format';
import { compareBytes, modeText, shortSize } from '../toolkit/format';
import { Names } from '../toolkit/users';
import { zoneOf } from '../toolkit/zone';
import { blocksOf, ls } from './ls';

interface Entry {
  readonly name: string;
  readonly path: string;
  readonly stat: Stat;
}

/** Options of the long form that are done here; with any other it is as everybody's. */
const known = /^-[lnaAdrtSRhiFp1]+$/;

/** BusyBox's ls: its long form has columns of fixed width (coreutils/ls.c, display_single). */
export const busyboxLs: Program = async (process) => {
  const end = process.args.indexOf('--');
  const flags = process.args.filter((arg, index) => /^-./.test(arg) && (end < 0 || index < end));
  const long = flags.some((flag) => /^-[^-]*[ln]/.test(flag));
  if (!long || flags.some((flag) => !known.test(flag))) return ls(process);
  const operands = process.args.filter((arg, index) => !flags.includes(arg) && index !== end);
  const listing = new Listing(process, new Set(flags.flatMap((flag) => [...flag.slice(1)])));
  return listing.run(operands.length === 0 ? ['.'] : operands);
};

class Listing {
  readonly #names: Names;
  #status = 0;
  #text = '';

  constructor(
    readonly process: Process,
    readonly options: ReadonlySet<string>,
  ) {
    this.#names = new Names(process.fs);
  }

  async run(operands: readonly string[]): Promise<number> {
    const { fs, stderr, stdout } = this.process;
    const entries: Entry[] = [];
    for (const path of operands) {
      // A link on the command line is followed only where its target is listed.
      const stat = fs.lstat(path);
      if (stat.ok) entries.push({ name: path, path, stat: stat.value });
      else {
        await stderr.write(`ls: ${path}: ${stat.error.message}\n`);
        this.#status = 1;
      }
    }
    const isListed = ({ stat, path }: Entry): boolean => {
      if (this.options.has('d')) return false;
      const target = stat.type === 'symlink' ? fs.stat(path) : undefined;
      return (
        stat.type === 'directory' ||
        (target?.ok === true && target.value.type === 'directory' && !this.options.has('l'))
      );
    };
    const sorted = this.#sorted(entries);
    const files = sorted.filter((entry) => !isListed(entry));
    const folders = sorted.filter(isListed);
    for (const file of files) this.#line(file);
    for (const [index, folder] of folders.entries()) {
      if (files.length + folders.length > 1 || this.options.has('R'))
        this.#text += `${index > 0 || files.length > 0 ? '\n' : ''}${folder.path}:\n`;
      await this.#folder(folder);
    }
    await stdout.write(this.#text);
    return this.#status;
  }

  async #folder({ path }: Entry): Promise<void> {
    const { fs, stderr } = this.process;
    const listed = fs.readdir(path);
    if (!listed.ok) {
      await stderr.write(`ls: can't open '${path}': ${listed.error.message}\n`);
      this.#status = 1;
      return;
    }
    const names = listed.value.map(({ name }) => name).filter((name) => this.#shows(name));
    if (this.options.has('a')) names.push('.', '..');
    const entries = this.#sorted(
      names.flatMap((name): readonly Entry[] => {
        const full = `${path.replace(/\/$/, '')}/${name}`;
        const stat = fs.lstat(full);
        return stat.ok ? [{ name, path: full, stat: stat.value }] : [];
      }),
    );
    this.#text += `total ${entries.reduce((sum, { stat }) => sum + blocksOf(stat), 0)}\n`;
    for (const entry of entries) this.#line(entry);
    if (!this.options.has('R')) return;
    for (const entry of entries) {
      if (entry.stat.type !== 'directory' || entry.name === '.' || entry.name === '..') continue;
      this.#text += `\n${entry.path}:\n`;
      await this.#folder(entry);
    }
  }

  #shows(name: string): boolean {
    return !name.startsWith('.') || this.options.has('a') || this.options.has('A');
  }

  #sorted(entries: readonly Entry[]): readonly Entry[] {
    const { options } = this;
    const order = entries.toSorted((a, b) => {
      const first = options.has('S') ? b.stat.size - a.stat.size : options.has('t') ? b.stat.mtime - a.stat.mtime : 0;
      return first !== 0 ? first : compareBytes(a.name, b.name);
    });
    return options.has('r') ? order.toReversed() : order;
  }

  #line({ name, path, stat }: Entry): void {
    const { mode, type, nlink, uid, gid, size, rdev, ino } = stat;
    const numeric = this.options.has('n');
    const owner = (numeric ? String(uid) : this.#names.user(uid).slice(0, 8)).padEnd(8);
    const group = (numeric ? String(gid) : this.#names.group(gid).slice(0, 8)).padEnd(8);
    const inode = this.options.has('i') ? `${String(ino).padStart(7)} ` : '';
    const length =
      rdev !== undefined
        ? `${String(rdev.major).padStart(4)}, ${String(rdev.minor).padStart(3)}`
        : this.options.has('h')
          ? shortSize(size).padStart(7)
          : String(size).padStart(9);
    const link = type === 'symlink' ? this.process.fs.readlink(path) : undefined;
    const target = link?.ok === true ? ` -> ${link.value}` : '';
    this.#text += `${inode}${modeText(type, mode)} ${String(nlink).padStart(4)} ${owner} ${group} ${length} ${this.#time(stat.mtime)} ${name}${target}${this.#mark(stat)}\n`;
  }

  #mark({ type, mode }: Stat): string {
    if (type === 'directory') return this.options.has('F') || this.options.has('p') ? '/' : '';
    if (!this.options.has('F')) return '';
    if (type === 'fifo') return '|';
    if (type === 'socket') return '=';
    return type === 'file' && (mode & 0o111) !== 0 ? '*' : '';
  }

  /** The hour of what is younger than half a year, the year of all else. */
  #time(mtime: number): string {
    const { clock, env } = this.process;
    const age = (clock.now - mtime) / 1000;
    const recent = age < (3600 * 24 * 365) / 2 && age > -15 * 60;
    return strftime(recent ? '%b %e %H:%M' : '%b %e  %Y', mtime, 0, zoneOf(env.get('TZ')));
  }
}
