import { decode, encode } from '../../../linux/io/bytes';
import { base64 } from '../../../linux/net/tls/pem';
import type { Process } from '../../../linux/process/types';
import { readAll } from '../cli/archive-io';
import { CommandError, type Command, type Invocation } from '../cli/command';
import { writeConfig } from '../cli/context-store';
import { flags } from '../cli/flags';
import { indexServer, storedAuth } from '../cli/registry-auth';
import { isTerminal } from '../cli/streams';

/** cli/config/credentials/file_store.go */
const unencrypted = (path: string): string =>
  `\nWARNING! Your credentials are stored unencrypted in '${path}'.\nConfigure a credential helper to remove this warning. See\nhttps://docs.docker.com/go/credential-store/\n\n`;

const hostnameOf = (address: string): string => address.replace(/^https?:\/\//, '').split('/')[0] ?? '';

export const login: Command = {
  use: 'login [OPTIONS] [SERVER]',
  short: 'Authenticate to a registry',
  long: 'Authenticate to a registry.\nDefaults to Docker Hub if no server is specified.',
  flags: flags(`
    -p, --password string | Password or Personal Access Token (PAT)
    --password-stdin | Take the Password or Personal Access Token (PAT) from stdin
    -u, --username string | Username
  `),
  operands: [0, 1],
  async run(invocation) {
    const { api, args, flags: given, out, error, process, session } = invocation;
    const [server] = args;
    const isHub = server === undefined || ['docker.io', 'index.docker.io'].includes(hostnameOf(server));
    const address = isHub ? indexServer : hostnameOf(server);
    let username = given.text('username');
    let password = given.text('password');
    if (password !== '') {
      await error('WARNING! Using --password via the CLI is insecure. Use --password-stdin.\n');
      if (given.on('password-stdin')) throw new CommandError('--password and --password-stdin are mutually exclusive');
    }
    if (given.on('password-stdin')) {
      if (username === '') throw new CommandError('Must provide --username with --password-stdin');
      password = decode(await readAll(process.stdin)).replace(/[\r\n]+$/, '');
    }
    const stored =
      username === '' && password === '' ? storedAuth(session.config, isHub ? 'docker.io' : address) : undefined;
    if (stored !== undefined) {
      await out(`Authenticating with existing credentials... [Username: ${stored.username}]\n\n`);
      await out(`i Info → To login with a different account, run 'docker logout' followed by 'docker login'\n\n\n`);
      ({ username, password } = stored);
    } else ({ username, password } = await asked(invocation, { username, password }, isHub));
    const answer = (await api.send('POST', '/auth', { username, password, serveraddress: address })).json<{
      readonly Status: string;
    }>();
    if (stored === undefined) {
      const { auths = {}, ...rest } = session.config;
      const auth = base64(encode(`${username}:${password}`));
      writeConfig(process, session.configDir, { auths: { ...auths, [address]: { auth } }, ...rest });
      await error(unencrypted(`${session.configDir}/config.json`));
    }
    await out(`${answer.Status}\n`);
    return 0;
  },
};

/** Asks for what was not given; only a terminal can be asked. */
async function asked(
  { process, out }: Invocation,
  { username, password }: { username: string; password: string },
  isHub: boolean,
): Promise<{ username: string; password: string }> {
  if (username !== '' && password !== '') return { username, password };
  if (!isTerminal(process, 0))
    throw new CommandError('Error: Cannot perform an interactive login from a non TTY device');
  if (username === '') {
    if (isHub)
      await out(
        "Log in with your Docker ID or email address to push and pull images from Docker Hub. If you don't have a Docker ID, head over to https://hub.docker.com/ to create one.\n" +
          'You can log in with your password or a Personal Access Token (PAT). Using a limited-scope PAT grants better security and is required for organizations using SSO. Learn more at https://docs.docker.com/go/access-tokens/\n\n',
      );
    await out('Username: ');
    username = (await line(process)).trim();
    if (username === '') throw new CommandError('Error: Non-null Username Required');
  }
  if (password === '') {
    await out('Password: ');
    password = await secretly(process, () => line(process));
    await out('\n');
    if (password === '') throw new CommandError('Error: Password Required');
  }
  return { username, password };
}

/** One line of the terminal. */
async function line(process: Process): Promise<string> {
  let text = '';
  for (;;) {
    const bytes = await process.stdin.read();
    if (bytes === undefined) return text;
    text += decode(bytes);
    const end = text.indexOf('\n');
    if (end >= 0) return text.slice(0, end);
  }
}

/** Nothing of what is typed is shown. */
async function secretly<T>(process: Process, run: () => Promise<T>): Promise<T> {
  const { tty } = process;
  if (tty === undefined) return run();
  const { echo } = tty.termios;
  tty.termios.echo = false;
  const undo = process.atExit(() => (tty.termios.echo = echo));
  const result = await run();
  undo();
  tty.termios.echo = echo;
  return result;
}
