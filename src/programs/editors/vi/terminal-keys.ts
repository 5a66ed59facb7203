import { paneRequest, type PaneRequest } from '../pane';
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
  /** What was asked of the pane: one for each of its keys. */
  readonly requests: PaneRequest[] = [];
  /** The begin of a long sequence whose end is yet to come. */
  #held = '';

  decode(bytes: Uint8Array): string {
    let text = this.#held + this.#decoder.decode(bytes, { stream: true });
    const open = text.lastIndexOf('\x1b]');
    const whole = open < 0 || text.includes('\x07', open);
    this.#held = whole ? '' : text.slice(open);
    if (!whole) text = text.slice(0, open);
    text = text.replace(/\x1b\]([^\x07]*)\x07/g, (_, body: string) => {
      const request = paneRequest(body);
      if (request === undefined) return '';
      this.requests.push(request);
      return special.pane;
    });
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
