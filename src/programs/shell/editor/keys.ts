/** A key as the editor understands it: a text to insert, or a name such as `C-a`, `M-b`, `up`. */
export type Key = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'key'; readonly name: string };

const finals: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  H: 'home',
  F: 'end',
  Z: 'S-tab',
};

const tildes: Readonly<Record<string, string>> = {
  '1': 'home',
  '2': 'insert',
  '3': 'delete',
  '4': 'end',
  '5': 'page-up',
  '6': 'page-down',
  '7': 'home',
  '8': 'end',
  '200': 'paste-begin',
  '201': 'paste-end',
};

/** Takes bytes one at a time and gives keys when they are complete. */
export class KeyDecoder {
  #sequence: string | undefined;
  #utf8: number[] = [];
  #expected = 0;

  /** The key that a byte completes, or undefined. */
  push(byte: number): Key | undefined {
    if (this.#sequence !== undefined) return this.#inSequence(byte);
    if (this.#expected > 0) return this.#continue(byte);
    if (byte === 0x1b) {
      this.#sequence = '';
      return undefined;
    }
    if (byte === 0x7f) return { kind: 'key', name: 'backspace' };
    if (byte < 32) return { kind: 'key', name: controlName(byte) };
    if (byte < 0x80) return { kind: 'text', text: String.fromCharCode(byte) };
    this.#expected = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : byte >= 0xc0 ? 1 : 0;
    this.#utf8 = [byte];
    return undefined;
  }

  #continue(byte: number): Key | undefined {
    this.#utf8.push(byte);
    if (--this.#expected > 0) return undefined;
    const text = new TextDecoder().decode(Uint8Array.from(this.#utf8));
    this.#utf8 = [];
    return { kind: 'text', text };
  }

  #inSequence(byte: number): Key | undefined {
    const char = String.fromCharCode(byte);
    const sequence = (this.#sequence ?? '') + char;
    if (sequence === '[' || sequence === 'O') {
      this.#sequence = sequence;
      return undefined;
    }
    if (sequence.length === 1) {
      this.#sequence = undefined;
      if (byte === 0x1b) {
        this.#sequence = '';
        return undefined;
      }
      if (byte === 0x7f || byte === 8) return { kind: 'key', name: 'M-backspace' };
      if (byte < 32) return { kind: 'key', name: `M-${controlName(byte)}` };
      return { kind: 'key', name: `M-${char}` };
    }
    if (/[\d;?]/.test(char)) {
      this.#sequence = sequence;
      return undefined;
    }
    this.#sequence = undefined;
    return { kind: 'key', name: named(sequence) };
  }
}

function named(sequence: string): string {
  const final = sequence.charAt(sequence.length - 1);
  const [number = '', modifier] = sequence.slice(1, -1).split(';');
  const name = final === '~' ? tildes[number] : finals[final];
  if (name === undefined) return 'unknown';
  if (modifier === '5') return `C-${name}`;
  return modifier === '3' ? `M-${name}` : name;
}

function controlName(byte: number): string {
  switch (byte) {
    case 8:
      return 'backspace';
    case 9:
      return 'tab';
    case 10:
    case 13:
      return 'enter';
    case 0x1f:
      return 'C-_';
    default:
      return `C-${String.fromCharCode(byte + 96)}`;
  }
}
