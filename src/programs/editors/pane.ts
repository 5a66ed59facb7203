import { decode, encode } from '../../linux/io/bytes';

/**
 * How an editor lets whoever draws the terminal show the file in an editor of their own: in control sequences of the
 * terminal (OSC 7733), which others ignore. So it works wherever a terminal reaches (ssh, docker exec -it), a save is
 * the program's own write, and a recorded session has it all.
 *
 * The program says `here;<path>` and at its end `gone`. Asked `show` it answers `text;<JSON {path, text, readOnly}>`;
 * told `save;<text>` it writes and answers `saved;<message>` or `refused;<message>`; told `close` it ends.
 */
export const oscNumber = 7733;

export type PaneRequest =
  { readonly verb: 'show' } | { readonly verb: 'save'; readonly text: string } | { readonly verb: 'close' };

/** A sequence to the terminal. What follows the verb is UTF-8 in base64. */
export const paneSequence = (verb: 'here' | 'gone' | 'text' | 'saved' | 'refused', value = ''): string =>
  `\x1b]${oscNumber};${verb};${toBase64(value)}\x07`;

/** What the terminal asks; undefined if it is nothing of ours. */
export function paneRequest(body: string): PaneRequest | undefined {
  const [number, verb, value = ''] = body.split(';');
  if (number !== String(oscNumber)) return undefined;
  if (verb === 'show' || verb === 'close') return { verb };
  return verb === 'save' ? { verb, text: fromBase64(value) } : undefined;
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function toBase64(text: string): string {
  const bytes = encode(text);
  let result = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(at, at + 3);
    const left = bytes.length - at;
    const whole = (a << 16) | (b << 8) | c;
    for (let digit = 0; digit < 4; digit++)
      result += digit > left ? '=' : (letters[(whole >> (18 - 6 * digit)) & 63] ?? '');
  }
  return result;
}

function fromBase64(text: string): string {
  const digits = text.replace(/[^A-Za-z0-9+/]/g, '');
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let [bits, held, at] = [0, 0, 0];
  for (const digit of digits) {
    held = ((held << 6) | letters.indexOf(digit)) & 0xffffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = (held >> bits) & 255;
  }
  return decode(bytes);
}
