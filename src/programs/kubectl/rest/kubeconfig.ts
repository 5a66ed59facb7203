import type { FileSystem } from '../../../linux/fs/types';
import { Failure, PlainFailure } from '../errors';
import type { FlagSet } from '../flags/flag-set';
import { at, flagged, isObject, list, object, text, type JsonObject } from '../json';
import { decodeYaml, YamlError } from '../manifest/yaml';
import type { ClientConfig } from './config';

/** Where kubeconfig files are looked for (client-go tools/clientcmd/loader.go). */
export interface ConfigPaths {
  /** `--kubeconfig`: only this file, and it must be there. */
  readonly explicit: string | undefined;
  /** All files, first wins. */
  readonly files: readonly string[];
}

export interface Named {
  readonly name: string;
  /** The `cluster`, `context` or `user` member. */
  readonly value: JsonObject;
  /** The file it came from. */
  readonly origin: string;
}

/** Merged kubeconfig files (api.Config). Entries in the order of their names. */
export interface KubeConfig {
  readonly clusters: ReadonlyMap<string, Named>;
  readonly contexts: ReadonlyMap<string, Named>;
  readonly users: ReadonlyMap<string, Named>;
  readonly currentContext: string;
  readonly currentContextOrigin: string | undefined;
  readonly preferences: JsonObject;
}

export function configPaths(env: ReadonlyMap<string, string>, explicit: string): ConfigPaths {
  const home = env.get('HOME') ?? '/';
  const listed = (env.get('KUBECONFIG') ?? '').split(':').filter((path) => path !== '');
  if (explicit !== '') return { explicit, files: [explicit] };
  return { explicit: undefined, files: listed.length > 0 ? [...new Set(listed)] : [`${home}/.kube/config`] };
}

/** Reads and merges the files. `lenient`: the file of `--kubeconfig` may be missing, as for `kubectl config`. */
export function loadConfig(fs: FileSystem, paths: ConfigPaths, { lenient = false } = {}): KubeConfig {
  if (paths.explicit !== undefined && !lenient) {
    const found = fs.stat(paths.explicit);
    if (!found.ok) throw new Failure(`stat ${paths.explicit}: ${goErrno(found.error.message)}`);
  }
  const clusters = new Map<string, Named>();
  const contexts = new Map<string, Named>();
  const users = new Map<string, Named>();
  let currentContext = '';
  let currentContextOrigin: string | undefined;
  let preferences: JsonObject = {};
  for (const path of paths.files) {
    const document = readConfig(fs, path);
    if (document === undefined) continue;
    collect(clusters, document, 'clusters', 'cluster', path);
    collect(contexts, document, 'contexts', 'context', path);
    collect(users, document, 'users', 'user', path);
    const current = text(document, 'current-context');
    if (currentContext === '' && current !== '') {
      currentContext = current;
      currentContextOrigin = path;
    }
    preferences = { ...object(document, 'preferences'), ...preferences };
  }
  return {
    clusters: sorted(clusters),
    contexts: sorted(contexts),
    users: sorted(users),
    currentContext,
    currentContextOrigin,
    preferences,
  };
}

/** One file; undefined if it is not there or empty. */
export function readConfig(fs: FileSystem, path: string): JsonObject | undefined {
  const read = fs.readText(path);
  if (!read.ok) {
    if (read.error.code === 'ENOENT' || path === '/dev/null') return undefined;
    throw new Failure(`error loading config file "${path}": open ${path}: ${goErrno(read.error.message)}`);
  }
  if (read.value.trim() === '') return undefined;
  let document: unknown;
  try {
    document = decodeYaml(read.value)[0];
  } catch (reason) {
    if (reason instanceof YamlError) throw new Failure(`error loading config file "${path}": ${reason.message}`);
    throw reason;
  }
  const complaint = misfit(document);
  if (complaint !== undefined) throw new Failure(`error loading config file "${path}": ${complaint}`);
  return isObject(document) ? document : undefined;
}

const listTypes = { clusters: 'NamedCluster', contexts: 'NamedContext', users: 'NamedAuthInfo' } as const;

// The complaints of encoding/json that people meet: a name that YAML reads as something else.
function misfit(document: unknown): string | undefined {
  if (document === null || document === undefined) return undefined;
  if (!isObject(document))
    return `couldn't get version/kind; json parse error: json: cannot unmarshal ${goKind(document)} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`;
  for (const [field, type] of Object.entries(listTypes)) {
    for (const entry of list(document, field)) {
      const name = at(entry, 'name');
      if (name !== undefined && typeof name !== 'string')
        return `json: cannot unmarshal ${goKind(name)} into Go struct field ${type}.${field}.name of type string`;
    }
  }
  return undefined;
}

const goKind = (value: unknown): string =>
  typeof value === 'boolean'
    ? 'bool'
    : typeof value === 'number'
      ? 'number'
      : typeof value === 'string'
        ? 'string'
        : Array.isArray(value)
          ? 'array'
          : 'object';

/** strerror as Go writes it: the first letter small. */
export const goErrno = (message: string): string => message.slice(0, 1).toLowerCase() + message.slice(1);

function collect(into: Map<string, Named>, document: JsonObject, field: string, member: string, origin: string): void {
  for (const entry of list(document, field)) {
    const name = text(entry, 'name');
    if (!into.has(name)) into.set(name, { name, value: object(entry, member), origin });
  }
}

const sorted = (entries: Map<string, Named>): ReadonlyMap<string, Named> =>
  new Map([...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));

/** The chosen context's name, if there is one. */
export const contextName = (config: KubeConfig, flags: FlagSet): string =>
  flags.string('context') === '' ? config.currentContext : flags.string('context');

/** `-n`, or the context's namespace, or `default`; `explicit` if the flag was given. */
export function namespaceFrom(
  config: KubeConfig,
  flags: FlagSet,
): { readonly namespace: string; readonly explicit: boolean } {
  const given = flags.string('namespace');
  if (given !== '') return { namespace: given, explicit: true };
  const context = config.contexts.get(contextName(config, flags));
  const own = text(context?.value, 'namespace');
  return { namespace: own === '' ? 'default' : own, explicit: false };
}

/** Whether there is nothing to go by, so that kubectl tries localhost:8080. */
const nothing = (config: KubeConfig): boolean =>
  config.clusters.size === 0 && config.contexts.size === 0 && config.users.size === 0 && config.currentContext === '';

const invalid = (message: string): Failure => new PlainFailure(`Error in configuration: ${message}`);

/** Resolves cluster and user by context and flags. Source: client-go tools/clientcmd/client_config.go. */
export function clientConfig(fs: FileSystem, config: KubeConfig, flags: FlagSet): ClientConfig {
  const wanted = contextName(config, flags);
  const context = config.contexts.get(wanted);
  if (flags.string('context') !== '' && context === undefined)
    throw invalid(`context was not found for specified context: ${wanted}`);
  if (flags.string('context') === '' && wanted !== '' && context === undefined && !nothing(config))
    throw invalid(`context was not found for specified context: ${wanted}`);

  const clusterName = flags.string('cluster') || text(context?.value, 'cluster');
  const cluster = config.clusters.get(clusterName);
  if (flags.string('cluster') !== '' && cluster === undefined)
    throw new Failure(`no server found for cluster "${clusterName}"`);
  const userName = flags.string('user') || text(context?.value, 'user');
  const user = config.users.get(userName);
  if (flags.string('user') !== '' && user === undefined) throw new Failure(`auth info "${userName}" does not exist`);

  const server = flags.string('server') || text(cluster?.value, 'server') || 'http://localhost:8080';
  const problems: string[] = [];
  const file = (named: Named | undefined, key: PemSource['key']): string | undefined =>
    pem(fs, { named, override: flags.string(key), key }, problems);
  const certificateAuthority = file(cluster, 'certificate-authority');
  const clientCertificate = file(user, 'client-certificate');
  const clientKey = file(user, 'client-key');
  const [problem] = problems;
  // What is wrong with a cluster alone has no words of its own.
  if (problem !== undefined && problems.length === 1 && problem.includes(' certificate-authority '))
    throw new Failure(problem);
  if (problem !== undefined)
    throw invalid(problems.length === 1 ? problem : `\n${problems.map((each) => `* ${each}\n`).join('')}`);
  const impersonate = {
    user: flags.string('as') || text(user?.value, 'as'),
    uid: flags.string('as-uid') || text(user?.value, 'as-uid'),
    groups: flags.list('as-group').length > 0 ? flags.list('as-group') : list(user?.value, 'as-groups').map(String),
  };
  if (impersonate.user === '' && (impersonate.uid !== '' || impersonate.groups.length > 0))
    throw new Failure(`requesting uid, groups or user-extra for ${userName} without impersonating a user`);
  const insecure = flags.changed('insecure-skip-tls-verify')
    ? flags.bool('insecure-skip-tls-verify')
    : flagged(cluster?.value, 'insecure-skip-tls-verify');
  const named = flags.string('token') !== '' || flags.string('username') !== '';
  const username = flags.string('username') || text(user?.value, 'username');
  return {
    server: /^[a-z]+:\/\//.test(server) ? server : `http://${server}`,
    insecure,
    tlsServerName: flags.string('tls-server-name') || text(cluster?.value, 'tls-server-name'),
    certificateAuthority,
    // Who says otherwise who he is shows no certificate.
    clientCertificate: named ? undefined : clientCertificate,
    clientKey: named ? undefined : clientKey,
    token: flags.string('token') || token(fs, user),
    basic:
      username === '' ? undefined : { username, password: flags.string('password') || text(user?.value, 'password') },
    impersonate,
  };
}

function token(fs: FileSystem, user: Named | undefined): string | undefined {
  const own = text(user?.value, 'token');
  if (own !== '') return own;
  const path = text(user?.value, 'tokenFile');
  if (path === '' || user === undefined) return undefined;
  const read = fs.readText(resolve(user.origin, path));
  return read.ok ? read.value.trim() : undefined;
}

interface PemSource {
  readonly named: Named | undefined;
  /** The file that a flag names. */
  readonly override: string;
  readonly key: 'certificate-authority' | 'client-certificate' | 'client-key';
}

/** What messages call a member. */
const shortNames = {
  'certificate-authority': 'certificate-authority',
  'client-certificate': 'client-cert',
  'client-key': 'client-key',
} as const;

/** A certificate or key, from data or a file; what is wrong with it is added to the problems (clientcmd/validation.go). */
function pem(fs: FileSystem, { named, override, key }: PemSource, problems: string[]): string | undefined {
  const data = text(named?.value, `${key}-data`);
  const own = text(named?.value, key);
  const where = override !== '' ? override : own === '' || named === undefined ? own : resolve(named.origin, own);
  const name = shortNames[key];
  const owner = named?.name ?? '';
  if (where === '') return data === '' ? undefined : decodeBase64(data);
  // A certificate authority of a flag takes the place of both.
  const overridden = override !== '' && key === 'certificate-authority';
  if (data !== '' && !overridden)
    problems.push(
      key === 'certificate-authority'
        ? `${name}-data and ${name} are both specified for ${owner}. ${name}-data will override.`
        : key === 'client-key'
          ? `${name}-data and ${name} are both specified for ${owner}; ${name}-data will override`
          : `${name}-data and ${name} are both specified for ${owner}. ${name}-data will override.`,
    );
  const read = fs.readText(where);
  if (!read.ok) {
    problems.push(`unable to read ${name} ${where} for ${owner} due to open ${where}: ${goErrno(read.error.message)}`);
    return undefined;
  }
  return override === '' && data !== '' ? decodeBase64(data) : read.value;
}

/** Paths in a kubeconfig are relative to the file. */
function resolve(origin: string, path: string): string {
  if (path.startsWith('/')) return path;
  const slash = origin.lastIndexOf('/');
  return slash < 0 ? path : `${origin.slice(0, slash + 1)}${path}`;
}

export function decodeBase64(data: string): string {
  try {
    return atob(data.replace(/\s/g, ''));
  } catch {
    return '';
  }
}
