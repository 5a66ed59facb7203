import type { Json } from './components';

/**
 * OpenAPI v2, of the v3 documents of all group versions. It knows less: one type a value, no alternatives, and kubectl
 * stumbles over more (apiextensions-apiserver pkg/controller/openapi/v2).
 */
export function openapiV2(documents: readonly Json[]): Json {
  const definitions: Json = {};
  const paths: Json = {};
  for (const document of documents) {
    const { schemas } = document['components'] as { readonly schemas: Json };
    for (const [name, schema] of Object.entries(schemas)) {
      // A kind is told in full by the document of its own group.
      if (name in definitions && !(groupVersionKind in (schema as Json))) continue;
      definitions[name] =
        scalars[name.slice(name.lastIndexOf('.') + 1)]?.(schema as Json) ??
        (groupVersionKind in (schema as Json) ? kindDefinition(schema as Json) : definition(schema as Json));
    }
    for (const [path, item] of Object.entries(document['paths'] as Json)) paths[path] = operations(item as Json);
  }
  return { swagger: '2.0', info: documents[0]?.['info'] ?? {}, paths, definitions };
}

const groupVersionKind = 'x-kubernetes-group-version-kind';
const preserve = 'x-kubernetes-preserve-unknown-fields';

/** Types that have several JSON types. */
const scalars: Readonly<Record<string, (schema: Json) => Json>> = {
  Quantity: ({ description }) => ({ description, type: 'string' }),
  IntOrString: ({ description, format }) => ({ description, type: 'string', format }),
};

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const mapped = (map: unknown): Json =>
  Object.fromEntries(Object.entries(isObject(map) ? map : {}).map(([key, inner]) => [key, definition(inner as Json)]));

const dropped = new Set(['default', 'allOf', 'oneOf', 'anyOf', 'not', 'nullable', 'properties', 'items']);

/** buildKubeNative: of a kind that takes anything nothing is told, since kubectl would refuse all else. */
const kindDefinition = (schema: Json): Json =>
  schema[preserve] === true ? { type: 'object', [groupVersionKind]: schema[groupVersionKind] } : definition(schema);

function definition(schema: Json): Json {
  const made: Json = {};
  for (const [key, value] of Object.entries(schema)) if (!dropped.has(key)) made[key] = value;
  const [only] = Array.isArray(schema['allOf']) ? (schema['allOf'] as readonly unknown[]) : [];
  const reference = schema['$ref'] ?? (isObject(only) ? only['$ref'] : undefined);
  if (typeof reference === 'string') {
    made['$ref'] = reference.replace('#/components/schemas/', '#/definitions/');
    return made;
  }
  const untyped = schema['nullable'] === true;
  const loose = schema[preserve] === true;
  if (!untyped && !loose) {
    if ('properties' in schema) made['properties'] = mapped(schema['properties']);
    if (isObject(schema['items'])) made['items'] = definition(schema['items']);
  }
  if (isObject(schema['additionalProperties']))
    made['additionalProperties'] = definition(schema['additionalProperties']);
  if (untyped || (loose && made['type'] === 'object') || (made['type'] === 'array' && !('items' in made)))
    delete made['type'];
  return made;
}

const methods = new Set(['get', 'put', 'post', 'patch', 'delete']);

function operations(item: Json): Json {
  const made: Json = {};
  for (const [key, value] of Object.entries(item))
    made[key] = methods.has(key) ? operation(value as Json) : key === 'parameters' ? parameters(value) : value;
  return made;
}

const parameters = (value: unknown): readonly Json[] =>
  (Array.isArray(value) ? (value as readonly Json[]) : []).map(({ schema, ...rest }) => ({
    ...rest,
    ...(schema as Json),
  }));

function operation({ requestBody, responses, parameters: queried, ...rest }: Json): Json {
  const body = contentOf(requestBody);
  const answers = Object.entries(responses as Json).map(([status, answer]) => {
    const { schema } = contentOf(answer);
    const { description } = answer as Json;
    return [status, schema === undefined ? { description } : { description, schema }] as const;
  });
  return {
    ...rest,
    consumes: body.types,
    produces: ['application/json', 'application/yaml'],
    parameters: [
      ...(body.schema === undefined ? [] : [{ in: 'body', name: 'body', schema: body.schema }]),
      ...parameters(queried),
    ],
    responses: Object.fromEntries(answers),
  };
}

function contentOf(value: unknown): { readonly types: readonly string[]; readonly schema?: Json } {
  const content = isObject(value) && isObject(value['content']) ? value['content'] : {};
  const types = Object.keys(content);
  const first = content[types[0] ?? ''] as { readonly schema: Json } | undefined;
  return first === undefined ? { types: ['*/*'] } : { types, schema: definition(first.schema) };
}
