/** What a path asks for: k8s.io/apiserver/pkg/endpoints/request/requestinfo.go */
export interface RequestInfo {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Something under /api/v1 or /apis/GROUP/VERSION. */
  readonly isResource: boolean;
  readonly verb: Verb;
  readonly group: string;
  readonly version: string;
  readonly namespace: string | undefined;
  readonly resource: string;
  readonly name: string;
  readonly subresource: string;
  /** What follows the subresource (`proxy/…`). */
  readonly rest: readonly string[];
  /** Why nothing can be found out. */
  readonly problem?: string;
}

export type Verb =
  | 'get'
  | 'list'
  | 'watch'
  | 'create'
  | 'update'
  | 'patch'
  | 'delete'
  | 'deletecollection'
  | 'proxy'
  | 'head'
  | 'options'
  | '';

const verbs: Readonly<Record<string, Verb>> = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

/** Parts of a namespace itself, not resources in it. */
const namespaceSubresources = new Set(['status', 'finalize']);

export function requestInfo(method: string, url: string): RequestInfo {
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1));
  const none = {
    method,
    path,
    query,
    isResource: false,
    verb: (method.toLowerCase() as Verb) ?? '',
    group: '',
    version: '',
    namespace: undefined,
    resource: '',
    name: '',
    subresource: '',
    rest: [],
  } satisfies RequestInfo;

  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map(decode);
  const core = parts[0] === 'api';
  const minimum = core ? 3 : 4;
  if ((!core && parts[0] !== 'apis') || parts.length < minimum) return none;
  const group = core ? '' : (parts[1] ?? '');
  const version = parts[core ? 1 : 2] ?? '';
  let rest = parts.slice(core ? 2 : 3);
  let verb: Verb = verbs[method] ?? '';
  // From before watches were asked for by the query, and proxies by a subresource.
  const [special = ''] = rest;
  if (special === 'watch' || special === 'proxy') {
    if (rest.length < 2) return { ...none, problem: `unable to determine kind and namespace from url, ${path}` };
    verb = special;
    rest = rest.slice(1);
  }

  let namespace: string | undefined;
  if (rest[0] === 'namespaces' && rest.length > 1) {
    namespace = rest[1];
    if (rest.length > 2 && !namespaceSubresources.has(rest[2] ?? '')) rest = rest.slice(2);
  }
  const [resource = '', name = '', subresource = '', ...more] = rest;
  if (name === '' && verb === 'get') verb = isTrue(query.get('watch')) ? 'watch' : 'list';
  if (name === '' && verb === 'delete') verb = 'deletecollection';
  // A watch of one object by its field selector is for authorization a watch of that name.
  return {
    ...none,
    isResource: true,
    verb,
    group,
    version,
    namespace: resource === 'namespaces' && name === '' ? undefined : namespace,
    resource,
    name,
    subresource: verb === 'proxy' ? '' : subresource,
    rest: more,
  };
}

export const isTrue = (value: string | null): boolean => value !== null && value !== 'false' && value !== '0';

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
