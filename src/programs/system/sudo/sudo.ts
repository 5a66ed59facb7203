import { realOf } from '../../../linux/process/credentials';
import type { Process, Program } from '../../../linux/process/types';
import type { Options } from '../../toolkit/options';
import { parseOptions } from '../../toolkit/options';
import { askPassword } from '../accounts/ask';
import { verifyPassword } from '../accounts/crypt';
import { Database, type Account } from '../accounts/database';
import { sudoUsage } from '../accounts/usage-more';
import { syslog } from '../syslog';
import { accountOf, become, run, superPath } from './become';
import { concerns, describe, permits, readSudoers, type Rule } from './sudoers';

const spec = {
  short: 'AbBC:D:eEg:Hh:iKklnNp:PR:r:SsT:t:U:u:vV',
  long: {
    background: 'b',
    'chdir:': 'D',
    'preserve-env::': 'E',
    edit: 'e',
    'group:': 'g',
    'set-home': 'H',
    'host:': 'h',
    login: 'i',
    'remove-timestamp': 'K',
    'reset-timestamp': 'k',
    list: 'l',
    'non-interactive': 'n',
    'no-update': 'N',
    'prompt:': 'p',
    'preserve-groups': 'P',
    stdin: 'S',
    shell: 's',
    'other-user:': 'U',
    'user:': 'u',
    validate: 'v',
    askpass: 'A',
  },
  stopAtOperand: true,
};

const shortUsage = sudoUsage.slice(sudoUsage.indexOf('usage:'), sudoUsage.indexOf('\nOptions:'));
const stamps = '/run/sudo/ts';
/** timestamp_timeout. */
const REMEMBER = 15 * 60_000;

/** sudo(8): as somebody else, if sudoers(5) says so. */
export const sudo: Program = async (process) => {
  const { stdout, stderr, fs } = process;
  const first = process.args[0];
  if (first === '-h' && process.args.length === 1) {
    await stdout.write(sudoUsage);
    return 0;
  }
  const options = parseOptions(process.args, spec);
  if (typeof options === 'string') {
    await stderr.write(`sudo: ${options}\n${shortUsage}`);
    return 1;
  }
  if (options.has('help')) {
    await stdout.write(sudoUsage);
    return 0;
  }
  if (options.has('V', 'version')) {
    await stdout.write(
      'Sudo version 1.9.13p3\nSudoers policy plugin version 1.9.13p3\nSudoers file grammar version 50\n' +
        'Sudoers I/O plugin version 1.9.13p3\nSudoers audit plugin version 1.9.13p3\n',
    );
    return 0;
  }
  const fail = async (message: string): Promise<number> => {
    await stderr.write(`sudo: ${message}\n`);
    return 1;
  };
  if (process.credentials.uid !== 0) return fail('/usr/bin/sudo must be owned by uid 0 and have the setuid bit set');
  const database = new Database(fs);
  const { uid: real, gid: realGid } = realOf(process.credentials);
  const caller = accountOf(database, real);
  if (caller === undefined) return fail(`you do not exist in the passwd database`);
  if (options.has('K', 'k') && options.operands.length === 0) {
    fs.unlink(`${stamps}/${caller.name}`);
    return 0;
  }
  const words = [...options.operands];
  const settings: (readonly [string, string])[] = [];
  while (/^[A-Za-z_]\w*=/.test(words[0] ?? '')) {
    const word = words.shift() ?? '';
    settings.push([word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]);
  }
  const shell = options.has('s', 'i');
  const other = options.has('l', 'v');
  if (words.length === 0 && !shell && !other) {
    await stderr.write(shortUsage);
    return 1;
  }
  const wanted = options.value('u') ?? 'root';
  const target = wanted.startsWith('#') ? accountOf(database, Number(wanted.slice(1))) : database.account(wanted);
  if (target === undefined) return fail(`unknown user ${wanted}\nsudo: error initializing audit plugin sudoers_audit`);
  const groupName = options.value('g');
  const group = groupName === undefined ? undefined : database.groupNamed(groupName.replace(/^#/, ''));
  if (groupName !== undefined && group === undefined)
    return fail(`unknown group ${groupName}\nsudo: error initializing audit plugin sudoers_audit`);
  const { rules } = readSudoers(fs);
  const host = process.namespaces.uts.hostname;
  const mine = rules.filter(
    (rule) => concerns(rule, caller, database) && (rule.hosts.includes('ALL') || rule.hosts.includes(host)),
  );
  const open = real === 0 || mine.some(({ noPassword }) => noPassword);
  if (other) {
    if (!open && !(await authenticate(process, options, database, caller))) return 1;
    if (options.has('v'))
      return mine.length === 0 && real !== 0 ? fail(`Sorry, user ${caller.name} may not run sudo on ${host}.`) : 0;
    return list(process, options, { database, rules, caller, host });
  }
  const { env } = process;
  const loginShell = target.shell === '' ? '/bin/sh' : target.shell;
  const shellFile = options.has('i') ? loginShell : (env.get('SHELL') ?? caller.shell);
  const escaped = words
    .map((word) => word.replace(/[^\w$-]/g, (letter) => (letter === '\n' ? letter : `\\${letter}`)))
    .join(' ');
  const argv = shell
    ? [
        options.has('i') ? `-${shellFile.split('/').at(-1) ?? ''}` : shellFile,
        ...(words.length > 0 ? ['-c', escaped] : []),
      ]
    : words;
  env.set('PATH', superPath);
  const file = shell ? shellFile : process.which(words[0] ?? '');
  if (file === undefined) return fail(`${words[0] ?? ''}: command not found`);
  const args = shell ? argv.slice(1) : words.slice(1);
  const rule = mine.findLast((each) => permits(each, file, args, target.name));
  const told = (prefix = ''): void =>
    syslog(process, {
      identifier: 'sudo',
      priority: prefix === '' ? 5 : 1,
      message: `${caller.name.padStart(8)} : ${prefix}${process.tty === undefined ? '' : `TTY=${process.tty.path.replace('/dev/', '')} ; `}PWD=${process.cwd} ; USER=${target.name} ; COMMAND=${[file, ...args].join(' ')}`,
    });
  if (real !== 0 && rule?.noPassword !== true && !(await authenticate(process, options, database, caller))) return 1;
  if (rule === undefined && real !== 0) {
    told(mine.length === 0 ? 'user NOT in sudoers ; ' : 'command not allowed ; ');
    await stderr.write(
      mine.length === 0
        ? `${caller.name} is not in the sudoers file.\n`
        : `Sorry, user ${caller.name} is not allowed to execute '${[file, ...args].join(' ')}' as ${target.name} on ${host}.\n`,
    );
    return 1;
  }
  told();
  environment(process, options, {
    caller,
    target,
    realGid,
    command: [file, ...args].join(' '),
    settings,
    login: loginShell,
  });
  const folder = options.value('D');
  if (folder !== undefined) process.cwd = folder;
  else if (options.has('i')) process.cwd = fs.stat(target.home).ok ? target.home : '/';
  become(process, database, target, group?.gid);
  return run(process, 'sudo', file, argv);
};

/** env_reset: a small environment of the target's own, and what says who called. */
function environment(
  { env }: Process,
  options: Options,
  {
    caller,
    target,
    realGid,
    command,
    settings,
    login,
  }: {
    readonly caller: Account;
    readonly target: Account;
    readonly realGid: number;
    readonly command: string;
    readonly settings: readonly (readonly [string, string])[];
    readonly login: string;
  },
): void {
  const kept = (
    options.given.some(({ name, value }) => name === 'E' && value !== undefined) ? options.values('E') : []
  ).flatMap((names) => names.split(','));
  const all = options.given.some(({ name, value }) => name === 'E' && value === undefined);
  const fresh = new Map<string, string>();
  const safe =
    /^(TZ|TERM|LINGUAS|LC_.*|LANGUAGE|LANG|COLORTERM|XAUTHORITY|PS1|PS2|PATH|LS_COLORS|HOSTNAME|DISPLAY|COLORS)$/;
  for (const [name, value] of env)
    if (
      name === 'PATH' ||
      kept.includes(name) ||
      (all && !/^(LD_|BASH_FUNC|IFS$|ENV$|BASH_ENV$|CDPATH$)/.test(name)) ||
      (!all && safe.test(name) && !/^PS/.test(name))
    )
      fresh.set(name, value);
  const home = all && !options.has('H', 'i') ? (env.get('HOME') ?? target.home) : target.home;
  if (!all) fresh.set('MAIL', `/var/mail/${target.name}`);
  fresh.set('LOGNAME', target.name);
  fresh.set('USER', target.name);
  fresh.set('HOME', home);
  fresh.set('SHELL', login);
  if (!fresh.has('TERM')) fresh.set('TERM', 'unknown');
  fresh.set('SUDO_COMMAND', command);
  fresh.set('SUDO_USER', caller.name);
  fresh.set('SUDO_UID', String(caller.uid));
  fresh.set('SUDO_GID', String(realGid));
  for (const [name, value] of settings) fresh.set(name, value);
  env.clear();
  for (const [name, value] of fresh) env.set(name, value);
}

/** Asks for the caller's password, three times; remembered for a quarter of an hour on this terminal. */
async function authenticate(
  process: Process,
  options: Options,
  database: Database,
  { name, uid }: Account,
): Promise<boolean> {
  const { stderr, fs, clock } = process;
  const stamp = `${stamps}/${name}`;
  const line = process.tty?.path ?? `ppid ${process.parentPid}`;
  const known = fs.readText(stamp);
  const at = known.ok
    ? Number(
        known.value
          .split('\n')
          .find((each) => each.startsWith(`${line}\t`))
          ?.split('\t')[1],
      )
    : NaN;
  if (clock.now - at < REMEMBER) return true;
  if (options.has('n')) {
    await stderr.write('sudo: a password is required\n');
    return false;
  }
  if (process.tty === undefined && !options.has('S')) {
    await stderr.write(
      'sudo: a terminal is required to read the password; either use the -S option to read from standard input or configure an askpass helper\nsudo: a password is required\n',
    );
    return false;
  }
  const hash = database.shadow(name)?.password ?? '*';
  const prompt = (options.value('p') ?? process.env.get('SUDO_PROMPT') ?? '[sudo] password for %p: ').replace(
    /%[pu]/g,
    name,
  );
  for (let tries = 1; tries <= 3; tries++) {
    const typed = await askPassword(process, prompt);
    if (typed === undefined) {
      await stderr.write(
        tries === 1
          ? '\nsudo: no password was provided\nsudo: a password is required\n'
          : `\nsudo: ${tries - 1} incorrect password attempt${tries === 2 ? '' : 's'}\n`,
      );
      return false;
    }
    if (verifyPassword(typed, hash)) {
      fs.mkdirAll(stamps);
      fs.writeFile(stamp, `${line}\t${clock.now}\n`, 0o600);
      return true;
    }
    await process.sleep(2000);
    if (tries < 3) await stderr.write('Sorry, try again.\n');
  }
  await stderr.write('sudo: 3 incorrect password attempts\n');
  void uid;
  return false;
}

/** `sudo -l`. */
async function list(
  process: Process,
  options: Options,
  {
    database,
    rules,
    caller,
    host,
  }: { readonly database: Database; readonly rules: readonly Rule[]; readonly caller: Account; readonly host: string },
): Promise<number> {
  const name = options.value('U');
  const about = name === undefined ? caller : database.account(name);
  if (about === undefined) {
    await process.stderr.write(`sudo: unknown user ${name ?? ''}\n`);
    return 1;
  }
  const mine = rules.filter((rule) => concerns(rule, about, database));
  if (mine.length === 0) {
    if (about !== caller) await process.stdout.write(`User ${about.name} is not allowed to run sudo on ${host}.\n`);
    else await process.stderr.write(`Sorry, user ${about.name} may not run sudo on ${host}.\n`);
    return about === caller ? 1 : 0;
  }
  await process.stdout.write(
    `Matching Defaults entries for ${about.name} on ${host}:\n` +
      '    env_reset, mail_badpass, secure_path=/usr/local/sbin\\:/usr/local/bin\\:/usr/sbin\\:/usr/bin\\:/sbin\\:/bin, use_pty\n\n' +
      `User ${about.name} may run the following commands on ${host}:\n${mine.map((rule) => `${describe(rule)}\n`).join('')}`,
  );
  return 0;
}
