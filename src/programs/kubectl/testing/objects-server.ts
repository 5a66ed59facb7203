import type { ApiObject } from '../../../kubernetes/apimachinery/object';
import { kinds as servedKinds } from '../../../kubernetes/api';
import { encode } from '../../../linux/io/bytes';
import { Headers } from '../../../linux/net/http/message';
import { ok } from '../../../sim/result';
import { isObject, list, nameOfObject, namespaceOf, text, texts, type JsonObject } from '../json';
import { matchesSelector, parseSelector } from '../resource/selector';
import type { Connect, TransportRequest, TransportResponse } from '../rest/transport';

/** Discovery documents, and objects as they were recorded. */
export interface Recorded {
  readonly api: unknown;
  readonly apis: unknown;
  readonly objects: readonly JsonObject[];
  readonly now?: number;
  /** Answers before the objects are looked at. */
  readonly answer?: (request: TransportRequest) => { readonly status: number; readonly body: unknown } | undefined;
}

const plurals = (document: unknown): ReadonlyMap<string, { readonly kind: string; readonly apiVersion: string }> =>
  new Map(
    list(document, 'items').flatMap((group) =>
      list(group, 'versions').flatMap((version) =>
        list(version, 'resources').map((resource) => {
          const name = text(group, 'metadata', 'name');
          const apiVersion = name === '' ? text(version, 'version') : `${name}/${text(version, 'version')}`;
          return [
            `${apiVersion} ${text(resource, 'resource')}`,
            { kind: text(resource, 'responseKind', 'kind'), apiVersion },
          ] as const;
        }),
      ),
    ),
  );

/** A server that only reads: recorded objects, one by one and as lists with selectors. */
export function objectsServer({ api, apis, objects, answer, now = 0 }: Recorded): {
  readonly connect: Connect;
  readonly requests: TransportRequest[];
} {
  const requests: TransportRequest[] = [];
  const kinds = new Map([...plurals(api), ...plurals(apis)]);
  const status = (code: number, reason: string, message: string, details?: unknown): readonly [number, unknown] => [
    code,
    { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, details, code },
  ];
  const handle = (request: TransportRequest): readonly [number, unknown] => {
    const given = answer?.(request);
    if (given) return [given.status, given.body];
    const url = new URL(`http://x${request.path}`);
    if (url.pathname === '/api') return [200, api];
    if (url.pathname === '/apis') return [200, apis];
    if (request.method !== 'GET') return status(405, 'MethodNotAllowed', 'the server does not allow this method');
    const found =
      /^\/(?:api\/([^/]+)|apis\/([^/]+\/[^/]+))(?:\/namespaces\/([^/]+))?(?:\/([^/]+))?(?:\/([^/]+))?$/.exec(
        url.pathname,
      );
    if (!found) return status(404, 'NotFound', 'the server could not find the requested resource', {});
    const [, core, group, inNamespace, afterNamespace, last] = found;
    const apiVersion = core ?? group ?? '';
    const isNamespaceItself = inNamespace !== undefined && afterNamespace === undefined;
    const namespace = isNamespaceItself ? undefined : inNamespace && decodeURIComponent(inNamespace);
    const plural = isNamespaceItself ? 'namespaces' : (afterNamespace ?? 'namespaces');
    const name = isNamespaceItself ? inNamespace : last && decodeURIComponent(last);
    const type = kinds.get(`${apiVersion} ${plural}`);
    if (!type) return status(404, 'NotFound', 'the server could not find the requested resource', {});
    const groupName = apiVersion.includes('/') ? `.${apiVersion.slice(0, apiVersion.indexOf('/'))}` : '';
    const all = objects.filter(
      (object) =>
        text(object, 'kind') === type.kind &&
        text(object, 'apiVersion') === type.apiVersion &&
        (namespace === undefined || namespaceOf(object) === namespace),
    );
    if (name !== undefined) {
      const object = all.find((each) => nameOfObject(each) === name);
      return object
        ? [200, wantsTable(request) ? tableOf([object], type, url, now) : object]
        : status(404, 'NotFound', `${plural}${groupName} "${name}" not found`, { name, kind: plural });
    }
    const labels = parseSelector(url.searchParams.get('labelSelector') ?? '');
    const fields = parseSelector(url.searchParams.get('fieldSelector') ?? '');
    const items = all.filter(
      (object) => matchesSelector(labels, texts(object, 'metadata', 'labels')) && matchesSelector(fields, flat(object)),
    );
    if (wantsTable(request)) return [200, tableOf(items, type, url, now)];
    return [200, { kind: `${type.kind}List`, apiVersion: type.apiVersion, metadata: { resourceVersion: '1' }, items }];
  };
  const connect: Connect = () => ({
    send(request) {
      requests.push(request);
      const [code, body] = handle(request);
      const response: TransportResponse = {
        status: code,
        headers: new Headers({
          'Content-Type': 'application/json',
          ...(/\/endpoints(\?|\/|$)/.test(request.path)
            ? { Warning: '299 - "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"' }
            : {}),
        }),
        body: encode(typeof body === 'string' ? body : JSON.stringify(body)),
      };
      return Promise.resolve(ok(response));
    },
    upgrade: () => Promise.resolve({ ok: false, error: { message: 'no upgrades here' } }),
  });
  return { connect, requests };
}

const wantsTable = ({ headers }: TransportRequest): boolean => headers['Accept']?.includes('as=Table') ?? false;

function tableOf(
  objects: readonly JsonObject[],
  type: { readonly kind: string; readonly apiVersion: string },
  url: URL,
  now: number,
): unknown {
  const kind = servedKinds.find(({ names, apiVersion }) => names.kind === type.kind && apiVersion === type.apiVersion);
  const whole = url.searchParams.get('includeObject') === 'Object';
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: { resourceVersion: '1' },
    columnDefinitions: (kind?.columns ?? []).map(({ name, type: of, format, priority }) => ({
      name,
      type: of,
      format,
      priority,
    })),
    rows: objects.map((object) => ({
      cells: kind?.columns.map((column) => column.cell(kind.defaults(object as unknown as ApiObject), now)) ?? [],
      object: whole ? object : { metadata: object['metadata'] },
    })),
  };
}

/** Fields by their path, for field selectors. */
function flat(value: unknown, prefix = '', into: Record<string, string> = {}): Record<string, string> {
  if (!isObject(value)) return into;
  for (const [key, inner] of Object.entries(value)) {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    if (isObject(inner)) flat(inner, path, into);
    else into[path] = inner === null || inner === undefined ? '' : String(inner as string);
  }
  return into;
}
