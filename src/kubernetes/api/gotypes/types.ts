import { coreTypes } from './core-types';

/** A type of Go. `name` is there for named types, with its package. */
export type GoType =
  | { readonly kind: 'struct'; readonly name: string; readonly fields: readonly GoField[] }
  | { readonly kind: 'slice'; readonly name?: string; readonly of: GoType }
  | { readonly kind: 'map'; readonly name?: string; readonly key: GoType; readonly of: GoType }
  | { readonly kind: 'pointer'; readonly of: GoType }
  | { readonly kind: 'string' | 'bool' | 'int'; readonly name: string };

interface GoField {
  readonly name: string;
  /** The member of the JSON object; undefined where the members of the type are the object's own. */
  readonly json: string | undefined;
  readonly type: GoType;
}

/** The text of a type: `[]core.Volume`. */
export function typeName(type: GoType): string {
  if (type.kind !== 'pointer' && type.name !== undefined) return type.name;
  switch (type.kind) {
    case 'slice':
      return `[]${typeName(type.of)}`;
    case 'map':
      return `map[${typeName(type.key)}]${typeName(type.of)}`;
    case 'pointer':
      return `*${typeName(type.of)}`;
    default:
      return type.name;
  }
}

const int = (name: string): GoType => ({ kind: 'int', name });
const string: GoType = { kind: 'string', name: 'string' };
const basic: Readonly<Record<string, GoType>> = {
  string,
  bool: { kind: 'bool', name: 'bool' },
  int32: int('int32'),
  int64: int('int64'),
};

const struct = (name: string, fields: readonly (readonly [string, GoType])[]): GoType => ({
  kind: 'struct',
  name,
  fields: fields.map(([field, type]) => ({ name: field, json: field, type })),
});

/** What is not read member by member. */
const own: Readonly<Record<string, GoType>> = {
  'resource.Quantity': struct('resource.Quantity', [
    [
      'i',
      struct('resource.int64Amount', [
        ['value', int('int64')],
        ['scale', int('resource.Scale')],
      ]),
    ],
    ['d', struct('resource.infDecAmount', [['Dec', { kind: 'pointer', of: struct('inf.Dec', []) }]])],
    ['s', string],
    ['Format', { kind: 'string', name: 'resource.Format' }],
  ]),
  'intstr.IntOrString': struct('intstr.IntOrString', [
    ['Type', int('intstr.Type')],
    ['IntVal', int('int32')],
    ['StrVal', string],
  ]),
  'v1.Time': struct('v1.Time', [['Time', string]]),
};

let lines: ReadonlyMap<string, string> | undefined;
const known = new Map<string, GoType>();

/** A type by its text. */
export function goType(text: string): GoType {
  const found = known.get(text) ?? basic[text] ?? own[text];
  if (found !== undefined) return found;
  if (text.startsWith('[]')) return { kind: 'slice', of: goType(text.slice(2)) };
  if (text.startsWith('*')) return { kind: 'pointer', of: goType(text.slice(1)) };
  if (text.startsWith('map[')) {
    const end = text.indexOf(']');
    return { kind: 'map', key: goType(text.slice(4, end)), of: goType(text.slice(end + 1)) };
  }
  lines ??= new Map(
    coreTypes
      .trim()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]),
  );
  const name = text.includes('.') ? text : `core.${text}`;
  const line = lines.get(text.replace(/^core\./, '')) ?? '';
  if (line.startsWith('=')) {
    const under = goType(line.slice(1));
    const type = { ...under, name } as GoType;
    known.set(text, type);
    return type;
  }
  const fields: GoField[] = [];
  const type: GoType = { kind: 'struct', name, fields };
  known.set(text, type);
  for (const item of line.split(',')) {
    const colon = item.indexOf(':');
    const [field = '', json] = item.slice(0, colon).split('/');
    const embedded = field.startsWith('^');
    fields.push({
      name: embedded ? field.slice(1) : field,
      json: embedded ? undefined : (json ?? lowerFirst(field)),
      type: goType(item.slice(colon + 1)),
    });
  }
  return type;
}

/** `DNSPolicy` is `dnsPolicy`. */
function lowerFirst(name: string): string {
  const capitals = /^[A-Z]+/.exec(name)?.[0].length ?? 0;
  const count = capitals > 1 && capitals < name.length ? capitals - 1 : capitals;
  return name.slice(0, count).toLowerCase() + name.slice(count);
}
