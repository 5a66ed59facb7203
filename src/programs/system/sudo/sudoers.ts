import type { FileSystem } from '../../../linux/fs/types';
import type { Account, Database } from '../accounts/database';

/** One permission: who may run what as whom (sudoers(5)). */
export interface Rule {
  readonly users: readonly string[];
  readonly hosts: readonly string[];
  readonly runUsers: readonly string[];
  readonly runGroups: readonly string[];
  readonly noPassword: boolean;
  readonly setEnv: boolean;
  readonly commands: readonly string[];
}

export interface Sudoers {
  readonly rules: readonly Rule[];
  /** Settings of Defaults lines. */
  readonly defaults: readonly string[];
}

/** /etc/sudoers and what it includes. */
export function readSudoers(fs: FileSystem): Sudoers {
  const rules: Rule[] = [];
  const defaults: string[] = [];
  const aliases = new Map<string, readonly string[]>();
  const read = (path: string): void => {
    const text = fs.readText(path);
    if (!text.ok) return;
    for (const raw of text.value.replaceAll('\\\n', ' ').split('\n')) {
      const line = raw.trim();
      const included = /^[@#]include(dir)?\s+(.*)$/.exec(line);
      if (included !== null) {
        const target = included[2] ?? '';
        if (included[1] === undefined) read(target);
        else {
          const listed = fs.readdir(target);
          const names = listed.ok ? listed.value.map(({ name }) => name).sort() : [];
          for (const name of names) if (!/[.~]/.test(name)) read(`${target}/${name}`);
        }
        continue;
      }
      if (line === '' || (line.startsWith('#') && !/^#\d/.test(line))) continue;
      const plain = line.replace(/\s+#.*$/, '');
      const setting = /^Defaults(?:[:@>!]\S+)?\s+(.*)$/.exec(plain);
      if (setting !== null) {
        defaults.push(...(setting[1] ?? '').split(/,\s*/));
        continue;
      }
      const alias = /^(?:User|Runas|Host|Cmnd)_Alias\s+(.*)$/.exec(plain);
      if (alias !== null) {
        for (const one of (alias[1] ?? '').split(/\s*:\s*/)) {
          const [name = '', members = ''] = one.split(/\s*=\s*/);
          aliases.set(name, members.split(/\s*,\s*/));
        }
        continue;
      }
      rules.push(...parseRule(plain, aliases));
    }
  };
  read('/etc/sudoers');
  return { rules, defaults };
}

function parseRule(line: string, aliases: ReadonlyMap<string, readonly string[]>): readonly Rule[] {
  const match = /^((?:[^\s=,]+(?:\s*,\s*)?)+)\s+([^\s=]+)\s*=\s*(.*)$/.exec(line);
  if (match === null) return [];
  const expand = (names: readonly string[]): readonly string[] => names.flatMap((name) => aliases.get(name) ?? [name]);
  const list = (text: string | undefined): readonly string[] =>
    expand(
      (text ?? '')
        .trim()
        .split(/\s*,\s*/)
        .filter((word) => word !== ''),
    );
  let rest = match[3] ?? '';
  const runas = /^\(([^:)]*)(?::([^)]*))?\)\s*/.exec(rest);
  if (runas !== null) rest = rest.slice(runas[0].length);
  let noPassword = false;
  let setEnv = false;
  for (let tag = /^([A-Z]+):\s*/.exec(rest); tag !== null; tag = /^([A-Z]+):\s*/.exec(rest)) {
    if (tag[1] === 'NOPASSWD') noPassword = true;
    if (tag[1] === 'PASSWD') noPassword = false;
    if (tag[1] === 'SETENV') setEnv = true;
    rest = rest.slice(tag[0].length);
  }
  return [
    {
      users: list(match[1]),
      hosts: list(match[2]),
      runUsers: runas === null ? ['root'] : list(runas[1]),
      runGroups: list(runas?.[2]),
      noPassword,
      setEnv,
      commands: list(rest),
    },
  ];
}

/** Whether a user is one of those that a rule names. */
export function concerns(rule: Rule, user: Account, database: Database): boolean {
  return rule.users.some((name) => {
    if (name === 'ALL' || name === user.name) return true;
    if (name.startsWith('#')) return Number(name.slice(1)) === user.uid;
    if (!name.startsWith('%')) return false;
    const group = database.group(name.slice(1));
    return group !== undefined && (group.members.includes(user.name) || group.gid === user.gid);
  });
}

/** Whether a rule lets a command run as somebody. */
export function permits(rule: Rule, command: string, args: readonly string[], target: string): boolean {
  if (!rule.runUsers.includes('ALL') && !rule.runUsers.includes(target) && rule.runUsers.length > 0) return false;
  let allowed = false;
  for (const spec of rule.commands) {
    const denied = spec.startsWith('!');
    const [path = '', ...wanted] = spec.replace(/^!/, '').split(/\s+/);
    const merged = (text: string): string => text.replace(/^\/bin\//, '/usr/bin/').replace(/^\/sbin\//, '/usr/sbin/');
    const samePath =
      path === 'ALL' ||
      merged(path) === merged(command) ||
      (path.endsWith('/') && merged(command).startsWith(merged(path))) ||
      (path.includes('*') &&
        new RegExp(
          `^${merged(path)
            .replace(/[.+^${}()|[\]\\]/g, '\\$&')
            .replaceAll('*', '.*')}$`,
        ).test(merged(command)));
    const sameArgs =
      wanted.length === 0 ||
      wanted.join(' ') === args.join(' ') ||
      (wanted.at(-1) === '*' && args.join(' ').startsWith(wanted.slice(0, -1).join(' ')));
    if (samePath && sameArgs) allowed = !denied;
  }
  return allowed;
}

/** A rule as `sudo -l` shows it. */
export function describe({ runUsers, runGroups, noPassword, commands }: Rule): string {
  const groups = runGroups.length > 0 ? ` : ${runGroups.join(', ')}` : '';
  return `    (${runUsers.join(', ')}${groups}) ${noPassword ? 'NOPASSWD: ' : ''}${commands.join(', ')}`;
}
