import type { Process } from '../../../linux/process/types';
import type { Account, Database } from '../accounts/database';

export const superPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
export const userPath = '/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games';

/** Takes on another user's ids: initgroups(3), setgid(2), setuid(2). */
export function become(process: Process, database: Database, { name, uid, gid }: Account, group = gid): void {
  const more = database.groups.filter(({ members }) => members.includes(name)).map((each) => each.gid);
  const groups = [...new Set([group, ...(group === gid ? [] : [gid]), ...more])];
  process.setCredentials({ uid, gid: group, groups });
}

/** Replaces this program by another with what is now in its environment; a message and 126 or 127 if that fails. */
export async function run(process: Process, name: string, file: string, argv: readonly string[]): Promise<number> {
  const failed = await process.exec(file, argv, process.env);
  if (failed.ok) return 0;
  const { code, message } = failed.error;
  await process.stderr.write(`${name}: failed to execute ${file}: ${message}\n`);
  return code === 'ENOENT' ? 127 : 126;
}

/** The account of whoever really started this. */
export const accountOf = (database: Database, uid: number): Account | undefined =>
  database.accounts.find((account) => account.uid === uid);
