import { parseQuantity } from '../../apimachinery/quantity';
import { goType, type GoType } from './types';

/** A value of Go: of a struct its members in order; nil is undefined. */
export interface GoValue {
  readonly type: GoType;
  /** Members of a struct, items of a slice, what a pointer points to (one), the values of a map. */
  readonly parts?: readonly GoValue[] | undefined;
  /** The keys of a map, sorted. */
  readonly keys?: readonly string[];
  readonly text?: string;
  readonly number?: number | bigint;
  readonly truth?: boolean;
}

type Json = Readonly<Record<string, unknown>>;
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is found in a JSON value as a value of the named type. */
export const goValueOf = (typeText: string, json: unknown): GoValue => valueOf(goType(typeText), json);

function valueOf(type: GoType, json: unknown): GoValue {
  switch (type.kind) {
    case 'struct':
      return structOf(type, json);
    case 'slice':
      return Array.isArray(json) && json.length > 0
        ? { type, parts: json.map((item) => valueOf(type.of, item)) }
        : { type, parts: undefined };
    case 'map': {
      if (!isJson(json) || Object.keys(json).length === 0) return { type, parts: undefined };
      const keys = Object.keys(json).sort();
      return { type, keys, parts: keys.map((key) => valueOf(type.of, json[key])) };
    }
    case 'pointer':
      return json === undefined || json === null
        ? { type, parts: undefined }
        : { type, parts: [valueOf(type.of, json)] };
    case 'string':
      return { type, text: typeof json === 'string' ? json : '' };
    case 'bool':
      return { type, truth: json === true };
    case 'int':
      return { type, number: typeof json === 'number' || typeof json === 'bigint' ? json : 0 };
  }
}

function structOf(type: GoType & { readonly kind: 'struct' }, json: unknown): GoValue {
  const given = fieldsOf(type.name, json);
  return {
    type,
    parts: type.fields.map((field) => valueOf(field.type, field.json === undefined ? json : given[field.json])),
  };
}

/** The members of a struct whose JSON is not an object, or another one. */
function fieldsOf(name: string, json: unknown): Json {
  if (name === 'resource.Quantity') return quantityFields(json);
  if (name === 'intstr.IntOrString') return typeof json === 'string' ? { Type: 1, StrVal: json } : { IntVal: json };
  if (name === 'v1.Time') return { Time: json };
  if (!isJson(json)) return {};
  if (name !== 'core.PodSpec') return json;
  // Convert_v1_PodSpec_To_core_PodSpec
  const { hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers, securityContext } = json;
  const context = isJson(securityContext) ? securityContext : {};
  return {
    ...json,
    securityContext: { ...context, hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers },
  };
}

function quantityFields(json: unknown): Json {
  const parsed = parseQuantity(String(json ?? '0'));
  if (!parsed.ok) return {};
  const { unscaled, scale, format, text } = parsed.value;
  return { i: { value: unscaled, scale }, s: text ?? '', Format: format };
}

/** reflect.Value.IsZero. */
export function isZero(value: GoValue): boolean {
  if (value.type.kind === 'struct') return value.parts?.every(isZero) ?? true;
  if (value.type.kind === 'slice' || value.type.kind === 'map' || value.type.kind === 'pointer')
    return value.parts === undefined;
  return (value.text ?? '') === '' && Number(value.number ?? 0) === 0 && value.truth !== true;
}
