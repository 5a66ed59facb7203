import { fn, type Library } from '../functions';

/** library.JSONPatch: names as they stand in the paths of JSON patches (RFC 6901). */
export const jsonPatch: Library = [
  fn('/jsonpatch.escapeKey(string): string', ([key]: readonly [string]) =>
    key.replaceAll('~', '~0').replaceAll('/', '~1'),
  ),
];
