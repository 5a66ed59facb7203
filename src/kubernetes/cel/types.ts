/** Types of CEL, and how cel-go prints them. */
export type CelType =
  | { readonly kind: 'simple'; readonly name: string }
  | { readonly kind: 'list'; readonly of: CelType }
  | { readonly kind: 'map'; readonly key: CelType; readonly of: CelType }
  | { readonly kind: 'optional'; readonly of: CelType }
  | { readonly kind: 'type'; readonly of: CelType }
  /** An object with known fields. Lazily, for schemas are deep. */
  | { readonly kind: 'object'; readonly name: string; readonly field: (name: string) => CelType | undefined }
  | { readonly kind: 'param'; readonly name: string };

const simple = (name: string): CelType => ({ kind: 'simple', name });

export const dyn = simple('dyn');
export const error = simple('!error!');
export const int = simple('int');
export const uint = simple('uint');
export const double = simple('double');
export const bool = simple('bool');
export const string = simple('string');
export const bytes = simple('bytes');
export const nullType = simple('null_type');
export const timestamp = simple('google.protobuf.Timestamp');
export const duration = simple('google.protobuf.Duration');

const simples = new Map(
  [dyn, int, uint, double, bool, string, bytes, nullType].map((type) => [(type as { name: string }).name, type]),
);
simples.set('null', nullType);
simples.set('timestamp', timestamp);
simples.set('duration', duration);

export const listOf = (of: CelType): CelType => ({ kind: 'list', of });
export const mapOf = (key: CelType, of: CelType): CelType => ({ kind: 'map', key, of });
export const optionalOf = (of: CelType): CelType => ({ kind: 'optional', of });
export const typeOf = (of: CelType): CelType => ({ kind: 'type', of });

/** An object type of which all is known beforehand. */
export const objectOf = (name: string, fields: Readonly<Record<string, CelType>>): CelType => {
  const known = new Map(Object.entries(fields));
  return { kind: 'object', name, field: (field) => known.get(field) };
};

/** types.Type.String, of the checker's messages. */
export function typeText(type: CelType): string {
  switch (type.kind) {
    case 'simple':
      if (type === timestamp) return 'timestamp';
      if (type === duration) return 'duration';
      return type.name === 'null_type' ? 'null' : type.name;
    case 'list':
      return `list(${typeText(type.of)})`;
    case 'map':
      return `map(${typeText(type.key)}, ${typeText(type.of)})`;
    case 'optional':
      return `optional_type(${typeText(type.of)})`;
    case 'type':
      return `type(${typeText(type.of)})`;
    case 'object':
    case 'param':
      return type.name;
  }
}

/** Reads `list<A>`, `map<string, int>`, `kubernetes.Quantity`; a lone capital is a parameter. */
export function parseType(text: string): CelType {
  const inner = /^(list|map|optional|type)<(.*)>$/.exec(text);
  if (inner !== null) {
    const [, outer = '', of = ''] = inner;
    if (outer === 'map') {
      const comma = of.indexOf(',');
      return mapOf(parseType(of.slice(0, comma).trim()), parseType(of.slice(comma + 1).trim()));
    }
    return outer === 'list'
      ? listOf(parseType(of))
      : outer === 'type'
        ? typeOf(parseType(of))
        : optionalOf(parseType(of));
  }
  if (/^[A-Z]$/.test(text)) return { kind: 'param', name: text };
  return simples.get(text) ?? simple(text);
}

export type Bindings = Map<string, CelType>;

/** What a type is once its parameters are known; unknown parameters are dyn. */
export function substitute(type: CelType, bindings: Bindings, keep = false): CelType {
  switch (type.kind) {
    case 'param': {
      const bound = bindings.get(type.name);
      return bound === undefined ? (keep ? type : dyn) : substitute(bound, bindings, keep);
    }
    case 'list':
      return listOf(substitute(type.of, bindings, keep));
    case 'optional':
      return optionalOf(substitute(type.of, bindings, keep));
    case 'type':
      return typeOf(substitute(type.of, bindings, keep));
    case 'map':
      return mapOf(substitute(type.key, bindings, keep), substitute(type.of, bindings, keep));
    default:
      return type;
  }
}

const isDyn = (type: CelType): boolean => type === dyn || type === error;

/** cel-go's isAssignable, with its rules for dyn and null; binds parameters of `to`. */
export function assignable(to: CelType, from: CelType, bindings: Bindings): boolean {
  if (to === from) return true;
  if (to.kind === 'param') {
    const bound = bindings.get(to.name);
    if (bound === undefined) {
      if (from.kind !== 'param' || from.name !== to.name) bindings.set(to.name, from);
      return true;
    }
    if (!assignable(bound, from, bindings)) return false;
    // The more general of both stays: list(dyn) after list(int).
    if (isDyn(from) && !isDyn(bound)) bindings.set(to.name, from);
    return true;
  }
  if (from.kind === 'param') {
    const bound = bindings.get(from.name);
    if (bound !== undefined) return assignable(to, bound, bindings);
    bindings.set(from.name, to);
    return true;
  }
  if (isDyn(to) || isDyn(from)) return true;
  if (from === nullType) return to === nullType || to.kind === 'object' || to === timestamp || to === duration;
  if (to === nullType) return from.kind === 'object' || from === timestamp || from === duration;
  switch (to.kind) {
    case 'list':
    case 'optional':
      return from.kind === to.kind && assignable(to.of, from.of, bindings);
    case 'type':
      return from.kind === 'type';
    case 'map':
      return from.kind === 'map' && assignable(to.key, from.key, bindings) && assignable(to.of, from.of, bindings);
    case 'object':
    case 'simple':
      return (from.kind === 'object' || from.kind === 'simple') && from.name === to.name;
  }
}

let fresh = 0;
/** A type that is not known yet: the element of `[]`. */
export const freshParam = (): CelType => ({ kind: 'param', name: `_var${fresh++}` });
