import type { Field, ListSchema, Schema } from '../../apimachinery/schema';
import { Facts } from './facts';
import { declaredDefault } from './defaults';
import { apiType, nameOf, type FieldType } from './packages';

export type Json = Record<string, unknown>;

/** What the JSON of types with an encoding of their own is (their OpenAPISchemaType and OpenAPIV3OneOfTypes). */
const scalars: Readonly<Record<string, Json>> = {
  Quantity: { oneOf: [{ type: 'string' }, { type: 'number' }] },
  IntOrString: { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] },
  Time: { type: 'string', format: 'date-time' },
  MicroTime: { type: 'string', format: 'date-time' },
};

/** Types of apiextensions that may be any JSON. */
const anything = new Set(['JSON', 'JSONSchemaPropsOrArray', 'JSONSchemaPropsOrBool', 'JSONSchemaPropsOrStringArray']);

/** What our tables do not say, of types that are no part of a stored kind. */
const others: Readonly<Record<string, Json>> = {
  'DeleteOptions.dryRun': { 'x-kubernetes-list-type': 'atomic' },
  'DeleteOptions.gracePeriodSeconds': { format: 'int64' },
  'ListMeta.remainingItemCount': { format: 'int64' },
  'Status.details': { 'x-kubernetes-list-type': 'atomic' },
  'StatusDetails.causes': { 'x-kubernetes-list-type': 'atomic' },
  'TokenRequestSpec.audiences': { 'x-kubernetes-list-type': 'atomic' },
  'TokenRequestSpec.expirationSeconds': { format: 'int64' },
};

/** Types of which one field says which other one counts (+union). */
const unions: Readonly<Record<string, readonly [discriminator: string, fields: readonly string[]]>> = {
  'io.k8s.api.core.v1.AppArmorProfile': ['type', ['localhostProfile']],
  'io.k8s.api.core.v1.SeccompProfile': ['type', ['localhostProfile']],
  'io.k8s.api.flowcontrol.v1.LimitResponse': ['type', ['queuing']],
  'io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationSpec': ['type', ['exempt', 'limited']],
  'io.k8s.api.flowcontrol.v1.Subject': ['kind', ['group', 'serviceAccount', 'user']],
};

function unionOf(type: string): Json {
  const [discriminator, fields = []] = unions[type] ?? [];
  if (discriminator === undefined) return {};
  const named = fields.map((field) => [field, field.charAt(0).toUpperCase() + field.slice(1)] as const);
  return { 'x-kubernetes-unions': [{ discriminator, 'fields-to-discriminateBy': Object.fromEntries(named) }] };
}

/** Of every kind (swaggerTypeMetaDescriptions), where the declarations leave it out. */
export const describeTypeMeta: Readonly<Record<string, string>> = {
  apiVersion:
    'APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources',
  kind: 'Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds',
};

/** components.schemas of a document: what is referred to is put there. */
export class Components {
  readonly schemas: Json = {};
  readonly facts = new Facts();

  /** A `$ref` to a type of a loaded package. */
  reference(type: string): Json {
    if (!(type in this.schemas)) {
      this.schemas[type] = {}; // types may contain themselves
      this.schemas[type] = this.#component(type);
    }
    return { $ref: `#/components/schemas/${type}` };
  }

  #component(full: string): Json {
    const type = apiType(full);
    if (type === undefined) return { type: 'object' };
    const [text, shape] = type;
    const description = text === '' ? {} : { description: text };
    const name = nameOf(full);
    if (typeof shape === 'string') return { ...description, ...scalars[name] };
    if (anything.has(name)) return description;
    const properties: Json = {};
    const required: string[] = [];
    for (const field of Object.keys(shape).sort()) {
      const made = shape[field];
      if (made === undefined) continue;
      properties[field] = this.#property(full, field, made);
      if (made[2] === 1) required.push(field);
    }
    return {
      ...description,
      type: 'object',
      ...(required.length === 0 ? {} : { required }),
      ...(Object.keys(properties).length === 0 ? {} : { properties }),
      ...(this.facts.struct(full)?.atomic === true ? { 'x-kubernetes-map-type': 'atomic' } : {}),
      ...unionOf(full),
    };
  }

  #property(owner: string, name: string, [text, type, required, values]: FieldType): Json {
    const field = this.facts.field(owner, name);
    const described = text === '' ? (describeTypeMeta[name] ?? '') : text;
    const schema = this.#schema(type, field?.schema, values);
    const more: Json = {
      ...(described === '' ? {} : { description: described }),
      ...defaultOf(field, name, schema, required),
    };
    const plain = '$ref' in schema && Object.keys(more).length > 0 ? { allOf: [schema] } : schema;
    return {
      ...more,
      ...plain,
      ...strategies(field),
      ...others[`${nameOf(owner)}.${name}`],
      ...declaredDefault(owner, name),
    };
  }

  #schema(type: string, schema: Schema | undefined, values: readonly string[] | undefined): Json {
    if (schema?.type === 'bytes') return { type: 'string', format: 'byte' };
    const inner = schema?.type === 'list' || schema?.type === 'map' ? schema.of : undefined;
    if (type.startsWith('[]'))
      return {
        type: 'array',
        items: elementWithDefault(this.#schema(type.slice(2), inner, values)),
        ...(schema?.type === 'list' ? listType(schema) : {}),
      };
    if (type.startsWith('{}'))
      return { type: 'object', additionalProperties: elementWithDefault(this.#schema(type.slice(2), inner, values)) };
    switch (type) {
      case 'string':
        return { type, ...(values === undefined ? {} : { enum: values }) };
      case 'boolean':
        return { type };
      case 'number':
        return schema?.type === 'float'
          ? { type, format: 'double' }
          : { type: 'integer', format: schema?.type === 'int' ? schema.go : 'int32' };
      default:
        return type.includes('.') ? this.reference(type) : { type: 'object' };
    }
  }
}

const zeroes: Readonly<Record<string, unknown>> = { string: '', boolean: false, integer: 0, number: 0 };
/** Of elements, which are never pointers. */
function elementWithDefault(schema: Json): Json {
  if ('$ref' in schema) {
    const name = nameOf(String(schema['$ref']));
    return name in scalars || anything.has(name) ? schema : { allOf: [schema], default: {} };
  }
  const zero = schema['format'] === 'byte' ? undefined : zeroes[String(schema['type'])];
  return zero === undefined ? schema : { ...schema, default: zero };
}

/** The parts of objects that we have no tables of. */
const wholes = new Set(['metadata', 'spec', 'status']);

/** What a field that is no pointer is where nothing is said: a struct always, others where they have no omitempty. */
function defaultOf(field: Field | undefined, name: string, schema: Json, required: 0 | 1 | undefined): Json {
  if (field?.pointer === true || field?.nil === true) return {};
  if ('$ref' in schema) {
    if (nameOf(String(schema['$ref'])) in scalars) return {};
    const whole = field === undefined ? wholes.has(name) : field.schema.type === 'struct';
    return whole ? { default: {} } : {};
  }
  const zero = zeroes[String(schema['type'])];
  const always = field === undefined ? required === 1 : field.always;
  return always && zero !== undefined && schema['format'] !== 'byte' ? { default: zero } : {};
}

/** x-kubernetes-list-type and the keys of a map. A list type with a name of its own says nothing. */
function listType({ keys, set, go }: ListSchema): Json {
  if (go !== undefined) return {};
  if (keys !== undefined) return { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': keys };
  return { 'x-kubernetes-list-type': set === true ? 'set' : 'atomic' };
}

/** What strategic merge patches and server-side apply do with a field. */
function strategies(field: Field | undefined): Json {
  if (field === undefined) return {};
  const { schema } = field;
  const list = schema.type === 'list' ? schema : undefined;
  const merges = list?.patchKey !== undefined || list?.patchMerge === true;
  const retains = list?.retainKeys === true || field.retainKeys === true;
  const strategy = [merges ? 'merge' : '', retains ? 'retainKeys' : '', field.replace === true ? 'replace' : '']
    .filter((each) => each !== '')
    .join(',');
  const mapType =
    field.granular === true ? 'granular' : schema.type === 'map' && schema.atomic === true ? 'atomic' : undefined;
  return {
    ...(mapType === undefined ? {} : { 'x-kubernetes-map-type': mapType }),
    ...(schema.type === 'bytes' && schema.atomic === true ? { 'x-kubernetes-list-type': 'atomic' } : {}),
    ...(list?.patchKey === undefined ? {} : { 'x-kubernetes-patch-merge-key': list.patchKey }),
    ...(strategy === '' ? {} : { 'x-kubernetes-patch-strategy': strategy }),
  };
}
