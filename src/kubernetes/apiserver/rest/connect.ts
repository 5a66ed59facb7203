import type { ApiObject } from '../../apimachinery/object';
import type { Kind } from '../../apimachinery/kind';
import type { Status } from '../../apimachinery/status';
import type { Routed } from './exchange';
import type { RequestInfo } from './request-info';

/** Subresources that are connections (rest.Connecter), and what their queries say. */
const flags = ['stdin', 'stdout', 'stderr', 'tty'];
const options: Readonly<Partial<Record<string, (query: URLSearchParams) => object>>> = {
  exec: (query) => ({ ...streams(query), command: query.getAll('command') }),
  attach: (query) => streams(query),
  portforward: (query) => ({ ports: query.getAll('ports').map(Number) }),
};

function streams(query: URLSearchParams): object {
  const container = query.get('container') ?? '';
  const set = flags.filter((name) => query.get(name) === 'true' || query.get(name) === '1');
  return {
    ...Object.fromEntries(set.map((name) => [name, true])),
    ...(container === '' ? {} : { container }),
  };
}

const kinds: Readonly<Record<string, string>> = {
  exec: 'PodExecOptions',
  attach: 'PodAttachOptions',
  portforward: 'PodPortForwardOptions',
};

export const isConnection = ({ subresource = '' }: RequestInfo): boolean => Object.hasOwn(options, subresource);

/** Admission of a connection: what is looked at is not an object but the options of the query. */
export function admitConnection({ info, client, server, kind }: Routed): Status | undefined {
  const { subresource = '', namespace, name, query } = info;
  const read = options[subresource];
  const called = kinds[subresource];
  if (read === undefined || called === undefined) return undefined;
  const asked = { kind: called, apiVersion: 'v1', ...read(query) };
  // Whose name and namespace count is not written down in options.
  Object.defineProperty(asked, 'metadata', { value: { name, namespace }, enumerable: false });
  return server.registry.admission.connect({
    kind: { ...kind, names: { ...kind.names, kind: called } } as Kind,
    operation: 'CONNECT',
    subresource,
    object: asked as unknown as ApiObject,
    actor: client.actor,
    dryRun: false,
  });
}
