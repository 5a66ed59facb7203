import type { Process, Program } from '../../linux/process/types';
import { users } from '../toolkit/users';

interface Session {
  readonly id: string;
  readonly uid: number;
  readonly user: string;
  readonly tty: string;
  readonly leader: number;
}

const help = `loginctl [OPTIONS...] COMMAND ...

Send control commands to or query the login manager.

Session Commands:
  list-sessions            List sessions
  show-session [ID...]     Show properties of sessions or the manager
  terminate-session ID...  Terminate one or more sessions

User Commands:
  list-users               List users

Seat Commands:
  list-seats               List seats

Options:
  -h --help                Show this help
     --version             Show package version
     --no-pager            Do not pipe output into a pager
     --no-legend           Do not show the headers and footers

See the loginctl(1) man page for details.
`;

/** loginctl(1): the sessions of this host, as their scopes in the cgroup tree tell. */
export const loginctl: Program = async (process) => {
  const { stdout, stderr, args } = process;
  const [command = 'list-sessions', ...ids] = args.filter((word) => !word.startsWith('-'));
  const legend = !args.includes('--no-legend');
  if (args.includes('--help') || args.includes('-h')) {
    await stdout.write(help);
    return 0;
  }
  if (args.includes('--version')) {
    await stdout.write('systemd 252 (252.39-1~deb12u1)\n');
    return 0;
  }
  if (process.host.systemd === undefined) {
    await stderr.write(
      "System has not been booted with systemd as init system (PID 1). Can't operate.\nFailed to connect to bus: Host is down\n",
    );
    return 1;
  }
  const list = sessions(process);
  const show = async (rows: readonly (readonly string[])[], right: number, what: string): Promise<number> => {
    if (rows.length <= 1) await stdout.write(legend ? `No ${what}.\n` : '');
    else {
      await stdout.write(columns(legend ? rows : rows.slice(1), right));
      if (legend) await stdout.write(`\n${rows.length - 1} ${what} listed.\n`);
    }
    return 0;
  };
  switch (command) {
    case 'list-sessions':
      return show(
        [
          ['SESSION', 'UID', 'USER', 'SEAT', 'TTY'],
          ...list.map(({ id, uid, user, tty }) => [id, String(uid), user, '', tty]),
        ],
        2,
        'sessions',
      );
    case 'list-users': {
      const people = new Map(list.map(({ uid, user }) => [uid, user]));
      return show([['UID', 'USER'], ...[...people].map(([uid, user]) => [String(uid), user])], 1, 'users');
    }
    case 'list-seats':
      return show([['SEAT'], ['seat0']], 0, 'seats');
    case 'show-session':
    case 'terminate-session': {
      for (const id of ids) {
        const session = list.find((each) => each.id === id);
        if (session === undefined) {
          await stderr.write(
            `Failed to ${command === 'show-session' ? 'get path for' : 'terminate'} session '${id}': No session '${id}' known\n`,
          );
          return 1;
        }
        if (command === 'terminate-session') process.kill(session.leader, 'SIGHUP');
        else {
          await stdout.write(
            `Id=${id}\nUser=${session.uid}\nName=${session.user}\nTTY=${session.tty}\nRemote=no\nScope=session-${id}.scope\n` +
              `Leader=${session.leader}\nType=tty\nClass=user\nActive=yes\nState=active\n`,
          );
        }
      }
      return 0;
    }
    default:
      await stderr.write(`Unknown command verb ${command}.\n`);
      return 1;
  }
};

/** Whoever leads a session at a terminal; logind's number is that of the scope, or stands for the order of coming. */
function sessions(process: Process): readonly Session[] {
  const names = new Map(users(process.fs).map(({ uid, name }) => [uid, name]));
  const found = new Map<number, Session>();
  for (const each of process.host.processes(process)) {
    if (each.tty === undefined || found.has(each.session)) continue;
    const id = /session-(\w+)\.scope/.exec(each.cgroup)?.[1] ?? String(found.size + 1);
    const tty = each.tty.replace('/dev/', '');
    found.set(each.session, {
      id,
      uid: each.uid,
      user: names.get(each.uid) ?? String(each.uid),
      tty,
      leader: each.pid,
    });
  }
  return [...found.values()];
}

/** The first `right` columns stand to the right, as numbers do. */
function columns(rows: readonly (readonly string[])[], right: number): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => (row[at] ?? '').length)));
  return rows
    .map((row) =>
      row.map((cell, at) => (at < right ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0))).join(' '),
    )
    .map((line) => `${line}\n`)
    .join('');
}
