import type { FileSystem } from '../../linux/fs/types';
import { concat, encode } from '../../linux/io/bytes';
import type { Process } from '../../linux/process/types';
import { Config, type ConfigEntry } from './config';
import { now, parseDate, zoneOffset } from './date';
import { fatal, GitError } from './error';
import { Repository } from './repository';

/** What the words before the subcommand said. */
export interface GitSettings {
  readonly cwd: string;
  readonly gitDir: string | undefined;
  readonly workTree: string | undefined;
  readonly overrides: readonly ConfigEntry[];
  readonly color: boolean | undefined;
}

/** One run of git: its process, what it prints, the configuration and the repository it is in. */
export class Git {
  readonly #chunks: { readonly error: boolean; readonly bytes: Uint8Array }[] = [];
  #repository: Repository | undefined;
  #config: Config | undefined;

  constructor(
    readonly process: Process,
    readonly settings: GitSettings,
  ) {}

  get fs(): FileSystem {
    return this.process.fs;
  }

  get cwd(): string {
    return this.settings.cwd;
  }

  /** Says something; it is written when the command ends, or before somebody else writes. */
  out(text: string | Uint8Array): void {
    this.#chunks.push({ error: false, bytes: typeof text === 'string' ? encode(text) : text });
  }

  err(text: string): void {
    this.#chunks.push({ error: true, bytes: encode(text) });
  }

  async flush(): Promise<void> {
    const { process } = this;
    while (this.#chunks.length > 0) {
      const error = this.#chunks[0]?.error ?? false;
      const end = this.#chunks.findIndex((chunk) => chunk.error !== error);
      const run = this.#chunks.splice(0, end < 0 ? this.#chunks.length : end);
      await (error ? process.stderr : process.stdout).write(concat(run.map(({ bytes }) => bytes)));
    }
  }

  /** A path of the command line, from the root. */
  absolute(path: string): string {
    return normalPath(path.startsWith('/') ? path : `${this.cwd}/${path}`);
  }

  get home(): string {
    return this.process.env.get('HOME') ?? '/root';
  }

  get globalConfig(): string {
    return this.process.env.get('GIT_CONFIG_GLOBAL') ?? `${this.home}/.gitconfig`;
  }

  get config(): Config {
    this.#config ??= new Config(this.fs, this.configFiles, this.settings.overrides);
    return this.#config;
  }

  get configFiles(): readonly string[] {
    const { env } = this.process;
    const system = env.has('GIT_CONFIG_NOSYSTEM') ? [] : [env.get('GIT_CONFIG_SYSTEM') ?? '/etc/gitconfig'];
    const own = this.findRepository();
    const xdg = `${env.get('XDG_CONFIG_HOME') ?? `${this.home}/.config`}/git/config`;
    return [...system, xdg, this.globalConfig, ...(own === undefined ? [] : [`${own.commonDir}/config`])];
  }

  forgetConfig(): void {
    this.#config = undefined;
  }

  use(repository: Repository): void {
    this.#repository = repository;
    this.#config = undefined;
  }

  /** The repository around the working directory. */
  findRepository(): Repository | undefined {
    this.#repository ??= Repository.discover(this);
    return this.#repository;
  }

  get repository(): Repository {
    return this.findRepository() ?? fatal('not a git repository (or any of the parent directories): .git');
  }

  /** The repository, which must have a working tree. */
  get workTree(): Repository & { readonly root: string } {
    const { repository } = this;
    if (repository.root === undefined) return fatal('this operation must be run in a work tree');
    return repository as Repository & { readonly root: string };
  }

  /** The working directory below the top of the tree: empty, or with a slash at its end. */
  get prefix(): string {
    const { root } = this.repository;
    if (root === undefined || this.cwd === root) return '';
    return this.cwd.startsWith(root === '/' ? root : `${root}/`)
      ? `${this.cwd.slice(root === '/' ? 1 : root.length + 1)}/`
      : '';
  }

  /** A path as it is shown to who stands in the working directory. */
  relative(path: string): string {
    const from = this.prefix.split('/').filter((part) => part !== '');
    const to = path.split('/');
    let same = 0;
    while (same < from.length && same < to.length - 1 && from[same] === to[same]) same++;
    if (same === from.length && to.slice(same).join('/') === '') return './';
    return [...from.slice(same).map(() => '..'), ...to.slice(same)].join('/');
  }

  /** `Name <mail> seconds zone` of who is author or committer now. */
  identity(role: 'AUTHOR' | 'COMMITTER', date?: string): string {
    const { env } = this.process;
    const name =
      env.get(`GIT_${role}_NAME`) ?? this.config.get(`${role.toLowerCase()}.name`) ?? this.config.get('user.name');
    const mail =
      env.get(`GIT_${role}_EMAIL`) ??
      this.config.get(`${role.toLowerCase()}.email`) ??
      this.config.get('user.email') ??
      env.get('EMAIL');
    if (mail === undefined || name === undefined) this.#unknownIdentity(role);
    const given = date ?? env.get(`GIT_${role}_DATE`);
    const clean = (text: string | undefined): string => (text ?? '').replace(/[<>\n]/g, '').trim();
    if (clean(name) === '') fatal(`empty ident name (for <${clean(mail)}>) not allowed`);
    const when = given === undefined ? now(this.process) : parseDate(given, this.process);
    return `${clean(name)} <${clean(mail)}> ${when ?? fatal(`invalid date format: ${given ?? ''}`)}`;
  }

  /** The same where nobody has to be known: for reflogs. */
  identityOrUnknown(role: 'AUTHOR' | 'COMMITTER'): string {
    try {
      return this.identity(role);
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      const user = this.process.env.get('USER') ?? 'root';
      return `${user} <${user}@${this.process.namespaces.uts.hostname}> ${now(this.process)}`;
    }
  }

  #unknownIdentity(role: string): never {
    const user = this.process.env.get('USER') ?? this.process.env.get('LOGNAME') ?? 'root';
    const host = this.process.namespaces.uts.hostname;
    throw new GitError(
      `${role === 'AUTHOR' ? 'Author' : 'Committer'} identity unknown\n\n*** Please tell me who you are.\n\nRun\n\n` +
        '  git config --global user.email "you@example.com"\n  git config --global user.name "Your Name"\n\n' +
        "to set your account's default identity.\nOmit --global to set the identity only in this repository.\n\n" +
        `fatal: unable to auto-detect email address (got '${user}@${host}.(none)')`,
      128,
      '',
    );
  }

  /** Whether to colour what goes to a terminal. */
  colored(what: string): boolean {
    if (this.settings.color !== undefined) return this.settings.color;
    const value = this.config.get(`color.${what}`) ?? this.config.get('color.ui') ?? 'auto';
    if (/^(always)$/.test(value)) return true;
    if (/^(never|false|no|off)$/.test(value)) return false;
    return this.process.fds.get(1)?.kind === 'tty';
  }

  get zone(): (seconds: number) => number {
    return (seconds) => zoneOffset(this.process, seconds);
  }
}

/** A path without `.`, `..` and double slashes. */
export function normalPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
