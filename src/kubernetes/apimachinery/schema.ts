/**
 * What the server's Go types say about JSON: which fields there are, of which type, what is printed when it is empty, and
 * how lists merge. Everything that depends on it (strict decoding, strategic patches, server-side apply, OpenAPI) reads
 * these tables.
 */
export type Schema = ScalarSchema | ListSchema | MapSchema | StructSchema;

export interface ScalarSchema {
  readonly type:
    'string' | 'int' | 'bool' | 'float' | 'bytes' | 'quantity' | 'intOrString' | 'time' | 'microTime' | 'any';
  /** The Go type, as error messages name it: `int32`, `v1.PullPolicy`. */
  readonly go: string;
  /** Bytes that the API types call an atomic list. */
  readonly atomic?: boolean;
  /** For `any`: a type with an UnmarshalJSON of its own. */
  readonly decode?: (value: unknown, fail: (message: string) => undefined) => unknown;
}

export interface ListSchema {
  readonly type: 'list';
  readonly of: Schema;
  /** A list type with a name of its own: `v1.ExtraValue`. */
  readonly go?: string;
  /** patchMergeKey of strategic merge patches. */
  readonly patchKey?: string;
  /** Plain values that strategic patches merge. */
  readonly patchMerge?: boolean;
  /** x-kubernetes-list-type is set: server-side apply merges its values. */
  readonly set?: boolean;
  /** x-kubernetes-list-map-keys; absent: atomic, or a set. */
  readonly keys?: readonly string[];
  /** What a key is where an element does not say it. */
  readonly keyDefaults?: Readonly<Record<string, unknown>>;
  /** Elements replace each other's unnamed siblings ($retainKeys), as volumes do. */
  readonly retainKeys?: boolean;
}

export interface MapSchema {
  readonly type: 'map';
  readonly of: Schema;
  /** Merged as one value by server-side apply (x-kubernetes-map-type: atomic). */
  readonly atomic?: boolean;
}

export interface StructSchema {
  readonly type: 'struct';
  /** `Container`; error messages say `Container.spec.containers.image`. */
  readonly name: string;
  readonly go: string;
  readonly fields: Readonly<Record<string, Field>>;
  /** Fields that it does not name are kept as they are (x-kubernetes-preserve-unknown-fields). */
  readonly open?: boolean;
  /** Merged as one value by server-side apply (x-kubernetes-map-type: atomic). */
  readonly atomic?: boolean;
}

export interface Field {
  readonly schema: Schema;
  /** Zero values of pointers are kept, of others dropped. */
  readonly pointer: boolean;
  /** No omitempty: printed even when empty. */
  readonly always: boolean;
  /** A pointer without omitempty: printed as null where there is nothing. */
  readonly nil?: boolean;
  /** Fields that are not named in a patch go ($retainKeys), as of a deployment's strategy. */
  readonly retainKeys?: boolean;
  /** Strategic patches replace it as a whole. */
  readonly replace?: boolean;
  /** Merged part by part by server-side apply, whatever its type says (x-kubernetes-map-type: granular). */
  readonly granular?: boolean;
}

const scalar = (type: ScalarSchema['type'], go: string): ScalarSchema => ({ type, go });

export const str = scalar('string', 'string');
/** A string type with a name of its own: `v1.PullPolicy`. */
export const named = (name: string): ScalarSchema => scalar('string', `v1.${name}`);
export const int32 = scalar('int', 'int32');
export const int64 = scalar('int', 'int64');
export const float64 = scalar('float', 'float64');
export const bool = scalar('bool', 'bool');
export const bytes = scalar('bytes', '[]uint8');
export const quantity = scalar('quantity', 'resource.Quantity');
export const intOrString = scalar('intOrString', 'intstr.IntOrString');
export const time = scalar('time', 'v1.Time');
export const microTime = scalar('microTime', 'v1.MicroTime');
export const any = scalar('any', 'interface {}');

export const list = (of: Schema): ListSchema => ({ type: 'list', of });
/** Merged by a key, by strategic patches and server-side apply alike; more keys count for the latter only. */
export const listMap = (of: Schema, patchKey: string, ...more: readonly string[]): ListSchema => ({
  type: 'list',
  of,
  patchKey,
  keys: [patchKey, ...more],
});
/** Where an element may leave a key out. */
export const withKeyDefaults = (schema: ListSchema, keyDefaults: Readonly<Record<string, unknown>>): ListSchema => ({
  ...schema,
  keyDefaults,
});
/** Merged by a key by strategic patches only. */
export const patchList = (of: Schema, patchKey: string): ListSchema => ({ type: 'list', of, patchKey });
/** Keyed for server-side apply only. */
export const keyedList = (of: Schema, ...keys: readonly string[]): ListSchema => ({ type: 'list', of, keys });
/** A set for server-side apply; strategic patches replace it. */
export const set = (of: Schema): ListSchema => ({ type: 'list', of, set: true });
/** A set for strategic patches, too. */
export const mergedSet = (of: Schema): ListSchema => ({ type: 'list', of, set: true, patchMerge: true });
export const map = (of: Schema): MapSchema => ({ type: 'map', of });
export const strings = map(str);
export const atomicStrings: MapSchema = { ...strings, atomic: true };
export const atomicBytes: ScalarSchema = { ...bytes, atomic: true };
export const quantities = map(quantity);

type FieldLike = Schema | Field;
const isField = (value: FieldLike): value is Field => 'schema' in value;

export const ptr = (schema: Schema): Field => ({ schema, pointer: true, always: false });
export const nullable = (schema: Schema): Field => ({ schema, pointer: true, always: true, nil: true });
/** Without omitempty. */
export const need = (schema: Schema): Field => ({ schema, pointer: false, always: true });
/** Of patch strategy `replace`. */
export const replaced = (field: FieldLike): Field => ({ ...fieldOf(field), replace: true });
/** A map or struct that is merged part by part where its type is not. */
export function granular(field: FieldLike): Field {
  const { schema, ...rest } = fieldOf(field);
  const open = schema.type === 'struct' || schema.type === 'map' ? { ...schema, atomic: false } : schema;
  return { ...rest, schema: open, granular: true };
}
export const retain = (field: FieldLike): Field => ({ ...fieldOf(field), retainKeys: true });

// A struct that is no pointer is printed even with omitempty.
const fieldOf = (value: FieldLike): Field =>
  isField(value) ? value : { schema: value, pointer: false, always: value.type === 'struct' || value.type === 'time' };

export function struct(
  name: string,
  fields: Readonly<Record<string, FieldLike>>,
  options: { atomic?: boolean } = {},
): StructSchema {
  // Whatever a client names is looked up here: nothing may be found that is not a field.
  const made = Object.create(null) as Record<string, Field>;
  for (const [key, value] of Object.entries(fields)) made[key] = fieldOf(value);
  return { type: 'struct', name, go: `v1.${name}`, fields: made, ...options };
}

/** Types that all versions share, of meta/v1 and core/v1. */
const shared = new Set(
  'ObjectMeta LabelSelector LabelSelectorRequirement LabelSelectorOperator Time MicroTime Condition ConditionStatus ResourceName ObjectReference ManagedFieldsEntry OwnerReference UID'.split(
    ' ',
  ),
);

/** The same in another version than v1: `v2.MetricSpec`. */
export function inVersion<S extends Schema>(version: string, schema: S): S {
  const rename = (go: string): string =>
    go.startsWith('v1.') && !shared.has(go.slice(3)) ? `${version}.${go.slice(3)}` : go;
  switch (schema.type) {
    case 'struct': {
      if (shared.has(schema.name)) return schema;
      const fields = Object.create(null) as Record<string, Field>;
      for (const [key, field] of Object.entries(schema.fields))
        fields[key] = { ...field, schema: inVersion(version, field.schema) };
      return { ...schema, go: rename(schema.go), fields };
    }
    case 'list':
    case 'map':
      return { ...schema, of: inVersion(version, schema.of) };
    default:
      return { ...schema, go: rename(schema.go) };
  }
}

/** How error messages name a type. */
export function goType(schema: Schema): string {
  switch (schema.type) {
    case 'list':
      return schema.go ?? `[]${goType(schema.of)}`;
    case 'map':
      return schema.of.type === 'quantity' ? 'v1.ResourceList' : `map[string]${goType(schema.of)}`;
    default:
      return schema.go;
  }
}
