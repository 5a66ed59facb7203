import type { Process } from '../../../linux/process/types';
import type { Config, Directive } from './config';
import { globPattern } from './glob';
import { errorLine, levels } from './log';

/** What the binary is: 2.4.65 (Unix). */
export interface Build {
  readonly version: string;
  readonly flavour: string;
}

/** The server as one configuration has it: the main server and its virtual hosts. */
export class Instance {
  readonly main: VirtualServer;
  readonly hosts: readonly VirtualServer[];
  readonly types: ReadonlyMap<string, string>;
  worker: number;

  constructor(
    readonly process: Process,
    readonly config: Config,
    readonly build: Build,
    readonly logs: Map<string, (line: string) => void>,
  ) {
    this.worker = process.pid;
    this.main = new VirtualServer(this, undefined);
    this.hosts = config.directives
      .filter(({ name }) => name.toLowerCase() === 'virtualhost')
      .map((section) => new VirtualServer(this, section));
    this.types = typesOf(process, this.absolute(this.main.value('TypesConfig') ?? 'conf/mime.types'));
  }

  absolute(path: string): string {
    return path.startsWith('/') ? path : `${this.config.root}/${path}`;
  }

  /** ap_update_vhost_from_headers: the host that a name and the address of the connection mean. */
  find(host: string, address: string, port: number): VirtualServer {
    const here = this.hosts.filter((server) => server.listensAt(address, port));
    return here.find((server) => server.isNamed(host)) ?? here[0] ?? this.main;
  }

  /** ServerTokens. */
  get banner(): string {
    const { version, flavour } = this.build;
    const [major = '', minor = ''] = version.split('.');
    switch ((this.main.value('ServerTokens') ?? 'Full').toLowerCase()) {
      case 'prod':
      case 'productonly':
        return 'Apache';
      case 'major':
        return `Apache/${major}`;
      case 'minor':
        return `Apache/${major}.${minor}`;
      case 'min':
      case 'minimal':
        return `Apache/${version}`;
      default:
        return `Apache/${version} (${flavour})`;
    }
  }

  /** The writer of a log file, opened at its first line. */
  write(path: string, line: string): void {
    let writer = this.logs.get(path);
    if (writer === undefined) {
      writer = this.#open(path);
      this.logs.set(path, writer);
    }
    writer(line);
  }

  #open(path: string): (line: string) => void {
    if (path.startsWith('|') || path.startsWith('syslog')) return () => undefined;
    const opened = this.process.fs.open(path, { write: true, append: true, create: true, mode: 0o644 });
    if (!opened.ok) return () => undefined;
    const writer = this.process.fds.writer(this.process.fds.install(opened.value, 3));
    return (line) => void writer.write(line);
  }
}

/** The main server, or a <VirtualHost>; what it does not say, the main server says. */
export class VirtualServer {
  constructor(
    readonly instance: Instance,
    readonly section: Directive | undefined,
  ) {}

  get own(): readonly Directive[] {
    return this.section?.block ?? this.instance.config.directives;
  }

  /** The main server's directives, then its own. */
  get layers(): readonly (readonly Directive[])[] {
    return this.section === undefined ? [this.own] : [this.instance.config.directives, this.own];
  }

  all(name: string, directives = this.own): readonly Directive[] {
    const key = name.toLowerCase();
    return directives.filter((one) => one.name.toLowerCase() === key);
  }

  args(name: string): readonly string[] | undefined {
    return (this.all(name).at(-1) ?? this.all(name, this.instance.config.directives).at(-1))?.args;
  }

  value(name: string): string | undefined {
    return this.args(name)?.[0];
  }

  /** Directives of that name that add up: its own, then the main server's. */
  merged(...names: readonly string[]): readonly Directive[] {
    const keys = new Set(names.map((name) => name.toLowerCase()));
    return [...this.layers].reverse().flatMap((layer) => layer.filter(({ name }) => keys.has(name.toLowerCase())));
  }

  get name(): string {
    const own = this.all('ServerName').at(-1)?.args[0] ?? this.value('ServerName');
    return own?.replace(/^\w+:\/\//, '').replace(/:\d+$/, '') ?? this.instance.process.namespaces.uts.hostname;
  }

  get root(): string {
    return this.instance.absolute(this.value('DocumentRoot') ?? 'htdocs').replace(/(.)\/$/, '$1');
  }

  listensAt(address: string, port: number): boolean {
    return (this.section?.args ?? []).some((one) => {
      const [, host = '', at] = /^(.*?)(?::(\d+|\*))?$/.exec(one) ?? [];
      return (
        (host === '*' || host === '_default_' || host === address) &&
        (at === undefined || at === '*' || Number(at) === port)
      );
    });
  }

  isNamed(host: string): boolean {
    const name = this.all('ServerName')
      .at(-1)
      ?.args[0]?.replace(/^\w+:\/\//, '')
      .replace(/:\d+$/, '');
    if (name?.toLowerCase() === host) return true;
    return this.all('ServerAlias').some(({ args }) =>
      args.some((alias) => globPattern(alias.toLowerCase()).test(host)),
    );
  }

  /** Writes into the error log, where its LogLevel lets it. */
  log(module: string, level: string, text: string, client = '', pid = this.instance.worker): void {
    const words = this.args('LogLevel') ?? ['warn'];
    const least =
      words.find((word) => word.startsWith(`${module}:`))?.split(':')[1] ??
      words.find((word) => !word.includes(':')) ??
      'warn';
    // A notice is always told: the server's own life (APLOG_NOTICE at startup) goes to the log whatever the level.
    if (level !== 'notice' && levels.indexOf(level) > levels.indexOf(least.toLowerCase())) return;
    const path = this.value('ErrorLog') ?? 'logs/error_log';
    this.instance.write(
      this.instance.absolute(path),
      errorLine(this.instance.process, pid, module, level, text, client),
    );
  }

  /** `LogFormat` of that name, or the text itself. */
  format(written: string): string {
    const named = this.merged('LogFormat').find(({ args }) => args[1] === written);
    return named?.args[0] ?? (written === 'common' ? '%h %l %u %t "%r" %>s %b' : written);
  }
}

/** mime.types: a type and its extensions a line. */
function typesOf({ fs }: Process, path: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const text = fs.readText(path);
  for (const line of text.ok ? text.value.split('\n') : []) {
    if (line.startsWith('#')) continue;
    const [type, ...extensions] = line.trim().split(/\s+/);
    for (const extension of extensions) if (type !== undefined) found.set(extension.toLowerCase(), type);
  }
  return found;
}
