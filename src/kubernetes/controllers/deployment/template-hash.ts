import { parseQuantity } from '../../apimachinery/quantity';
import { structs } from './template-layout';

/**
 * `pod-template-hash`: FNV-32a over the text that Go's spew prints for the pod template (`%#v`, sorted map keys, types in
 * parentheses), then the collision count, written in an alphabet without vowels.
 * Upstream: pkg/controller/controller_utils.go ComputeHash, pkg/util/hash DeepHashObject, apimachinery util/rand.
 */
export function podTemplateHash(template: object, collisionCount?: number): string {
  let hash = spewHash(template);
  if (collisionCount !== undefined) {
    const count = collisionCount >>> 0;
    hash = fnv32a(hash, [count & 0xff, (count >>> 8) & 0xff, (count >>> 16) & 0xff, count >>> 24, 0, 0, 0, 0]);
  }
  return safeEncode(String(hash));
}

/** Templates are immutable and looked at in every sync, so each is hashed once. */
const hashes = new WeakMap<object, number>();

function spewHash(template: object): number {
  let hash = hashes.get(template);
  if (hash === undefined) hashes.set(template, (hash = fnv32a(0x811c9dc5, encoder.encode(spew(template)))));
  return hash;
}

/** Spells digits (or any text) so that no word can come out of it. */
export function safeEncode(text: string): string {
  let safe = '';
  for (let index = 0; index < text.length; index++) safe += alphabet.charAt(text.charCodeAt(index) % alphabet.length);
  return safe;
}

/** The letters and digits of generated names: no vowels, no 0, 1, 3. */
export const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

const spew = (template: object): string => `(v1.PodTemplateSpec)${printStruct('PodTemplateSpec', asRecord(template))}`;

const encoder = new TextEncoder();

function fnv32a(start: number, bytes: Iterable<number>): number {
  let hash = start;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

interface Field {
  readonly go: string;
  readonly json: string;
  readonly type: string;
  readonly inline: boolean;
}

type Record_ = Readonly<Record<string, unknown>>;

const fieldsOf = new Map<string, readonly Field[]>();

function fields(struct: string): readonly Field[] {
  const known = fieldsOf.get(struct);
  if (known !== undefined) return known;
  const parsed = (structs[struct] ?? '').split('; ').map((text): Field => {
    const [name = '', type = ''] = text.split(' ');
    const [go = '', json = go.charAt(0).toLowerCase() + go.slice(1)] = name.split('=');
    return { go, json, type: type.replace('^', ''), inline: type.startsWith('^') };
  });
  fieldsOf.set(struct, parsed);
  return parsed;
}

/** How Go names the type when it prints it: core and meta are both package v1. */
const goType = (type: string): string => type.replace(/(^|[*\]])([A-Z])/g, '$1v1.$2');

function printStruct(struct: string, value: Record_): string {
  const parts = fields(struct).map(({ go, json, type, inline }) => {
    const held = inline ? value : value[json];
    return `${go}:(${goType(type)})${print(type, held)}`;
  });
  return `{${parts.join(' ')}}`;
}

function print(type: string, value: unknown): string {
  if (type.startsWith('*')) return value === undefined || value === null ? '<nil>' : print(type.slice(1), value);
  if (type.startsWith('[]')) {
    return Array.isArray(value) ? `[${value.map((item) => print(type.slice(2), item)).join(' ')}]` : '<nil>';
  }
  if (type === 'ResourceList') return print('map[ResourceName]resource.Quantity', value);
  if (type.startsWith('map[')) {
    if (value === undefined || value === null) return '<nil>';
    const of = type.slice(type.indexOf(']') + 1);
    const map = asRecord(value);
    return `map[${Object.keys(map)
      .sort(byCodeUnits)
      .map((key) => `${key}:${print(of, map[key])}`)
      .join(' ')}]`;
  }
  switch (type) {
    case 'string':
    case 'types.UID':
      return typeof value === 'string' ? value : '';
    case 'bool':
      return value === true ? 'true' : 'false';
    case 'int32':
    case 'int64':
      return typeof value === 'number' ? String(value) : '0';
    case 'Time':
      return '{Time:(time.Time){wall:(uint64)0 ext:(int64)0 loc:(*time.Location)<nil>}}';
    case 'intstr.IntOrString':
      return printIntOrString(value);
    case 'resource.Quantity':
      return printQuantity(value);
  }
  if (type in structs) return printStruct(type, asRecord(value));
  return typeof value === 'string' ? value : '';
}

function printIntOrString(value: unknown): string {
  const text = typeof value === 'string';
  const number = typeof value === 'number' ? value : 0;
  return `{Type:(intstr.Type)${text ? 1 : 0} IntVal:(int32)${number} StrVal:(string)${text ? value : ''}}`;
}

/** A resource.Quantity as ParseQuantity leaves it. */
function printQuantity(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value : '';
  const parsed = parseQuantity(text);
  const { unscaled, scale, format, text: canonical = '' } = parsed.ok ? parsed.value : nothing;
  return (
    `{i:(resource.int64Amount){value:(int64)${unscaled} scale:(resource.Scale)${scale}} ` +
    `d:(resource.infDecAmount){Dec:(*inf.Dec)<nil>} s:(string)${canonical} Format:(resource.Format)${format}}`
  );
}

/** Go's zero value. */
const nothing = { unscaled: 0n, scale: 0, format: '', text: '' } as const;

const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const asRecord = (value: unknown): Record_ => (typeof value === 'object' && value !== null ? (value as Record_) : {});
