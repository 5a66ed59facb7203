import { err, ok, type Result } from '../../sim/result';
import type { FileSystem } from '../../linux/fs/types';
import type { Credentials } from '../../linux/process/types';

interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

export interface ResolvedUser extends Credentials {
  readonly home: string;
}

/**
 * `USER` of an image or `-u`: name or uid, and perhaps `:group`, looked up in the container's own /etc/passwd and
 * /etc/group (moby/sys/user.GetExecUser; the messages are its own).
 */
export function resolveUser(
  fs: FileSystem,
  root: string,
  spec: string,
  extra: readonly string[] = [],
): Result<ResolvedUser, string> {
  const [userPart = '', groupPart] = spec.split(':');
  if (isRoot(userPart) && groupPart === undefined && extra.length === 0) return ok(rootUser);
  const accounts = lines(fs, `${root}/etc/passwd`).map(account);
  const groups = lines(fs, `${root}/etc/group`).map((line) => line.split(':'));
  const named = accounts.find(({ name, uid }) => name === userPart || String(uid) === userPart);
  const numeric = /^\d+$/.test(userPart);
  if (userPart !== '' && named === undefined && !numeric)
    return err(`unable to find user ${userPart}: no matching entries in passwd file`);
  const user: Account =
    named ??
    (userPart === ''
      ? { name: 'root', uid: 0, gid: 0, home: '/root' }
      : { name: '', uid: Number(userPart), gid: 0, home: '/' });

  const gids: number[] = [];
  for (const wanted of [groupPart, ...extra]) {
    if (wanted === undefined || wanted === '') {
      gids.push(user.gid);
      continue;
    }
    const found = groups.find(([name, , gid]) => name === wanted || gid === wanted);
    const gid = found?.[2] ?? (/^\d+$/.test(wanted) ? wanted : undefined);
    if (gid === undefined) return err(`unable to find group ${wanted}: no matching entries in group file`);
    gids.push(Number(gid));
  }
  const [gid = user.gid, ...others] = gids;
  // Supplementary groups of the account are taken only where no group was asked for.
  const member =
    groupPart === undefined && user.name !== ''
      ? groups.filter(([, , , users = '']) => users.split(',').includes(user.name)).map(([, , id]) => Number(id))
      : [];
  return ok({ uid: user.uid, gid, groups: [...new Set([gid, ...member, ...others])], home: user.home });
}

const isRoot = (name: string): boolean => name === '' || name === '0' || name === 'root';
const rootUser: ResolvedUser = { uid: 0, gid: 0, groups: [0], home: '/root' };

function lines(fs: FileSystem, path: string): readonly string[] {
  const read = fs.readText(path);
  return read.ok ? read.value.split('\n').filter((line) => line !== '') : [];
}

function account(line: string): Account {
  const [name = '', , uid = '0', gid = '0', , home = '/'] = line.split(':');
  return { name, uid: Number(uid), gid: Number(gid), home };
}
