import { realOf } from '../../../linux/process/credentials';
import { monthName, strftime } from '../../toolkit/date-format';
import { askPassword } from './ask';
import { accountCommand, type Command } from './command';
import { hashPassword, verifyPassword } from './crypt';
import { today, type Shadow } from './database';
import { chageUsage, chpasswdUsage, passwdUsage } from './usage';

const DAY = 86_400_000;

const stateOf = ({ password }: Shadow): string => (password === '' ? 'NP' : /^[!*]/.test(password) ? 'L' : 'P');

const statusLine = (shadow: Shadow): string => {
  const date = shadow.changed === '' ? 'never' : strftime('%Y-%m-%d', Number(shadow.changed) * DAY);
  const or = (text: string): string => (text === '' ? '-1' : text);
  return `${shadow.name} ${stateOf(shadow)} ${date} ${or(shadow.min)} ${or(shadow.max)} ${or(shadow.warn)} ${or(shadow.inactive)}\n`;
};

/** passwd(1). */
export const passwd = accountCommand(
  {
    name: 'passwd',
    usage: passwdUsage,
    open: true,
    short: 'adehi:kln:qr:R:Suw:x:',
    long: {
      all: 'a',
      delete: 'd',
      expire: 'e',
      'inactive:': 'i',
      'keep-tokens': 'k',
      lock: 'l',
      'mindays:': 'n',
      quiet: 'q',
      'repository:': 'r',
      'root:': 'R',
      status: 'S',
      unlock: 'u',
      'warndays:': 'w',
      'maxdays:': 'x',
    },
  },
  async (command) => {
    const { process, options, operands, database, fail, print } = command;
    const { uid } = realOf(process.credentials);
    const own = database.accounts.find((account) => account.uid === uid);
    const name = operands[0] ?? own?.name ?? '';
    if (options.has('a') && options.has('S')) {
      await print(database.shadows.map(statusLine).join(''));
      return 0;
    }
    const account = database.account(name);
    if (account === undefined) return fail(`user '${name}' does not exist`, 1);
    if (uid !== 0 && account.uid !== uid)
      return fail(`You may not view or modify password information for ${name}.`, 1);
    const shadow = shadowOf(command, name);
    if (options.has('S')) {
      await print(statusLine(shadow));
      return 0;
    }
    if (options.has('d', 'e', 'l', 'u', 'i', 'n', 'w', 'x')) {
      if (uid !== 0) return fail('Permission denied.', 1);
      if (options.has('d')) shadow.password = '';
      if (options.has('l') && !shadow.password.startsWith('!')) shadow.password = `!${shadow.password}`;
      if (options.has('u')) {
        if (/^!+$/.test(shadow.password))
          return fail(
            `unlocking the password would result in a passwordless account.\nYou should set a password with usermod -p to unlock the password of this account.`,
            3,
          );
        shadow.password = shadow.password.replace(/^!/, '');
      }
      if (options.has('e')) shadow.changed = '0';
      shadow.min = options.value('n') ?? shadow.min;
      shadow.max = options.value('x') ?? shadow.max;
      shadow.warn = options.value('w') ?? shadow.warn;
      shadow.inactive = options.value('i') ?? shadow.inactive;
      database.save();
      if (!options.has('q')) await print('passwd: password changed.\n');
      return 0;
    }
    const unchanged = async (message: string): Promise<number> => {
      await process.stderr.write(
        `${message}passwd: Authentication token manipulation error\npasswd: password unchanged\n`,
      );
      return 10;
    };
    if (uid !== 0) {
      await print(`Changing password for ${name}.\n`);
      const old = await askPassword(process, 'Current password: ');
      if (old === undefined || !verifyPassword(old, shadow.password)) return unchanged('');
    }
    const first = await askPassword(process, 'New password: ');
    const second = first === undefined ? undefined : await askPassword(process, 'Retype new password: ');
    if (first === undefined || second === undefined) return unchanged('');
    if (first === '') return unchanged('No password has been supplied.\n');
    if (first !== second) return unchanged('Sorry, passwords do not match.\n');
    shadow.password = hashPassword(first, process.random);
    shadow.changed = today(process.clock.now);
    database.save();
    await process.stderr.write('passwd: password updated successfully\n');
    return 0;
  },
);

/** The user's line of /etc/shadow, made if there is none. */
function shadowOf({ database }: Command, name: string): Shadow {
  const found = database.shadow(name);
  if (found !== undefined) return found;
  const made = { name, password: '!', changed: '', min: '', max: '', warn: '', inactive: '', expire: '' };
  database.shadows.push(made);
  return made;
}

/** chpasswd(8). */
export const chpasswd = accountCommand(
  {
    name: 'chpasswd',
    usage: chpasswdUsage,
    short: 'c:ehmR:s:',
    long: { 'crypt-method:': 'c', encrypted: 'e', md5: 'm', 'root:': 'R', 'sha-rounds:': 's' },
  },
  async (command) => {
    const { process, options, database, fail } = command;
    let status = 0;
    let number = 0;
    for (;;) {
      const line = await process.stdin.readLine();
      if (line === undefined) break;
      number++;
      const colon = line.indexOf(':');
      if (colon < 0) {
        status = await fail(`line ${number}: missing new password`, 1);
        continue;
      }
      const name = line.slice(0, colon);
      const password = line.slice(colon + 1);
      if (database.account(name) === undefined) {
        await process.stderr.write(
          `chpasswd: (user ${name}) pam_chauthtok() failed, error:\nAuthentication token manipulation error\n` +
            `chpasswd: (line ${number}, user ${name}) password not changed\n`,
        );
        status = 1;
        continue;
      }
      const shadow = shadowOf(command, name);
      shadow.password = options.has('e') ? password : hashPassword(password, process.random);
      shadow.changed = today(process.clock.now);
    }
    database.save();
    return status;
  },
);

const date = (days: string): string => {
  const at = Number(days) * DAY;
  return days === '' ? 'never' : `${monthName(at)} ${strftime('%d, %Y', at)}`;
};

/** chage(1). */
export const chage = accountCommand(
  {
    name: 'chage',
    usage: chageUsage,
    short: 'd:E:hiI:lm:M:R:W:',
    long: {
      'lastday:': 'd',
      'expiredate:': 'E',
      iso8601: 'i',
      'inactive:': 'I',
      list: 'l',
      'mindays:': 'm',
      'maxdays:': 'M',
      'root:': 'R',
      'warndays:': 'W',
    },
  },
  async (command) => {
    const { options, operands, database, fail, usage, print } = command;
    const [name] = operands;
    if (name === undefined) return usage();
    if (database.account(name) === undefined) return fail(`user '${name}' does not exist in /etc/passwd`, 1);
    const shadow = shadowOf(command, name);
    if (options.has('l')) {
      const forced = shadow.changed === '0';
      const max = Number(shadow.max === '' ? 99_999 : shadow.max);
      const expires = forced
        ? 'password must be changed'
        : max >= 10_000
          ? 'never'
          : date(String(Number(shadow.changed) + max));
      const inactive = forced
        ? 'password must be changed'
        : shadow.inactive === '' || expires === 'never'
          ? 'never'
          : date(String(Number(shadow.changed) + max + Number(shadow.inactive)));
      const or = (text: string): string => (text === '' ? '-1' : text);
      await print(
        `Last password change\t\t\t\t\t: ${forced ? 'password must be changed' : date(shadow.changed)}\n` +
          `Password expires\t\t\t\t\t: ${expires}\n` +
          `Password inactive\t\t\t\t\t: ${inactive}\n` +
          `Account expires\t\t\t\t\t\t: ${date(shadow.expire)}\n` +
          `Minimum number of days between password change\t\t: ${or(shadow.min)}\n` +
          `Maximum number of days between password change\t\t: ${or(shadow.max)}\n` +
          `Number of days of warning before password expires\t: ${or(shadow.warn)}\n`,
      );
      return 0;
    }
    const days = (text: string | undefined, now: string): string => {
      if (text === undefined) return now;
      if (text === '-1') return '';
      return /^\d+$/.test(text) ? text : String(Math.floor(Date.parse(text) / DAY));
    };
    shadow.changed = days(options.value('d'), shadow.changed);
    shadow.expire = days(options.value('E'), shadow.expire);
    shadow.min = options.value('m') ?? shadow.min;
    shadow.max = options.value('M') ?? shadow.max;
    shadow.warn = options.value('W') ?? shadow.warn;
    shadow.inactive = days(options.value('I'), shadow.inactive);
    database.save();
    return 0;
  },
);
