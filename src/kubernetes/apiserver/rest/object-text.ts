import type { Kind } from '../../apimachinery/kind';
import type { ApiObject } from '../../apimachinery/object';
import type { ServerParts } from './exchange';

/** The metadata of objects as JSON text, with who owns which fields: what most of a Table is. */
export const metadataTexts =
  ({ registry }: ServerParts, kind: Kind): ((object: ApiObject) => string) =>
  (object) => {
    const managers = registry.storage.managed.entriesText(kind.stored ?? kind, object);
    const text = JSON.stringify(kind.encode(object).metadata);
    return managers === '' ? text : `${text.slice(0, -1)},"managedFields":[${managers}]}`;
  };
