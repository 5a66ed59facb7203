import type { Rule } from './rule';

/**
 * A chain of one namespace. Its rules are an immutable array that namespaces with equal rules share; counters are its
 * own, keyed by position, and exist only once a rule was hit.
 */
export class Chain {
  rules: readonly Rule[] = [];
  /** packets, bytes of rule 0, of rule 1, … */
  #counters: Float64Array | undefined;
  policyPackets = 0;
  policyBytes = 0;
  /** Goes up with every change of rules or counters, for snapshots. */
  version = 0;
  /** What matches remember per rule (limit, statistic nth), by match object. */
  state: Map<object, unknown> | undefined;

  constructor(
    readonly name: string,
    /** Undefined for user-defined chains. */
    public policy: 'ACCEPT' | 'DROP' | undefined,
  ) {}

  count(index: number, bytes: number): void {
    const counters = (this.#counters ??= new Float64Array(this.rules.length * 2));
    counters[index * 2] = (counters[index * 2] ?? 0) + 1;
    counters[index * 2 + 1] = (counters[index * 2 + 1] ?? 0) + bytes;
    this.version++;
  }

  countPolicy(bytes: number): void {
    this.policyPackets++;
    this.policyBytes += bytes;
    this.version++;
  }

  packets(index: number): number {
    return this.#counters?.[index * 2] ?? 0;
  }

  bytes(index: number): number {
    return this.#counters?.[index * 2 + 1] ?? 0;
  }

  setCounters(index: number, packets: number, bytes: number): void {
    if (packets === 0 && bytes === 0 && this.#counters === undefined) return;
    const counters = (this.#counters ??= new Float64Array(this.rules.length * 2));
    counters[index * 2] = packets;
    counters[index * 2 + 1] = bytes;
    this.version++;
  }

  zero(): void {
    this.#counters = undefined;
    this.policyPackets = 0;
    this.policyBytes = 0;
    this.version++;
  }

  /** Other rules, counters from zero. */
  replaceAll(rules: readonly Rule[]): void {
    this.rules = rules;
    this.#counters = undefined;
    this.state = undefined;
    this.version++;
  }

  insert(index: number, rule: Rule): void {
    this.#splice(index, 0, rule);
  }

  replace(index: number, rule: Rule): void {
    this.#splice(index, 1, rule);
  }

  delete(index: number): void {
    this.#splice(index, 1);
  }

  #splice(index: number, removed: number, ...added: readonly Rule[]): void {
    this.rules = this.rules.toSpliced(index, removed, ...added);
    if (this.#counters !== undefined) {
      const zeros = added.flatMap(() => [0, 0]);
      this.#counters = Float64Array.from([...this.#counters].toSpliced(index * 2, removed * 2, ...zeros));
    }
    this.version++;
  }

  copy(): Chain {
    const chain = new Chain(this.name, this.policy);
    chain.rules = this.rules;
    chain.#counters = this.#counters?.slice();
    chain.policyPackets = this.policyPackets;
    chain.policyBytes = this.policyBytes;
    chain.state = this.state;
    chain.version = this.version + 1;
    return chain;
  }
}

/** One table of one namespace. */
export class Table {
  readonly chains = new Map<string, Chain>();

  constructor(
    readonly name: string,
    readonly hooks: readonly string[],
  ) {
    for (const hook of hooks) this.chains.set(hook, new Chain(hook, 'ACCEPT'));
  }

  /** Built-in chains in hook order, then the others by name: what iptables-nft-save does. */
  sorted(): readonly Chain[] {
    const own: Chain[] = [];
    for (const chain of this.chains.values()) if (chain.policy === undefined) own.push(chain);
    own.sort((left, right) => (left.name < right.name ? -1 : 1));
    return [...this.hooks.flatMap((hook) => this.chains.get(hook) ?? []), ...own];
  }

  /** How many rules of other chains jump to this one. */
  references(name: string): number {
    let count = 0;
    for (const { rules } of this.chains.values()) for (const { jump } of rules) if (jump === name) count++;
    return count;
  }

  copy(): Table {
    const table = new Table(this.name, this.hooks);
    for (const chain of this.chains.values()) table.chains.set(chain.name, chain.copy());
    return table;
  }
}
