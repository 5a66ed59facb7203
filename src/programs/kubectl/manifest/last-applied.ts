import { isObject, text, withAt, type JsonObject } from '../json';
import { compactJson } from '../printers/json';

export const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

const escaped = (json: string): string =>
  json.replace(/[<>&\u2028\u2029]/g, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** The annotation's text of an object built here: members as they stand, a newline at the end. */
export const compactTyped = (object: JsonObject): string => `${escaped(JSON.stringify(object))}\n`;

/** The annotation's text of a manifest: keys sorted, without the annotation itself, which leaves an empty map (util.GetModifiedConfiguration). */
const configurationOf = (object: JsonObject): string => configurationAsIs(withoutConfiguration(object));

/** The same of an object as it stands, as who writes only the annotation has it (editor.GetApplyPatch). */
export const configurationAsIs = (object: JsonObject): string => `${compactJson(object)}\n`;

/** A manifest without the annotation. */
export function withoutConfiguration(object: JsonObject): JsonObject {
  const bare = withAt(object, ['metadata', 'annotations', lastApplied], undefined) as JsonObject;
  const annotations = isObject(bare['metadata']) ? bare['metadata']['annotations'] : undefined;
  return withAt(bare, ['metadata', 'annotations'], isObject(annotations) ? annotations : {}) as JsonObject;
}

/** A manifest with its own text in the annotation, as it is sent. */
export const withConfiguration = (object: JsonObject): JsonObject =>
  withAt(object, ['metadata', 'annotations', lastApplied], configurationOf(object)) as JsonObject;

/** What the annotation of a live object says; undefined without one. */
export function originalOf(object: JsonObject): JsonObject | undefined {
  const annotation = text(object, 'metadata', 'annotations', lastApplied);
  if (annotation === '') return undefined;
  try {
    const value: unknown = JSON.parse(annotation);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
