import { realOf } from '../../../linux/process/credentials';
import type { Program } from '../../../linux/process/types';
import { Database } from '../accounts/database';
import { accountOf, run } from './become';

/** newgrp(1), and sg(1): a shell with another group. */
export const newgrp: Program = async (process) => {
  const sg = (process.argv[0] ?? '').endsWith('sg');
  const program = sg ? 'sg' : 'newgrp';
  const database = new Database(process.fs);
  const { uid } = realOf(process.credentials);
  const account = accountOf(database, uid);
  const [name, ...rest] = process.args.filter((arg) => arg !== '-' && arg !== '-c');
  const group =
    name === undefined ? database.groups.find(({ gid }) => gid === account?.gid) : database.groupNamed(name);
  if (account === undefined || group === undefined) {
    await process.stderr.write(`${program}: group '${name ?? ''}' does not exist\n`);
    return 1;
  }
  if (uid !== 0 && group.gid !== account.gid && !group.members.includes(account.name)) {
    await process.stderr.write(`Password: \nInvalid password.\n${program}: failure to write audit log\n`);
    return 1;
  }
  const groups = [...new Set([...process.credentials.groups, account.gid, group.gid])];
  process.setCredentials({ uid, gid: group.gid, groups });
  const shell = sg ? '/bin/sh' : account.shell;
  return run(process, program, shell, [
    shell.split('/').at(-1) ?? shell,
    ...(sg && rest.length > 0 ? ['-c', rest.join(' ')] : []),
  ]);
};
