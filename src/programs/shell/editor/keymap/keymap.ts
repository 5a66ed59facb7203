/** What a key sequence does: one of readline's functions, typing something else, or a shell command (`bind -x`). */
export type Binding =
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'macro'; readonly text: string }
  | { readonly kind: 'shell'; readonly command: string };

/** The bindings of one mode of editing, by the keys as they are typed. */
export class Keymap {
  readonly #bindings: Map<string, Binding>;
  #prefixes: Set<string> | undefined;

  constructor(
    readonly name: string,
    bindings: Iterable<readonly [string, Binding]>,
  ) {
    this.#bindings = new Map(bindings);
  }

  get(keys: string): Binding | undefined {
    return this.#bindings.get(keys);
  }

  /** Whether longer sequences begin so. */
  isPrefix(keys: string): boolean {
    if (this.#prefixes === undefined) {
      this.#prefixes = new Set();
      for (const bound of this.#bindings.keys())
        for (let length = 1; length < bound.length; length++) this.#prefixes.add(bound.slice(0, length));
    }
    return this.#prefixes.has(keys);
  }

  set(keys: string, binding: Binding): void {
    this.#bindings.set(keys, binding);
    this.#prefixes = undefined;
  }

  delete(keys: string): boolean {
    this.#prefixes = undefined;
    return this.#bindings.delete(keys);
  }

  /** All bindings, by their keys as bytes. */
  entries(): readonly (readonly [string, Binding])[] {
    return [...this.#bindings].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  }

  /** The keys that call a function. */
  keysOf(name: string): readonly string[] {
    return this.entries().flatMap(([keys, binding]) =>
      binding.kind === 'function' && binding.name === name ? [keys] : [],
    );
  }
}
