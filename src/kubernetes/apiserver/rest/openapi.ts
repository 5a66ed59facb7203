import { sha512 } from '@noble/hashes/sha2.js';
import { encode } from '../../../linux/io/bytes';
import { Headers, type Response } from '../../../linux/net/http/message';
import type { Kind } from '../../apimachinery/kind';
import type { Schema, StructSchema } from '../../apimachinery/schema';
import { podTemplateSpec } from '../../api/core/pod-schema';
import { objectMeta } from '../../api/meta/schema';
import type { Exchange } from './exchange';
import { answer } from './respond';

/**
 * OpenAPI v3 made of the same tables that decode requests. kubectl asks whether a PATCH knows `fieldValidation`, and
 * `kubectl explain` walks the schemas. Descriptions are not there yet.
 */
type Json = Record<string, unknown>;

const metaPackage = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const metaTypes = new Set([
  'ObjectMeta',
  'LabelSelector',
  'LabelSelectorRequirement',
  'OwnerReference',
  'ManagedFieldsEntry',
  'Condition',
]);

/** Groups whose Go packages are not the first part of their names. */
const groupPackage = (group: string): string => (group === '' ? 'core' : (group.split('.')[0] ?? group));

/** Types of core that other groups use. */
const coreTypes: ReadonlySet<StructSchema> = reachable(podTemplateSpec);

function reachable(schema: Schema, found = new Set<StructSchema>()): Set<StructSchema> {
  if (schema.type === 'list' || schema.type === 'map') return reachable(schema.of, found);
  if (schema.type !== 'struct' || found.has(schema)) return found;
  found.add(schema);
  for (const key in schema.fields) {
    const field = schema.fields[key];
    if (field !== undefined) reachable(field.schema, found);
  }
  return found;
}

class Document {
  readonly schemas: Json = {};
  constructor(readonly kinds: readonly Kind[]) {}

  get text(): string {
    const paths: Json = {};
    for (const kind of this.kinds) Object.assign(paths, this.#paths(kind));
    return JSON.stringify({
      openapi: '3.0.0',
      info: { title: 'Kubernetes', version: 'v1.33.13' },
      paths,
      components: {
        schemas: this.schemas,
        securitySchemes: {
          BearerToken: {
            type: 'apiKey',
            description: 'Bearer Token authentication',
            name: 'authorization',
            in: 'header',
          },
        },
      },
    });
  }

  #paths(kind: Kind): Json {
    const { names } = kind;
    const root = names.group === '' ? '/api/v1' : `/apis/${kind.apiVersion}`;
    const space = kind.namespaced ? '/namespaces/{namespace}' : '';
    const groupVersionKind = { group: names.group, version: names.version, kind: names.kind };
    const body =
      kind.openApi !== undefined
        ? this.#custom(kind, groupVersionKind)
        : kind.schema === undefined
          ? { type: 'object' }
          : this.#reference(kind.schema, kind, groupVersionKind);
    const operation = (action: string, verb: string, more: Json = {}): Json => ({
      operationId: `${verb}${names.kind}`,
      responses: {
        '200': { description: 'OK', content: { 'application/json': { schema: body } } },
        '401': { description: 'Unauthorized' },
      },
      'x-kubernetes-action': action,
      'x-kubernetes-group-version-kind': groupVersionKind,
      ...more,
    });
    const sent = (types: readonly string[]): Json => ({
      requestBody: {
        content: Object.fromEntries(
          types.map((type) => [type, { schema: type.includes('patch') ? patchSchema : body }]),
        ),
        required: true,
      },
    });
    const parameters = writeParameters;
    return {
      [`${root}${space}/${names.plural}`]: {
        get: operation('list', 'list', { parameters: listParameters }),
        post: operation('post', 'create', { parameters, ...sent(['*/*']) }),
        delete: operation('deletecollection', 'deleteCollection'),
        parameters: pathParameters(kind.namespaced ? ['namespace'] : []),
      },
      [`${root}${space}/${names.plural}/{name}`]: {
        get: operation('get', 'read'),
        put: operation('put', 'replace', { parameters, ...sent(['*/*']) }),
        delete: operation('delete', 'delete', { parameters: parameters.slice(0, 1) }),
        patch: operation('patch', 'patch', {
          parameters: [...parameters, force],
          ...sent(kind.openApi === undefined ? patchTypes : patchTypes.slice(0, 3)),
        }),
        parameters: pathParameters(kind.namespaced ? ['name', 'namespace'] : ['name']),
      },
    };
  }

  /** The schema of a custom resource, as its author wrote it, with what every object has. */
  #custom(kind: Kind, groupVersionKind: Json): Json {
    const { group, version, kind: own } = kind.names;
    const name = `${group.split('.').reverse().join('.')}.${version}.${own}`;
    const schema = kind.openApi as Json;
    this.schemas[name] = {
      ...schema,
      properties: {
        ...(schema['properties'] as Json | undefined),
        apiVersion: { type: 'string', description: describeApiVersion },
        kind: { type: 'string', description: describeKind },
        metadata: { allOf: [this.#reference(objectMeta, kind)], description: describeMetadata },
      },
      'x-kubernetes-group-version-kind': [groupVersionKind],
    };
    return { $ref: `#/components/schemas/${name}` };
  }

  /** A `$ref`; the schema it means is put among the components. */
  #reference(schema: StructSchema, kind: Kind, groupVersionKind?: Json): Json {
    const name = this.#nameOf(schema, kind);
    if (!(name in this.schemas)) {
      const properties: Json = {};
      const component: Json = { type: 'object', properties };
      this.schemas[name] = component;
      const required: string[] = [];
      for (const key in schema.fields) {
        const field = schema.fields[key];
        if (field === undefined) continue;
        properties[key] = this.#schema(field.schema, kind);
        if (field.always && !field.pointer && ['string', 'int', 'bool', 'list'].includes(field.schema.type))
          required.push(key);
      }
      if (required.length > 0) component['required'] = required;
      if (schema.atomic === true) component['x-kubernetes-map-type'] = 'atomic';
      if (groupVersionKind !== undefined) component['x-kubernetes-group-version-kind'] = [groupVersionKind];
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  #nameOf(schema: StructSchema, { names }: Kind): string {
    if (metaTypes.has(schema.name)) return `${metaPackage}.${schema.name}`;
    if (coreTypes.has(schema)) return `io.k8s.api.core.v1.${schema.name}`;
    return `io.k8s.api.${groupPackage(names.group)}.${names.version}.${schema.name}`;
  }

  #schema(schema: Schema, kind: Kind): Json {
    switch (schema.type) {
      case 'struct':
        return { allOf: [this.#reference(schema, kind)], default: {} };
      case 'list':
        return {
          type: 'array',
          items: this.#schema(schema.of, kind),
          ...(schema.keys === undefined
            ? { 'x-kubernetes-list-type': schema.patchMerge === true ? 'set' : 'atomic' }
            : { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': schema.keys }),
          ...(schema.patchKey === undefined ? {} : { 'x-kubernetes-patch-merge-key': schema.patchKey }),
          ...(schema.patchKey !== undefined || schema.patchMerge === true
            ? { 'x-kubernetes-patch-strategy': schema.retainKeys === true ? 'merge,retainKeys' : 'merge' }
            : {}),
        };
      case 'map':
        return { type: 'object', additionalProperties: this.#schema(schema.of, kind) };
      case 'string':
        return { type: 'string' };
      case 'bytes':
        return { type: 'string', format: 'byte' };
      case 'int':
        return { type: 'integer', format: schema.go };
      case 'float':
        return { type: 'number', format: 'double' };
      case 'bool':
        return { type: 'boolean' };
      case 'quantity':
        return { oneOf: [{ type: 'string' }, { type: 'number' }] };
      case 'intOrString':
        return { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] };
      case 'time':
      case 'microTime':
        return { type: 'string', format: 'date-time' };
      case 'any':
        return { type: 'object' };
    }
  }
}

/** swaggerTypeMetaDescriptions, and that of metadata in published schemas. */
const describeApiVersion =
  'APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources';
const describeKind =
  'Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds';
const describeMetadata =
  "Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata";

const patchSchema = {
  type: 'object',
  description: 'Patch is provided to give a concrete name and type to the Kubernetes PATCH request body.',
};
const patchTypes = [
  'application/apply-patch+yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
];
const query = (name: string, type = 'string'): Json => ({ name, in: 'query', schema: { type, uniqueItems: true } });
const writeParameters = [query('dryRun'), query('fieldManager'), query('fieldValidation')];
const force = query('force', 'boolean');
const listParameters = ['continue', 'fieldSelector', 'labelSelector', 'resourceVersion', 'resourceVersionMatch'].map(
  (name) => query(name),
);
const pathParameters = (names: readonly string[]): readonly Json[] =>
  names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string', uniqueItems: true } }));

/** Documents by what they are made of; a new kind makes new ones. */
const documents = new WeakMap<
  Kind,
  {
    readonly kinds: readonly Kind[];
    readonly schemas: readonly unknown[];
    readonly text: string;
    readonly hash: string;
  }
>();

function documentOf(kinds: readonly Kind[]): { readonly text: string; readonly hash: string } {
  const [first] = kinds;
  const known = first === undefined ? undefined : documents.get(first);
  const schemas = kinds.map((kind) => kind.openApi ?? kind.schema);
  if (known?.kinds.length === kinds.length && known.schemas.every((schema, at) => schema === schemas[at])) return known;
  const { text } = new Document(kinds);
  const hash = Array.from(sha512(encode(text)), (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
  const made = { kinds, schemas, text, hash };
  if (first !== undefined) documents.set(first, made);
  return made;
}

/** `/openapi/v3` and the documents of the group versions. */
export function openapi({ server, info }: Exchange): Response | undefined {
  const parts = info.path.split('/').filter((part) => part !== '');
  if (parts[0] !== 'openapi' || parts[1] !== 'v3') return undefined;
  const groups = new Map<string, Kind[]>();
  for (const kind of server.registry.storage.views) {
    const path = kind.names.group === '' ? `api/${kind.apiVersion}` : `apis/${kind.apiVersion}`;
    groups.set(path, [...(groups.get(path) ?? []), kind]);
  }
  if (parts.length === 2) {
    const paths: Json = {};
    for (const path of [...groups.keys()].sort())
      paths[path] = { serverRelativeURL: `/openapi/v3/${path}?hash=${documentOf(groups.get(path) ?? []).hash}` };
    return answer(200, { paths });
  }
  const kinds = groups.get(parts.slice(2).join('/'));
  if (kinds === undefined) return undefined;
  const { text, hash } = documentOf(kinds);
  const body = encode(text);
  const wanted = info.query.get('hash');
  return {
    status: 200,
    headers: new Headers({
      // Asked for by its hash, it never changes.
      'Cache-Control': wanted === hash ? 'public, immutable' : 'no-cache, private',
      'Content-Type': 'application/json',
      Etag: `"${hash}"`,
      Vary: 'Accept',
      'Content-Length': String(body.length),
    }),
    body,
  };
}
