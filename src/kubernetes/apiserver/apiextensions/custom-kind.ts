import type { JsonSchemaProps } from '../../api/apiextensions/json-schema-props';
import type { CustomResourceDefinition, CustomResourceDefinitionVersion } from '../../api/apiextensions/types';
import { applyDefaults, isMembers, prune } from '../../api/apiextensions/values';
import { objectMeta } from '../../api/meta/schema';
import { decodeStruct, type Decoded } from '../../apimachinery/decode';
import type { FieldErrors } from '../../apimachinery/field-errors';
import { defineKind, type Kind, type KindDefinition, type ScaleMapping } from '../../apimachinery/kind';
import type { ApiObject } from '../../apimachinery/object';
import { setConversion, WebhookConversion } from './conversion';
import { find, parsePath, setAt, type JsonPath } from './json-path';
import { objectSchema } from './open-schema';
import { printerColumns } from './printer-columns';
import { validateCustom } from './validate-custom';

type CustomObject = ApiObject & Readonly<Record<string, unknown>>;

const everything: JsonSchemaProps = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

/** A resource must have all that the server keeps of it under the storage version; the others are looked at it. */
export function customKind(crd: CustomResourceDefinition, before?: Kind): Kind | undefined {
  const { versions, conversion: how } = crd.spec;
  const storage = (versions ?? []).find((version) => version.storage);
  if (storage === undefined) return undefined;
  const webhook = how?.strategy === 'Webhook' ? how.webhook : undefined;
  const conversion = webhook === undefined ? undefined : new WebhookConversion(webhook);
  const stored = defineKind<CustomObject>(definitionOf(crd, storage, conversion));
  const views: Kind<CustomObject>[] = [];
  const made: Kind<CustomObject> = { ...stored, views, hidden: !storage.served };
  // One kind for its life: watches and caches hang on it.
  const kind = before === undefined ? made : (Object.assign(before, made) as unknown as Kind<CustomObject>);
  setConversion(kind as unknown as Kind, conversion);
  const storedSchema = storage.schema?.openAPIV3Schema ?? everything;
  for (const version of versions ?? [])
    if (version !== storage && version.served) {
      const own = defineKind<CustomObject>(definitionOf(crd, version, conversion));
      const decode = (object: ApiObject): CustomObject =>
        conversion === undefined
          ? ({ ...object, apiVersion: kind.apiVersion } as CustomObject)
          : (prune(conversion.convert(object, kind.apiVersion), storedSchema, true) as CustomObject);
      const view: Kind<CustomObject> = { ...own, stored: kind, decode };
      const { scale } = own;
      views.push(
        scale === undefined || conversion === undefined
          ? view
          : {
              ...view,
              scale: { ...scale, withReplicas: (object, replicas) => decode(scale.withReplicas(object, replicas)) },
            },
      );
      setConversion(views.at(-1) as unknown as Kind, conversion);
    }
  return kind as unknown as Kind;
}

function definitionOf(
  crd: CustomResourceDefinition,
  version: CustomResourceDefinitionVersion,
  conversion: WebhookConversion | undefined,
): KindDefinition<CustomObject> {
  const { spec, status } = crd;
  const { acceptedNames } = status;
  const schema = version.schema?.openAPIV3Schema ?? everything;
  const pruned = spec.preserveUnknownFields === true ? { ...schema, ...everything } : schema;
  const apiVersion = `${spec.group}/${version.name}`;
  const hasStatus = version.subresources?.status !== undefined;
  const withoutStatus = (object: CustomObject): CustomObject => {
    if (!hasStatus || !('status' in object)) return object;
    const { status: _status, ...rest } = object;
    return rest as CustomObject;
  };
  const seen = (object: CustomObject): CustomObject =>
    conversion === undefined
      ? asVersion(object, apiVersion)
      : asVersion(conversion.convert(object, apiVersion) as CustomObject, apiVersion);
  const scale = scaleOf(version, seen);
  return {
    names: {
      group: spec.group,
      version: version.name,
      kind: acceptedNames.kind,
      plural: acceptedNames.plural,
      singular: acceptedNames.singular ?? '',
      listKind: acceptedNames.listKind ?? `${acceptedNames.kind}List`,
      ...(acceptedNames.shortNames === undefined ? {} : { short: acceptedNames.shortNames }),
      ...(acceptedNames.categories === undefined ? {} : { categories: acceptedNames.categories }),
    },
    scope: spec.scope,
    schema: objectSchema(version.schema?.openAPIV3Schema, acceptedNames.kind),
    openApi: version.schema?.openAPIV3Schema ?? { type: 'object' },
    storage: `${spec.group}/${acceptedNames.plural}`,
    decodeJson: (body) => decodeCustom(pruned, body),
    encode: encoder(pruned, seen),
    prepareForCreate: withoutStatus,
    generation: ({ metadata: _metadata, status: ofStatus, ...rest }) => (hasStatus ? rest : { ...rest, ofStatus }),
    unconditionalUpdate: false,
    updateValidation: ['metaUpdate', 'update'],
    validateCreate: (object, errors) => {
      validateCustom(schema, seen(object), undefined, errors);
      validateScale(version, object, errors);
    },
    validateUpdate: (object, old, errors) => {
      validateCustom(schema, seen(object), seen(old), errors);
      validateScale(version, object, errors);
    },
    validateStatusUpdate: (object, old, errors) => {
      validateCustom(schema, seen(object), seen(old), errors, 'status');
      validateScale(version, object, errors, true);
    },
    ...(version.deprecated === true
      ? { deprecated: version.deprecationWarning ?? `${apiVersion} ${acceptedNames.kind} is deprecated` }
      : {}),
    columns: printerColumns(version.additionalPrinterColumns).map((column) => ({
      ...column,
      cell: (object, now) => column.cell(seen(object as CustomObject), now),
    })),
    selectableFields: selectable(version, seen),
    subresources: { status: hasStatus, ...(scale === undefined ? {} : { scale }) },
  };
}

const asVersion = (object: CustomObject, apiVersion: string): CustomObject =>
  object.apiVersion === apiVersion ? object : { ...object, apiVersion };

/** schemaCoercingDecoder: metadata by its Go type, the rest pruned and defaulted by the schema. */
function decodeCustom(schema: JsonSchemaProps, body: Readonly<Record<string, unknown>>): Decoded {
  const unknown: string[] = [];
  const { metadata, ...rest } = body;
  let meta: Readonly<Record<string, unknown>> = {};
  const strict: string[] = [];
  if (metadata !== undefined && metadata !== null) {
    if (!isMembers(metadata))
      return {
        value: body,
        strict,
        error: `json: cannot unmarshal ${typeof metadata} into Go struct field .metadata of type v1.ObjectMeta`,
      };
    const decoded = decodeStruct(objectMeta, metadata);
    if (decoded.error !== undefined) return { value: body, strict, error: decoded.error };
    meta = decoded.value;
    strict.push(...decoded.strict.map((text) => text.replace('unknown field "', 'unknown field "metadata.')));
  }
  const value = applyDefaults(prune(rest, schema, true, unknown), schema) as Readonly<Record<string, unknown>>;
  const complaints = [...unknown.sort().map((path) => `unknown field ${JSON.stringify(path)}`), ...strict];
  return { value: { ...value, metadata: meta }, strict: complaints, error: undefined };
}

/** What was stored under another schema is shown as today's says. */
function encoder(
  schema: JsonSchemaProps,
  seen: (object: CustomObject) => CustomObject,
): (object: CustomObject) => ApiObject {
  const known = new WeakMap<ApiObject, ApiObject>();
  return (object) => {
    let shown = known.get(object);
    if (shown === undefined) {
      shown = applyDefaults(prune(seen(object), schema, true), schema) as unknown as ApiObject;
      known.set(object, shown);
    }
    return shown;
  };
}

function selectable(
  version: CustomResourceDefinitionVersion,
  seen: (object: CustomObject) => CustomObject,
): Record<string, (object: CustomObject) => string> {
  const fields: Record<string, (object: CustomObject) => string> = {};
  for (const { jsonPath } of version.selectableFields ?? []) {
    const path = parsePath(jsonPath);
    if (path !== undefined)
      fields[jsonPath.replace(/^\./, '')] = (object) => {
        const [value] = find(path, seen(object));
        return value === undefined || value === null ? '' : String(value);
      };
  }
  return fields;
}

const steps = (path: string): readonly string[] => path.replace(/^\./, '').split('.');
const numberAt = (path: JsonPath | undefined, object: unknown): number => {
  const value = path === undefined ? undefined : find(path, object)[0];
  return typeof value === 'number' ? value : 0;
};

function scaleOf(
  version: CustomResourceDefinitionVersion,
  seen: (object: CustomObject) => CustomObject,
): ScaleMapping<CustomObject> | undefined {
  const scale = version.subresources?.scale;
  if (scale === undefined) return undefined;
  const spec = parsePath(scale.specReplicasPath);
  const status = parsePath(scale.statusReplicasPath);
  const selector = scale.labelSelectorPath === undefined ? undefined : parsePath(scale.labelSelectorPath);
  return {
    replicas: (object) => numberAt(spec, seen(object)),
    statusReplicas: (object) => numberAt(status, seen(object)),
    selector: (object) => {
      const value = selector === undefined ? undefined : find(selector, seen(object))[0];
      return typeof value === 'string' ? value : '';
    },
    withReplicas: (object, replicas) => setAt(seen(object), steps(scale.specReplicasPath), replicas) as CustomObject,
  };
}

const mostReplicas = 2 ** 31 - 1;

/** ValidateScaleSpec and ValidateScaleStatus. */
function validateScale(
  version: CustomResourceDefinitionVersion,
  object: CustomObject,
  errors: FieldErrors,
  statusOnly = false,
): void {
  const scale = version.subresources?.scale;
  if (scale === undefined) return;
  for (const path of statusOnly ? [scale.statusReplicasPath] : [scale.specReplicasPath, scale.statusReplicasPath]) {
    const replicas = numberAt(parsePath(path), object);
    if (replicas < 0) errors.at(path).invalid(replicas, 'should be a non-negative integer');
    else if (replicas > mostReplicas)
      errors.at(path).invalid(replicas, `should be less than or equal to ${mostReplicas}`);
  }
}
