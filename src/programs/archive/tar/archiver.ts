import { saying } from '../../toolkit/dialect';
import { Names, groups, users } from '../../toolkit/users';
import type { Tool } from '../../toolkit/tool';
import { Lister, shown } from './listing';
import type { Member } from './format';
import { excluder, strip, transformer } from './names';

/** What all of tar's operations share: messages, names, and the verbose list. */
export class Archiver {
  readonly names: Names & { uid(name: string): number | undefined; gid(name: string): number | undefined };
  exclude: (name: string) => boolean;
  readonly #transform: (name: string) => string;
  readonly #lister: Lister;
  readonly #told = new Set<string>();
  readonly #ascii: boolean;
  readonly verbosity: number;
  status = 0;

  constructor(
    readonly tool: Tool,
    lists: readonly string[],
    /** The archive goes to standard output: lists go to standard error. */
    readonly toStandardOutput: boolean,
  ) {
    const { fs, options } = tool;
    const names = new Names(fs);
    this.names = Object.assign(names, {
      uid: (name: string) => users(fs).find((user) => user.name === name)?.uid,
      gid: (name: string) => groups(fs).find((group) => group.name === name)?.gid,
    });
    this.exclude = excluder(options, lists);
    const transform = transformer(options.values('transform'));
    this.#transform = typeof transform === 'string' ? (name) => name : transform;
    this.#lister = new Lister(options.has('numeric-owner'), options.has('full-time'));
    this.verbosity = options.given.filter(({ name }) => name === 'v').length;
    const locale =
      tool.process.env.get('LC_ALL') ?? tool.process.env.get('LC_CTYPE') ?? tool.process.env.get('LANG') ?? '';
    this.#ascii = !/utf-?8/i.test(locale);
  }

  excluded(name: string): boolean {
    return this.exclude(name);
  }

  /** A path below the folder that -C named. */
  at(folder: string, path: string): string {
    if (folder === '' || path.startsWith('/')) return path;
    return folder.endsWith('/') ? folder + path : `${folder}/${path}`;
  }

  async say(message: string): Promise<void> {
    await this.tool.out.flush();
    const { dialect, process, name } = this.tool;
    if (dialect === undefined) await process.stderr.write(`${name}: ${message}\n`);
    else await saying(process, dialect, message);
  }

  /** A message; tar goes on and fails at its end. */
  async warn(message: string): Promise<void> {
    this.status = this.tool.dialect === undefined ? 2 : 1;
    await this.say(message);
  }

  async once(message: string): Promise<void> {
    if (this.#told.has(message)) return;
    this.#told.add(message);
    await this.say(message);
  }

  /** What a file is called in the archive: transformed, and without what would lead out of here. */
  async memberName(path: string): Promise<string> {
    return this.#safe(this.#transform(path), 'member names');
  }

  async linkName(path: string): Promise<string> {
    return this.#safe(path, 'hard link targets');
  }

  /** What a member is called on disk; undefined where --strip-components leaves nothing. */
  async diskName(
    name: string,
    what: 'member names' | 'hard link targets' = 'member names',
  ): Promise<string | undefined> {
    const stripped = strip(this.#transform(name), Number(this.tool.options.value('strip') ?? 0));
    return stripped === undefined ? undefined : this.#safe(stripped, what);
  }

  async #safe(path: string, what: string): Promise<string> {
    if (this.tool.options.has('P')) return path;
    const prefix = /^(?:.*\/)?\.\.(?:\/|$)\/*|^\/+/s.exec(path)?.[0] ?? '';
    const lead = /^(?:.*\/)?\.\.(?:\/+|$)/s.exec(path)?.[0] ?? prefix;
    if (lead === '') return path;
    await this.once(`Removing leading \`${lead}' from ${what}`);
    return path.slice(lead.length) || '.';
  }

  /** -v: the name; -vv or -tv: a line as ls -l has it. */
  async announce(member: Member, name: string, target: string, hard: boolean): Promise<void> {
    const listing = this.tool.options.has('t');
    const level = this.verbosity + (listing ? 1 : 0);
    if (level === 0) return;
    const plain = shown(name, this.#ascii);
    const line =
      level < 2
        ? plain
        : this.#lister.line(hard ? { ...member, type: 'hardlink' } : member, plain, shown(target, this.#ascii));
    if (this.toStandardOutput) await this.tool.process.stderr.write(`${line}\n`);
    else await this.tool.out.line(line);
  }

  shown(name: string): string {
    return shown(name, this.#ascii);
  }
}
