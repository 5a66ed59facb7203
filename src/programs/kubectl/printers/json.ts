import { isObject } from '../json';

const escaped = (json: string): string =>
  json.replace(/[<>&\u2028\u2029]/g, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return (value as readonly unknown[]).map(sorted);
  if (!isObject(value)) return value;
  const result: Record<string, unknown> = {};
  for (const key of Object.keys(value).sort()) result[key] = sorted(value[key]);
  return result;
}

/** Indented with four spaces, keys sorted, as `kubectl -o json` prints unstructured objects. Ends with a newline. */
export function toJson(value: unknown): string {
  return `${write(value, '')}\n`;
}

function write(value: unknown, indent: string): string {
  const inner = `${indent}    `;
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return `[\n${(value as readonly unknown[]).map((item) => inner + write(item, inner)).join(',\n')}\n${indent}]`;
  }
  if (isObject(value)) {
    const keys = Object.keys(value)
      .filter((key) => value[key] !== undefined)
      .sort();
    if (keys.length === 0) return '{}';
    const members = keys.map((key) => `${inner}${escaped(JSON.stringify(key))}: ${write(value[key], inner)}`);
    return `{\n${members.join(',\n')}\n${indent}}`;
  }
  return value === undefined ? 'null' : escaped(JSON.stringify(value));
}

/** Fields of typed objects stand in the order of Go's structs; these come first, in this order. */
const leading = ['kind', 'apiVersion', 'metadata'];

/** As `toJson`, but with the order in which Go's typed objects are written: kind, apiVersion, metadata, the rest. */
export function toTypedJson(value: unknown): string {
  return `${writeTyped(value, '', true)}\n`;
}

function writeTyped(value: unknown, indent: string, top: boolean): string {
  if (!isObject(value)) return write(value, indent);
  const inner = `${indent}    `;
  const present = Object.keys(value).filter((key) => value[key] !== undefined);
  const keys = top
    ? [...leading.filter((key) => present.includes(key)), ...present.filter((key) => !leading.includes(key))]
    : present;
  if (keys.length === 0) return '{}';
  const members = keys.map((key) => {
    const member = value[key];
    const text = Array.isArray(member)
      ? writeTypedList(member as readonly unknown[], inner)
      : writeTyped(member, inner, false);
    return `${inner}${escaped(JSON.stringify(key))}: ${text}`;
  });
  return `{\n${members.join(',\n')}\n${indent}}`;
}

function writeTypedList(items: readonly unknown[], indent: string): string {
  if (items.length === 0) return '[]';
  const inner = `${indent}    `;
  return `[\n${items.map((item) => inner + writeTyped(item, inner, false)).join(',\n')}\n${indent}]`;
}

/** encoding/json's Marshal of unstructured content: compact, keys sorted. */
export const compactJson = (value: unknown): string => escaped(JSON.stringify(sorted(value)));

/** fmt's %#v of unstructured content. */
export function goSyntax(value: unknown): string {
  if (value === null || value === undefined) return 'interface {}(nil)';
  if (typeof value === 'string') return goString(value);
  if (Array.isArray(value)) return `[]interface {}{${(value as readonly unknown[]).map(goSyntax).join(', ')}}`;
  if (!isObject(value)) return String(value);
  const members = Object.keys(value)
    .sort()
    .map((key) => `${goString(key)}:${goSyntax(value[key])}`);
  return `map[string]interface {}{${members.join(', ')}}`;
}

const goString = (text: string): string =>
  JSON.stringify(text)
    .replace(/\\u00([01][\da-f])/g, '\\x$1')
    .replace(/\\b/g, '\\b');

/** fmt's %v of unstructured content. */
export function goText(value: unknown): string {
  if (Array.isArray(value)) return `[${(value as readonly unknown[]).map(goText).join(' ')}]`;
  if (!isObject(value)) return value === null || value === undefined ? '<nil>' : String(value);
  const members = Object.keys(value)
    .sort()
    .map((key) => `${key}:${goText(value[key])}`);
  return `map[${members.join(' ')}]`;
}
