import { accountCommand } from './command';
import { validName } from './database';
import { gpasswdUsage, groupaddUsage, groupdelUsage, groupmodUsage } from './usage';

/** groupadd(8). */
export const groupadd = accountCommand(
  {
    name: 'groupadd',
    usage: groupaddUsage,
    short: 'fg:hK:op:rR:P:U:',
    long: {
      force: 'f',
      'gid:': 'g',
      'key:': 'K',
      'non-unique': 'o',
      'password:': 'p',
      system: 'r',
      'root:': 'R',
      'users:': 'U',
    },
  },
  async ({ options, operands, database, fail, usage }) => {
    const [name] = operands;
    if (name === undefined || operands.length > 1) return usage();
    if (!validName(name)) return fail(`'${name}' is not a valid group name`, 3);
    if (database.group(name) !== undefined) return options.has('f') ? 0 : fail(`group '${name}' already exists`, 9);
    const given = options.value('g');
    if (given !== undefined && !/^\d+$/.test(given)) return fail(`invalid group ID '${given}'`, 3);
    const gids = database.groups.map(({ gid }) => gid);
    if (given !== undefined && gids.includes(Number(given)) && !options.has('o') && !options.has('f'))
      return fail(`GID '${given}' already exists`, 4);
    const gid =
      given === undefined || (options.has('f') && gids.includes(Number(given)))
        ? database.freeId(gids, options.has('r'))
        : Number(given);
    const members = (options.value('U') ?? '').split(',').filter((member) => member !== '');
    database.groups.push({ name, gid, members });
    database.save();
    return 0;
  },
);

/** groupmod(8). */
export const groupmod = accountCommand(
  {
    name: 'groupmod',
    usage: groupmodUsage,
    short: 'ag:hn:op:R:P:U:',
    long: { append: 'a', 'gid:': 'g', 'new-name:': 'n', 'non-unique': 'o', 'password:': 'p', 'users:': 'U' },
  },
  async ({ options, operands, database, fail, usage }) => {
    const [name] = operands;
    if (name === undefined) return usage();
    const group = database.group(name);
    if (group === undefined) return fail(`group '${name}' does not exist`, 6);
    const wanted = options.value('n');
    if (wanted !== undefined && database.group(wanted) !== undefined)
      return fail(`group '${wanted}' already exists`, 9);
    const gid = options.value('g');
    if (gid !== undefined && database.groups.some((other) => other.gid === Number(gid)) && !options.has('o'))
      return fail(`GID '${gid}' already exists`, 4);
    const users = options.value('U');
    if (users !== undefined) group.members = [...(options.has('a') ? group.members : []), ...users.split(',')];
    if (gid !== undefined) {
      for (const account of database.accounts) if (account.gid === group.gid) account.gid = Number(gid);
      group.gid = Number(gid);
    }
    group.name = wanted ?? group.name;
    database.save();
    return 0;
  },
);

/** groupdel(8). */
export const groupdel = accountCommand(
  { name: 'groupdel', usage: groupdelUsage, short: 'fhR:P:', long: { force: 'f', 'root:': 'R', 'prefix:': 'P' } },
  async ({ options, operands, database, fail, usage }) => {
    const [name] = operands;
    if (name === undefined || operands.length > 1) return usage();
    const group = database.group(name);
    if (group === undefined) return fail(`group '${name}' does not exist`, 6);
    const owner = database.accounts.find(({ gid }) => gid === group.gid);
    if (owner !== undefined && !options.has('f'))
      return fail(`cannot remove the primary group of user '${owner.name}'`, 8);
    database.groups.splice(database.groups.indexOf(group), 1);
    database.save();
    return 0;
  },
);

/** gpasswd(1): members of a group. */
export const gpasswd = accountCommand(
  {
    name: 'gpasswd',
    usage: gpasswdUsage,
    short: 'a:d:hQ:rRA:M:',
    long: {
      'add:': 'a',
      'delete:': 'd',
      'remove-password': 'r',
      restrict: 'R',
      'administrators:': 'A',
      'members:': 'M',
    },
  },
  async ({ options, operands, database, fail, usage, print }) => {
    const [name] = operands;
    if (name === undefined) return usage();
    const group = database.group(name);
    const added = options.value('a');
    const removed = options.value('d');
    const user = added ?? removed;
    if (added !== undefined && database.account(added) === undefined) return fail(`user '${added}' does not exist`, 3);
    if (group === undefined) return fail(`group '${name}' does not exist in /etc/group`, 3);
    if (user !== undefined)
      await print(
        `${added === undefined ? 'Removing' : 'Adding'} user ${user} ${added === undefined ? 'from' : 'to'} group ${name}\n`,
      );
    if (added !== undefined && !group.members.includes(added)) group.members.push(added);
    if (removed !== undefined) {
      if (!group.members.includes(removed)) return fail(`user '${removed}' is not a member of '${name}'`, 3);
      group.members = group.members.filter((member) => member !== removed);
    }
    const members = options.value('M');
    if (members !== undefined) {
      const missing = members.split(',').find((member) => member !== '' && database.account(member) === undefined);
      if (missing !== undefined) return fail(`user '${missing}' does not exist`, 3);
      group.members = members.split(',').filter((member) => member !== '');
    }
    database.save();
    return 0;
  },
);
