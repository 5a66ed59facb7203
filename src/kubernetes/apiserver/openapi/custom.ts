import type { Kind } from '../../apimachinery/kind';
import { describeTypeMeta, type Components, type Json } from './components';
import { typeNameOf } from './facts';

/**
 * Schemas of custom resources, as their authors wrote them, with what every object has.
 * Source: apiextensions-apiserver pkg/controller/openapi/builder.
 */
const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const conventions = 'https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md';
const describeMetadata = `Standard object's metadata. More info: ${conventions}#metadata`;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `io.k8s.api.apps.v1.DeploymentList`. */
export function listTypeOf(kind: Kind): string {
  const { kind: own, listKind = `${own}List` } = kind.names;
  return `${typeNameOf(kind).slice(0, -own.length)}${listKind}`;
}

export function customObject(kind: Kind, components: Components): Json {
  const name = typeNameOf(kind);
  const metadata = { description: describeMetadata, allOf: [components.reference(`${meta}.ObjectMeta`)] };
  const schema = withEmbedded(kind.openApi as Json, metadata);
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  components.schemas[name] = {
    ...schema,
    properties: {
      ...properties,
      apiVersion: { type: 'string', description: describeTypeMeta['apiVersion'] },
      kind: { type: 'string', description: describeTypeMeta['kind'] },
      metadata,
    },
  };
  return { $ref: `#/components/schemas/${name}` };
}

export function customList(kind: Kind, components: Components): Json {
  const { names } = kind;
  const type = listTypeOf(kind);
  components.schemas[type] = {
    description: `${names.listKind ?? `${names.kind}List`} is a list of ${names.kind}`,
    type: 'object',
    required: ['items'],
    properties: {
      apiVersion: { type: 'string', description: describeTypeMeta['apiVersion'] },
      items: {
        description: `List of ${names.plural}. More info: ${conventions}`,
        type: 'array',
        items: { $ref: `#/components/schemas/${typeNameOf(kind)}` },
      },
      kind: { type: 'string', description: describeTypeMeta['kind'] },
      metadata: {
        description: `Standard list metadata. More info: ${conventions}#types-kinds`,
        allOf: [components.reference(`${meta}.ListMeta`)],
      },
    },
  };
  return { $ref: `#/components/schemas/${type}` };
}

/** Objects within objects (x-kubernetes-embedded-resource) have what every object has, too. */
function withEmbedded(schema: Json, metadata: Json): Json {
  const made: Json = { ...schema };
  if (isObject(schema['properties']))
    made['properties'] = Object.fromEntries(
      Object.entries(schema['properties']).map(([key, inner]) => [
        key,
        isObject(inner) ? withEmbedded(inner, metadata) : inner,
      ]),
    );
  for (const key of ['items', 'additionalProperties']) {
    const inner = schema[key];
    if (isObject(inner)) made[key] = withEmbedded(inner, metadata);
  }
  if (schema['x-kubernetes-embedded-resource'] !== true) return made;
  const required = Array.isArray(schema['required']) ? (schema['required'] as unknown[]) : [];
  made['properties'] = {
    ...(isObject(made['properties']) ? made['properties'] : {}),
    apiVersion: {
      type: 'string',
      description: `apiVersion defines the versioned schema of this representation of an object. More info: ${conventions}#resources`,
    },
    kind: {
      type: 'string',
      description: `kind is a string value representing the type of this object. In CamelCase. More info: ${conventions}#types-kinds`,
    },
    metadata,
  };
  made['required'] = [...required, ...['kind', 'apiVersion'].filter((name) => !required.includes(name))];
  return made;
}
