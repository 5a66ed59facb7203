import { special } from './types';

const final: Readonly<Record<string, string>> = {
  A: special.up,
  B: special.down,
  C: special.right,
  D: special.left,
  H: special.home,
  F: special.end,
  P: special.f1,
};
const numbered: Readonly<Record<string, string>> = {
  '1': special.home,
  '2': special.insert,
  '3': special.delete,
  '4': special.end,
  '5': special.pageUp,
  '6': special.pageDown,
  '7': special.home,
  '8': special.end,
  '11': special.f1,
  '200': special.pasteStart,
  '201': special.pasteEnd,
};

/** Bytes of a terminal as keys. An escape that nothing follows in the same read is the Escape key. */
export class TerminalKeys {
  readonly #decoder = new TextDecoder();

  decode(bytes: Uint8Array): string {
    const text = this.#decoder.decode(bytes, { stream: true });
    return text.replace(
      /\x1b(?:\[([\d;]*)([A-Za-z~])|O([A-Z]))/g,
      (_, parameters: string | undefined, end: string | undefined, single: string | undefined) => {
        if (single !== undefined) return final[single] ?? '';
        const [first = '', modifier] = (parameters ?? '').split(';');
        if (end === '~') return numbered[first] ?? '';
        const key = final[end ?? ''] ?? '';
        if (modifier === '2' || modifier === '5') {
          if (key === special.left) return special.shiftLeft;
          if (key === special.right) return special.shiftRight;
        }
        return key;
      },
    );
  }
}
