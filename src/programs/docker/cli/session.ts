import type { Process } from '../../../linux/process/types';
import { community, type ClientBuild } from './build';
import { CommandError } from './command';
import { ContextStore, readConfig, type ConfigFile } from './context-store';
import type { FlagValues } from './flags';
import { configDirOf } from './globals';

/** Where the engine is. */
export interface Endpoint {
  /** `unix:///var/run/docker.sock`, `tcp://…`. */
  readonly host: string;
  readonly tls: boolean;
}

/** What one run of the CLI was told before its command: its configuration, its context. */
export class Session {
  readonly configDir: string;
  readonly store: ContextStore;

  constructor(
    readonly process: Process,
    readonly build: ClientBuild = community,
    readonly globals?: FlagValues,
  ) {
    this.configDir = configDirOf(process, globals);
    this.store = new ContextStore(process, this.configDir);
  }

  get config(): ConfigFile {
    return readConfig(this.process, this.configDir);
  }

  get debug(): boolean {
    return this.globals?.on('debug') === true;
  }

  /** The context's name by the order of precedence (cli/command: resolveContextName). */
  get contextName(): string {
    const { env } = this.process;
    const chosen = this.globals?.text('context') ?? '';
    if (chosen !== '') return chosen;
    if (this.globals?.given('host') === true || this.environmentHost !== '') return 'default';
    return env.get('DOCKER_CONTEXT') ?? this.config.currentContext ?? 'default';
  }

  get environmentHost(): string {
    return this.process.env.get('DOCKER_HOST') ?? '';
  }

  /** What `-H` and the environment say, without a context. */
  defaultEndpoint(): Endpoint {
    const hosts = this.globals?.all('host') ?? [];
    if (hosts.length > 1) throw new CommandError('Specify only one -H');
    const tls = this.#tls();
    const host = hosts[0] ?? this.environmentHost;
    return { host: parseHost(host, tls), tls };
  }

  /** Where the chosen context's engine is. */
  endpoint(): Endpoint {
    try {
      const name = this.contextName;
      if (name === 'default') return this.defaultEndpoint();
      const { Endpoints } = this.store.read(name);
      const docker = Endpoints['docker'];
      if (docker === undefined) throw new CommandError('cannot find docker endpoint in context');
      const tls = (this.store.tlsFiles(name)['docker'] ?? []).length > 0 || docker.SkipTLSVerify;
      return { host: docker.Host ?? parseHost('', false), tls };
    } catch (thrown) {
      if (!(thrown instanceof CommandError)) throw thrown;
      throw new CommandError(`Failed to initialize: unable to resolve docker endpoint: ${thrown.message}`);
    }
  }

  /** Whether TLS is asked for; the files it needs are read (cli/flags, ClientOptions). */
  #tls(): boolean {
    const { env, fs } = this.process;
    const verify = this.globals?.given('tlsverify')
      ? this.globals.on('tlsverify')
      : (env.get('DOCKER_TLS_VERIFY') ?? '') !== '';
    const tls = verify || this.globals?.on('tls') === true || (env.get('DOCKER_TLS') ?? '') !== '';
    if (!tls) return false;
    const folder = env.get('DOCKER_CERT_PATH') ?? this.configDir;
    const needed = (flag: string, name: string, always: boolean): void => {
      const path = this.globals?.last(flag) ?? `${folder}/${name}`;
      const must = always || this.globals?.given(flag) === true;
      const read = fs.readText(path);
      if (must && !read.ok) throw new CommandError(`open ${path}: ${read.error.message.toLowerCase()}`);
    };
    needed('tlscacert', 'ca.pem', verify);
    needed('tlscert', 'cert.pem', false);
    needed('tlskey', 'key.pem', false);
    return true;
  }
}

/** Completes what was given as a host (opts.ParseHost): no scheme is TCP, nothing is the socket. */
function parseHost(given: string, tls: boolean): string {
  const host = given.trim();
  const port = tls ? '2376' : '2375';
  if (host === '') return tls ? `tcp://localhost:${port}` : 'unix:///var/run/docker.sock';
  const [, scheme = 'tcp', rest = host] = /^([a-z]+):\/\/(.*)$/.exec(host) ?? [];
  switch (scheme) {
    case 'unix':
      return rest === '' ? 'unix:///var/run/docker.sock' : host;
    case 'tcp': {
      const { name, number } = splitHost(rest.replace(/\/$/, ''));
      return `tcp://${name === '' ? 'localhost' : name}:${number === '' ? port : number}`;
    }
    case 'http':
    case 'https':
    case 'ssh':
    case 'npipe':
    case 'fd':
      return host;
    default:
      throw new CommandError(`invalid bind address (${host}): unsupported proto '${scheme}'`);
  }
}

function splitHost(text: string): { readonly name: string; readonly number: string } {
  const [, name = text, number = ''] = /^(.*?)(?::(\d*))?$/.exec(text) ?? [];
  return { name, number };
}
