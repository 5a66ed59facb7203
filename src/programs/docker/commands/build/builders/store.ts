import type { FileSystem } from '../../../../../linux/fs/types';
import { CommandError, type Invocation } from '../../../cli/command';

/** A builder instance as buildx keeps it (store.NodeGroup). */
export interface Instance {
  readonly Name: string;
  readonly Driver: string;
  readonly Nodes: readonly InstanceNode[];
  readonly Dynamic: boolean;
}

export interface InstanceNode {
  readonly Name: string;
  readonly Endpoint: string;
  readonly Platforms: readonly string[] | null;
  readonly DriverOpts: Readonly<Record<string, string>> | null;
  readonly Flags: readonly string[] | null;
}

/** The instances in `~/.docker/buildx/instances`, and which of them is current (store/store.go). */
export class InstanceStore {
  readonly #fs: FileSystem;
  readonly #folder: string;

  constructor(
    { process, session }: Invocation,
    private readonly endpoint: string,
  ) {
    this.#fs = process.fs;
    this.#folder = process.env.get('BUILDX_CONFIG') ?? `${session.configDir}/buildx`;
  }

  list(): readonly Instance[] {
    const listed = this.#fs.readdir(`${this.#folder}/instances`);
    const names = listed.ok ? listed.value.map(({ name }) => name).toSorted() : [];
    return names.flatMap((name) => this.find(name) ?? []);
  }

  find(name: string): Instance | undefined {
    const text = this.#fs.readText(`${this.#folder}/instances/${name}`);
    return text.ok ? (JSON.parse(text.value) as Instance) : undefined;
  }

  save(instance: Instance): void {
    this.#fs.mkdirAll(`${this.#folder}/instances`, 0o700);
    this.#fs.writeFile(`${this.#folder}/instances/${instance.Name}`, JSON.stringify(instance), 0o600);
  }

  remove(name: string): void {
    this.#fs.unlink(`${this.#folder}/instances/${name}`);
    if (this.current() === name) this.setCurrent('', false);
  }

  /** The current instance's name; empty: the context's own builder. */
  current(): string {
    const text = this.#fs.readText(`${this.#folder}/current`);
    if (!text.ok) return '';
    const { Key, Name, Global } = JSON.parse(text.value) as { Key: string; Name: string; Global: boolean };
    if ((!Global && Key !== this.endpoint) || this.find(Name) === undefined) return '';
    return Name;
  }

  setCurrent(Name: string, Global: boolean): void {
    this.#fs.mkdirAll(this.#folder, 0o700);
    this.#fs.writeFile(`${this.#folder}/current`, JSON.stringify({ Key: this.endpoint, Name, Global }), 0o600);
  }
}

/** The store of who calls. */
export const storeOf = (invocation: Invocation): InstanceStore => new InstanceStore(invocation, invocation.api.host);

/** The builder that a command was told to use: by flag, BUILDX_BUILDER, `buildx use`, else the context's. */
export function builderName(invocation: Invocation): string {
  const { flags, process, session } = invocation;
  const wanted = flags.last('builder') ?? process.env.get('BUILDX_BUILDER') ?? '';
  return wanted !== '' ? wanted : storeOf(invocation).current() || session.contextName;
}

/** The builder for something that needs one; only the engine's own can build here. */
export function currentBuilder(invocation: Invocation): string {
  const name = builderName(invocation);
  const instance = storeOf(invocation).find(name);
  if (instance !== undefined)
    throw new CommandError(
      `builder ${JSON.stringify(name)} is not running: the ${instance.Driver} driver needs a BuildKit daemon of its own, which this world has not; use "docker buildx use default"`,
    );
  if (name !== invocation.session.contextName && !isContext(invocation, name))
    throw new CommandError(`no builder ${JSON.stringify(name)} found`);
  return name;
}

/** Whether a context of the CLI goes by that name. */
export function isContext({ session }: Invocation, name: string): boolean {
  if (name === 'default') return true;
  try {
    session.store.read(name);
    return true;
  } catch (thrown) {
    if (thrown instanceof CommandError) return false;
    throw thrown;
  }
}
