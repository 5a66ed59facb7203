import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { encode } from '../../../linux/io/bytes';
import type { FileSystem } from '../../../linux/fs/types';
import { isStatus, StatusError } from '../errors';
import { at, list, object, text, type JsonObject } from '../json';
import { accepts, type Query, type RestClient } from './client';

/** One resource of one version of a group (metav1.APIResource). */
export interface ApiResource {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Plural; with a slash for subresources. */
  readonly name: string;
  readonly singular: string;
  readonly namespaced: boolean;
  readonly short: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly string[];
}

export interface ApiVersion {
  readonly group: string;
  readonly version: string;
  readonly resources: readonly ApiResource[];
}

/** Groups in the server's order, the core group first; versions with the preferred one first. */
export interface Discovery {
  readonly versions: readonly ApiVersion[];
}

export const groupVersion = (group: string, version: string): string =>
  group === '' ? version : `${group}/${version}`;

export function splitGroupVersion(apiVersion: string): { readonly group: string; readonly version: string } {
  const slash = apiVersion.indexOf('/');
  return slash < 0
    ? { group: '', version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

/** Asks the server (aggregated discovery). */
export async function fetchDiscovery(client: RestClient): Promise<Discovery> {
  const core = await discover(client, '/api');
  const groups = await discover(client, '/apis');
  return { versions: [core, groups].flatMap((document) => list(document, 'items').flatMap(versionsOf)) };
}

/** One of discovery's documents. Its client does not decode a Status, so a refusal has the words of the code alone. */
export async function discover(
  client: RestClient,
  path: string,
  accept: string = accepts.discovery,
  query: Query = { timeout: '32s' },
): Promise<JsonObject> {
  try {
    return await client.get(path, { accept, query });
  } catch (reason) {
    if (isStatus(reason, 'Unauthorized')) {
      const message = 'the server has asked for the client to provide credentials';
      throw new StatusError({ reason: 'Unauthorized', message, code: 401 });
    }
    throw reason;
  }
}

function versionsOf(item: unknown): readonly ApiVersion[] {
  const group = text(item, 'metadata', 'name');
  return list(item, 'versions').map((entry) => {
    const version = text(entry, 'version');
    return {
      group,
      version,
      resources: list(entry, 'resources').flatMap((resource) => resourcesOf(resource, group, version)),
    };
  });
}

function resourcesOf(entry: unknown, group: string, version: string): readonly ApiResource[] {
  const base = {
    group,
    version,
    singular: text(entry, 'singularResource'),
    namespaced: text(entry, 'scope') === 'Namespaced',
    short: list(entry, 'shortNames').map(String),
    categories: list(entry, 'categories').map(String),
  };
  const name = text(entry, 'resource');
  const kind = text(entry, 'responseKind', 'kind');
  const own: ApiResource = { ...base, name, kind, verbs: list(entry, 'verbs').map(String) };
  const below = list(entry, 'subresources').map((sub): ApiResource => ({
    ...base,
    name: `${name}/${text(sub, 'subresource')}`,
    kind: text(sub, 'responseKind', 'kind'),
    short: [],
    categories: [],
    verbs: list(sub, 'verbs').map(String),
  }));
  return at(entry, 'responseKind') === undefined ? below : [own, ...below];
}

const cacheLife = 6 * 3_600_000;

/** kubectl keeps discovery on the disk, one folder a server, and reads it for six hours (client-go discovery/cached/disk). */
export class DiscoveryCache {
  readonly #folder: string;
  readonly #http: string;
  constructor(
    readonly fs: FileSystem,
    folder: string,
    server: string,
    readonly now: () => number,
  ) {
    const host = server.replace(/^[a-z]+:\/\//, '').replace(/[^A-Za-z0-9_.-]/g, '_');
    this.#folder = `${folder}/discovery/${host}`;
    this.#http = `${folder}/http`;
  }

  /** What is at an address that has the hash of its content in it: of the disk, or fetched and kept there. */
  async kept(address: string, fetch: () => Promise<string>): Promise<string> {
    const path = `${this.#http}/${bytesToHex(sha256(encode(address)))}`;
    const found = this.fs.readText(path);
    if (found.ok) return found.value;
    const fetched = await fetch();
    this.fs.mkdirAll(this.#http, 0o750);
    this.fs.writeFile(path, fetched, 0o660);
    return fetched;
  }

  read(): Discovery | undefined {
    const path = `${this.#folder}/servergroups.json`;
    const stat = this.fs.stat(path);
    if (!stat.ok || stat.value.mtime + cacheLife < this.now()) return undefined;
    const groups = this.#json(path);
    if (groups === undefined) return undefined;
    const versions: ApiVersion[] = [];
    for (const group of list(groups, 'groups')) {
      for (const entry of list(group, 'versions')) {
        const name = text(group, 'name');
        const version = text(entry, 'version');
        const document = this.#json(`${this.#folder}/${groupVersion(name, version)}/serverresources.json`);
        if (document === undefined) return undefined;
        versions.push({
          group: name,
          version,
          resources: list(document, 'resources').map((resource) => ({
            group: name,
            version,
            kind: text(resource, 'kind'),
            name: text(resource, 'name'),
            singular: text(resource, 'singularName'),
            namespaced: at(resource, 'namespaced') === true,
            short: list(resource, 'shortNames').map(String),
            categories: list(resource, 'categories').map(String),
            verbs: list(resource, 'verbs').map(String),
          })),
        });
      }
    }
    return { versions };
  }

  write({ versions }: Discovery): void {
    const groups = new Map<string, { groupVersion: string; version: string }[]>();
    for (const { group, version, resources } of versions) {
      const entries = groups.get(group) ?? [];
      entries.push({ groupVersion: groupVersion(group, version), version });
      groups.set(group, entries);
      this.#put(`${groupVersion(group, version)}/serverresources.json`, {
        kind: 'APIResourceList',
        apiVersion: 'v1',
        groupVersion: groupVersion(group, version),
        resources: resources.map(({ name, singular, namespaced, kind, verbs, short, categories }) => ({
          name,
          singularName: singular,
          namespaced,
          kind,
          verbs,
          ...(short.length > 0 ? { shortNames: short } : {}),
          ...(categories.length > 0 ? { categories } : {}),
        })),
      });
    }
    this.#put('servergroups.json', {
      kind: 'APIGroupList',
      apiVersion: 'v1',
      groups: [...groups].map(([name, entries]) => ({ name, versions: entries, preferredVersion: entries[0] })),
    });
  }

  /** The next command asks the server again. */
  invalidate(): void {
    this.fs.unlink(`${this.#folder}/servergroups.json`);
  }

  #json(path: string): JsonObject | undefined {
    const read = this.fs.readText(path);
    if (!read.ok) return undefined;
    try {
      return object(JSON.parse(read.value));
    } catch {
      return undefined;
    }
  }

  #put(name: string, document: unknown): void {
    const path = `${this.#folder}/${name}`;
    this.fs.mkdirAll(path.slice(0, path.lastIndexOf('/')), 0o750);
    this.fs.writeFile(path, JSON.stringify(document), 0o660);
  }
}
