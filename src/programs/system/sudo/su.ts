import { realOf } from '../../../linux/process/credentials';
import type { Process, Program } from '../../../linux/process/types';
import { parseOptions } from '../../toolkit/options';
import { askPassword } from '../accounts/ask';
import { Database } from '../accounts/database';
import { verifyPassword } from '../accounts/crypt';
import { suUsage } from '../accounts/usage-more';
import { syslog } from '../syslog';
import { accountOf, become, run, superPath, userPath } from './become';

const spec = {
  short: 'mpw:g:G:lc:fs:PhVu:',
  long: {
    'preserve-environment': 'm',
    'whitelist-environment:': 'w',
    'group:': 'g',
    'supp-group:': 'G',
    login: 'l',
    'command:': 'c',
    'session-command:': 'c',
    fast: 'f',
    'shell:': 's',
    pty: 'P',
    'user:': 'u',
  },
  stopAtOperand: true,
};

/** su(1) of util-linux. */
export const su: Program = (process) => substitute(process, 'su');

/** runuser(1): su for root, without PAM. */
export const runuser: Program = (process) => substitute(process, 'runuser');

async function substitute(process: Process, program: 'su' | 'runuser'): Promise<number> {
  const { stdout, stderr } = process;
  // Options may follow the user's name: `su bob -c id`.
  const [user, ...after] = process.args.filter((arg) => arg !== '-');
  const dash = process.args.includes('-');
  const leading = user !== undefined && !user.startsWith('-');
  const args = leading ? [...after, '--', user] : process.args.map((arg) => (arg === '-' ? '-l' : arg));
  const parsed = parseOptions(leading ? after : args, { ...spec, stopAtOperand: program === 'runuser' });
  const fail = async (message: string, status = 1): Promise<number> => {
    await stderr.write(`${program}: ${message}\n`);
    return status;
  };
  if (typeof parsed === 'string') return fail(`${parsed}\nTry '${program} --help' for more information.`);
  if (parsed.has('help', 'h')) {
    await stdout.write(suUsage);
    return 0;
  }
  if (parsed.has('version', 'V')) {
    await stdout.write(`${program} from util-linux 2.38.1\n`);
    return 0;
  }
  const { uid: real } = realOf(process.credentials);
  if (program === 'runuser' && real !== 0) return fail('may not be used by non-root users');
  const database = new Database(process.fs);
  const named = parsed.value('u');
  const operands = leading ? [user, ...parsed.operands] : parsed.operands;
  const wanted = named ?? operands[0] ?? 'root';
  const rest = named === undefined ? operands.slice(1) : operands;
  const account = database.account(wanted);
  if (account === undefined)
    return fail(`user ${wanted} does not exist or the user entry does not contain all the required fields`);
  if (process.credentials.uid !== 0)
    return fail('must be run from a terminal with root privileges: set-user-ID missing');
  const from = accountOf(database, real)?.name ?? String(real);
  const tty = process.tty?.path.replace('/dev/', '') ?? 'none';
  if (real !== 0) {
    const typed = await askPassword(process, 'Password: ');
    const hash = database.shadow(wanted)?.password ?? '*';
    if (typed === undefined || !verifyPassword(typed, hash)) {
      syslog(process, { identifier: 'su', priority: 5, message: `FAILED SU (to ${wanted}) ${from} on ${tty}` });
      // pam_unix makes whoever guesses wait.
      await process.sleep(2000);
      return fail('Authentication failure');
    }
  }
  syslog(process, { identifier: 'su', priority: 5, message: `(to ${wanted}) ${from} on ${tty}` });
  syslog(process, {
    identifier: 'su',
    priority: 6,
    message: `pam_unix(su${parsed.has('l') || dash ? '-l' : ''}:session): session opened for user ${wanted}(uid=${account.uid}) by (uid=${real})`,
  });
  const group = parsed.value('g');
  const gid = group === undefined ? undefined : database.groupNamed(group)?.gid;
  if (group !== undefined && gid === undefined) return fail(`group ${group} does not exist`);
  become(process, database, account, gid);
  if (named !== undefined) {
    const [command = '', ...more] = rest;
    const file = process.which(command);
    if (file === undefined) return fail(`failed to execute ${command}: No such file or directory`, 127);
    return run(process, program, file, [command, ...more]);
  }
  const login = parsed.has('l') || dash;
  const shell = parsed.value('s') ?? (account.shell === '' ? '/bin/sh' : account.shell);
  environment(process, { login, keep: parsed.has('m') && !login, shell, account });
  if (login) process.cwd = process.fs.stat(account.home).ok ? account.home : '/';
  const command = parsed.value('c');
  const base = shell.split('/').at(-1) ?? shell;
  const argv = [login ? `-${base}` : base, ...(command === undefined ? [] : ['-c', command]), ...rest];
  return run(process, program, shell, argv);
}

function environment(
  { env }: Process,
  {
    login,
    keep,
    shell,
    account,
  }: {
    readonly login: boolean;
    readonly keep: boolean;
    readonly shell: string;
    readonly account: { readonly name: string; readonly home: string; readonly uid: number };
  },
): void {
  if (keep) return;
  if (login) {
    const term = env.get('TERM');
    env.clear();
    if (term !== undefined) env.set('TERM', term);
    env.set('PATH', account.uid === 0 ? superPath : userPath);
  }
  env.set('HOME', account.home);
  env.set('SHELL', shell);
  if (login || account.uid !== 0) {
    env.set('USER', account.name);
    env.set('LOGNAME', account.name);
  }
  if (login) env.set('MAIL', `/var/mail/${account.name}`);
}

/** nologin(8): the shell of who may not log in. */
export const nologin: Program = async ({ stdout }) => {
  await stdout.write('This account is currently not available.\n');
  return 1;
};
