import type { StreamSocket } from '../../../linux/net/types';
import type { Process, Program } from '../../../linux/process/types';
import { bulk, Connection, encodeReply, error, simple } from './protocol';
import { Store } from './store';

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** `1:M 21 Nov 2025 09:00:00.000 * Ready to accept connections tcp`. */
function line({ pid, clock }: Process, role: 'C' | 'M', mark: '*' | '#', text: string): string {
  const at = new Date(clock.now);
  const two = (number: number): string => String(number).padStart(2, '0');
  const time = at.toISOString().slice(11, 23);
  return `${pid}:${role} ${two(at.getUTCDate())} ${months[at.getUTCMonth()] ?? ''} ${at.getUTCFullYear()} ${time} ${mark} ${text}\n`;
}

/** redis-server, without persistence: keys live as long as the process. */
export const redisServer: Program = async (process) => {
  const { args, stdout } = process;
  const option = (name: string): string | undefined => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
  const port = Number(option('--port') ?? 6379);
  const password = option('--requirepass');
  const versionFile = process.fs.readText('/etc/redis-version');
  const version = versionFile.ok ? versionFile.value.trim() : '8.2.3';
  await stdout.write(line(process, 'C', '*', 'oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo'));
  await stdout.write(
    line(
      process,
      'C',
      '*',
      `Redis version=${version}, bits=64, commit=00000000, modified=0, pid=${process.pid}, just started`,
    ),
  );
  if (args.length === 0)
    await stdout.write(
      line(
        process,
        'C',
        '#',
        'Warning: no config file specified, using the default config. In order to specify a config file use redis-server /path/to/redis.conf',
      ),
    );
  const listener = process.net.listen(process, { address: '0.0.0.0', port });
  if (!listener.ok) {
    await stdout.write(
      line(
        process,
        'M',
        '#',
        `Warning: Could not create server TCP listening socket *:${port}: bind: ${listener.error.message}`,
      ),
    );
    await stdout.write(line(process, 'M', '#', `Failed listening on port ${port} (tcp), aborting.`));
    return 1;
  }
  await stdout.write(line(process, 'M', '*', `Running mode=standalone, port=${port}.`));
  await stdout.write(line(process, 'M', '*', 'Server initialized'));
  await stdout.write(line(process, 'M', '*', 'Ready to accept connections tcp'));
  const store = new Store(() => process.clock.now);
  process.thread(async () => {
    for (;;) {
      const accepted = await listener.value.accept();
      if (!accepted.ok) {
        if (accepted.error.code !== 'EINTR') return;
      } else process.thread(() => talk(store, accepted.value, version, password));
    }
  });
  const signal = await process.block<'SIGTERM' | 'SIGINT'>((wake) => {
    const undo = (['SIGTERM', 'SIGINT'] as const).map((name) => process.signals.handle(name, () => wake(name)));
    return () => undo.forEach((restore) => restore());
  });
  const name = signal.ok ? signal.value : 'SIGTERM';
  await stdout.write(line(process, 'M', '*', `Received ${name} scheduling shutdown...`));
  await stdout.write(line(process, 'M', '*', 'User requested shutdown...'));
  await stdout.write(line(process, 'M', '#', 'Redis is now ready to exit, bye bye...'));
  return 0;
};

async function talk(store: Store, socket: StreamSocket, version: string, password: string | undefined): Promise<void> {
  const connection = new Connection(socket);
  let allowed = password === undefined;
  for (;;) {
    const command = await connection.command();
    if (command === undefined) break;
    const [name = '', ...args] = command;
    const word = name.toLowerCase();
    if (word === '') continue;
    if (word === 'quit') {
      await connection.send(encodeReply(simple('OK')));
      break;
    }
    let reply = error('NOAUTH Authentication required.');
    if (word === 'auth') {
      allowed = password !== undefined && args.at(-1) === password;
      reply = allowed ? simple('OK') : error('WRONGPASS invalid username-password pair or user is disabled.');
    } else if (allowed && word === 'info')
      reply = bulk(`# Server\r\nredis_version:${version}\r\nredis_mode:standalone\r\n`);
    else if (allowed) reply = store.run(command);
    if (!(await connection.send(encodeReply(reply)))) break;
  }
  socket.close();
}
