import type { Program } from '../../../linux/process/types';
import { parseOptions } from '../../toolkit/options';
import { askPassword } from './ask';
import { makeHome } from './command';
import { hashPassword } from './crypt';
import { Database, today } from './database';
import { adduserUsage, deluserUsage } from './usage-more';

const spec = {
  short: 'hvqd',
  long: {
    system: 'system',
    group: 'group',
    'uid:': 'uid',
    'gid:': 'gid',
    'firstuid:': 'firstuid',
    'lastuid:': 'lastuid',
    'firstgid:': 'firstgid',
    'lastgid:': 'lastgid',
    'ingroup:': 'ingroup',
    'home:': 'home',
    'shell:': 'shell',
    'gecos:': 'comment',
    'comment:': 'comment',
    'no-create-home': 'no-create-home',
    'disabled-password': 'disabled-password',
    'disabled-login': 'disabled-login',
    'add-extra-groups': 'add-extra-groups',
    add_extra_groups: 'add-extra-groups',
    'allow-bad-names': 'allow-bad-names',
    'force-badname': 'allow-bad-names',
    'allow-all-names': 'allow-bad-names',
    'conf:': 'conf',
    quiet: 'q',
    verbose: 'verbose',
    debug: 'debug',
    'remove-home': 'remove-home',
    'remove-all-files': 'remove-home',
    backup: 'backup',
    'only-if-empty': 'only-if-empty',
  },
};

/** adduser(8) and addgroup(8) of Debian's adduser 3.134. */
export const adduser: Program = async (process) => {
  const { stdout, stderr, fs, credentials, clock } = process;
  const name = (process.argv[0] ?? 'adduser').split('/').at(-1) ?? 'adduser';
  const options = parseOptions(process.args, spec);
  if (typeof options === 'string') {
    await stderr.write(`${options.replace(/^(un\w+) option '--(.*)'$/, 'Unknown option: $2')}\n`);
    return 1;
  }
  if (options.has('help', 'h')) {
    await stdout.write(adduserUsage);
    return 0;
  }
  const fail = async (message: string, status = 1): Promise<number> => {
    await stderr.write(`${name}: ${message}\n`);
    return status;
  };
  if (credentials.uid !== 0) return fail('Only root may add a user or group to the system.');
  const say = async (text: string): Promise<void> => {
    if (!options.has('q')) await stdout.write(`${text}\n`);
  };
  const database = new Database(fs);
  const [first, second] = options.operands;
  if (first === undefined) return fail('Only one or two names allowed.');
  const system = options.has('system');
  if (name === 'addgroup' || (options.has('group') && !system)) {
    if (database.group(first) !== undefined) return system ? 0 : fail(`The group \`${first}' already exists.`);
    const given = options.value('gid');
    if (given !== undefined && database.groups.some(({ gid }) => gid === Number(given)))
      return fail(`The GID \`${given}' is already in use.`);
    const gid = given === undefined ? database.firstFree(system ? 100 : 1000, system ? 999 : 59_999) : Number(given);
    await say(`Adding group \`${first}' (GID ${gid}) ...`);
    database.groups.push({ name: first, gid, members: [] });
    database.save();
    await say('Done.');
    return 0;
  }
  if (second !== undefined) {
    const group = database.group(second);
    if (database.account(first) === undefined) return fail(`The user \`${first}' does not exist.`);
    if (group === undefined) return fail(`The group \`${second}' does not exist.`);
    if (group.members.includes(first)) return fail(`The user \`${first}' is already a member of \`${second}'.`, 0);
    await say(`Adding user \`${first}' to group \`${second}' ...`);
    group.members.push(first);
    database.save();
    await say('Done.');
    return 0;
  }
  if (database.account(first) !== undefined) return system ? 0 : fail(`The user \`${first}' already exists.`);
  if (!/^[a-z_][-a-z0-9_]*\$?$/.test(first) && !options.has('allow-bad-names'))
    return fail(
      `Please enter a username matching the regular expression\nconfigured via the NAME_REGEX configuration variable.  Use the \`--allow-bad-names'\noption to relax this check or reconfigure NAME_REGEX in configuration.`,
    );
  const given = options.value('uid');
  // Who gets a group of the same number needs one that is free as both.
  const pair = !system || options.has('group');
  const uid =
    given === undefined ? database.firstFree(system ? 100 : 1000, system ? 999 : 59_999, pair) : Number(given);
  const ingroup = options.value('ingroup');
  const existing = ingroup === undefined ? undefined : database.group(ingroup);
  if (ingroup !== undefined && existing === undefined) return fail(`The group \`${ingroup}' does not exist.`);
  const home = options.value('home') ?? (system ? '/nonexistent' : `/home/${first}`);
  const shell = options.value('shell') ?? (system ? '/usr/sbin/nologin' : '/bin/bash');
  const account = { name: first, uid, gid: existing?.gid ?? uid, comment: options.value('comment') ?? '', home, shell };
  database.accounts.push(account);
  const blank = system ? '' : undefined;
  const shadow = {
    name: first,
    password: '!',
    changed: today(clock.now),
    min: blank ?? '0',
    max: blank ?? '99999',
    warn: blank ?? '7',
    inactive: '',
    expire: '',
  };
  database.shadows.push(shadow);
  if (system) {
    await say(`Adding system user \`${first}' (UID ${uid}) ...`);
    if (options.has('group')) {
      await say(`Adding new group \`${first}' (GID ${uid}) ...`);
      database.groups.push({ name: first, gid: uid, members: [] });
    } else if (existing === undefined) account.gid = database.group('nogroup')?.gid ?? 65_534;
    const label = options.has('group') ? first : (ingroup ?? 'nogroup');
    await say(`Adding new user \`${first}' (UID ${uid}) with group \`${label}' ...`);
    database.save();
    if (home === '/nonexistent' || options.has('no-create-home')) await say(`Not creating \`${home}'.`);
    else {
      await say(`Creating home directory \`${home}' ...`);
      makeHome(process, account);
    }
    return 0;
  }
  await say(`Adding user \`${first}' ...`);
  if (existing === undefined) {
    await say(`Adding new group \`${first}' (${uid}) ...`);
    database.groups.push({ name: first, gid: uid, members: [] });
  }
  await say(`Adding new user \`${first}' (${uid}) with group \`${existing?.name ?? first} (${account.gid})' ...`);
  database.save();
  if (!options.has('no-create-home')) {
    await say(`Creating home directory \`${home}' ...`);
    await say("Copying files from `/etc/skel' ...");
    makeHome(process, account, 0o700);
  }
  if (!options.has('disabled-password', 'disabled-login')) {
    const typed = await askPassword(process, 'New password: ');
    const again = typed === undefined ? undefined : await askPassword(process, 'Retype new password: ');
    if (typed !== undefined && typed !== '' && typed === again) {
      shadow.password = hashPassword(typed, process.random);
      database.save();
      await stderr.write('passwd: password updated successfully\n');
    } else await stderr.write('passwd: Authentication token manipulation error\npasswd: password unchanged\n');
    if (!options.has('comment')) await stdout.write(`Changing the user information for ${first}\n`);
  }
  const extra = database.group('users');
  if (extra !== undefined && existing === undefined) {
    await say(`Adding new user \`${first}' to supplemental / extra groups \`users' ...`);
    await say(`Adding user \`${first}' to group \`users' ...`);
    extra.members.push(first);
    database.save();
  }
  return 0;
};

/** deluser(8) and delgroup(8). */
export const deluser: Program = async (process) => {
  const { stdout, stderr, fs, credentials } = process;
  const name = (process.argv[0] ?? 'deluser').split('/').at(-1) ?? 'deluser';
  const options = parseOptions(process.args, spec);
  if (typeof options === 'string') {
    await stderr.write(`${options.replace(/^(un\w+) option '--(.*)'$/, 'Unknown option: $2')}\n`);
    return 1;
  }
  if (options.has('help', 'h')) {
    await stdout.write(deluserUsage);
    return 0;
  }
  const fail = async (message: string, status = 1): Promise<number> => {
    await stderr.write(`${name}: ${message}\n`);
    return status;
  };
  if (credentials.uid !== 0) return fail('Only root may remove a user or group from the system.');
  const say = async (text: string): Promise<void> => {
    if (!options.has('q')) await stdout.write(`${text}\n`);
  };
  const database = new Database(fs);
  const [first, second] = options.operands;
  if (first === undefined) return fail('No options allowed after names.');
  if (name === 'delgroup' || options.has('group')) {
    const group = database.group(first);
    if (group === undefined) return fail(`The group \`${first}' does not exist.`, 3);
    const owner = database.accounts.find(({ gid }) => gid === group.gid);
    if (owner !== undefined) return fail(`\`${owner.name}' still has \`${first}' as their primary group!`, 7);
    await say(`Removing group \`${first}' ...`);
    database.groups.splice(database.groups.indexOf(group), 1);
    database.save();
    await say('Done.');
    return 0;
  }
  const account = database.account(first);
  if (second !== undefined) {
    const group = database.group(second);
    if (account === undefined) return fail(`The user \`${first}' does not exist.`, 2);
    if (group === undefined) return fail(`The group \`${second}' does not exist.`, 3);
    if (!group.members.includes(first)) return fail(`The user \`${first}' is not a member of group \`${second}'.`, 6);
    await say(`Removing user \`${first}' from group \`${second}' ...`);
    group.members = group.members.filter((member) => member !== first);
    database.save();
    await say('Done.');
    return 0;
  }
  if (account === undefined) return options.has('system') ? 0 : fail(`The user \`${first}' does not exist.`, 2);
  if (options.has('remove-home') && fs.stat(account.home).ok) {
    await say('Looking for files to backup/remove ...');
    await say('Removing files ...');
    fs.removeAll(account.home);
  }
  await say('Removing crontab ...');
  await say(`Removing user \`${first}' ...`);
  database.accounts.splice(database.accounts.indexOf(account), 1);
  database.shadows.splice(0, database.shadows.length, ...database.shadows.filter((each) => each.name !== first));
  for (const group of database.groups) group.members = group.members.filter((member) => member !== first);
  const own = database.group(first);
  if (own !== undefined && own.members.length === 0) database.groups.splice(database.groups.indexOf(own), 1);
  database.save();
  await say('Done.');
  return 0;
};
