/** One thing that happened, and what made it happen. `parent` is 0 where the cause is outside the world (an input, the boot). */
export interface Span {
  readonly id: number;
  readonly parent: number;
  /** Virtual milliseconds since the Unix epoch. */
  readonly at: number;
  /** Who acted, by the field's own name: `kubectl`, `kube-apiserver`, `dockerd`, `netfilter`, … with the host where it matters: `kubelet@node1`. */
  readonly actor: string;
  /** What it did: `create`, `sync`, `bind`, `exec`, `mount`, `DNAT` … */
  readonly verb: string;
  /** To what: `pods/default/web-1`, `nat/KUBE-SERVICES`, `/var/lib/…` */
  readonly subject: string;
  /** Plain data for whoever draws it. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** How many spans stay readable; older ones are forgotten in blocks. The hash covers all that ever were. */
const KEPT = 200_000;

/**
 * The causal tree of everything that happens. The clock restores the cause under which a timer was set, the store that
 * of a revision, and a process runs its system calls under its own span; so every record finds its parent by itself.
 */
export class Trace {
  /** The span under which things happen now. */
  current = 0;
  /** Set by the clock, so that spans carry virtual time. */
  now: () => number = () => 0;

  #spans: Span[] = [];
  #first = 1;
  #hashA = 0x811c9dc5;
  #hashB = 0x01000193;
  readonly #listeners = new Set<(span: Span) => void>();
  /** The instant of the last span, and how it reads: many spans share one. */
  #at = NaN;
  #atText = '';

  record(actor: string, verb: string, subject: string, detail?: Readonly<Record<string, unknown>>): Span {
    const id = this.#first + this.#spans.length;
    const at = this.now();
    const base = { id, parent: this.current, at, actor, verb, subject };
    const span: Span = detail === undefined ? base : { ...base, detail };
    this.#spans.push(span);
    if (at !== this.#at) {
      this.#at = at;
      this.#atText = ` ${at} `;
    }
    this.#mix(`${this.current}${this.#atText}`, actor, verb, subject);
    if (this.#spans.length > KEPT * 1.5) {
      this.#first += this.#spans.length - KEPT;
      this.#spans = this.#spans.slice(-KEPT);
    }
    for (const listener of this.#listeners) listener(span);
    return span;
  }

  /** Runs `act` with `cause` as the parent of whatever it records. */
  within<T>(cause: number, act: () => T): T {
    const outer = this.current;
    this.current = cause;
    try {
      return act();
    } finally {
      this.current = outer;
    }
  }

  /** Records a span and runs `act` under it. */
  span<T>(actor: string, verb: string, subject: string, act: () => T): T {
    return this.within(this.record(actor, verb, subject).id, act);
  }

  get(id: number): Span | undefined {
    return this.#spans[id - this.#first];
  }

  /** From a span back to its first cause, the span itself first. */
  why(id: number): readonly Span[] {
    const chain: Span[] = [];
    for (let span = this.get(id); span !== undefined; span = this.get(span.parent)) chain.push(span);
    return chain;
  }

  /** All kept spans with an id greater than `after`, in order. */
  since(after: number): readonly Span[] {
    return this.#spans.slice(Math.max(0, after + 1 - this.#first));
  }

  get last(): number {
    return this.#first + this.#spans.length - 1;
  }

  subscribe(listener: (span: Span) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A digest of every span ever recorded: two runs with the same hash did the same things in the same order. */
  get hash(): string {
    return hex(this.#hashA) + hex(this.#hashB);
  }

  // FNV-1a twice with different primes: cheap, and 64 bits are enough to tell runs apart (not a security measure).
  // Each text is read letter by letter, which also makes the engine keep it in one piece.
  #mix(head: string, actor: string, verb: string, subject: string): void {
    this.#letters(head);
    this.#letters(actor);
    this.#letter(SPACE);
    this.#letters(verb);
    this.#letter(SPACE);
    this.#letters(subject);
    this.#hashA ^= this.#hashA >>> 15;
    this.#hashB ^= this.#hashB >>> 13;
  }

  #letters(text: string): void {
    let a = this.#hashA;
    let b = this.#hashB;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      a = Math.imul(a ^ code, 0x01000193);
      b = Math.imul(b ^ code, 0x85ebca6b);
    }
    this.#hashA = a;
    this.#hashB = b;
  }

  #letter(code: number): void {
    this.#hashA = Math.imul(this.#hashA ^ code, 0x01000193);
    this.#hashB = Math.imul(this.#hashB ^ code, 0x85ebca6b);
  }
}

const SPACE = 32;
const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');
