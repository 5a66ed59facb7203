import type { Cli } from '../../cli';
import { Failure } from '../../errors';
import { equal, type JsonObject } from '../../json';
import { toYaml } from '../../printers/yaml';
import {
  configPaths,
  goErrno,
  loadConfig,
  readConfig,
  type ConfigPaths,
  type KubeConfig,
  type Named,
} from '../../rest/kubeconfig';
import { clusterShape, contextShape, ordered, userShape } from './stanza';

/** A configuration that commands change: entries by name. */
export interface Editable {
  clusters: Map<string, JsonObject>;
  contexts: Map<string, JsonObject>;
  users: Map<string, JsonObject>;
  currentContext: string;
  preferences: JsonObject;
}

export const sections = {
  clusters: { member: 'cluster', shape: clusterShape },
  contexts: { member: 'context', shape: contextShape },
  users: { member: 'user', shape: userShape },
} as const;
export type Section = keyof typeof sections;
export const sectionNames = ['clusters', 'contexts', 'users'] as const;

/** The kubeconfig files as `kubectl config` sees them. Source: client-go tools/clientcmd/config.go. */
export class ConfigStore {
  readonly paths: ConfigPaths;
  readonly loaded: KubeConfig;
  constructor(readonly cli: Cli) {
    const { process, flags } = cli;
    this.paths = configPaths(process.env, flags.string('kubeconfig'));
    this.loaded = loadConfig(process.fs, this.paths, { lenient: true });
  }

  /** A copy to work on. */
  edit(): Editable {
    const copy = (entries: ReadonlyMap<string, Named>): Map<string, JsonObject> =>
      new Map([...entries].map(([name, { value }]) => [name, value]));
    const { clusters, contexts, users, currentContext, preferences } = this.loaded;
    return { clusters: copy(clusters), contexts: copy(contexts), users: copy(users), currentContext, preferences };
  }

  /** Where new entries go, and what messages name. */
  get defaultFile(): string {
    const { explicit, files } = this.paths;
    if (explicit !== undefined) return explicit;
    const there = files.find((path) => this.cli.process.fs.stat(path).ok);
    return there ?? files[files.length - 1] ?? '';
  }

  /** Writes what changed, each entry into the file that it came from. */
  save(changed: Editable): void {
    const documents = new Map<string, FileEdit>();
    const fileOf = (path: string): FileEdit => {
      const known = documents.get(path);
      if (known) return known;
      const made = new FileEdit(readConfig(this.cli.process.fs, path));
      documents.set(path, made);
      return made;
    };
    if (changed.currentContext !== this.loaded.currentContext) {
      const path = this.paths.explicit ?? this.loaded.currentContextOrigin ?? this.defaultFile;
      fileOf(path).currentContext = changed.currentContext;
    }
    if (!equal(changed.preferences, this.loaded.preferences))
      fileOf(this.defaultFile).preferences = changed.preferences;
    for (const section of sectionNames) {
      const before = this.loaded[section];
      for (const [name, value] of changed[section]) {
        const known = before.get(name);
        if (known === undefined || !equal(known.value, value))
          fileOf(known?.origin ?? this.defaultFile)[section].set(name, value);
      }
      for (const [name, { origin }] of before) if (!changed[section].has(name)) fileOf(origin)[section].delete(name);
    }
    for (const [path, document] of documents) this.#write(path, document);
  }

  #write(path: string, document: FileEdit): void {
    const { fs } = this.cli.process;
    const folder = path.slice(0, path.lastIndexOf('/'));
    if (folder !== '') fs.mkdirAll(folder, 0o755);
    const made = fs.writeFile(path, toYaml(external(document)), 0o600);
    if (!made.ok) throw new Failure(`open ${path}: ${goErrno(made.error.message)}`);
  }
}

/** One file while it is changed. */
class FileEdit implements Editable {
  readonly clusters: Map<string, JsonObject>;
  readonly contexts: Map<string, JsonObject>;
  readonly users: Map<string, JsonObject>;
  currentContext: string;
  preferences: JsonObject;

  constructor(document: JsonObject | undefined) {
    const entries = (section: Section): Map<string, JsonObject> => {
      const { member } = sections[section];
      const all = (document?.[section] ?? []) as readonly Readonly<Record<string, unknown>>[];
      return new Map(all.map((entry) => [String(entry['name']), (entry[member] ?? {}) as JsonObject]));
    };
    this.clusters = entries('clusters');
    this.contexts = entries('contexts');
    this.users = entries('users');
    this.currentContext = String(document?.['current-context'] ?? '');
    this.preferences = (document?.['preferences'] ?? {}) as JsonObject;
  }
}

/** The document of a configuration, members in the order of Go's struct. */
export function external(config: Editable): JsonObject {
  const entries = (section: Section): readonly JsonObject[] | null => {
    const { member, shape } = sections[section];
    const names = [...config[section].keys()].sort();
    if (names.length === 0) return null;
    return names.map((name) => ({ name, [member]: ordered(config[section].get(name) ?? {}, shape) }));
  };
  return {
    kind: 'Config',
    apiVersion: 'v1',
    preferences: config.preferences,
    clusters: entries('clusters'),
    users: entries('users'),
    contexts: entries('contexts'),
    'current-context': config.currentContext,
  };
}

/** The wrong number of arguments: help, and then the complaint. */
export async function unexpected(cli: Cli, words = 'Unexpected args'): Promise<Failure> {
  await cli.help();
  return new Failure(`${words}: [${cli.args.join(' ')}]`);
}
