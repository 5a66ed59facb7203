import { sha256 } from '@noble/hashes/sha2.js';
import { encode } from '../../../linux/io/bytes';
import { Headers, type Response } from '../../../linux/net/http/message';
import type { Kind } from '../../apimachinery/kind';
import type { Exchange } from './exchange';
import { answer } from './respond';

/** In the order of a real 1.33 server; groups that are not here come after, by name. */
const groupOrder = [
  'apiregistration.k8s.io',
  'apps',
  'events.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'networking.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'storage.k8s.io',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'scheduling.k8s.io',
  'coordination.k8s.io',
  'node.k8s.io',
  'discovery.k8s.io',
  'flowcontrol.apiserver.k8s.io',
];

interface Subresource {
  readonly name: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly verbs: readonly string[];
}

const objectVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
/** Namespaces and a few others cannot be deleted as a collection. */
const verbsOf = ({ resource, createOnly, computed }: Kind): readonly string[] =>
  computed
    ? ['get', 'list']
    : createOnly
      ? ['create']
      : resource === 'namespaces'
        ? objectVerbs.filter((verb) => verb !== 'deletecollection')
        : objectVerbs;

const podSubresources: readonly Subresource[] = [
  { name: 'attach', group: '', version: 'v1', kind: 'PodAttachOptions', verbs: ['create', 'get'] },
  { name: 'binding', group: '', version: 'v1', kind: 'Binding', verbs: ['create'] },
  { name: 'ephemeralcontainers', group: '', version: 'v1', kind: 'Pod', verbs: ['get', 'patch', 'update'] },
  { name: 'eviction', group: 'policy', version: 'v1', kind: 'Eviction', verbs: ['create'] },
  { name: 'exec', group: '', version: 'v1', kind: 'PodExecOptions', verbs: ['create', 'get'] },
  { name: 'log', group: '', version: 'v1', kind: 'Pod', verbs: ['get'] },
  { name: 'portforward', group: '', version: 'v1', kind: 'PodPortForwardOptions', verbs: ['create', 'get'] },
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

interface Group {
  readonly name: string;
  readonly versions: readonly { readonly version: string; readonly kinds: readonly Kind[] }[];
}

function groupsOf(kinds: readonly Kind[]): readonly Group[] {
  const groups = new Map<string, Map<string, Kind[]>>();
  for (const kind of kinds) {
    const { group, version } = kind.names;
    const versions = groups.get(group) ?? new Map<string, Kind[]>();
    groups.set(group, versions);
    versions.set(version, [...(versions.get(version) ?? []), kind]);
  }
  const rank = (name: string): number => {
    const at = groupOrder.indexOf(name);
    return at < 0 ? groupOrder.length : at;
  };
  return [...groups]
    .map(([name, versions]) => ({
      name,
      versions: [...versions]
        .sort(([a], [b]) => compareVersions(a, b))
        .map(([version, list]) => ({
          version,
          kinds: [...list].sort((a, b) => (a.names.plural < b.names.plural ? -1 : 1)),
        })),
    }))
    .sort((a, b) => rank(a.name) - rank(b.name) || (a.name < b.name ? -1 : 1));
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

/** version.CompareKubeAwareVersionStrings, the best first: v2, v1, v2beta1, v1alpha1, others. */
function compareVersions(a: string, b: string): number {
  const rank = (version: string): readonly number[] => {
    const found = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
    if (found === null) return [-1, 0, 0];
    return [found[2] === undefined ? 2 : found[2] === 'beta' ? 1 : 0, Number(found[1]), Number(found[3] ?? 0)];
  };
  const [left, right] = [rank(a), rank(b)];
  for (const at of [0, 1, 2]) if (left[at] !== right[at]) return (right[at] ?? 0) - (left[at] ?? 0);
  return a < b ? -1 : 1;
}

const singularOf = ({ names }: Kind): string => names.singular ?? names.kind.toLowerCase();
const aggregated = /as=APIGroupDiscoveryList/;

/** `/api`, `/apis` and what is below them; undefined for other paths. */
export function discovery({ server, info, request }: Exchange): Response | undefined {
  const { views: kinds } = server.registry.storage;
  const parts = info.path.split('/').filter((part) => part !== '');
  const groups = groupsOf(kinds);
  const accept = request.headers.get('Accept') ?? '';
  if (parts[0] === 'api') {
    const core = groups.filter(({ name }) => name === '');
    if (parts.length === 1)
      return aggregated.test(accept) ? aggregatedList(core) : answer(200, apiVersions(core, server.address));
    const version = core[0]?.versions.find((each) => each.version === parts[1]);
    return parts.length === 2 && version !== undefined ? answer(200, resourceList(version)) : undefined;
  }
  if (parts[0] !== 'apis') return undefined;
  const named = groups.filter(({ name }) => name !== '');
  if (parts.length === 1)
    return aggregated.test(accept)
      ? aggregatedList(named)
      : answer(200, { kind: 'APIGroupList', apiVersion: 'v1', groups: named.map(apiGroup) });
  const group = named.find(({ name }) => name === parts[1]);
  if (group === undefined) return undefined;
  if (parts.length === 2) return answer(200, { kind: 'APIGroup', apiVersion: 'v1', ...apiGroup(group) });
  const version = group.versions.find((each) => each.version === parts[2]);
  return parts.length === 3 && version !== undefined ? answer(200, resourceList(version)) : undefined;
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

function resourceList({ kinds }: Group['versions'][number]): object {
  return {
    kind: 'APIResourceList',
    ...(kinds[0]?.names.group === '' ? {} : { apiVersion: 'v1' }),
    groupVersion: kinds[0]?.apiVersion,
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
    versions: versions.map(({ version, kinds }) => ({
      version,
      resources: kinds.map((kind) => aggregatedResource(kind)),
      freshness: 'Current',
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
