import { sha256Hex } from '../../../containers/images/digest';
import type { Process } from '../../../linux/process/types';
import { CommandError } from './command';

/** The file `meta.json` of a context (cli/context/store). */
export interface ContextMeta {
  readonly Name: string;
  readonly Metadata: Readonly<Record<string, unknown>>;
  readonly Endpoints: Readonly<Record<string, EndpointMeta>>;
}

export interface EndpointMeta {
  readonly Host?: string;
  readonly SkipTLSVerify: boolean;
}

/** Certificates of an endpoint, as they lie in the folder `tls`. */
export type TlsFiles = Readonly<Record<string, string>>;

/** The CLI's configuration file, as far as it is known here; what else is in it stays. */
export interface ConfigFile {
  readonly auths?: Readonly<Record<string, { readonly auth?: string }>>;
  readonly currentContext?: string;
  readonly [key: string]: unknown;
}

/** Contexts on the disk: `contexts/meta/<sha256 of the name>/meta.json`, certificates beside in `contexts/tls`. */
export class ContextStore {
  constructor(
    readonly process: Process,
    readonly configDir: string,
  ) {}

  metaFolder(name: string): string {
    return `${this.configDir}/contexts/meta/${sha256Hex(name)}`;
  }

  tlsFolder(name: string): string {
    return `${this.configDir}/contexts/tls/${sha256Hex(name)}`;
  }

  read(name: string): ContextMeta {
    const path = `${this.metaFolder(name)}/meta.json`;
    const text = this.process.fs.readText(path);
    if (!text.ok)
      throw new CommandError(`context "${name}": context not found: open ${path}: no such file or directory`);
    try {
      return JSON.parse(text.value) as ContextMeta;
    } catch {
      throw new CommandError(`context "${name}": parsing ${path}: invalid character`);
    }
  }

  exists(name: string): boolean {
    return this.process.fs.readText(`${this.metaFolder(name)}/meta.json`).ok;
  }

  /** All contexts by name; the default one is not on the disk. */
  list(): readonly ContextMeta[] {
    const names = this.process.fs.readdir(`${this.configDir}/contexts/meta`);
    if (!names.ok) return [];
    return names.value
      .flatMap(({ name }) => {
        const text = this.process.fs.readText(`${this.configDir}/contexts/meta/${name}/meta.json`);
        return text.ok ? [JSON.parse(text.value) as ContextMeta] : [];
      })
      .toSorted((a, b) => (a.Name < b.Name ? -1 : 1));
  }

  write(meta: ContextMeta): void {
    const { fs } = this.process;
    const folder = this.metaFolder(meta.Name);
    fs.mkdirAll(folder, 0o755);
    fs.writeFile(`${folder}/meta.json`, JSON.stringify(meta), 0o644);
  }

  writeTls(name: string, endpoint: string, files: TlsFiles): void {
    const { fs } = this.process;
    const folder = `${this.tlsFolder(name)}/${endpoint}`;
    this.#removeTree(this.tlsFolder(name));
    if (Object.keys(files).length === 0) return;
    fs.mkdirAll(folder, 0o700);
    for (const [file, content] of Object.entries(files)) fs.writeFile(`${folder}/${file}`, content, 0o600);
  }

  /** Endpoint's certificates: `{docker: ['ca.pem', …]}`. */
  tlsFiles(name: string): Readonly<Record<string, readonly string[]>> {
    const { fs } = this.process;
    const endpoints = fs.readdir(this.tlsFolder(name));
    if (!endpoints.ok) return {};
    return Object.fromEntries(
      endpoints.value.map(({ name: endpoint }) => {
        const files = fs.readdir(`${this.tlsFolder(name)}/${endpoint}`);
        return [endpoint, files.ok ? files.value.map((file) => file.name).toSorted() : []];
      }),
    );
  }

  remove(name: string): void {
    this.#removeTree(this.metaFolder(name));
    this.#removeTree(this.tlsFolder(name));
  }

  #removeTree(path: string): void {
    const { fs } = this.process;
    const entries = fs.readdir(path);
    if (!entries.ok) return;
    for (const { name } of entries.value) {
      const below = `${path}/${name}`;
      if (fs.readdir(below).ok) this.#removeTree(below);
      else fs.unlink(below);
    }
    fs.rmdir(path);
  }
}

/** Reads config.json; none is as an empty one. */
export function readConfig(process: Process, configDir: string): ConfigFile {
  const text = process.fs.readText(`${configDir}/config.json`);
  if (!text.ok) return {};
  try {
    return JSON.parse(text.value) as ConfigFile;
  } catch {
    return {};
  }
}

/** Writes config.json: tabs, an entry `auths` always, keys in Go's order. */
export function writeConfig(process: Process, configDir: string, config: ConfigFile): void {
  const { auths = {}, ...rest } = config;
  process.fs.mkdirAll(configDir, 0o700);
  process.fs.writeFile(`${configDir}/config.json`, JSON.stringify({ auths, ...rest }, undefined, '\t'), 0o600);
}
