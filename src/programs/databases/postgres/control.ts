import type { Program } from '../../../linux/process/types';
import { parseOptions } from '../../toolkit/options';

/** pg_ctl(1): start and wait, stop, status. */
export const pgCtl: Program = async (process) => {
  const { fs, stdout, stderr } = process;
  const options = parseOptions(process.args, {
    short: 'D:l:o:m:wWst:',
    long: { 'pgdata:': 'D', 'log:': 'l', 'mode:': 'm', wait: 'w' },
  });
  if (typeof options === 'string') {
    await stderr.write(`pg_ctl: ${options}\nTry "pg_ctl --help" for more information.\n`);
    return 1;
  }
  const directory = options.value('D') ?? process.env.get('PGDATA') ?? '';
  const pidFile = fs.readText(`${directory}/postmaster.pid`);
  const pid = pidFile.ok ? Number.parseInt(pidFile.value, 10) : undefined;
  switch (options.operands[0]) {
    case 'start': {
      const postgres = process.which('postgres') ?? '/usr/lib/postgresql/bin/postgres';
      const extra = (options.value('o') ?? '').match(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g) ?? [];
      await stdout.write('waiting for server to start....');
      const child = process.spawn({
        file: postgres,
        argv: ['postgres', '-D', directory, ...extra.map((word) => word.replace(/['"]/g, ''))],
        group: 0,
      });
      if (!child.ok) {
        await stderr.write(`pg_ctl: could not start server: ${child.error.message}\n`);
        return 1;
      }
      for (let tries = 0; tries < 600; tries++) {
        await process.sleep(100);
        if (child.value.process.status !== undefined) {
          await stdout.write(' stopped waiting\n');
          await stderr.write('pg_ctl: could not start server\nExamine the log output.\n');
          return 1;
        }
        if (fs.readText(`${directory}/postmaster.pid`).ok) break;
        await stdout.write('.');
      }
      await stdout.write(' done\nserver started\n');
      return 0;
    }
    case 'stop': {
      if (pid === undefined) {
        await stderr.write(`pg_ctl: PID file "${directory}/postmaster.pid" does not exist\nIs server running?\n`);
        return 1;
      }
      process.kill(pid, options.value('m') === 'smart' ? 'SIGTERM' : 'SIGINT');
      await stdout.write('waiting for server to shut down....');
      for (let tries = 0; tries < 600; tries++) {
        await process.sleep(100);
        if (!process.kill(pid, 0).ok || !fs.readText(`${directory}/postmaster.pid`).ok) break;
        await stdout.write('.');
      }
      await stdout.write(' done\nserver stopped\n');
      return 0;
    }
    case 'status':
      if (pid === undefined) {
        await stdout.write('pg_ctl: no server running\n');
        return 3;
      }
      await stdout.write(`pg_ctl: server is running (PID: ${pid})\n`);
      return 0;
    case undefined:
      await stderr.write('pg_ctl: no operation specified\nTry "pg_ctl --help" for more information.\n');
      return 1;
    default:
      await stderr.write(
        `pg_ctl: unrecognized operation mode "${options.operands[0]}"\nTry "pg_ctl --help" for more information.\n`,
      );
      return 1;
  }
};

/** gosu(1): becomes a user and runs a command in its own place. */
export const gosu: Program = async (process) => {
  const [name = '', command, ...args] = process.args;
  if (command === undefined) {
    await process.stderr.write('Usage: gosu user-spec command [args]\n');
    return 1;
  }
  const passwd = process.fs.readText('/etc/passwd');
  const [user = '', ofGroup] = name.split(':');
  const line = (passwd.ok ? passwd.value : '')
    .split('\n')
    .map((entry) => entry.split(':'))
    .find(([known, , uid]) => known === user || uid === user);
  const uid = Number(line?.[2] ?? user);
  const gid = Number(ofGroup ?? line?.[3] ?? 0);
  if (!Number.isInteger(uid) || !Number.isInteger(gid)) {
    await process.stderr.write(
      `error: failed switching to "${name}": unable to find user ${user}: no matching entries in passwd file\n`,
    );
    return 1;
  }
  const changed = process.setCredentials({ ...process.credentials, uid, gid, groups: [gid], real: { uid, gid } });
  if (!changed.ok) {
    await process.stderr.write(`error: failed switching to "${name}": ${changed.error.message}\n`);
    return 1;
  }
  if (line?.[5] !== undefined) process.env.set('HOME', line[5]);
  const path = command.includes('/') ? command : process.which(command);
  if (path === undefined) {
    await process.stderr.write(`error: exec: "${command}": executable file not found in $PATH\n`);
    return 127;
  }
  const ran = await process.exec(path, [command, ...args]);
  await process.stderr.write(`error: ${ran.ok ? '' : ran.error.message}\n`);
  return 126;
};
