import type { Process, Program } from '../../../linux/process/types';
import { Redis } from './redis';

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** `1:M 21 Nov 2025 09:00:00.000 * Ready to accept connections tcp`. */
function line({ pid, clock }: Process, role: 'C' | 'M', mark: '*' | '#', text: string): string {
  const at = new Date(clock.now);
  const time = at.toISOString().slice(11, 23);
  return `${pid}:${role} ${String(at.getUTCDate()).padStart(2, '0')} ${months[at.getUTCMonth()] ?? ''} ${at.getUTCFullYear()} ${time} ${mark} ${text}\n`;
}

/** The options of the command line and of a configuration file, later ones over earlier ones. */
function settings(process: Process): Map<string, string> | string {
  const found = new Map<string, string>();
  const [first = '', ...rest] = process.args;
  let words = process.args;
  if (first !== '' && !first.startsWith('-')) {
    words = rest;
    const text = process.fs.readText(first);
    if (!text.ok) return `Fatal error, can't open config file '${first}': ${text.error.message}`;
    for (const one of text.value.split('\n')) {
      const [, name, value = ''] = /^\s*([a-z][\w-]*)\s+(.*?)\s*$/i.exec(one) ?? [];
      if (name === undefined) continue;
      const plain = value.replace(/^"(.*)"$/, '$1');
      const old = found.get(name.toLowerCase());
      found.set(
        name.toLowerCase(),
        name.toLowerCase() === 'save' && old !== undefined && plain !== '' ? `${old} ${plain}` : plain,
      );
    }
  }
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    if (!word.startsWith('--')) continue;
    const values: string[] = [];
    while (words[index + 1] !== undefined && words[index + 1]?.startsWith('--') !== true)
      values.push(words[++index] ?? '');
    found.set(word.slice(2).toLowerCase(), values.join(' '));
  }
  return found;
}

/** redis-server: keys in memory, kept in the folder it was started in. */
export const redisServer: Program = async (process) => {
  const { args, stdout } = process;
  const versionFile = process.fs.readText('/etc/redis-version');
  const version = versionFile.ok ? versionFile.value.trim() : '8.2.3';
  if (args[0] === '-v' || args[0] === '--version') {
    await stdout.write(
      `Redis server v=${version} sha=00000000:1 malloc=jemalloc-5.3.0 bits=64 build=${'0'.repeat(16)}\n`,
    );
    return 0;
  }
  const given = settings(process);
  if (typeof given === 'string') {
    await process.stderr.write(`${given}\n`);
    return 1;
  }
  const say = (role: 'C' | 'M', mark: '*' | '#', text: string) => void stdout.write(line(process, role, mark, text));
  say('C', '*', 'oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo');
  say('C', '*', `Redis version=${version}, bits=64, commit=00000000, modified=0, pid=${process.pid}, just started`);
  if (args.length === 0) {
    say(
      'C',
      '#',
      'Warning: no config file specified, using the default config. In order to specify a config file use redis-server /path/to/redis.conf',
    );
  } else say('C', '*', 'Configuration loaded');
  const port = Number(given.get('port') ?? 6379);
  const listener = process.net.listen(process, { address: '0.0.0.0', port });
  if (!listener.ok) {
    say('M', '#', `Warning: Could not create server TCP listening socket *:${port}: bind: ${listener.error.message}`);
    say('M', '#', `Failed listening on port ${port} (tcp), aborting.`);
    return 1;
  }
  say('M', '*', 'monotonic clock: POSIX clock_gettime');
  say('M', '*', `Running mode=standalone, port=${port}.`);
  say('M', '*', 'Server initialized');
  const stop = process.clock.deferred<string>();
  const redis = new Redis(
    process,
    version,
    given,
    (mark, text) => say('M', mark, text),
    (why) => stop.resolve(why),
  );
  const problem = redis.load();
  if (problem !== undefined) {
    say('M', '#', problem);
    return 1;
  }
  say('M', '*', 'Ready to accept connections tcp');
  process.thread(async () => {
    for (;;) {
      const accepted = await listener.value.accept();
      if (accepted.ok) process.thread(() => redis.talk(accepted.value));
      else if (accepted.error.code !== 'EINTR') return;
    }
  });
  const name = await process.block<string>((wake) => {
    const undo = (['SIGTERM', 'SIGINT'] as const).map((signal) => process.signals.handle(signal, () => wake(signal)));
    stop.promise.then(wake, () => undefined);
    return () => undo.forEach((restore) => restore());
  });
  const why = name.ok ? name.value : 'SIGTERM';
  if (why.startsWith('SIG')) say('M', '*', `Received ${why} scheduling shutdown...`);
  say('M', '*', 'User requested shutdown...');
  redis.close(why !== 'nosave', why === 'save');
  say('M', '#', 'Redis is now ready to exit, bye bye...');
  return 0;
};
