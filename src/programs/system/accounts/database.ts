import type { FileSystem } from '../../../linux/fs/types';

export interface Account {
  name: string;
  uid: number;
  gid: number;
  comment: string;
  home: string;
  shell: string;
}

export interface Group {
  name: string;
  gid: number;
  members: string[];
}

/** One line of /etc/shadow (shadow(5)). */
export interface Shadow {
  name: string;
  password: string;
  changed: string;
  min: string;
  max: string;
  warn: string;
  inactive: string;
  expire: string;
}

const DAY = 86_400_000;

/** Today as shadow(5) counts. */
export const today = (now: number): string => String(Math.floor(now / DAY));

/** /etc/passwd, /etc/group and /etc/shadow, read whole and written whole. */
export class Database {
  readonly accounts: Account[];
  readonly groups: Group[];
  readonly shadows: Shadow[];

  constructor(readonly fs: FileSystem) {
    this.accounts = rows(fs, '/etc/passwd').map(([name = '', , uid, gid, comment = '', home = '', shell = '']) => ({
      name,
      uid: Number(uid),
      gid: Number(gid),
      comment,
      home,
      shell,
    }));
    this.groups = rows(fs, '/etc/group').map(([name = '', , gid, members = '']) => ({
      name,
      gid: Number(gid),
      members: members.split(',').filter((member) => member !== ''),
    }));
    this.shadows = rows(fs, '/etc/shadow').map(
      ([name = '', password = '', changed = '', min = '', max = '', warn = '', inactive = '', expire = '']) => ({
        name,
        password,
        changed,
        min,
        max,
        warn,
        inactive,
        expire,
      }),
    );
  }

  account(name: string): Account | undefined {
    return this.accounts.find((account) => account.name === name);
  }
  group(name: string): Group | undefined {
    return this.groups.find((group) => group.name === name);
  }
  shadow(name: string): Shadow | undefined {
    return this.shadows.find((shadow) => shadow.name === name);
  }
  /** By name or number. */
  groupNamed(text: string): Group | undefined {
    return this.group(text) ?? (/^\d+$/.test(text) ? this.groups.find(({ gid }) => gid === Number(text)) : undefined);
  }

  /** The next id above all that are taken (find_new_uid()), or for the system's own the first free below 1000. */
  freeId(taken: readonly number[], system: boolean): number {
    const used = new Set(taken);
    if (system) {
      for (let id = 999; id > 100; id--) if (!used.has(id)) return id;
      return -1;
    }
    let highest = 999;
    for (const id of taken) if (id >= 1000 && id < 60_000) highest = Math.max(highest, id);
    return highest + 1;
  }

  /** The first free id of a range, as adduser takes it. */
  firstFree(from: number, to: number, pair = true): number {
    const used = new Set([...this.accounts.map(({ uid }) => uid), ...(pair ? this.groups.map(({ gid }) => gid) : [])]);
    for (let id = from; id <= to; id++) if (!used.has(id)) return id;
    return -1;
  }

  /** Writes everything back; only root can. */
  save(): void {
    const write = (path: string, lines: readonly (readonly (string | number)[])[], mode: number): void => {
      const stat = this.fs.stat(path);
      this.fs.writeFile(path, lines.map((line) => `${line.join(':')}\n`).join(''), mode);
      if (!stat.ok) this.fs.chmod(path, mode);
    };
    write(
      '/etc/passwd',
      this.accounts.map((a) => [a.name, 'x', a.uid, a.gid, a.comment, a.home, a.shell]),
      0o644,
    );
    write(
      '/etc/group',
      this.groups.map((g) => [g.name, 'x', g.gid, g.members.join(',')]),
      0o644,
    );
    write(
      '/etc/shadow',
      this.shadows.map((s) => [s.name, s.password, s.changed, s.min, s.max, s.warn, s.inactive, s.expire, '']),
      0o640,
    );
  }
}

function rows(fs: FileSystem, path: string): readonly (readonly string[])[] {
  const text = fs.readText(path);
  if (!text.ok) return [];
  return text.value
    .split('\n')
    .filter((line) => line.includes(':'))
    .map((line) => line.split(':'));
}

/** What a login name may be made of (chkname.c). */
export const validName = (name: string): boolean => /^[a-z_][a-z0-9_-]*\$?$/.test(name) && name.length <= 32;
