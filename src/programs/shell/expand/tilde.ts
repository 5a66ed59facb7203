import type { Shell } from '../shell';

/** `~`, `~user`, `~+`, `~-` at the beginning of a text: what it stands for and how long it is. */
export function tildePrefix(
  shell: Shell,
  text: string,
  inAssignment: boolean,
): { readonly home: string; readonly length: number } | undefined {
  const [prefix, user] = (inAssignment ? /^~([^/:\\]*)/ : /^~([^/\\]*)/).exec(text) ?? [];
  if (prefix === undefined || user === undefined) return undefined;
  const home = homeOf(shell, user);
  return home === undefined ? undefined : { home, length: prefix.length };
}

/** The home directory of a user, of the shell's own if the name is empty. */
export function homeOf(shell: Shell, user: string): string | undefined {
  if (user === '') return shell.get('HOME') ?? homeById(shell, shell.process.credentials.uid);
  if (user === '+') return shell.get('PWD');
  if (user === '-') return shell.get('OLDPWD');
  return accounts(shell).find(({ name }) => name === user)?.home;
}

const homeById = (shell: Shell, uid: number): string | undefined =>
  accounts(shell).find((account) => account.uid === uid)?.home;

/** /etc/passwd */
export function accounts(
  shell: Shell,
): readonly { readonly name: string; readonly uid: number; readonly home: string; readonly shell: string }[] {
  const passwd = shell.process.fs.readText('/etc/passwd');
  if (!passwd.ok) return [];
  return passwd.value.split('\n').flatMap((line) => {
    const [name, , uid, , , home, login = '/bin/sh'] = line.split(':');
    return name === undefined || home === undefined ? [] : [{ name, uid: Number(uid), home, shell: login }];
  });
}
