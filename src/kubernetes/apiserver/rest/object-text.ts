import type { Kind } from '../../apimachinery/kind';
import type { ApiObject } from '../../apimachinery/object';
import type { ServerParts } from './exchange';

/** Stored objects never change, so what was written of one once is right for all who read it. */
const metadataOf = new WeakMap<Kind, WeakMap<ApiObject, string>>();

/** The metadata of objects as JSON text, with who owns which fields: what most of a Table and of a list of metadata is. */
export function metadataTexts({ registry }: ServerParts, kind: Kind): (object: ApiObject) => string {
  let texts = metadataOf.get(kind);
  if (texts === undefined) metadataOf.set(kind, (texts = new WeakMap<ApiObject, string>()));
  const known = texts;
  const { managed } = registry.storage;
  return (object) => {
    let text = known.get(object);
    if (text !== undefined) return text;
    const { metadata } = kind.encode(object);
    const managers = managed.entriesText(kind.stored ?? kind, object);
    text = JSON.stringify(metadata);
    if (managers !== '') text = `${text.slice(0, -1)},"managedFields":[${managers}]}`;
    known.set(object, text);
    return text;
  };
}
