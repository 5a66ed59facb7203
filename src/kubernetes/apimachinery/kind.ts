import type { Column } from './columns';
import type { Decoded } from './decode';
import type { FieldErrors } from './field-errors';
import type { ApiObject } from './object';
import type { StructSchema } from './schema';

/** What the API calls a kind. */
export interface KindNames {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular?: string;
  readonly short?: readonly string[];
  readonly categories?: readonly string[];
  /** If not the kind with `List`. */
  readonly listKind?: string;
}

/** The values under which an index finds an object; undefined: not in the index. */
export type IndexFunction<T> = (object: T) => string | readonly string[] | undefined;

/** What one file of `api/` says about a kind, in the order a request meets it. `Index` names the declared indexes. */
export interface KindDefinition<T extends ApiObject, Index extends string = never> {
  readonly names: KindNames;
  readonly scope: 'Namespaced' | 'Cluster';
  /** Its Go type. */
  readonly schema?: StructSchema;
  /** Where upstream's server registers it, as errors about unknown types tell. */
  readonly scheme?: string;
  /** Where etcd keeps it, if not under the plural: `minions`. */
  readonly storage?: string;
  readonly indexes?: Readonly<Record<Index, IndexFunction<T>>>;
  /** Reads what a client sent, where no Go type does it. */
  readonly decodeJson?: (body: Readonly<Record<string, unknown>>) => Decoded;
  /** What is shown of what is stored. */
  readonly encode?: (object: T) => ApiObject;
  /** Its OpenAPI v3 schema as its author wrote it. */
  readonly openApi?: object;
  /** Held by the server when it is deleted, until its own cleaning up is done; and how that shows. */
  readonly cleanup?: Cleanup<T>;
  /** Fills in what was left out. May get objects that lack members which the types require. */
  readonly defaults?: (object: T) => T;
  /** The state of a new object, whatever the client sent (most kinds with a status drop it). */
  readonly prepareForCreate?: (object: T) => T;
  /** Puts back what an update may not change. The status is already the old one. */
  readonly prepareForUpdate?: (object: T, old: T) => T;
  /** Puts back what an update of the status may not change. All but status and metadata is already the old one. */
  readonly prepareForStatusUpdate?: (object: T, old: T) => T;
  /** What raises `metadata.generation` when it changes; absent for kinds without generations. */
  readonly generation?: (object: T) => unknown;
  readonly nameRule?: NameRule;
  readonly validate?: (object: T, errors: FieldErrors) => void;
  /** What only new objects may not have. */
  readonly validateCreate?: (object: T, errors: FieldErrors) => void;
  readonly validateUpdate?: (object: T, old: T, errors: FieldErrors) => void;
  readonly updateValidation?: readonly UpdateStep[];
  readonly validateStatusUpdate?: (object: T, old: T, errors: FieldErrors) => void;
  /** What the server accepts and yet has something to say about, as Warning headers. */
  readonly warnings?: (object: T, old?: T) => readonly string[];
  /** Brings a new object that was found good into the form that is stored. */
  readonly canonicalize?: (object: T) => T;
  /** Said to whoever asks for the kind at all. */
  readonly deprecated?: string;
  /** Updates without resourceVersion win over whatever is there (all kinds of 1.33 that we know but a few). */
  readonly unconditionalUpdate?: boolean;
  /** An update of an object that is not there makes it (leases, endpoints, events …). */
  readonly createOnUpdate?: boolean;
  /** A question and not an object: it is answered and never stored (reviews). */
  readonly createOnly?: boolean;
  /** Not stored but found out whenever it is asked for: it can be read, and that is all. */
  readonly computed?: boolean;
  /** The columns of `kubectl get`, the name first. */
  readonly columns?: readonly Column<T>[];
  /** In which order a list of them is printed, where it is not that of their names. */
  readonly tableOrder?: (a: T, b: T) => number;
  /** `metadata.name` and `metadata.namespace` always are; what else field selectors may ask for. */
  readonly selectableFields?: Readonly<Record<string, (object: T) => string>>;
  readonly subresources?: Subresources<T>;
  /** What else clients may speak of it; `names.version` is the one that is stored. */
  readonly versions?: readonly OtherVersion<T>[];
}

/** A version beside the stored one: its Go types, and how they become those of the stored one. */
export interface OtherVersion<T extends ApiObject> {
  /** Where it is another: events of the core group are those of events.k8s.io. */
  readonly group?: string;
  readonly version: string;
  readonly schema: StructSchema;
  /** Of what a client sent. */
  readonly decode: (object: ApiObject) => T;
  /** For what is printed. */
  readonly encode: (object: T) => ApiObject;
  /** Its own rules for what may be written, and its own names of what can be selected by. */
  readonly own?: Pick<
    KindDefinition<T>,
    'validate' | 'validateCreate' | 'validateUpdate' | 'nameRule' | 'selectableFields'
  >;
}

export interface Cleanup<T> {
  readonly finalizer: string;
  /** What a deletion does to the object at once. */
  mark(object: T, time: string): T;
}

export interface Subresources<T> {
  readonly status?: boolean;
  readonly scale?: ScaleMapping<T>;
}

/** How autoscaling/v1 Scale looks into a kind. */
export interface ScaleMapping<T> {
  replicas(object: T): number;
  statusReplicas(object: T): number;
  selector(object: T): string;
  withReplicas(object: T, replicas: number): T;
}

/**
 * What a kind's ValidateUpdate runs, in its order; it shows in how often an error is told. `meta`: the metadata as of new
 * objects; `validate`: what new objects are looked at for; `metaUpdate`: ValidateObjectMetaUpdate; `update`: the rules of
 * updates alone.
 */
export type UpdateStep = 'meta' | 'validate' | 'metaUpdate' | 'update';

/** ValidateXUpdate that calls ValidateX. */
const wholeAgain: readonly UpdateStep[] = ['metaUpdate', 'meta', 'validate', 'update'];

/** `any`: the kind has no rule of its own, only what a path bears counts. */
export type NameRule = 'subdomain' | 'label' | 'service' | 'path' | 'any';

/** A kind that the server knows. Methods, not function members, so that a `Kind<Pod>` is a `Kind<ApiObject>`. */
export interface Kind<T extends ApiObject = ApiObject, Index extends string = string> {
  readonly names: KindNames;
  readonly namespaced: boolean;
  /** `apps/v1`, or `v1`. */
  readonly apiVersion: string;
  /** `deployments.apps`, `pods`: unique among kinds. */
  readonly resource: string;
  /** Prefix of its keys in etcd: `/registry/minions/`. */
  readonly prefix: string;
  readonly schema: StructSchema | undefined;
  readonly scheme: string;
  readonly indexNames: readonly Index[];
  readonly nameRule: NameRule;
  readonly hasStatus: boolean;
  readonly unconditionalUpdate: boolean;
  readonly createOnUpdate: boolean;
  readonly createOnly: boolean;
  readonly computed: boolean;
  readonly columns: readonly Column<T>[];
  readonly tableOrder: ((a: ApiObject, b: ApiObject) => number) | undefined;
  /** What field selectors may ask for, besides name and namespace. */
  readonly selectableFields: readonly string[];
  readonly scale: ScaleMapping<T> | undefined;
  readonly hasGeneration: boolean;
  readonly updateValidation: readonly UpdateStep[];
  readonly deprecated: string | undefined;
  /** The same kind in its other versions: each is a kind for whoever reads and writes, with this one as `stored`. */
  readonly views: readonly Kind<T, Index>[];
  readonly stored: Kind<T, Index> | undefined;
  /** The stored version itself is not served. */
  readonly hidden: boolean;
  readonly openApi: object | undefined;
  readonly cleanup: Cleanup<T> | undefined;
  readonly decodeJson: ((body: Readonly<Record<string, unknown>>) => Decoded) | undefined;
  /** From what clients of this version send, and to what they see. */
  decode(object: ApiObject): T;
  encode(object: T): ApiObject;
  warnings(object: T, old?: T): readonly string[];
  indexValues(index: Index, object: T): string | readonly string[] | undefined;
  fieldValue(field: string, object: T): string | undefined;
  defaults(object: T): T;
  prepareForCreate(object: T): T;
  canonicalize(object: T): T;
  prepareForUpdate(object: T, old: T): T;
  prepareForStatusUpdate(object: T, old: T): T;
  generation(object: T): unknown;
  validate(object: T, errors: FieldErrors): void;
  validateCreate(object: T, errors: FieldErrors): void;
  validateUpdate(object: T, old: T, errors: FieldErrors): void;
  validateStatusUpdate(object: T, old: T, errors: FieldErrors): void;
}

/** Makes a kind of its definition. */
export function defineKind<T extends ApiObject, Index extends string = never>(
  definition: KindDefinition<T, Index>,
): Kind<T, Index> {
  const { names, scope, indexes } = definition;
  const same = (object: T): T => object;
  const kind: Kind<T, Index> = {
    names,
    namespaced: scope === 'Namespaced',
    apiVersion: names.group === '' ? names.version : `${names.group}/${names.version}`,
    resource: names.group === '' ? names.plural : `${names.plural}.${names.group}`,
    prefix: `/registry/${definition.storage ?? names.plural}/`,
    schema: definition.schema,
    scheme: definition.scheme ?? 'pkg/api/legacyscheme/scheme.go:30',
    indexNames: indexes === undefined ? [] : (Object.keys(indexes) as Index[]),
    nameRule: definition.nameRule ?? 'subdomain',
    hasStatus: definition.subresources?.status === true,
    unconditionalUpdate: definition.unconditionalUpdate ?? true,
    createOnUpdate: definition.createOnUpdate ?? false,
    createOnly: definition.createOnly ?? false,
    computed: definition.computed ?? false,
    columns: (definition.columns ?? []) as readonly Column<T>[],
    tableOrder: definition.tableOrder as ((a: ApiObject, b: ApiObject) => number) | undefined,
    selectableFields: Object.keys(definition.selectableFields ?? {}),
    fieldValue: (field, object) => definition.selectableFields?.[field]?.(object),
    scale: definition.subresources?.scale,
    updateValidation: definition.updateValidation ?? wholeAgain,
    hasGeneration: definition.generation !== undefined,
    indexValues: (index, object) => indexes?.[index](object),
    deprecated: definition.deprecated,
    views: [],
    stored: undefined,
    hidden: false,
    openApi: definition.openApi,
    cleanup: definition.cleanup,
    decodeJson: definition.decodeJson,
    decode: (object) => object as T,
    encode: definition.encode ?? same,
    warnings: definition.warnings ?? (() => []),
    defaults: definition.defaults ?? same,
    prepareForCreate: definition.prepareForCreate ?? same,
    canonicalize: definition.canonicalize ?? same,
    prepareForUpdate: definition.prepareForUpdate ?? same,
    prepareForStatusUpdate: definition.prepareForStatusUpdate ?? same,
    generation: definition.generation ?? (() => undefined),
    validate: definition.validate ?? (() => undefined),
    validateCreate: definition.validateCreate ?? (() => undefined),
    validateUpdate: definition.validateUpdate ?? (() => undefined),
    validateStatusUpdate: definition.validateStatusUpdate ?? (() => undefined),
  };
  if (definition.versions === undefined) return kind;
  const views: Kind<T, Index>[] = [];
  const stored = { ...kind, views };
  for (const { version, group = names.group, schema, decode, encode, own } of definition.versions)
    views.push({
      ...(own === undefined
        ? kind
        : { ...defineKind({ ...definition, ...own, versions: [] }), resource: kind.resource }),
      names: { ...names, group, version },
      apiVersion: group === '' ? version : `${group}/${version}`,
      schema,
      stored,
      decode: (object) => decode({ ...object, apiVersion: stored.apiVersion }),
      encode,
    });
  return stored;
}
