import { encode } from '../../../linux/io/bytes';
import { handleConnection, type ServeOptions } from '../../../linux/net/http/server';
import { Headers } from '../../../linux/net/http/message';
import { parseCertificates, parseKey } from '../../../linux/net/tls/certificate';
import type { TlsServerOptions } from '../../../linux/net/tls/connection';
import type { Listener } from '../../../linux/net/types';
import { kernelRelease } from '../../../linux/process/proc';
import type { Process } from '../../../linux/process/types';
import { readConfig, type Config, type Directive } from './config';
import { Instance } from './instance';
import { errorLine } from './log';
import { httpOf, type Http, type Listen, type VirtualServer } from './model';
import { errorPage, reasonOf } from './pages';
import { Scope } from './scope';
import { serveRequest } from './serve';
import { lateProblemOf, listensOf, problemOf } from './startup';
import { passOn, streamGroups } from './stream';
import type { UpstreamGroup } from './upstream';

/** How the master was started. */
export interface Start {
  readonly path: string;
  readonly globals: string;
  readonly prefix: string;
  readonly version: string;
  readonly addresses: Map<string, readonly string[]>;
}

interface Bound {
  readonly listener: Listener;
  listen: Listen & { readonly server?: Directive };
}

const noHttp: Http = {
  scope: new Scope([]),
  servers: [],
  upstreams: new Map(),
  mappings: new Map(),
  formats: new Map(),
};

/** The master process: binds, starts workers, obeys signals. */
export async function master(process: Process, config: Config, start: Start): Promise<number> {
  process.argv = [`nginx: master process ${process.argv.join(' ')}`];
  const running = new Master(process, config, start);
  return running.run();
}

class Master {
  readonly #logs = new Map<string, (line: string) => void>();
  readonly #counters = { connections: 0, requests: 0, active: 0 };
  readonly #bound = new Map<string, Bound>();
  #instance: Instance;
  #main: Scope;
  #streams: ReadonlyMap<string, UpstreamGroup> = new Map();
  #workers: number[] = [];

  constructor(
    readonly process: Process,
    config: Config,
    readonly start: Start,
  ) {
    this.#main = new Scope(config.directives);
    this.#instance = this.#instanceOf(config, start.addresses);
  }

  #instanceOf(config: Config, addresses: ReadonlyMap<string, readonly string[]>): Instance {
    const { prefix, version } = this.start;
    const made = new Instance(
      this.process,
      config,
      httpOf(config) ?? noHttp,
      prefix,
      version,
      this.#logs,
      this.#counters,
    );
    for (const [name, found] of addresses) made.addresses.set(name, found);
    const stream = config.directives.find(({ name }) => name === 'stream');
    this.#streams = stream === undefined ? this.#streams : streamGroups(stream.block ?? [], made.addresses);
    return made;
  }

  async run(): Promise<number> {
    const { process } = this;
    const problem = this.#bind();
    if (problem !== undefined) return this.#fail(problem);
    const pidFile = this.#main.value('pid') ?? '/run/nginx.pid';
    process.fs.writeFile(pidFile, `${process.pid}\n`);
    for (const line of this.#startLines()) this.#say('notice', line);
    this.#startWorkers();
    for (;;) {
      const name = await this.#signal();
      if (name === 'SIGHUP') await this.#reload();
      else if (name === 'SIGUSR1') this.#logs.clear();
      else if (name === 'SIGWINCH') await this.#stopWorkers(this.#workers.splice(0), true);
      else return this.#end(name, pidFile);
    }
  }

  #say(level: string, text: string, pid = this.process.pid): void {
    const all = this.#main.all('error_log');
    for (const { args } of all.length > 0 ? all : [{ args: ['/var/log/nginx/error.log'] }]) {
      if (level === 'notice' && !['debug', 'info', 'notice'].includes(args[1] ?? 'error')) continue;
      this.#instance.write(args[0] ?? '', errorLine(this.process, level, text, pid));
    }
  }

  async #fail(text: string): Promise<number> {
    const lines = text.split('\n');
    for (const line of lines) {
      this.#say('emerg', line);
      await this.process.stderr.write(`nginx: [emerg] ${line}\n`);
    }
    return 1;
  }

  #startLines(): readonly string[] {
    return [
      'using the "epoll" event method',
      `nginx/${this.start.version}`,
      'built by gcc 14.2.0 (Debian 14.2.0-19) ',
      `OS: Linux ${kernelRelease}`,
      'getrlimit(RLIMIT_NOFILE): 1048576:1048576',
      'start worker processes',
    ];
  }

  /** Opens what is to be listened at and is not yet; closes what is not any more. */
  #bind(): string | undefined {
    const { process } = this;
    const wanted = listensOf(this.#instance.config);
    const keys = new Set<string>();
    for (const listen of [...wanted.http, ...wanted.stream]) {
      const key = listen.unix ?? `${listen.address}:${listen.port}`;
      keys.add(key);
      const known = this.#bound.get(key);
      if (known !== undefined) {
        known.listen = listen;
        continue;
      }
      const opened =
        listen.unix === undefined ? process.net.listen(process, listen) : process.net.listenUnix(process, listen.unix);
      if (!opened.ok) {
        const { number, message, code } = opened.error;
        const name = listen.unix === undefined ? key : `unix:${listen.unix}`;
        const line = `bind() to ${name} failed (${number}: ${message})`;
        // nginx tries five times before it gives up.
        return code === 'EADDRINUSE' ? [line, line, line, line, line, 'still could not bind()'].join('\n') : line;
      }
      const bound: Bound = { listener: opened.value, listen };
      this.#bound.set(key, bound);
      process.thread(() => this.#accept(bound));
    }
    for (const [key, { listener }] of this.#bound) {
      if (keys.has(key)) continue;
      listener.close();
      this.#bound.delete(key);
    }
    return undefined;
  }

  async #accept(bound: Bound): Promise<void> {
    const { process } = this;
    for (;;) {
      const accepted = await bound.listener.accept();
      if (!accepted.ok) {
        if (accepted.error.code === 'EINTR' || accepted.error.code === 'ECONNABORTED') continue;
        return;
      }
      const connection = ++this.#counters.connections;
      const { server } = bound.listen;
      if (server !== undefined) {
        process.thread(() =>
          passOn(process, accepted.value, server, this.#streams, (text) =>
            this.#say('error', `*${connection} ${text}`, this.#instance.worker),
          ),
        );
        continue;
      }
      const local = accepted.value.local.address;
      process.thread(() =>
        handleConnection(
          process,
          accepted.value,
          (request, context) =>
            serveRequest(this.#instance, { ...bound.listen, address: local }, request, context, connection),
          this.#options(bound.listen),
        ),
      );
    }
  }

  #options(listen: Listen): ServeOptions {
    const { version } = this.start;
    const badRequest = () => ({
      status: 400,
      reason: reasonOf(400),
      headers: new Headers({ Server: `nginx/${version}`, 'Content-Type': 'text/html', Connection: 'close' }),
      body: encode(errorPage(400, `nginx/${version}`) ?? ''),
    });
    if (!listen.tls) return { badRequest };
    const tls = this.#tls(listen);
    return tls === undefined ? { badRequest } : { badRequest, tls };
  }

  #tls(listen: Listen): TlsServerOptions | undefined {
    const { process } = this;
    const servers = this.#instance.http.servers.filter(({ listens }) =>
      listens.some(({ port, tls }) => tls && port === listen.port),
    );
    const loaded = servers.flatMap((server) => this.#identity(server) ?? []);
    const [first] = loaded;
    if (first === undefined) return undefined;
    return {
      chain: first.chain,
      key: first.key,
      chainFor: (name) => loaded.find(({ server }) => server.names.includes(name))?.chain,
      now: () => process.clock.now,
    };
  }

  #identity(server: VirtualServer) {
    const file = (name: string): string => {
      const path = server.value(name) ?? '';
      const read = this.process.fs.readText(path.startsWith('/') ? path : `${this.start.prefix}/${path}`);
      return read.ok ? read.value : '';
    };
    const chain = parseCertificates(file('ssl_certificate'));
    const key = parseKey(file('ssl_certificate_key'));
    return chain.length === 0 || key === undefined ? undefined : { server, chain, key };
  }

  /** `worker_processes auto`: one a CPU. They hold the sockets with the master; requests are answered in its name here. */
  #startWorkers(): void {
    const { process } = this;
    const wanted = this.#main.value('worker_processes') ?? '1';
    const count = wanted === 'auto' ? process.host.cpus : Number(wanted);
    const pids: number[] = [];
    for (let worker = 0; worker < count; worker++) {
      const started = process.spawn({
        file: async (child) => {
          await child.block<undefined>((wake) => child.signals.handle('SIGQUIT', () => wake(undefined)));
          return 0;
        },
        argv: ['nginx: worker process'],
        user: { uid: 101, gid: 101, groups: [101] },
      });
      if (!started.ok) continue;
      pids.push(started.value.pid);
      this.#say('notice', `start worker process ${started.value.pid}`);
    }
    this.#workers = pids;
    this.#instance.worker = pids[0] ?? process.pid;
  }

  async #reload(): Promise<void> {
    const { process, start } = this;
    this.#say('notice', 'signal 1 (SIGHUP) received, reconfiguring');
    this.#say('notice', 'reconfiguring');
    const config = readConfig(process.fs, start.path, start.globals);
    const addresses = new Map<string, readonly string[]>();
    const problem = (await problemOf(process, config, addresses)) ?? lateProblemOf(config);
    if (problem !== undefined) {
      this.#say('emerg', problem);
      return;
    }
    const before = this.#instance;
    this.#instance = this.#instanceOf(config, addresses);
    const unbound = this.#bind();
    if (unbound !== undefined) {
      for (const line of unbound.split('\n')) this.#say('emerg', line);
      this.#instance = before;
      return;
    }
    this.#main = new Scope(config.directives);
    const old = this.#workers;
    this.#say('notice', 'using the "epoll" event method');
    this.#say('notice', 'start worker processes');
    this.#startWorkers();
    await this.#stopWorkers(old, true);
  }

  async #stopWorkers(pids: readonly number[], gracefully: boolean): Promise<void> {
    for (const pid of pids) {
      if (gracefully) this.#say('notice', 'gracefully shutting down', pid);
      this.#say('notice', 'exiting', pid);
      this.#say('notice', 'exit', pid);
      this.process.kill(pid, 'SIGQUIT');
    }
    for (const pid of pids) {
      await this.process.wait({ pid });
      this.#say('notice', `signal 17 (SIGCHLD) received from ${pid}`);
      this.#say('notice', `worker process ${pid} exited with code 0`);
    }
    if (gracefully && pids.length > 0) this.#say('notice', 'signal 29 (SIGIO) received');
  }

  async #end(name: 'SIGTERM' | 'SIGINT' | 'SIGQUIT', pidFile: string): Promise<number> {
    const number = { SIGTERM: 15, SIGINT: 2, SIGQUIT: 3 }[name];
    this.#say('notice', `signal ${number} (${name}) received, ${name === 'SIGQUIT' ? 'shutting down' : 'exiting'}`);
    for (const { listener } of this.#bound.values()) listener.close();
    await this.#stopWorkers(this.#workers, name === 'SIGQUIT');
    this.process.fs.unlink(pidFile);
    this.#say('notice', 'exit');
    return 0;
  }

  async #signal(): Promise<Watched> {
    const got = await this.process.block<Watched>((wake) => {
      const undo = watched.map((name) => this.process.signals.handle(name, () => wake(name)));
      return () => undo.forEach((restore) => restore());
    });
    return got.ok ? got.value : 'SIGTERM';
  }
}

const watched = ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGUSR1', 'SIGWINCH'] as const;
type Watched = (typeof watched)[number];
