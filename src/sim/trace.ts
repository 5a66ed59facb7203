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
  readonly detail?: Detail;
}

/** What a span shows besides its words, or how to tell it when somebody looks. */
export type Detail = Readonly<Record<string, unknown>>;
export type Telling = Detail | (() => Detail);

/** How many spans stay readable; older ones are forgotten in blocks. The hash covers all that ever were. */
const KEPT = 200_000;

/**
 * How many of them keep their details: those of a hundred docker commands. Of older ones it stays known who did
 * what to what and why; whatever the detail spoke of (a specification, a request's body) may go.
 */
const DETAILED = 2_048;

const BLOCK = 1_024;

/** Spans that follow each other, in columns: a tenth of the room that objects would take. */
class Block {
  readonly at = new Float64Array(BLOCK);
  readonly parent = new Float64Array(BLOCK);
  /** Numbers of words. */
  readonly actor = new Uint32Array(BLOCK);
  readonly verb = new Uint32Array(BLOCK);
  readonly subject: string[] = [];
  details: (Telling | undefined)[] | undefined = [];
}

/**
 * The causal tree of everything that happens. The clock restores the cause under which a timer was set, the store that
 * of a revision, and a process runs its system calls under its own span; so every record finds its parent by itself.
 */
export class Trace {
  /** The span under which things happen now. */
  current = 0;
  /** Set by the clock, so that spans carry virtual time. */
  now: () => number = () => 0;

  #blocks: Block[] = [];
  /** The id of the first span of the first block, and how many there are. */
  #first = 1;
  #count = 0;
  /** Actors and verbs are few, and have numbers. */
  readonly #numbers = new Map<string, number>();
  readonly #words: string[] = [];
  #hashA = 0x811c9dc5;
  #hashB = 0x01000193;
  readonly #listeners = new Set<(span: Span) => void>();
  /** The instant of the last span, and how it reads: many spans share one. */
  #at = NaN;
  #atText = '';

  record(actor: string, verb: string, subject: string, detail?: Telling): Span {
    const id = this.#first + this.#count;
    const at = this.now();
    const parent = this.current;
    if (at !== this.#at) {
      this.#at = at;
      this.#atText = ` ${at} `;
    }
    this.#mix(`${parent}${this.#atText}`, actor, verb, subject);
    const slot = this.#count % BLOCK;
    const block = slot === 0 ? this.#begin() : (this.#blocks[this.#blocks.length - 1] as Block);
    block.at[slot] = at;
    block.parent[slot] = parent;
    block.actor[slot] = this.#number(actor);
    block.verb[slot] = this.#number(verb);
    block.subject.push(subject);
    block.details?.push(detail);
    this.#count++;
    const span = spanOf(id, parent, at, actor, verb, subject, detail);
    for (const listener of this.#listeners) listener(span);
    return span;
  }

  /** A new block; what is too old by now goes. */
  #begin(): Block {
    const block = new Block();
    this.#blocks.push(block);
    const terse = this.#blocks[this.#blocks.length - 1 - DETAILED / BLOCK];
    if (terse !== undefined) terse.details = undefined;
    if (this.#count > KEPT * 1.5) {
      const gone = Math.floor((this.#count - KEPT) / BLOCK);
      this.#blocks = this.#blocks.slice(gone);
      this.#first += gone * BLOCK;
      this.#count -= gone * BLOCK;
    }
    return block;
  }

  #number(word: string): number {
    const known = this.#numbers.get(word);
    if (known !== undefined) return known;
    this.#numbers.set(word, this.#words.length);
    return this.#words.push(word) - 1;
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
    const index = id - this.#first;
    if (index < 0) return undefined;
    const block = this.#blocks[Math.floor(index / BLOCK)];
    const slot = index % BLOCK;
    const subject = block?.subject[slot];
    if (block === undefined || subject === undefined) return undefined;
    const detail = block.details?.[slot];
    return spanOf(
      id,
      block.parent[slot] ?? 0,
      block.at[slot] ?? 0,
      this.#words[block.actor[slot] ?? 0] ?? '',
      this.#words[block.verb[slot] ?? 0] ?? '',
      subject,
      detail,
    );
  }

  /** From a span back to its first cause, the span itself first. */
  why(id: number): readonly Span[] {
    const chain: Span[] = [];
    for (let span = this.get(id); span !== undefined; span = this.get(span.parent)) chain.push(span);
    return chain;
  }

  /** All kept spans with an id greater than `after`, in order. */
  since(after: number): readonly Span[] {
    const spans: Span[] = [];
    for (let id = Math.max(after + 1, this.#first); id <= this.last; id++) {
      const span = this.get(id);
      if (span !== undefined) spans.push(span);
    }
    return spans;
  }

  get last(): number {
    return this.#first + this.#count - 1;
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

/** A span with its detail, which is told when it is asked for. */
class Told implements Span {
  constructor(
    readonly id: number,
    readonly parent: number,
    readonly at: number,
    readonly actor: string,
    readonly verb: string,
    readonly subject: string,
    readonly telling: Telling,
  ) {}

  get detail(): Detail {
    return typeof this.telling === 'function' ? this.telling() : this.telling;
  }
}

const spanOf = (
  id: number,
  parent: number,
  at: number,
  actor: string,
  verb: string,
  subject: string,
  telling: Telling | undefined,
): Span =>
  telling === undefined
    ? { id, parent, at, actor, verb, subject }
    : new Told(id, parent, at, actor, verb, subject, telling);

const SPACE = 32;
const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');
