import type { Kind } from '../../apimachinery/kind';
import { subresourcesOf, verbsOf } from '../rest/discovery';
import { returnsObject } from '../rest/write';
import type { Json } from './components';
import { goPackage } from './facts';
import { operationNameOf, tagOf } from './names';

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
  deletecollection: { method: 'delete', action: 'deletecollection', id: 'delete', parameters: [...listed, ...deleted] },
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
  const tag = `${tagOf(names.group)}_${names.version}`;
  const prefix = operationNameOf(names.group) + capital(names.version);

  const operation = (verb: Verb, answers: Json, kindOfIt: Json, suffix: string): Json => ({
    [verb.method]: {
      tags: [tag],
      operationId: `${verb.id}${prefix}${suffix}`,
      ...(verb.parameters === undefined ? {} : { parameters: verb.parameters }),
      ...(verb.action !== 'connect' && ['put', 'post'].includes(verb.method)
        ? { requestBody: { content: { '*/*': { schema: answers } }, required: true } }
        : {}),
      ...(verb.action === 'patch' ? { requestBody: patchBody(kind, bodies) } : {}),
      ...(verb.action.startsWith('delete')
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
  const served = new Set(verbsOf(kind));
  const given = (verb: keyof typeof verbs, answers: Json, suffix: string): Json =>
    served.has(verb) ? operation(verbs[verb], answers, own, suffix) : {};
  const name = `${space}${names.kind}`;
  const paths: Json = {
    [collection]: {
      ...given('list', bodies.list, name),
      ...given('create', bodies.object, name),
      ...given('deletecollection', status, `Collection${name}`),
      ...parameters(...ofSpace),
    },
  };
  if (served.has('get'))
    paths[`${collection}/{name}`] = {
      ...given('get', bodies.object, name),
      ...given('update', bodies.object, name),
      ...given('patch', bodies.object, name),
      ...given('delete', returnsObject.has(kind.resource) ? bodies.object : status, name),
      ...parameters('name', ...ofSpace),
    };
  if (namespaced && served.has('list'))
    paths[`${root}/${names.plural}`] = {
      ...given('list', bodies.list, `${names.kind}ForAllNamespaces`),
      ...parameters(),
    };
  for (const each of subresourcesOf(kind)) {
    const of = { group: each.group, version: each.version, kind: each.kind };
    const streams = each.kind.endsWith('Options');
    const body =
      streams || each.name === 'log'
        ? { type: 'string' }
        : each.kind === names.kind && each.group === names.group
          ? bodies.object
          : bodies.other(`${goPackage(each.group, each.version)}.${each.kind}`);
    const item: Json = {};
    for (const verb of each.verbs) {
      if (!isVerb(verb)) continue;
      const { [verb]: plain } = verbs;
      Object.assign(
        item,
        streams
          ? operation(connect(plain), body, of, `${capital(plain.method)}${name}${capital(each.name)}`)
          : operation(plain, body, of, `${name}${capital(each.name)}`),
      );
    }
    paths[`${collection}/{name}/${each.name}`] = { ...item, ...parameters('name', ...ofSpace) };
  }
  return paths;
}

const isVerb = (verb: string): verb is keyof typeof verbs => Object.hasOwn(verbs, verb);
/** What opens a connection, by whatever method. */
const connect = ({ method }: Verb): Verb => ({ method, action: 'connect', id: 'connect' });

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';

function patchBody(kind: Kind, bodies: Bodies): Json {
  const types = kind.openApi === undefined ? patchTypes : patchTypes.slice(0, 3);
  const schema = bodies.other(`${meta}.Patch`);
  return { content: Object.fromEntries(types.map((type) => [type, { schema }])), required: true };
}

function responses({ method, action }: Verb, schema: Json): Json {
  if (action === 'connect')
    return { '200': { description: 'OK', content: { '*/*': { schema } } }, '401': { description: 'Unauthorized' } };
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
