import { formatFloat } from './fmt';
import { GoStruct, isList, sortedKeys, type GoValue } from './values';

/**
 * encoding/json: maps sorted by key, `<`, `>` and `&` escaped, structs in the order of their fields. `indent` as
 * json.MarshalIndent's, after an empty prefix.
 */
export function goJson(
  value: GoValue,
  { indent = '', escapeHtml = true }: { readonly indent?: string; readonly escapeHtml?: boolean } = {},
): string {
  const text = write(value, indent, '');
  return escapeHtml
    ? text.replace(/[<>&\u2028\u2029]/g, (char) => `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`)
    : text;
}

function write(value: GoValue, indent: string, outer: string): string {
  if (value === undefined || value === null || typeof value === 'function') return 'null';
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return formatFloat(value);
  if (typeof value === 'string') return JSON.stringify(value).replace(/\\b/g, '\\u0008').replace(/\\f/g, '\\u000c');
  const inner = outer + indent;
  if (isList(value))
    return wrap(
      '[',
      value.map((item) => write(item, indent, inner)),
      ']',
      indent,
      outer,
    );
  const entries =
    value instanceof GoStruct ? structEntries(value) : sortedKeys(value).map((key) => [key, value[key]] as const);
  const colon = indent === '' ? ':' : ': ';
  return wrap(
    '{',
    entries.map(([key, field]) => `${JSON.stringify(key)}${colon}${write(field, indent, inner)}`),
    '}',
    indent,
    outer,
  );
}

function structEntries({ fields, tags }: GoStruct): readonly (readonly [string, GoValue])[] {
  return [...fields]
    .filter(([key, field]) => typeof field !== 'function' && field !== undefined && !omitted(field, key, tags))
    .map(([key, field]) => [tags.names?.get(key) ?? key, field] as const);
}

const omitted = (field: GoValue, key: string, { omitEmpty }: GoStruct['tags']): boolean =>
  (field === null || field === '' || field === 0n) && omitEmpty?.has(key) === true;

function wrap(open: string, parts: readonly string[], close: string, indent: string, outer: string): string {
  if (parts.length === 0) return open + close;
  if (indent === '') return open + parts.join(',') + close;
  return `${open}\n${parts.map((part) => outer + indent + part).join(',\n')}\n${outer}${close}`;
}
