import { sha256 } from '@noble/hashes/sha2.js';
import { encode } from '../../../linux/io/bytes';
import { Headers, type Response } from '../../../linux/net/http/message';
import type { Kind } from '../../apimachinery/kind';
import { aggregatedRemote } from '../aggregator/discovery';
import { apiGroups } from '../aggregator/groups';
import type { RemoteVersion } from '../aggregator/remote';
import type { Exchange, ServerParts } from './exchange';
import { answer } from './respond';

interface Subresource {
  readonly name: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly verbs: readonly string[];
}

const objectVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
/** Namespaces and a few others cannot be deleted as a collection. */
export const verbsOf = ({ resource, createOnly, computed }: Kind): readonly string[] =>
  computed
    ? ['get', 'list']
    : createOnly
      ? ['create']
      : resource === 'namespaces'
        ? objectVerbs.filter((verb) => verb !== 'deletecollection')
        : objectVerbs;

const everyMethod = ['create', 'delete', 'get', 'patch', 'update'];

const podSubresources: readonly Subresource[] = [
  { name: 'attach', group: '', version: 'v1', kind: 'PodAttachOptions', verbs: ['create', 'get'] },
  { name: 'binding', group: '', version: 'v1', kind: 'Binding', verbs: ['create'] },
  { name: 'ephemeralcontainers', group: '', version: 'v1', kind: 'Pod', verbs: ['get', 'patch', 'update'] },
  { name: 'eviction', group: 'policy', version: 'v1', kind: 'Eviction', verbs: ['create'] },
  { name: 'exec', group: '', version: 'v1', kind: 'PodExecOptions', verbs: ['create', 'get'] },
  { name: 'log', group: '', version: 'v1', kind: 'Pod', verbs: ['get'] },
  { name: 'portforward', group: '', version: 'v1', kind: 'PodPortForwardOptions', verbs: ['create', 'get'] },
  { name: 'proxy', group: '', version: 'v1', kind: 'PodProxyOptions', verbs: everyMethod },
  { name: 'resize', group: '', version: 'v1', kind: 'Pod', verbs: ['get', 'patch', 'update'] },
];

/** The parts of a kind's objects that have paths of their own. */
export function subresourcesOf(kind: Kind): readonly Subresource[] {
  const { names, resource } = kind;
  const own = { group: names.group, version: names.version, kind: names.kind };
  const found: Subresource[] = [];
  if (resource === 'pods') found.push(...podSubresources);
  if (resource === 'certificatesigningrequests.certificates.k8s.io')
    found.push({ name: 'approval', ...own, verbs: ['get', 'patch', 'update'] });
  if (resource === 'nodes') found.push({ name: 'proxy', ...own, kind: 'NodeProxyOptions', verbs: everyMethod });
  if (resource === 'services') found.push({ name: 'proxy', ...own, kind: 'ServiceProxyOptions', verbs: everyMethod });
  if (resource === 'namespaces') found.push({ name: 'finalize', ...own, verbs: ['update'] });
  if (resource === 'serviceaccounts')
    found.push({
      name: 'token',
      group: 'authentication.k8s.io',
      version: 'v1',
      kind: 'TokenRequest',
      verbs: ['create'],
    });
  if (kind.scale !== undefined)
    found.push({
      name: 'scale',
      group: 'autoscaling',
      version: 'v1',
      kind: 'Scale',
      verbs: ['get', 'patch', 'update'],
    });
  if (kind.hasStatus) found.push({ name: 'status', ...own, verbs: ['get', 'patch', 'update'] });
  return found;
}

interface Version {
  readonly version: string;
  readonly kinds: readonly Kind[];
  /** Where a service answers for it: what that offers, if it was heard of. */
  readonly remote: { readonly offered: RemoteVersion | undefined } | undefined;
}

interface Group {
  readonly name: string;
  readonly versions: readonly Version[];
}

/** The groups that APIServices tell of, in their order, and who serves them. */
function groupsOf({ registry, remoteApis }: ServerParts): readonly Group[] {
  const kinds = new Map<string, Kind[]>();
  for (const kind of registry.storage.views) {
    const known = kinds.get(kind.apiVersion);
    if (known === undefined) kinds.set(kind.apiVersion, [kind]);
    else known.push(kind);
  }
  for (const list of kinds.values()) list.sort((a, b) => (a.names.plural < b.names.plural ? -1 : 1));
  return apiGroups(registry.storage).map(({ name, versions }) => ({
    name,
    versions: versions.map(({ version, service }) => ({
      version,
      kinds: kinds.get(name === '' ? version : `${name}/${version}`) ?? [],
      remote: service === undefined ? undefined : { offered: remoteApis?.offered(`${version}.${name}`) },
    })),
  }));
}

/** discovery.StorageVersionHash: tells clients when what is stored takes another form. */
function storageVersionHash(kind: Kind): string {
  const { group, version: newest, kind: name } = (kind.stored ?? kind).names;
  const version = olderStorage.has(kind.resource) ? 'v1beta1' : newest;
  let known = hashes.get(`${group}/${version}/${name}`);
  if (known === undefined) {
    const digest = sha256(encode(`${group}/${version}/${name}`)).subarray(0, 8);
    known = btoa(String.fromCharCode(...digest));
    hashes.set(`${group}/${version}/${name}`, known);
  }
  return known;
}
/** What 1.33 still stores as v1beta1. */
const olderStorage: ReadonlySet<string> = new Set([
  'customresourcedefinitions.apiextensions.k8s.io',
  'ipaddresses.networking.k8s.io',
  'servicecidrs.networking.k8s.io',
]);
const hashes = new Map<string, string>();

const singularOf = ({ names }: Kind): string => names.singular ?? names.kind.toLowerCase();
const aggregated = /as=APIGroupDiscoveryList/;

/** `/api`, `/apis` and what is below them; undefined for other paths. */
export function discovery({ server, info, request }: Exchange): Response | undefined {
  const parts = info.path.split('/').filter((part) => part !== '');
  if (parts[0] !== 'api' && parts[0] !== 'apis') return undefined;
  const groups = groupsOf(server);
  const accept = request.headers.get('Accept') ?? '';
  if (parts[0] === 'api') {
    const core = groups.filter(({ name }) => name === '');
    if (parts.length === 1)
      return aggregated.test(accept) ? aggregatedList(core) : answer(200, apiVersions(core, server.address));
    const version = core[0]?.versions.find((each) => each.version === parts[1]);
    return parts.length === 2 && version !== undefined ? answer(200, resourceList('', version)) : undefined;
  }
  const named = groups.filter(({ name }) => name !== '');
  if (parts.length === 1)
    return aggregated.test(accept)
      ? aggregatedList(named)
      : answer(200, { kind: 'APIGroupList', apiVersion: 'v1', groups: named.map(apiGroup) });
  const group = named.find(({ name }) => name === parts[1]);
  if (group === undefined) return undefined;
  if (parts.length === 2) return answer(200, { kind: 'APIGroup', apiVersion: 'v1', ...apiGroup(group) });
  const version = group.versions.find((each) => each.version === parts[2]);
  return parts.length === 3 && version !== undefined ? answer(200, resourceList(group.name, version)) : undefined;
}

const apiVersions = (core: readonly Group[], address: string): object => ({
  kind: 'APIVersions',
  versions: core.flatMap(({ versions }) => versions.map(({ version }) => version)),
  serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: address }],
});

function apiGroup({ name, versions }: Group): object {
  const listed = versions.map(({ version }) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions: listed, preferredVersion: listed[0] };
}

function resourceList(group: string, { version: name, kinds }: Version): object {
  return {
    kind: 'APIResourceList',
    ...(group === '' ? {} : { apiVersion: 'v1' }),
    groupVersion: group === '' ? name : `${group}/${name}`,
    resources: kinds.flatMap((kind) => [
      {
        name: kind.names.plural,
        singularName: singularOf(kind),
        namespaced: kind.namespaced,
        kind: kind.names.kind,
        verbs: verbsOf(kind),
        ...(kind.names.short === undefined ? {} : { shortNames: kind.names.short }),
        ...(kind.names.categories === undefined ? {} : { categories: kind.names.categories }),
        ...(kind.createOnly || kind.computed ? {} : { storageVersionHash: storageVersionHash(kind) }),
      },
      ...subresourcesOf(kind).map(({ name, group, version, kind: response, verbs }) => ({
        name: `${kind.names.plural}/${name}`,
        singularName: '',
        namespaced: kind.namespaced,
        ...(group === kind.names.group && version === kind.names.version ? {} : { group, version }),
        kind: response,
        verbs,
      })),
    ]),
  };
}

/** apidiscovery.k8s.io/v2: everything in two requests. */
function aggregatedList(groups: readonly Group[]): Response {
  const items = groups.map(({ name, versions }) => ({
    metadata: name === '' ? { creationTimestamp: null } : { name, creationTimestamp: null },
    versions: versions.map(({ version, kinds, remote }) => ({
      version,
      ...(remote === undefined
        ? { resources: kinds.map((kind) => aggregatedResource(kind)), freshness: 'Current' }
        : aggregatedRemote(`${name}/${version}`, remote.offered)),
    })),
  }));
  const body = encode(
    `${JSON.stringify({ kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items })}\n`,
  );
  return {
    status: 200,
    headers: new Headers({
      'Cache-Control': 'public',
      'Content-Type': 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
      Vary: 'Accept',
      'Content-Length': String(body.length),
    }),
    body,
  };
}

function aggregatedResource(kind: Kind): object {
  const { names } = kind;
  const subresources = subresourcesOf(kind);
  // What is the list's own stays empty there; only custom resources tell it all.
  const response = (group: string, version: string, name: string): object =>
    kind.openApi === undefined && group === names.group && version === names.version
      ? { group: '', version: '', kind: name }
      : { group, version, kind: name };
  return {
    resource: names.plural,
    responseKind: response(names.group, names.version, names.kind),
    scope: kind.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singularOf(kind),
    verbs: verbsOf(kind),
    ...(names.short === undefined ? {} : { shortNames: names.short }),
    ...(names.categories === undefined ? {} : { categories: names.categories }),
    ...(subresources.length === 0
      ? {}
      : {
          subresources: subresources.map(({ name, group, version, kind: subKind, verbs }) => ({
            subresource: name,
            responseKind: response(group, version, subKind),
            verbs,
          })),
        }),
  };
}
