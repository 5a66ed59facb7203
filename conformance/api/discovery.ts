import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Comparison } from '../runner';
import { normalise } from './normalise';
import { apart } from './requests';
import { Server, type Request } from './server';

const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** What was asked for a file of the folder; undefined for what no request alone answers. */
function requestOf(file: string): Omit<Request, 'as' | 'method'> | undefined {
  const name = basename(file).replace(/\.(?:json|txt)$/, '');
  if (file.startsWith('groups/')) {
    const [group = '', version] = name.replace(/\.group$/, '').split('_');
    return { path: group === 'v1' ? '/api/v1' : `/apis/${group}${version === undefined ? '' : `/${version}`}` };
  }
  const health = /^(healthz|livez|readyz)(\.verbose)?$/.exec(name);
  if (health !== null) return { path: `/${health[1] ?? ''}${health[2] === undefined ? '' : '?verbose'}` };
  const list = /^(apis?)\.aggregated-v2$/.exec(name);
  if (list !== null) return { path: `/${list[1] ?? ''}`, headers: { accept: aggregated } };
  if (name === 'root') return { path: '/' };
  return ['api', 'apis', 'version'].includes(name) ? { path: `/${name}` } : undefined;
}

/** Names of what a fresh cluster brings with it: roles, bindings, priority levels … */
const defaultLists: Readonly<Record<string, string>> = {
  clusterroles: '/apis/rbac.authorization.k8s.io/v1/clusterroles',
  clusterrolebindings: '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
  roles: '/apis/rbac.authorization.k8s.io/v1/roles',
  rolebindings: '/apis/rbac.authorization.k8s.io/v1/rolebindings',
  priorityclasses: '/apis/scheduling.k8s.io/v1/priorityclasses',
  flowschemas: '/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas',
  prioritylevelconfigurations: '/apis/flowcontrol.apiserver.k8s.io/v1/prioritylevelconfigurations',
  apiservices: '/apis/apiregistration.k8s.io/v1/apiservices',
  namespaces: '/api/v1/namespaces',
  services: '/api/v1/services',
  servicecidrs: '/apis/networking.k8s.io/v1/servicecidrs',
  ipaddresses: '/apis/networking.k8s.io/v1/ipaddresses',
};

interface List {
  readonly items?: readonly { readonly metadata: { readonly name: string; readonly namespace?: string } }[];
}

/** Without what each cluster has of its own: when, by whom, and what controllers add. */
const bare = (list: List): unknown =>
  (list.items ?? [])
    .map(({ metadata, ...rest }) => {
      const {
        creationTimestamp: _at,
        uid: _uid,
        resourceVersion: _rv,
        managedFields: _fields,
        ...own
      } = metadata as Record<string, unknown>;
      return { ...rest, metadata: own };
    })
    .sort((a, b) => {
      const key = ({ metadata }: { metadata: Record<string, unknown> }): string =>
        `${String(metadata['namespace'])}/${String(metadata['name'])}`;
      return key(a) < key(b) ? -1 : 1;
    });

/** What the server says of itself, and what is there before anybody made anything. */
export async function* replayDiscovery(recordings: string, folder: string): AsyncIterable<Comparison> {
  const server = await Server.start(Date.parse('2026-11-21T03:20:58Z'), true);
  const at = join(recordings, folder);
  const files = [...readdirSync(at), ...readdirSync(join(at, 'groups')).map((name) => `groups/${name}`)];
  for (const file of files.sort()) {
    const list = /^defaults\.(\w+)\.json$/.exec(file)?.[1];
    const path = list === undefined ? undefined : defaultLists[list];
    const request = path === undefined ? requestOf(file) : { path };
    if (request === undefined) continue;
    const recorded = readFileSync(join(at, file), 'utf8');
    const answer = await server.ask({ as: 'admin', method: 'GET', ...request });
    const plain = (text: string): string => {
      try {
        const value = JSON.parse(text) as List;
        return normalise(path === undefined ? value : bare(value));
      } catch {
        return text.trimEnd();
      }
    };
    const [wanted, got] = [plain(recorded), plain(answer.text)];
    yield { id: `${folder}/${file}`, same: wanted === got, difference: apart(wanted, got) };
  }
}
