import { CommandError, type Command } from '../cli/command';
import { flags } from '../cli/flags';
import { readKeyValues } from '../cli/key-files';
import { isTerminal, rawTerminal } from '../cli/streams';
import { watchSize } from './run';
import { streamed } from './start';

export const exec: Command = {
  use: 'exec [OPTIONS] CONTAINER COMMAND [ARG...]',
  short: 'Execute a command in a running container',
  aliases: ['docker container exec', 'docker exec'],
  flags: flags(`
    -d, --detach | Detached mode: run command in the background
    --detach-keys string | Override the key sequence for detaching a container
    -e, --env list | Set environment variables
    --env-file list | Read in a file of environment variables
    -i, --interactive | Keep STDIN open even if not attached
    --privileged | Give extended privileges to the command
    -t, --tty | Allocate a pseudo-TTY
    -u, --user string | Username or UID (format: "<name|uid>[:<group|gid>]")
    -w, --workdir string | Working directory inside the container
  `),
  operands: [2, Infinity],
  stopsAtOperand: true,
  async run(invocation) {
    const { api, args, flags: given, process } = invocation;
    const [name = '', ...command] = args;
    const tty = given.on('tty');
    const stdin = given.on('interactive');
    const detached = given.on('detach');
    const env = readKeyValues(process, given.all('env-file'), given.all('env'), true);
    await api.get(`/containers/${encodeURIComponent(name)}/json`);
    if (!detached && tty && stdin && !isTerminal(process, 0)) throw new CommandError('the input device is not a TTY');
    const size = process.tty?.size;
    const created = await api.send('POST', `/containers/${encodeURIComponent(name)}/exec`, {
      User: given.text('user'),
      Privileged: given.on('privileged'),
      Tty: tty,
      ...(tty && size !== undefined ? { ConsoleSize: [size.rows, size.columns] } : {}),
      AttachStdin: stdin && !detached,
      AttachStderr: !detached,
      AttachStdout: !detached,
      DetachKeys: given.text('detach-keys'),
      Env: env.length === 0 ? null : env,
      WorkingDir: given.text('workdir'),
      Cmd: command,
      Detach: detached,
    });
    const { Id: id } = created.json<{ Id: string }>();
    if (detached) {
      await api.send('POST', `/exec/${id}/start`, { Detach: true, Tty: tty });
      return 0;
    }
    const duplex = await api.hijack(`/exec/${id}/start`, { Detach: false, Tty: tty });
    const raw = tty && stdin && isTerminal(process, 0);
    const restore = raw ? rawTerminal(process) : () => undefined;
    const unresize = raw ? watchSize(invocation, `/exec/${id}/resize`) : () => undefined;
    const escaped = await streamed(invocation, duplex, { tty, stdin, raw });
    unresize();
    restore();
    if (escaped) throw new CommandError('read escape sequence');
    const { ExitCode } = await api.get<{ ExitCode: number | null }>(`/exec/${id}/json`);
    return ExitCode ?? 0;
  },
};
