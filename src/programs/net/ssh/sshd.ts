import type { StreamSocket } from '../../../linux/net/types';
import { encode } from '../../../linux/io/bytes';
import type { OpenFile } from '../../../linux/io/open-file';
import type { Child, Process, Program } from '../../../linux/process/types';
import { parseOptions } from '../options';
import { SshConnection, type SessionRequest } from './protocol';

/** A line of /etc/passwd. */
interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly shell: string;
}

function accountOf({ fs }: Process, user: string): Account | undefined {
  const text = fs.readText('/etc/passwd');
  const line = text.ok ? text.value.split('\n').find((each) => each.startsWith(`${user}:`)) : undefined;
  const [name = '', , uid, gid, , home = '/', shell = '/bin/sh'] = line?.split(':') ?? [];
  return line === undefined || /nologin$|false$/.test(shell)
    ? undefined
    : { name, uid: Number(uid), gid: Number(gid), home, shell: shell === '' ? '/bin/sh' : shell };
}

/** The groups whose member lists name the user (initgroups(3)). */
function groupsOf({ fs }: Process, user: string): readonly number[] {
  const text = fs.readText('/etc/group');
  const lines = text.ok ? text.value.split('\n') : [];
  return lines.flatMap((line) => {
    const [, , gid, members = ''] = line.split(':');
    return members.split(',').includes(user) ? [Number(gid)] : [];
  });
}

/** sshd(8): shells and commands for whoever connects to port 22. */
export const sshd: Program = async (process) => {
  const parsed = parseOptions(process.args, { flags: 'D d e i t T q 4 6', values: 'p f h o E u b c C g k' });
  if (parsed.has('t')) return 0;
  const port = Number(parsed.value('p') ?? 22);
  const listener = process.net.listen(process, { address: '0.0.0.0', port });
  if (!listener.ok) {
    await process.stderr.write(
      `error: Bind to port ${port} on 0.0.0.0 failed: ${listener.error.message}.\nfatal: Cannot bind any address.\n`,
    );
    return 255;
  }
  process.signals.ignore('SIGPIPE');
  let sessions = 0;
  for (;;) {
    const accepted = await listener.value.accept();
    if (!accepted.ok) {
      if (accepted.error.code === 'EINTR' || accepted.error.code === 'ECONNABORTED') continue;
      return 255;
    }
    const socket = accepted.value;
    const number = ++sessions;
    process.thread(async () => {
      await serveConnection(process, socket, number);
      socket.close();
    });
  }
};

async function serveConnection(process: Process, socket: StreamSocket, number: number): Promise<void> {
  const connection = new SshConnection(socket);
  if ((await connection.greet()) === undefined) return;
  const login = await connection.receive();
  if (login?.type !== 'login') return;
  const account = accountOf(process, login.user);
  const key = process.fs.readText('/etc/ssh/ssh_host_ed25519_key.pub');
  await connection.send({ type: 'welcome', hostKey: key.ok ? key.value.trim() : '', admitted: account !== undefined });
  if (account === undefined) return;
  const request = await connection.receive();
  if (request?.type !== 'request') return;
  process.record('login', account.name, { from: socket.remote.address, command: request.command });
  await (request.pty ? onPty : onPipes)(process, connection, socket, account, request, number);
}

function environment(account: Account, socket: StreamSocket, request: SessionRequest): Map<string, string> {
  const path =
    account.uid === 0
      ? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
      : '/usr/local/bin:/usr/bin:/bin:/usr/games';
  const { local, remote } = socket;
  const env = new Map(Object.entries(request.env));
  env.set('USER', account.name).set('LOGNAME', account.name).set('HOME', account.home).set('PATH', path);
  env.set('SHELL', account.shell).set('MAIL', `/var/mail/${account.name}`);
  env.set('SSH_CLIENT', `${remote.address} ${remote.port} ${local.port}`);
  env.set('SSH_CONNECTION', `${remote.address} ${remote.port} ${local.address} ${local.port}`);
  if (request.pty) env.set('TERM', request.pty.term);
  return env;
}

interface Spawned {
  readonly fds: ReadonlyMap<number, OpenFile>;
  readonly env: Map<string, string>;
  readonly controllingTty?: Parameters<Process['spawn']>[0]['controllingTty'];
}

/** The user's shell: a login shell, or `-c` with the command. */
function start(
  process: Process,
  account: Account,
  request: SessionRequest,
  number: number,
  spawned: Spawned,
): Child | string {
  const { name, shell, home, uid, gid } = account;
  const short = shell.slice(shell.lastIndexOf('/') + 1);
  const { controllingTty, ...rest } = spawned;
  const started = process.spawn({
    ...rest,
    file: shell,
    argv: request.command === undefined ? [`-${short}`] : [short, '-c', request.command],
    cwd: process.fs.stat(home).ok ? home : '/',
    newSession: true,
    ...(controllingTty ? { controllingTty, foreground: true } : {}),
    user: { uid, gid, groups: [gid, ...groupsOf(process, name)] },
    cgroup: `/user.slice/user-${uid}.slice/session-${number}.scope`,
  });
  return started.ok ? started.value : started.error.message;
}

async function onPty(
  process: Process,
  connection: SshConnection,
  socket: StreamSocket,
  account: Account,
  request: SessionRequest,
  number: number,
): Promise<void> {
  const master = process.host.openPty(request.pty?.size ?? { rows: 24, columns: 80 });
  const { tty } = master;
  // Output keeps its order and comes before the exit status; a slow network holds nobody up but this queue.
  let sent: Promise<unknown> = Promise.resolve();
  master.onOutput((bytes) => {
    const before = sent;
    const copy = bytes.slice();
    sent = (async () => {
      await before;
      await connection.send({ type: 'stdout', bytes: copy });
    })();
  });
  const motd = process.fs.readText('/etc/motd');
  if (request.command === undefined && motd.ok && motd.value !== '') {
    await connection.send({ type: 'stdout', bytes: encode(motd.value.replaceAll('\n', '\r\n')) });
  }
  const env = environment(account, socket, request).set('SSH_TTY', tty.path);
  const fds = new Map([0, 1, 2].map((fd) => [fd, tty.open()] as const));
  const child = start(process, account, request, number, { fds, env, controllingTty: tty });
  if (typeof child === 'string') return refuse(connection, account, child);
  process.thread(async () => {
    for (let message = await connection.receive(); message; message = await connection.receive()) {
      if (message.type === 'stdin') master.input(message.bytes);
      else if (message.type === 'window') master.resize(message);
      else if (message.type === 'signal') child.process.kill(-child.process.group, message.signal);
    }
    // The client went away: its terminal is gone.
    master.hangup();
  });
  await finish(connection, child, () => sent);
  master.hangup();
}

async function onPipes(
  process: Process,
  connection: SshConnection,
  socket: StreamSocket,
  account: Account,
  request: SessionRequest,
  number: number,
): Promise<void> {
  const [input, output, errors] = [process.pipe(), process.pipe(), process.pipe()];
  // Our ends are held before the child's are given away: a pipe closes when its last holder lets go.
  const stdin = process.fds.install(input.write, 10);
  const readers = (
    [
      ['stdout', process.fds.install(output.read, 10)],
      ['stderr', process.fds.install(errors.read, 10)],
    ] as const
  ).map(([type, fd]) => ({ type, fd }));
  const fds = new Map([
    [0, input.read],
    [1, output.write],
    [2, errors.write],
  ]);
  const child = start(process, account, request, number, { fds, env: environment(account, socket, request) });
  if (typeof child === 'string') return refuse(connection, account, child);
  let open = true;
  const closeInput = (): void => {
    if (open) process.fds.close(stdin);
    open = false;
  };
  process.thread(async () => {
    const writer = process.fds.writer(stdin);
    for (let message = await connection.receive(); message; message = await connection.receive()) {
      if (message.type === 'stdin' && open) await writer.write(message.bytes);
      else if (message.type === 'eof') closeInput();
      else if (message.type === 'signal') child.process.kill(child.process.pid, message.signal);
    }
    closeInput();
  });
  const streams = readers.map(async ({ type, fd }) => {
    for await (const bytes of process.fds.reader(fd)) await connection.send({ type, bytes });
    process.fds.close(fd);
  });
  await finish(connection, child, () => Promise.all(streams));
  closeInput();
}

async function refuse(connection: SshConnection, { shell }: Account, reason: string): Promise<void> {
  const text = `${shell}: ${reason}\r\n`;
  await connection.send({ type: 'stderr', bytes: encode(text) });
  await connection.send({ type: 'exit', code: 1 });
}

async function finish(connection: SshConnection, child: Child, flushed: () => Promise<unknown>): Promise<void> {
  const status = await child.wait();
  await flushed();
  if (status.kind === 'exited') await connection.send({ type: 'exit', code: status.code });
  else if (status.kind === 'signaled') await connection.send({ type: 'exit', signal: status.signal });
}
