import { encode } from '../../../linux/io/bytes';
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

/** So many characters of texts are kept at least; twice as many at most. */
const enough = 24_000_000;

interface Kept {
  readonly kind: Kind;
  readonly text: string;
}

/** Objects as JSON. They do not change once they are stored, so that the text of one serves all who ask for it soon. */
export class ObjectTexts {
  #young = new Map<ApiObject, Kept>();
  #old = new Map<ApiObject, Kept>();
  #length = 0;
  #last:
    { readonly object: ApiObject; readonly kind: Kind; readonly type: string; readonly line: Uint8Array } | undefined;

  constructor(readonly shown: (kind: Kind, object: ApiObject) => ApiObject) {}

  /** Of a whole object. */
  text(kind: Kind, object: ApiObject): string {
    // How custom resources are shown may change with their definitions.
    if (kind.openApi !== undefined) return JSON.stringify(this.shown(kind, object));
    let known = this.#young.get(object);
    if (known?.kind === kind) return known.text;
    known = this.#old.get(object);
    if (known?.kind !== kind) known = { kind, text: JSON.stringify(this.shown(kind, object)) };
    if (this.#length > enough) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#length = 0;
    }
    this.#young.set(object, known);
    this.#length += known.text.length;
    return known.text;
  }

  /** Of an item of a typed list, which does not repeat its kind. */
  item(kind: Kind, object: ApiObject): string {
    const text = this.text(kind, object);
    if (kind.openApi !== undefined) return text;
    const head = `{"kind":${JSON.stringify(kind.names.kind)},"apiVersion":${JSON.stringify(kind.apiVersion)},`;
    if (text.startsWith(head)) return `{${text.slice(head.length)}`;
    const { kind: _kind, apiVersion: _version, ...item } = this.shown(kind, object);
    return JSON.stringify(item);
  }

  /** Of an event of a watch. All who watch get an event one after the other. */
  line(kind: Kind, type: string, object: ApiObject): Uint8Array {
    const last = this.#last;
    const fixed = kind.openApi === undefined;
    if (fixed && last?.object === object && last.kind === kind && last.type === type) return last.line;
    const text = this.#young.get(object);
    const json = text?.kind === kind ? text.text : JSON.stringify(this.shown(kind, object));
    const line = encode(`{"type":"${type}","object":${json}}\n`);
    this.#last = { object, kind, type, line };
    return line;
  }
}
