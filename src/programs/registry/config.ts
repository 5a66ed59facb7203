import type * as Yaml from 'yaml';
import type { Process } from '../../linux/process/types';

export interface RegistryConfig {
  readonly address: string;
  readonly secret: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
  readonly root: string;
  readonly deletes: boolean;
  readonly readOnly: boolean;
  readonly cache: string | undefined;
  readonly htpasswd: { readonly realm: string; readonly path: string } | undefined;
  readonly level: string;
  readonly json: boolean;
  readonly accessLog: boolean;
}

interface Tree {
  [key: string]: unknown;
}

/** The configuration with the variables that go before it: `REGISTRY_STORAGE_DELETE_ENABLED` is storage.delete.enabled. */
export async function readConfig(process: Process, path: string): Promise<RegistryConfig | string> {
  const text = process.fs.readText(path);
  if (!text.ok) return `open ${path}: ${text.error.message.toLowerCase()}`;
  const library = await load(process);
  let tree: Tree;
  try {
    const parsed: unknown = library.parse(text.value);
    tree = typeof parsed === 'object' && parsed !== null ? (parsed as Tree) : {};
  } catch (error) {
    return `error parsing ${path}: yaml: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : ''}`;
  }
  for (const [name, value] of process.env) {
    if (!name.startsWith('REGISTRY_')) continue;
    overlay(tree, name.slice('REGISTRY_'.length).toLowerCase().split('_'), library.parse(value) as unknown);
  }
  if (tree['version'] === undefined) return `error parsing ${path}: Version unset, must be 0.1`;
  const at = (keys: string): unknown =>
    keys.split('.').reduce<unknown>((node, key) => (isTree(node) ? node[key] : undefined), tree);
  const string = (keys: string): string | undefined => {
    const value = at(keys);
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  };
  const htpasswd = at('auth.htpasswd') ?? (string('auth') === 'htpasswd' ? {} : undefined);
  if (isTree(tree['auth']) && isTree(htpasswd)) {
    if (string('auth.htpasswd.realm') === undefined)
      return `unable to configure authorization (htpasswd): "realm" must be set for htpasswd access controller`;
    if (string('auth.htpasswd.path') === undefined)
      return `unable to configure authorization (htpasswd): "path" must be set for htpasswd access controller`;
  }
  return {
    address: string('http.addr') ?? ':5000',
    secret: string('http.secret'),
    certificate: string('http.tls.certificate'),
    key: string('http.tls.key'),
    root: string('storage.filesystem.rootdirectory') ?? '/var/lib/registry',
    deletes: at('storage.delete.enabled') === true,
    readOnly: at('storage.maintenance.readonly.enabled') === true,
    cache: string('storage.cache.blobdescriptor'),
    htpasswd: isTree(htpasswd)
      ? { realm: string('auth.htpasswd.realm') ?? '', path: string('auth.htpasswd.path') ?? '' }
      : undefined,
    level: string('log.level') ?? 'info',
    json: string('log.formatter') === 'json',
    accessLog: at('log.accesslog.disabled') !== true,
  };
}

const isTree = (node: unknown): node is Tree => typeof node === 'object' && node !== null && !Array.isArray(node);

/** Puts a value in, making what is on the way; `REGISTRY_AUTH=htpasswd` names the kind, whose settings come beside. */
function overlay(tree: Tree, keys: readonly string[], value: unknown): void {
  const [first, ...rest] = keys;
  if (first === undefined) return;
  if (rest.length > 0) {
    let below = tree[first];
    if (!isTree(below)) tree[first] = below = typeof below === 'string' ? { [below]: {} } : {};
    overlay(below as Tree, rest, value);
  } else if (isTree(tree[first]) && typeof value === 'string') (tree[first] as Tree)[value] ??= {};
  else tree[first] = value;
}

async function load(process: Process): Promise<typeof Yaml> {
  const loading = process.clock.external(() => import('yaml'));
  await process.sleep(0);
  return loading;
}
