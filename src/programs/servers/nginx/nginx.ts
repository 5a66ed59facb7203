import { serve } from '../../../linux/net/http/server';
import { noBytes } from '../../../linux/io/bytes';
import { Headers, type Handler, type Request } from '../../../linux/net/http/message';
import { kernelRelease } from '../../../linux/process/proc';
import type { Process, Program } from '../../../linux/process/types';
import { argsOf, blocksOf, readConfig, type Directive } from './config';
import { accessLine, errorLine, openLog } from './log';
import { respond, version } from './respond';
import { chooseServer, serversOf, type VirtualServer } from './server';

/** nginx: a master that reads the configuration and binds, and workers that answer. */
export const nginx: Program = async (process) => {
  const options = parseOptions(process.args);
  if (options.version) {
    await process.stderr.write(`nginx version: nginx/${version}\n`);
    return 0;
  }
  const path = options.config ?? '/etc/nginx/nginx.conf';
  const config = readConfig(process.fs, path);
  if (!config.ok) return failed(process, config.error, options.test ? path : undefined);
  if (options.signal !== undefined) return signalMaster(process, options.signal, config.value);
  if (options.test) {
    await process.stderr.write(`nginx: the configuration file ${path} syntax is ok\n`);
    await process.stderr.write(`nginx: configuration file ${path} test is successful\n`);
    return 0;
  }
  return master(process, config.value, path);
};

interface Options {
  readonly config: string | undefined;
  readonly test: boolean;
  readonly version: boolean;
  readonly signal: string | undefined;
}

function parseOptions(args: readonly string[]): Options {
  const after = (flag: string): string | undefined => (args.includes(flag) ? args[args.indexOf(flag) + 1] : undefined);
  return {
    config: after('-c'),
    signal: after('-s'),
    test: args.includes('-t'),
    version: args.includes('-v'),
  };
}

async function failed(process: Process, text: string, tested: string | undefined): Promise<number> {
  await process.stderr.write(errorLine(process, 'emerg', text));
  await process.stderr.write(`nginx: [emerg] ${text}\n`);
  if (tested !== undefined) await process.stderr.write(`nginx: configuration file ${tested} test failed\n`);
  return 1;
}

/** `nginx -s reload`: a signal to the pid in the pid file. */
async function signalMaster(process: Process, name: string, config: readonly Directive[]): Promise<number> {
  const signals = { stop: 'SIGTERM', quit: 'SIGQUIT', reload: 'SIGHUP', reopen: 'SIGUSR1' } as const;
  const signal = Object.hasOwn(signals, name) ? signals[name as keyof typeof signals] : undefined;
  if (signal === undefined) {
    await process.stderr.write(`nginx: invalid option: "-s ${name}"\n`);
    return 1;
  }
  const file = argsOf(config, 'pid')?.[0] ?? '/run/nginx.pid';
  const pid = process.fs.readText(file);
  if (!pid.ok) {
    const text = `open() "${file}" failed (${pid.error.number}: ${pid.error.message})`;
    await process.stderr.write(`nginx: [error] ${text}\n`);
    return 1;
  }
  process.kill(Number(pid.value), signal);
  return 0;
}

async function master(process: Process, first: readonly Directive[], path: string): Promise<number> {
  let config = first;
  process.argv = [`nginx: master process ${process.argv.join(' ')}`];
  const logPath = argsOf(config, 'error_log')?.[0] ?? '/var/log/nginx/error.log';
  const log = openLog(process, logPath);
  const notice = (text: string): void => log(errorLine(process, 'notice', text));
  const http = blocksOf(config, 'http').flatMap(({ block }) => block ?? []);
  const access = openLog(process, argsOf(http, 'access_log')?.[0] ?? '/var/log/nginx/access.log');

  const handle =
    (port: number): Handler =>
    async (request, context) => {
      const server = chooseServer(serversOf(config), port, request.headers.get('Host') ?? '');
      if (server === undefined) return { status: 404, headers: new Headers(), body: noBytes };
      const response = respond(process, server, request, mimeTypes(config), (text) =>
        log(errorLine(process, 'error', `*1 ${text}, ${requestText(server, request, context.remote)}`)),
      );
      access(accessLine(process, context.remote, request, response));
      return response;
    };

  const ports = new Map<string, { readonly address: string; readonly port: number }>();
  for (const { listens } of serversOf(config)) for (const at of listens) ports.set(`${at.address}:${at.port}`, at);
  for (const at of ports.values()) {
    const listener = process.net.listen(process, at);
    if (!listener.ok) {
      const { number, message } = listener.error;
      return failed(process, `bind() to ${at.address}:${at.port} failed (${number}: ${message})`, undefined);
    }
    process.thread(() => serve(process, listener.value, handle(at.port)));
  }
  process.fs.writeFile(argsOf(config, 'pid')?.[0] ?? '/run/nginx.pid', `${process.pid}\n`);
  for (const line of startLines) notice(line);
  const workers = startWorkers(process, notice);

  const reload = process.signals.handle('SIGHUP', () => {
    const again = readConfig(process.fs, path);
    notice('signal 1 (SIGHUP) received, reconfiguring');
    if (again.ok) config = again.value;
    else log(errorLine(process, 'emerg', again.error));
  });
  const name = await untilStopped(process);
  reload();
  notice(
    `signal ${name === 'SIGQUIT' ? 3 : 15} (${name}) received, ${name === 'SIGQUIT' ? 'shutting down' : 'exiting'}`,
  );
  for (const pid of workers) process.kill(pid, 'SIGTERM');
  notice('exit');
  return 0;
}

/** What stands behind every error of a request. */
const requestText = ({ names }: VirtualServer, { method, url, headers }: Request, remote: string): string =>
  `client: ${remote}, server: ${names[0] ?? ''}, request: "${method} ${url} HTTP/1.1", host: "${headers.get('Host') ?? ''}"`;

const startLines = [
  'using the "epoll" event method',
  `nginx/${version}`,
  'built by gcc 14.2.0 (Debian 14.2.0-19) ',
  `OS: Linux ${kernelRelease}`,
  'getrlimit(RLIMIT_NOFILE): 1048576:1048576',
  'start worker processes',
];

/** `worker_processes auto`: one a CPU. They hold the sockets with the master; requests are answered in its name here. */
function startWorkers(process: Process, notice: (text: string) => void): readonly number[] {
  const pids: number[] = [];
  for (let worker = 0; worker < process.host.cpus; worker++) {
    const started = process.spawn({
      file: async (child) => {
        child.signals.handle('SIGQUIT', () => child.exit(0));
        await child.block<void>(() => () => undefined);
        return 0;
      },
      argv: ['nginx: worker process'],
      user: { uid: 101, gid: 101, groups: [101] },
    });
    if (!started.ok) continue;
    pids.push(started.value.pid);
    notice(`start worker process ${started.value.pid}`);
  }
  return pids;
}

function untilStopped(process: Process): Promise<'SIGTERM' | 'SIGINT' | 'SIGQUIT'> {
  return process
    .block<'SIGTERM' | 'SIGINT' | 'SIGQUIT'>((wake) => {
      const names = ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const;
      const undo = names.map((name) => process.signals.handle(name, () => wake(name)));
      return () => undo.forEach((restore) => restore());
    })
    .then((stopped) => (stopped.ok ? stopped.value : 'SIGTERM'));
}

const known = new WeakMap<readonly Directive[], ReadonlyMap<string, string>>();

/** Extensions of the `types` block. */
function mimeTypes(config: readonly Directive[]): ReadonlyMap<string, string> {
  let types = known.get(config);
  if (types === undefined) {
    const http = blocksOf(config, 'http').flatMap(({ block }) => block ?? []);
    const entries = blocksOf(http, 'types').flatMap(({ block }) => block ?? []);
    types = new Map(entries.flatMap(({ name, args }) => args.map((extension) => [extension, name] as const)));
    known.set(config, types);
  }
  return types;
}
