/** Kinds of values that cross between Python and us (ports/webassembly/proxy_c.c). */
const toUs = { exception: -1, none: 1, boolean: 2, integer: 3, float: 4, text: 5, proxy: 9 } as const;
const toPython = { undefined: 0, none: 1, boolean: 2, integer: 3, float: 4, text: 5, existing: 6, object: 7 } as const;

/** What the guest may hold of ours: plain values. */
export type Plain = undefined | null | boolean | number | string;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The memory of one instance, with values as the interpreter lays them out. */
export class Memory {
  constructor(
    private readonly memory: WebAssembly.Memory,
    private readonly malloc: (size: number) => number,
  ) {}

  get view(): DataView {
    return new DataView(this.memory.buffer);
  }
  get bytes(): Uint8Array {
    return new Uint8Array(this.memory.buffer);
  }

  /** The text that begins here and has so many bytes, or ends at a zero byte. */
  text(at: number, length?: number): string {
    const { bytes } = this;
    const end = length === undefined ? bytes.indexOf(0, at) : at + length;
    return decoder.decode(bytes.subarray(at, end));
  }

  /** Copies a text in, with a zero byte after it. */
  put(text: string): { readonly at: number; readonly length: number } {
    const encoded = encoder.encode(text);
    const at = this.malloc(encoded.length + 1);
    this.bytes.set(encoded, at);
    this.bytes[at + encoded.length] = 0;
    return { at, length: encoded.length };
  }

  /** Reads a value that Python handed over. */
  read(at: number): Plain {
    const { view } = this;
    switch (view.getInt32(at, true)) {
      case toUs.boolean:
        return view.getInt32(at + 4, true) !== 0;
      case toUs.integer:
        return view.getInt32(at + 4, true);
      case toUs.float: {
        const halves = new DataView(new ArrayBuffer(8));
        halves.setInt32(0, view.getInt32(at + 4, true), true);
        halves.setInt32(4, view.getInt32(at + 8, true), true);
        return halves.getFloat64(0, true);
      }
      case toUs.text:
      case toUs.exception:
        return this.text(view.getInt32(at + 8, true), view.getInt32(at + 4, true));
      default:
        return null;
    }
  }

  /** Hands a value to Python. */
  write(value: Plain, at: number): void {
    if (typeof value === 'string') {
      const { at: start, length } = this.put(value);
      this.words(at, toPython.text, length, start);
    } else if (typeof value === 'boolean') this.words(at, toPython.boolean, value ? 1 : 0);
    else if (typeof value === 'number') {
      if (Number.isInteger(value) && Math.abs(value) < 2 ** 30) this.words(at, toPython.integer, value);
      else {
        const halves = new DataView(new ArrayBuffer(8));
        halves.setFloat64(0, value, true);
        this.words(at, toPython.float, halves.getInt32(0, true), halves.getInt32(4, true));
      }
    } else this.words(at, value === null ? toPython.none : toPython.undefined);
  }

  /** Hands over one of the two objects that the guest knows, by its number. */
  reference(id: number, at: number): void {
    this.words(at, toPython.object, id);
  }

  private words(at: number, ...words: readonly number[]): void {
    const { view } = this;
    words.forEach((word, index) => view.setInt32(at + 4 * index, word, true));
  }
}
