import { accountCommand, makeHome, type Command } from './command';
import { today, validName } from './database';
import { useraddUsage, userdelUsage, usermodUsage } from './usage';

const defaults = `GROUP=100
HOME=/home
INACTIVE=-1
EXPIRE=
SHELL=/bin/sh
SKEL=/etc/skel
CREATE_MAIL_SPOOL=no
LOG_INIT=yes
`;

/** The names of `-G a,b`, or the first that is no group. */
function groupList({ database }: Command, text: string): readonly string[] | { readonly missing: string } {
  const names = text.split(',').filter((name) => name !== '');
  const missing = names.find((name) => database.groupNamed(name) === undefined);
  return missing === undefined ? names.map((name) => database.groupNamed(name)?.name ?? name) : { missing };
}

/** useradd(8). */
export const useradd = accountCommand(
  {
    name: 'useradd',
    usage: useraddUsage,
    short: 'b:c:d:De:f:Fg:G:hk:K:lmMNop:rR:P:s:u:UZ:',
    long: {
      badname: 'badname',
      'base-dir:': 'b',
      'comment:': 'c',
      'home-dir:': 'd',
      defaults: 'D',
      'expiredate:': 'e',
      'inactive:': 'f',
      'gid:': 'g',
      'groups:': 'G',
      'skel:': 'k',
      'key:': 'K',
      'no-log-init': 'l',
      'create-home': 'm',
      'no-create-home': 'M',
      'no-user-group': 'N',
      'non-unique': 'o',
      'password:': 'p',
      system: 'r',
      'root:': 'R',
      'prefix:': 'P',
      'shell:': 's',
      'uid:': 'u',
      'user-group': 'U',
    },
  },
  async (command) => {
    const { options, operands, database, process, fail } = command;
    const [name] = operands;
    if (options.has('D')) {
      await command.print(defaults);
      return 0;
    }
    if (name === undefined || operands.length > 1) return command.usage();
    if (!validName(name) && !options.has('badname'))
      return fail(`invalid user name '${name}': use --badname to ignore`, 3);
    if (database.account(name) !== undefined) return fail(`user '${name}' already exists`, 9);
    const system = options.has('r');
    const given = options.value('u');
    if (given !== undefined && !/^\d+$/.test(given)) return fail(`invalid user ID '${given}'`, 3);
    const uids = database.accounts.map(({ uid }) => uid);
    const gids = database.groups.map(({ gid }) => gid);
    if (given !== undefined && uids.includes(Number(given)) && !options.has('o'))
      return fail(`UID ${given} is not unique`, 4);
    const primary = options.value('g');
    const group = primary === undefined ? undefined : database.groupNamed(primary);
    if (primary !== undefined && group === undefined) return fail(`group '${primary}' does not exist`, 6);
    const more = groupList(command, options.value('G') ?? '');
    if ('missing' in more) return fail(`group '${more.missing}' does not exist`, 6);
    if (primary === undefined && !options.has('N') && database.group(name) !== undefined)
      return fail(`group ${name} exists - if you want to add this user to that group, use -g.`, 9);
    const uid = given === undefined ? database.freeId(uids, system) : Number(given);
    if (given !== undefined && !system && (uid < 1000 || uid > 60_000))
      await process.stderr.write(
        `useradd warning: ${name}'s uid ${uid} outside of the UID_MIN 1000 and UID_MAX 60000 range.\n`,
      );
    let gid = group?.gid ?? 100;
    if (primary === undefined && !options.has('N')) {
      gid = gids.includes(uid) ? database.freeId(gids, system) : uid;
      database.groups.push({ name, gid, members: [] });
    }
    const home = options.value('d') ?? `${options.value('b') ?? '/home'}/${name}`;
    database.accounts.push({
      name,
      uid,
      gid,
      comment: options.value('c') ?? '',
      home,
      shell: options.value('s') ?? '/bin/sh',
    });
    database.shadows.push({
      name,
      password: options.value('p') ?? '!',
      changed: today(process.clock.now),
      min: system ? '' : '0',
      max: system ? '' : '99999',
      warn: system ? '' : '7',
      inactive: '',
      expire: '',
    });
    for (const other of more) database.group(other)?.members.push(name);
    database.save();
    if (options.has('m')) {
      if (process.fs.stat(home).ok)
        await process.stderr.write(
          `useradd: warning: the home directory ${home} already exists.\nuseradd: Not copying any file from skel directory into it.\n`,
        );
      else makeHome(process, { home, uid, gid });
    }
    return 0;
  },
);

/** usermod(8). */
export const usermod = accountCommand(
  {
    name: 'usermod',
    usage: usermodUsage,
    short: 'abc:d:e:f:g:G:hl:Lmop:P:rR:s:u:Uv:V:w:W:Z:',
    long: {
      append: 'a',
      badname: 'b',
      'comment:': 'c',
      'home:': 'd',
      'expiredate:': 'e',
      'inactive:': 'f',
      'gid:': 'g',
      'groups:': 'G',
      'login:': 'l',
      lock: 'L',
      'move-home': 'm',
      'non-unique': 'o',
      'password:': 'p',
      remove: 'r',
      'root:': 'R',
      'shell:': 's',
      'uid:': 'u',
      unlock: 'U',
    },
  },
  async (command) => {
    const { options, operands, database, process, fail } = command;
    const [name] = operands;
    if (name === undefined || options.given.length === 0)
      return name !== undefined && database.account(name) === undefined
        ? fail(`user '${name}' does not exist`, 6)
        : name === undefined
          ? command.usage()
          : fail('no changes', 0);
    const account = database.account(name);
    if (account === undefined) return fail(`user '${name}' does not exist`, 6);
    if (options.has('a') && !options.has('G')) return command.usage();
    const uid = options.value('u');
    if (
      uid !== undefined &&
      Number(uid) !== account.uid &&
      database.accounts.some((other) => other.uid === Number(uid)) &&
      !options.has('o')
    )
      return fail(`UID '${uid}' already exists`, 4);
    const list = options.value('G');
    const wanted = list === undefined ? undefined : groupList(command, list);
    if (wanted !== undefined && 'missing' in wanted) return fail(`group '${wanted.missing}' does not exist`, 6);
    const primary = options.value('g');
    const group = primary === undefined ? undefined : database.groupNamed(primary);
    if (primary !== undefined && group === undefined) return fail(`group '${primary}' does not exist`, 6);
    const login = options.value('l');
    if (login !== undefined && database.account(login) !== undefined && login !== name)
      return fail(`user '${login}' already exists`, 9);
    if (wanted !== undefined)
      for (const each of database.groups) {
        const member = each.members.includes(name);
        const asked = wanted.includes(each.name);
        if (asked && !member && !options.has('r')) each.members.push(name);
        else if (member && (options.has('r') ? asked : !asked && !options.has('a')))
          each.members = each.members.filter((other) => other !== name);
      }
    const shadow = database.shadow(name);
    if (shadow !== undefined) {
      if (options.has('L') && !shadow.password.startsWith('!')) shadow.password = `!${shadow.password}`;
      if (options.has('U')) shadow.password = shadow.password.replace(/^!(?=.)/, '');
      shadow.password = options.value('p') ?? shadow.password;
      const expire = options.value('e');
      if (expire !== undefined)
        shadow.expire = expire === '' ? '' : String(Math.floor(Date.parse(expire) / 86_400_000));
    }
    const before = { ...account };
    account.comment = options.value('c') ?? account.comment;
    account.shell = options.value('s') ?? account.shell;
    account.home = options.value('d') ?? account.home;
    account.gid = group?.gid ?? account.gid;
    account.uid = uid === undefined ? account.uid : Number(uid);
    if (login !== undefined) {
      account.name = login;
      if (shadow !== undefined) shadow.name = login;
      for (const each of database.groups)
        each.members = each.members.map((member) => (member === name ? login : member));
    }
    database.save();
    if (options.has('m') && account.home !== before.home && process.fs.stat(before.home).ok)
      process.fs.rename(before.home, account.home);
    return 0;
  },
);

/** userdel(8). */
export const userdel = accountCommand(
  {
    name: 'userdel',
    usage: userdelUsage,
    short: 'fhrR:P:Z',
    long: { force: 'f', remove: 'r', 'root:': 'R', 'prefix:': 'P' },
  },
  async ({ options, operands, database, process, fail, usage }) => {
    const [name] = operands;
    if (name === undefined || operands.length > 1) return usage();
    const account = database.account(name);
    if (account === undefined) return fail(`user '${name}' does not exist`, 6);
    const busy = process.host.processes(process).find(({ uid, state }) => uid === account.uid && state !== 'Z');
    if (busy !== undefined && !options.has('f') && account.uid !== 0)
      return fail(`user ${name} is currently used by process ${busy.pid}`, 8);
    database.accounts.splice(database.accounts.indexOf(account), 1);
    const shadow = database.shadow(name);
    if (shadow !== undefined) database.shadows.splice(database.shadows.indexOf(shadow), 1);
    for (const group of database.groups) group.members = group.members.filter((member) => member !== name);
    const own = database.group(name);
    if (
      own !== undefined &&
      own.gid === account.gid &&
      own.members.length === 0 &&
      !database.accounts.some(({ gid }) => gid === own.gid)
    )
      database.groups.splice(database.groups.indexOf(own), 1);
    database.save();
    if (!options.has('r')) return 0;
    await process.stderr.write(`userdel: ${name} mail spool (/var/mail/${name}) not found\n`);
    if (process.fs.stat(account.home).ok) process.fs.removeAll(account.home);
    else await process.stderr.write(`userdel: ${name} home directory (${account.home}) not found\n`);
    return 0;
  },
);
