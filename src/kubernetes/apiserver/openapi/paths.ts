import type { Kind } from '../../apimachinery/kind';
import { subresourcesOf } from '../rest/discovery';
import type { Json } from './components';
import { goPackage } from './facts';

/** What a kind's operations take and give. */
export interface Bodies {
  readonly object: Json;
  readonly list: Json;
  /** A `$ref` to any other type: `io.k8s.api.autoscaling.v1.Scale`. */
  readonly other: (type: string) => Json;
}

interface Verb {
  readonly method: 'get' | 'put' | 'post' | 'patch' | 'delete';
  /** x-kubernetes-action, and what operationId begins with. */
  readonly action: string;
  readonly id: string;
  readonly parameters?: readonly Json[];
}

const query = (name: string, type = 'string'): Json => ({ name, in: 'query', schema: { type, uniqueItems: true } });
const written = [query('dryRun'), query('fieldManager'), query('fieldValidation')];
const listed = [
  ...['allowWatchBookmarks:boolean', 'continue', 'fieldSelector', 'labelSelector', 'limit:integer', 'resourceVersion'],
  ...['resourceVersionMatch', 'sendInitialEvents:boolean', 'timeoutSeconds:integer'],
].map((each) => query(...(each.split(':') as [string, string?])));
const deleted = [
  ...['dryRun', 'gracePeriodSeconds:integer', 'ignoreStoreReadErrorWithClusterBreakingPotential:boolean'],
  ...['orphanDependents:boolean', 'propagationPolicy'],
].map((each) => query(...(each.split(':') as [string, string?])));
const pretty = query('pretty');

const verbs = {
  list: { method: 'get', action: 'list', id: 'list', parameters: [...listed, query('watch', 'boolean')] },
  create: { method: 'post', action: 'post', id: 'create', parameters: written },
  deleteCollection: { method: 'delete', action: 'deletecollection', id: 'delete', parameters: [...listed, ...deleted] },
  get: { method: 'get', action: 'get', id: 'read' },
  update: { method: 'put', action: 'put', id: 'replace', parameters: written },
  patch: { method: 'patch', action: 'patch', id: 'patch', parameters: [...written, query('force', 'boolean')] },
  delete: { method: 'delete', action: 'delete', id: 'delete', parameters: deleted },
} as const satisfies Record<string, Verb>;

const patchTypes = [
  'application/apply-patch+yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
];

const inPath: Readonly<Record<string, string>> = {
  name: 'name of the ',
  namespace: 'object name and auth scope, such as for teams and projects',
};
const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** The paths of a kind with the operations on each, as far as clients look at them. */
export function pathsOf(kind: Kind, bodies: Bodies): Json {
  const { names, namespaced } = kind;
  const root = names.group === '' ? `/api/${names.version}` : `/apis/${names.group}/${names.version}`;
  const collection = `${root}${namespaced ? '/namespaces/{namespace}' : ''}/${names.plural}`;
  const own = { group: names.group, version: names.version, kind: names.kind };
  const space = namespaced ? 'Namespaced' : '';
  const tag = `${names.group === '' ? 'core' : (names.group.split('.')[0] ?? '')}_${names.version}`;
  const prefix = tag.split('_').map(capital).join('');

  const operation = (verb: Verb, answers: Json, kindOfIt: Json, suffix: string): Json => ({
    [verb.method]: {
      tags: [tag],
      operationId: `${verb.id}${prefix}${suffix}`,
      ...(verb.parameters === undefined ? {} : { parameters: verb.parameters }),
      ...(['put', 'post'].includes(verb.method)
        ? { requestBody: { content: { '*/*': { schema: answers } }, required: true } }
        : {}),
      ...(verb.method === 'patch' ? { requestBody: patchBody(kind, bodies) } : {}),
      ...(verb.method === 'delete'
        ? { requestBody: { content: { '*/*': { schema: bodies.other(`${meta}.DeleteOptions`) } } } }
        : {}),
      responses: responses(verb, answers),
      'x-kubernetes-action': verb.action,
      'x-kubernetes-group-version-kind': kindOfIt,
    },
  });
  const status = bodies.other(`${meta}.Status`);
  const parameters = (...wanted: readonly string[]): Json => ({
    parameters: [
      ...wanted.map((name) => ({
        name,
        in: 'path',
        description: name === 'name' ? `${inPath['name'] ?? ''}${names.kind}` : inPath[name],
        required: true,
        schema: { type: 'string', uniqueItems: true },
      })),
      pretty,
    ],
  });
  const ofSpace = namespaced ? ['namespace'] : [];
  if (kind.createOnly)
    return {
      [collection]: {
        ...operation(verbs.create, bodies.object, own, `${space}${names.kind}`),
        ...parameters(...ofSpace),
      },
    };
  const paths: Json = {
    [collection]: {
      ...operation(verbs.list, bodies.list, own, `${space}${names.kind}`),
      ...operation(verbs.create, bodies.object, own, `${space}${names.kind}`),
      ...(kind.resource === 'namespaces'
        ? {}
        : operation(verbs.deleteCollection, status, own, `Collection${space}${names.kind}`)),
      ...parameters(...ofSpace),
    },
    [`${collection}/{name}`]: {
      ...operation(verbs.get, bodies.object, own, `${space}${names.kind}`),
      ...operation(verbs.update, bodies.object, own, `${space}${names.kind}`),
      ...operation(verbs.patch, bodies.object, own, `${space}${names.kind}`),
      ...operation(verbs.delete, status, own, `${space}${names.kind}`),
      ...parameters('name', ...ofSpace),
    },
  };
  if (namespaced)
    paths[`${root}/${names.plural}`] = {
      ...operation(verbs.list, bodies.list, own, `${names.kind}ForAllNamespaces`),
      ...parameters(),
    };
  for (const each of subresourcesOf(kind)) {
    const of = { group: each.group, version: each.version, kind: each.kind };
    const isOwn = each.kind === names.kind && each.group === names.group;
    const body = isOwn
      ? bodies.object
      : each.kind.endsWith('Options')
        ? { type: 'string' }
        : bodies.other(`${goPackage(each.group, each.version)}.${each.kind}`);
    const suffix = `${space}${names.kind}${capital(each.name)}`;
    paths[`${collection}/{name}/${each.name}`] = {
      ...Object.assign(
        {},
        ...each.verbs.map((verb) =>
          verb in verbs ? operation(verbs[verb as keyof typeof verbs], body, of, suffix) : {},
        ),
      ),
      ...parameters('name', ...ofSpace),
    };
  }
  return paths;
}

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';

function patchBody(kind: Kind, bodies: Bodies): Json {
  const types = kind.openApi === undefined ? patchTypes : patchTypes.slice(0, 3);
  const schema = bodies.other(`${meta}.Patch`);
  return { content: Object.fromEntries(types.map((type) => [type, { schema }])), required: true };
}

function responses({ method, action }: Verb, schema: Json): Json {
  const content = Object.fromEntries(
    ['application/json', 'application/yaml', ...(action === 'list' ? ['application/json;stream=watch'] : [])].map(
      (type) => [type, { schema }],
    ),
  );
  return {
    '200': { description: 'OK', content },
    ...(['put', 'post', 'patch'].includes(method) ? { '201': { description: 'Created', content } } : {}),
    ...(method === 'post' || action === 'delete' ? { '202': { description: 'Accepted', content } } : {}),
    '401': { description: 'Unauthorized' },
  };
}
