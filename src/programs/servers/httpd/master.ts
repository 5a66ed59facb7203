import { encode } from '../../../linux/io/bytes';
import { Headers } from '../../../linux/net/http/message';
import { handleConnection } from '../../../linux/net/http/server';
import type { Listener } from '../../../linux/net/types';
import type { Process } from '../../../linux/process/types';
import type { Config } from './config';
import { doctype, signature } from './pages';
import { Exchange } from './exchange';
import { errorLine } from './log';
import { serveRequest } from './serve';
import { Instance, type Build } from './server';

const watched = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR1', 'SIGWINCH'] as const;
type Watched = (typeof watched)[number];

/** What the parent was started with. */
export interface Start {
  readonly build: Build;
  /** `httpd -D FOREGROUND`. */
  readonly line: string;
  /** Reads the configuration again; undefined (and said) where it is broken. */
  readonly reload: () => Promise<Config | undefined>;
}

/** The parent process: binds, starts children, obeys signals. */
export async function parent(process: Process, config: Config, start: Start): Promise<number> {
  return new Parent(process, config, start).run();
}

class Parent {
  readonly #logs = new Map<string, (line: string) => void>();
  readonly #bound = new Map<string, Listener>();
  #instance: Instance;
  #children: number[] = [];

  constructor(
    readonly process: Process,
    config: Config,
    readonly start: Start,
  ) {
    this.#instance = new Instance(process, config, start.build, this.#logs);
  }

  async run(): Promise<number> {
    const { process } = this;
    const unbound = this.#bind();
    if (unbound !== undefined) {
      await process.stderr.write(unbound);
      return 1;
    }
    const pidFile = this.#pidFile();
    process.fs.writeFile(pidFile, `${process.pid}\n`);
    this.#started();
    for (;;) {
      const name = await this.#signal();
      if (name === 'SIGHUP' || name === 'SIGUSR1') {
        if (!(await this.#restart(name))) return 1;
        continue;
      }
      this.#say(
        'mpm_event',
        name === 'SIGWINCH'
          ? 'AH00492: caught SIGWINCH, shutting down gracefully'
          : 'AH00491: caught SIGTERM, shutting down',
      );
      for (const listener of this.#bound.values()) listener.close();
      await this.#stop(this.#children);
      process.fs.unlink(pidFile);
      return 0;
    }
  }

  #pidFile(): string {
    return this.#instance.absolute(this.#instance.main.value('PidFile') ?? 'logs/httpd.pid');
  }

  #say(module: string, text: string): void {
    this.#instance.main.log(module, 'notice', text, '', this.process.pid);
  }

  #started(): void {
    this.#startChildren();
    this.#say('mpm_event', `AH00489: ${this.#instance.banner} configured -- resuming normal operations`);
    this.#say('core', `AH00094: Command line: '${this.start.line}'`);
  }

  /** Opens what is to be listened at and is not yet; closes what is not any more. */
  #bind(): string | undefined {
    const { process } = this;
    const wanted = new Map<string, { address: string; port: number }>();
    for (const { args } of this.#instance.main.all('Listen')) {
      const [, host = '', port = '80'] = /^(?:(.*):)?(\d+)$/.exec(args[0] ?? '') ?? [];
      const address = host === '' || host === '*' || host === '[::]' ? '0.0.0.0' : host;
      wanted.set(`${address}:${port}`, { address, port: Number(port) });
    }
    if (wanted.size === 0) return 'no listening sockets available, shutting down\nAH00015: Unable to open logs\n';
    for (const [key, at] of wanted) {
      if (this.#bound.has(key)) continue;
      const opened = process.net.listen(process, at);
      if (!opened.ok) {
        const { number, message } = opened.error;
        const shown = at.address === '0.0.0.0' ? [`[::]:${at.port}`, key] : [key];
        return `${shown.map((one) => `(${number})${message}: AH00072: make_sock: could not bind to address ${one}\n`).join('')}no listening sockets available, shutting down\nAH00015: Unable to open logs\n`;
      }
      this.#bound.set(key, opened.value);
      process.thread(() => this.#accept(opened.value, at.port));
    }
    for (const [key, listener] of this.#bound) {
      if (wanted.has(key)) continue;
      listener.close();
      this.#bound.delete(key);
    }
    return undefined;
  }

  async #accept(listener: Listener, port: number): Promise<void> {
    const { process } = this;
    for (;;) {
      const accepted = await listener.accept();
      if (!accepted.ok) {
        if (accepted.error.code === 'EINTR' || accepted.error.code === 'ECONNABORTED') continue;
        return;
      }
      const { value } = accepted;
      const ends = {
        local: value.local.address,
        port,
        remote: value.remote.address,
        remotePort: value.remote.port,
      };
      const keep = this.#instance.main.value('KeepAlive')?.toLowerCase() !== 'off';
      process.thread(() =>
        handleConnection(
          process,
          value,
          async (request, context) => {
            const response = await serveRequest(this.#instance, ends, request, context);
            if (!keep) response.headers.set('Connection', 'close');
            return response;
          },
          {
            badRequest: () => this.#badRequest(ends),
            idleTimeout: Number(this.#instance.main.value('KeepAliveTimeout') ?? 5) * 1000,
          },
        ),
      );
    }
  }

  #badRequest(ends: { local: string; port: number; remote: string; remotePort: number }) {
    const request = { method: '-', url: '-', headers: new Headers(), body: encode('') };
    const { main, banner, build } = this.#instance;
    const exchange = new Exchange(this.process, request, main, ends.remote, ends.remotePort, ends.local, ends.port);
    const page = `${doctype(build.version, 'IETF//DTD HTML 2.0')}<html><head>\n<title>400 Bad Request</title>\n</head><body>\n<h1>Bad Request</h1>\n<p>Your browser sent a request that this server could not understand.<br />\n</p>\n${signature('<hr>\n', exchange)}</body></html>\n`;
    const headers = new Headers({ Server: banner });
    headers.set('Content-Length', String(page.length));
    headers.set('Connection', 'close');
    headers.set('Content-Type', 'text/html; charset=iso-8859-1');
    return { status: 400, reason: 'Bad Request', headers, body: encode(page) };
  }

  /** event MPM: three children at the start; their threads answer (in the parent's name here). */
  #startChildren(): void {
    const { process } = this;
    const wanted = Number(this.#instance.main.value('StartServers') ?? 3);
    const pids: number[] = [];
    for (let child = 0; child < wanted; child++) {
      const started = process.spawn({
        file: async (one) => {
          await one.block<undefined>((wake) => one.signals.handle('SIGTERM', () => wake(undefined)));
          return 0;
        },
        argv: process.argv,
        user: { uid: 33, gid: 33, groups: [33] },
      });
      if (started.ok) pids.push(started.value.pid);
    }
    this.#children = pids;
    this.#instance.worker = pids[0] ?? process.pid;
  }

  async #stop(pids: readonly number[]): Promise<void> {
    for (const pid of pids) this.process.kill(pid, 'SIGTERM');
    for (const pid of pids) await this.process.wait({ pid });
  }

  async #restart(name: Watched): Promise<boolean> {
    const { process, start } = this;
    this.#say(
      'mpm_event',
      name === 'SIGHUP'
        ? 'AH00494: SIGHUP received.  Attempting to restart'
        : 'AH00493: SIGUSR1 received.  Doing graceful restart',
    );
    const config = await start.reload();
    if (config === undefined) {
      await this.#stop(this.#children);
      return false;
    }
    const old = this.#children;
    this.#logs.clear();
    this.#instance = new Instance(process, config, start.build, this.#logs);
    const unbound = this.#bind();
    if (unbound !== undefined) {
      this.#instance.write(
        this.#instance.absolute(this.#instance.main.value('ErrorLog') ?? 'logs/error_log'),
        errorLine(process, process.pid, 'core', 'error', unbound.split('\n')[0] ?? ''),
      );
      await this.#stop(old);
      return false;
    }
    await this.#stop(old);
    this.#started();
    return true;
  }

  async #signal(): Promise<Watched> {
    const got = await this.process.block<Watched>((wake) => {
      const undo = watched.map((name) => this.process.signals.handle(name, () => wake(name)));
      return () => undo.forEach((restore) => restore());
    });
    return got.ok ? got.value : 'SIGTERM';
  }
}
