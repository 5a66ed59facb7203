import type { FileSystem } from '../../linux/fs/types';

export interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly shell: string;
}

const records = (fs: FileSystem, path: string): readonly (readonly string[])[] => {
  const text = fs.readText(path);
  if (!text.ok) return [];
  return text.value
    .split('\n')
    .filter((line) => line.includes(':'))
    .map((line) => line.split(':'));
};

/** /etc/passwd (passwd(5)). */
export const users = (fs: FileSystem): readonly User[] =>
  records(fs, '/etc/passwd').map(([name = '', , uid, gid, , home = '/', shell = '/bin/sh']) => ({
    name,
    uid: Number(uid),
    gid: Number(gid),
    home,
    shell,
  }));

export interface Group {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

/** /etc/group (group(5)). */
export const groups = (fs: FileSystem): readonly Group[] =>
  records(fs, '/etc/group').map(([name = '', , gid, members = '']) => ({
    name,
    gid: Number(gid),
    members: members.split(',').filter((member) => member !== ''),
  }));

/** Names of ids, each looked up once; the number itself where there is no name. */
export class Names {
  #users: Map<number, string> | undefined;
  #groups: Map<number, string> | undefined;

  constructor(readonly fs: FileSystem) {}

  user(uid: number): string {
    this.#users ??= new Map(
      users(this.fs)
        .toReversed()
        .map((user) => [user.uid, user.name]),
    );
    return this.#users.get(uid) ?? String(uid);
  }

  group(gid: number): string {
    this.#groups ??= new Map(
      groups(this.fs)
        .toReversed()
        .map((group) => [group.gid, group.name]),
    );
    return this.#groups.get(gid) ?? String(gid);
  }
}

/** `user`, `user:group`, `:group`, `user:` or numbers; -1 for what is not named. A text says what is wrong. */
export function parseOwner(fs: FileSystem, spec: string): { uid: number; gid: number } | string {
  const [, name = '', separator, group = ''] = /^([^:.]*)(?:([:.])(.*))?$/.exec(spec) ?? [];
  let uid = -1;
  let gid = -1;
  if (name !== '') {
    const user = users(fs).find((candidate) => candidate.name === name);
    if (user === undefined && !/^\d+$/.test(name)) return `invalid user: ‘${spec}’`;
    uid = user?.uid ?? Number(name);
    if (separator !== undefined && group === '') {
      if (user === undefined) return `invalid ${separator === '.' ? 'user' : 'spec'}: ‘${spec}’`;
      gid = user.gid;
    }
  }
  if (group !== '') {
    const found = groups(fs).find((candidate) => candidate.name === group);
    if (found === undefined && !/^\d+$/.test(group)) return `invalid group: ‘${spec}’`;
    gid = found?.gid ?? Number(group);
  }
  return { uid, gid };
}
