import { isObject, type JsonObject } from '../../json';
import { plain } from './context';
import { head, type DescribeWriter } from './writer';

const skipped = new Set([
  '.metadata.managedFields',
  '.metadata.name',
  '.metadata.namespace',
  '.metadata.labels',
  '.metadata.annotations',
]);

/** Kinds that kubectl knows nothing about: all members, with titles made of their names. */
export const describeAnything = plain((w, object) => {
  head(w, object);
  content(w, 0, object, '');
});

function content(w: DescribeWriter, level: number, object: JsonObject, path: string): void {
  for (const field of Object.keys(object).sort()) {
    const inner = `${path}.${field}`;
    if (skipped.has(inner)) continue;
    const value = object[field];
    const title = titleOf(field);
    if (isObject(value)) {
      w.write(level, `${title}:\n`);
      content(w, level + 1, value, inner);
    } else if (Array.isArray(value)) {
      w.write(level, `${title}:\n`);
      for (const item of value as readonly unknown[]) {
        if (isObject(item)) content(w, level + 1, item, inner);
        else w.write(level + 1, `${goValue(item)}\n`);
      }
    } else w.field(level, title, goValue(value));
  }
}

/** Go's %v. */
function goValue(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(goValue).join(' ')}]`;
  if (!isObject(value)) return String(value);
  const pairs = Object.keys(value)
    .sort()
    .map((key) => `${key}:${goValue(value[key])}`);
  return `map[${pairs.join(' ')}]`;
}

const acronyms = new Set(['API', 'URL', 'UID', 'OSB', 'GUID']);

/** `Creation Timestamp` of `creationTimestamp`; names with other characters than letters stay as they are. */
export function titleOf(field: string): string {
  if (/[^\p{L}-]/u.test(field)) return field;
  const parts = field.match(/\p{Lu}+(?=\p{Lu}\p{Ll})|\p{Lu}\p{Ll}+|\p{Lu}+|\p{Ll}+|[^\p{L}]+/gu) ?? [];
  return parts
    .map((part) => {
      const upper = part.toUpperCase();
      return acronyms.has(upper) ? upper : part.charAt(0).toUpperCase() + part.slice(1);
    })
    .join(' ');
}
