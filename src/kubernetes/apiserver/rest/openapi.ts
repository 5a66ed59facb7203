import { encode } from '../../../linux/io/bytes';
import { Headers, type Response } from '../../../linux/net/http/message';
import type { Kind } from '../../apimachinery/kind';
import { documentOfService } from '../aggregator/proxy';
import { hashOf } from '../openapi/hash';
import type { Exchange } from './exchange';
import { answer } from './respond';

interface Known {
  readonly kinds: readonly Kind[];
  readonly schemas: readonly unknown[];
  readonly hash: string;
  body: Uint8Array | undefined;
}

/** Documents by what they are made of; a new kind makes new ones. */
const documents = new WeakMap<Kind, Known>();

function documentOf(kinds: readonly Kind[]): Known {
  const [first] = kinds;
  const known = first === undefined ? undefined : documents.get(first);
  const schemas = kinds.map((kind) => kind.openApi ?? kind.schema);
  if (known?.kinds.length === kinds.length && known.schemas.every((schema, at) => schema === schemas[at])) return known;
  const made: Known = { kinds, schemas, hash: hashOf(kinds), body: undefined };
  if (first !== undefined) documents.set(first, made);
  return made;
}

/** The kinds of each group version, by its path: `apis/apps/v1`. */
function groupVersions({ server }: Exchange): ReadonlyMap<string, Kind[]> {
  const groups = new Map<string, Kind[]>();
  for (const kind of server.registry.storage.views) {
    const path = kind.names.group === '' ? `api/${kind.apiVersion}` : `apis/${kind.apiVersion}`;
    groups.set(path, [...(groups.get(path) ?? []), kind]);
  }
  return groups;
}

/** Paths that have documents though they are no group versions. */
const roots = ['.well-known/openid-configuration', 'api', 'apis', 'openid/v1/jwks', 'version'];

/** What each document is found by: those of group versions, of what lists them, and what services say of theirs. */
function indexOf(exchange: Exchange, groups: ReadonlyMap<string, Kind[]>): ReadonlyMap<string, string> {
  const { remoteApis } = exchange.server;
  const index = new Map<string, string>();
  for (const path of [...roots, ...[...groups.keys()].flatMap(groupPath)])
    index.set(path, urlOf(path, hashOf([], path)));
  for (const [path, kinds] of groups) index.set(path, urlOf(path, documentOf(kinds).hash));
  for (const [path, url] of remoteApis?.documents() ?? []) index.set(path, url);
  return new Map([...index].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** `apis/apps` of `apis/apps/v1`. */
const groupPath = (path: string): readonly string[] =>
  path.startsWith('apis/') ? [path.slice(0, path.lastIndexOf('/'))] : [];

/** `/openapi/v3` with the documents of the group versions, and `/openapi/v2`. */
export function openapi(exchange: Exchange): Response | Promise<Response> | undefined {
  const { info } = exchange;
  const parts = info.path.split('/').filter((part) => part !== '');
  if (parts[0] !== 'openapi') return undefined;
  if (parts[1] === 'v2' && parts.length === 2) return older(exchange);
  if (parts[1] !== 'v3') return undefined;
  const groups = groupVersions(exchange);
  if (parts.length === 2) {
    const index = [...indexOf(exchange, groups)].map(([path, url]) => [path, { serverRelativeURL: url }] as const);
    return answer(200, { paths: Object.fromEntries(index) });
  }
  const path = parts.slice(2).join('/');
  const kinds = groups.get(path);
  if (!takesJson(exchange)) return empty(406);
  // handler3.HandleGroupVersion says nothing about what it does not have.
  if (kinds !== undefined) return described(exchange, path, documentOf(kinds));
  const index = indexOf(exchange, groups);
  const remote = exchange.server.remoteApis?.documents().get(path);
  if (remote !== undefined) return documentOfService(exchange, path.slice('apis/'.length));
  if (!index.has(path)) return empty(200);
  return described(exchange, path, { kinds: [], schemas: [], hash: hashOf([], path), body: undefined });
}

const urlOf = (path: string, hash: string): string => `/openapi/v3/${path}?hash=${hash}`;

/** Protobuf is not spoken here. */
function takesJson({ request }: Exchange): boolean {
  const accept = request.headers.get('Accept') ?? '';
  return accept === '' || /(?:application|\*)\/(?:json|\*)(?:$|[\s,;])/.test(accept);
}

const empty = (status: number, headers: Readonly<Record<string, string>> = {}): Response => ({
  status,
  headers: new Headers({ 'Cache-Control': 'no-cache, private', Vary: 'Accept', ...headers, 'Content-Length': '0' }),
  body: new Uint8Array(),
});

/** The texts come from outside the simulation, which waits for them: they take no time in it. */
async function described(exchange: Exchange, path: string, document: Known): Promise<Response> {
  const { server, info, request } = exchange;
  const { kinds } = document;
  const { hash } = document;
  const wanted = info.query.get('hash') ?? '';
  const headers = { 'Content-Type': 'application/json', Etag: `"${hash}"`, Vary: 'Accept' };
  if (wanted !== '' && wanted !== hash) return empty(301, { ...headers, Location: urlOf(path, hash) });
  // Asked for by its hash, it never changes.
  const caching =
    wanted === ''
      ? { 'Cache-Control': 'no-cache, private' }
      : { 'Cache-Control': 'public, immutable', Expires: inOneYear(server.clock.now) };
  if (request.headers.get('If-None-Match') === `"${hash}"`) return empty(304, { ...headers, ...caching });
  if (document.body === undefined) {
    const { loadTypes, openapiDocument } = await server.clock.external(() => import('../openapi/document'));
    await server.clock.external(() => loadTypes(kinds));
    const { rootDocument } = await server.clock.external(() => import('../openapi/root'));
    document.body = encode(JSON.stringify(kinds.length === 0 ? rootDocument(path) : openapiDocument(kinds)));
  }
  const { body } = document;
  return {
    status: 200,
    headers: new Headers({ ...headers, ...caching, 'Content-Length': String(body.length) }),
    body,
  };
}

/** As RFC 1123 writes it. */
function inOneYear(now: number): string {
  const date = new Date(now);
  date.setUTCFullYear(date.getUTCFullYear() + 1);
  return date.toUTCString().replace('GMT', 'UTC');
}

/** One document of all kinds. Who takes it as protobuf only (real kubectl, for plaintext-openapiv2) does without. */
async function older(exchange: Exchange): Promise<Response> {
  const { server } = exchange;
  if (!takesJson(exchange)) return empty(406);
  const groups = [...groupVersions(exchange)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, kinds]) => kinds);
  const [{ loadTypes, openapiDocument }, { openapiV2 }] = await server.clock.external(() =>
    Promise.all([import('../openapi/document'), import('../openapi/v2')]),
  );
  await server.clock.external(() => loadTypes(groups.flat()));
  return answer(200, openapiV2(groups.map(openapiDocument)));
}
