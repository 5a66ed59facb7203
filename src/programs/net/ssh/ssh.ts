import { gaiText, resolve } from '../../../linux/net/dns/resolve';
import type { Process, Program } from '../../../linux/process/types';
import type { Termios } from '../../../linux/tty/types';
import { parseOptions, type Parsed } from '../options';
import { isTty } from '../streams';
import { SshConnection } from './protocol';

const usage = `usage: ssh [-46AaCfGgKkMNnqsTtVvXxYy] [-B bind_interface] [-b bind_address]
           [-c cipher_spec] [-D [bind_address:]port] [-E log_file]
           [-e escape_char] [-F configfile] [-I pkcs11] [-i identity_file]
           [-J destination] [-L address] [-l login_name] [-m mac_spec]
           [-O ctl_cmd] [-o option] [-P tag] [-p port] [-Q query_option]
           [-R address] [-S ctl_path] [-W host:port] [-w local_tun[:remote_tun]]
           destination [command [argument ...]]
`;

/** ssh(1): a shell or a command on another machine. */
export const ssh: Program = async (process) => {
  const { stderr } = process;
  const flags = '4 6 A a C f G g K k M N n q s T t V v X x Y y';
  const values = 'B b c D E e F I i J L l m O o P p Q R S W w';
  // Options may stand before and after the destination; what follows it is the command.
  const first = parseOptions(process.args, { flags, values, stopAtOperand: true });
  if (first.has('V')) {
    await stderr.write('OpenSSH_9.2p1 Debian-2+deb12u7, OpenSSL 3.0.17 1 Jul 2025\n');
    return 0;
  }
  const [destination, ...rest] = first.operands;
  const second = parseOptions(rest, { flags, values, stopAtOperand: true });
  if (first.error || second.error || destination === undefined) {
    await stderr.write(usage);
    return 255;
  }
  const has = (name: string): boolean => first.has(name) || second.has(name);
  const value = (name: string): string | undefined => second.value(name) ?? first.value(name);
  const match = /^(?:ssh:\/\/)?(?:([^@]*)@)?([^:]*)(?::(\d+))?$/.exec(destination);
  const host = match?.[2] ?? destination;
  const user = match?.[1] ?? value('l') ?? process.env.get('USER') ?? 'root';
  const port = Number(value('p') ?? match?.[3] ?? 22);

  const connection = await connect(process, host, port, value('o'));
  if (typeof connection === 'number') return connection;
  const options = [...first.values('o'), ...second.values('o')];
  const admitted = await logIn(process, connection, { user, host, port, options, quiet: has('q') });
  if (!admitted) {
    connection.close();
    return 255;
  }
  const command = second.operands.length === 0 ? undefined : second.operands.join(' ');
  const forced = [...first.options, ...second.options].filter(({ name }) => name === 't').length;
  const pty = !has('T') && (forced > 1 || ((command === undefined || forced > 0) && isTty(process, 0)));
  return session(process, connection, { host, command, pty, quiet: has('q'), noInput: has('n') });
};

async function connect(
  process: Process,
  host: string,
  port: number,
  option: string | undefined,
): Promise<SshConnection | number> {
  const { stderr } = process;
  const found = await resolve(process, host);
  if (!found.ok) {
    await stderr.write(`ssh: Could not resolve hostname ${host}: ${gaiText(found.error)}\n`);
    return 255;
  }
  const timeout = /^ConnectTimeout[= ](\d+)$/.exec(option ?? '')?.[1];
  const address = found.value[0] ?? host;
  const opened = await process.net.connect(
    process,
    { address, port },
    timeout === undefined ? {} : { timeout: Number(timeout) * 1000 },
  );
  if (!opened.ok) {
    await stderr.write(`ssh: connect to host ${host} port ${port}: ${opened.error.message}\n`);
    return 255;
  }
  const connection = new SshConnection(opened.value);
  if ((await connection.greet()) === undefined) {
    await stderr.write(
      `kex_exchange_identification: Connection closed by remote host\nConnection closed by ${address} port ${port}\n`,
    );
    return 255;
  }
  return connection;
}

interface Login {
  readonly user: string;
  readonly host: string;
  readonly port: number;
  readonly options: Parsed['operands'];
  readonly quiet: boolean;
}

async function logIn(
  process: Process,
  connection: SshConnection,
  { user, host, port, options, quiet }: Login,
): Promise<boolean> {
  const { stderr } = process;
  await connection.send({ type: 'login', user });
  const welcome = await connection.receive();
  if (welcome?.type !== 'welcome') {
    await stderr.write(`Connection closed by ${host} port ${port}\n`);
    return false;
  }
  if (!(await known(process, host, welcome.hostKey, options, quiet))) {
    await stderr.write('Host key verification failed.\n');
    return false;
  }
  if (welcome.admitted) return true;
  await stderr.write(`${user}@${host}: Permission denied (publickey).\n`);
  return false;
}

/** ~/.ssh/known_hosts: a host that is not in it is asked about, or noted at once with StrictHostKeyChecking=no. */
async function known(
  process: Process,
  host: string,
  key: string,
  options: readonly string[],
  quiet: boolean,
): Promise<boolean> {
  const setting = (name: string): string | undefined =>
    options.map((option) => option.split(/[= ]/)).find(([each]) => each?.toLowerCase() === name.toLowerCase())?.[1];
  const path = setting('UserKnownHostsFile') ?? `${process.env.get('HOME') ?? '/root'}/.ssh/known_hosts`;
  const files = [path, '/etc/ssh/ssh_known_hosts'].map((file) => process.fs.readText(file));
  const lines = files.flatMap((file) => (file.ok ? file.value.split('\n') : []));
  if (lines.some((line) => (line.split(' ')[0] ?? '').split(',').includes(host))) return true;
  const strict = setting('StrictHostKeyChecking') ?? 'ask';
  if (strict === 'yes') return false;
  if (strict === 'ask') {
    await process.stderr.write(
      `The authenticity of host '${host}' can't be established.\nED25519 key fingerprint is SHA256:${fingerprint(key || host)}.\n` +
        'This key is not known by any other names.\nAre you sure you want to continue connecting (yes/no/[fingerprint])? ',
    );
    const answer = isTty(process, 0) ? await process.stdin.readLine() : undefined;
    if (answer?.trim() !== 'yes') return false;
  }
  if (!quiet)
    await process.stderr.write(`Warning: Permanently added '${host}' (ED25519) to the list of known hosts.\n`);
  process.fs.mkdirAll(path.slice(0, Math.max(1, path.lastIndexOf('/'))));
  process.fs.appendFile(path, `${host} ${key || `ssh-ed25519 ${fingerprint(host)}`}\n`);
  return true;
}

/** 43 letters that are the same for the same key. */
function fingerprint(key: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  let state = 0x811c9dc5;
  let text = '';
  for (let index = 0; index < 43; index++) {
    state = Math.imul(state ^ key.charCodeAt(index % key.length) ^ index, 0x01000193);
    text += alphabet.charAt((state >>> 26) & 63);
  }
  return text;
}

interface Session {
  readonly host: string;
  readonly command: string | undefined;
  readonly pty: boolean;
  readonly quiet: boolean;
  readonly noInput: boolean;
}

async function session(process: Process, connection: SshConnection, plan: Session): Promise<number> {
  const { stdout, stderr } = process;
  const tty = plan.pty && isTty(process, 0) ? process.tty : undefined;
  const env: Record<string, string> = {};
  for (const [name, value] of process.env) if (name === 'LANG' || name.startsWith('LC_')) env[name] = value;
  await connection.send({
    type: 'request',
    env,
    ...(plan.command === undefined ? {} : { command: plan.command }),
    ...(plan.pty
      ? { pty: { term: process.env.get('TERM') ?? 'dumb', size: tty?.size ?? { rows: 24, columns: 80 } } }
      : {}),
  });
  const restore = tty ? raw(tty.termios) : () => undefined;
  // The terminal must not stay raw, however this process ends.
  const forget = process.atExit(restore);
  if (tty) process.signals.handle('SIGWINCH', () => void connection.send({ type: 'window', ...tty.size }));
  process.thread(async () => {
    if (!plan.noInput) {
      for await (const bytes of process.stdin) if (!(await connection.send({ type: 'stdin', bytes }))) return;
    }
    await connection.send({ type: 'eof' });
  });
  for (let message = await connection.receive(); message; message = await connection.receive()) {
    if (message.type === 'stdout') await stdout.write(message.bytes);
    else if (message.type === 'stderr') await stderr.write(message.bytes);
    else if (message.type === 'exit') {
      restore();
      forget();
      connection.close();
      if (tty && !plan.quiet) await stderr.write(`Connection to ${plan.host} closed.\n`);
      // A remote command that was killed gives 255 (ssh(1), EXIT STATUS: "or with 255 if an error occurred").
      return message.code ?? 255;
    }
  }
  restore();
  forget();
  await stderr.write(
    `Connection to ${plan.host} closed by remote host.\n${tty ? `Connection to ${plan.host} closed.\n` : ''}`,
  );
  return 255;
}

/** Raw mode (cfmakeraw(3)); the result puts back what was. */
function raw(termios: Termios): () => void {
  const before = { ...termios };
  Object.assign(termios, {
    canonical: false,
    echo: false,
    signals: false,
    outputNewline: false,
    inputNewline: false,
    flowControl: false,
  });
  return () => Object.assign(termios, before);
}
