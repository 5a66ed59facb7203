import { tableHooks, type Rule, type TableName } from './rule';

/** A chain's rules: an immutable value. */
export interface Chain {
  readonly name: string;
  /** Undefined for user-defined chains. */
  readonly policy: 'ACCEPT' | 'DROP' | undefined;
  readonly rules: readonly Rule[];
}

/** A table's chains: an immutable value, one object for all namespaces that came to it by the same steps. */
export interface RuleSet {
  readonly name: TableName;
  readonly chains: ReadonlyMap<string, Chain>;
  /** Some rule needs connection tracking. */
  readonly needsConntrack: boolean;
}

const empties = new Map<TableName, RuleSet>();

/** The table as it is made: built-in chains without rules. */
export function emptyRuleSet(name: TableName): RuleSet {
  let empty = empties.get(name);
  if (empty === undefined) {
    const chains = new Map<string, Chain>();
    for (const hook of tableHooks[name]) chains.set(hook, { name: hook, policy: 'ACCEPT', rules: [] });
    empty = { name, chains, needsConntrack: name === 'nat' };
    empties.set(name, empty);
  }
  return empty;
}

/** Built-in chains in hook order, then the others by name: what iptables-nft-save does. */
export function sortedChains({ name, chains }: RuleSet): readonly Chain[] {
  const own: Chain[] = [];
  for (const chain of chains.values()) if (chain.policy === undefined) own.push(chain);
  own.sort((left, right) => (left.name < right.name ? -1 : 1));
  return [...tableHooks[name].flatMap((hook) => chains.get(hook) ?? []), ...own];
}

/** How many rules jump to each chain. */
export function references({ chains }: RuleSet): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { rules } of chains.values()) {
    for (const { jump } of rules) if (jump !== undefined) counts.set(jump, (counts.get(jump) ?? 0) + 1);
  }
  return counts;
}

/** What one namespace counted in one chain, rules by position. */
export class ChainCounters {
  /** packets, bytes of rule 0, of rule 1, … */
  values: Float64Array;
  policyPackets = 0;
  policyBytes = 0;
  /** Goes up with every count, for snapshots. */
  version = 0;
  /** What matches remember (limit, statistic nth), by match object. */
  state: Map<object, unknown> | undefined;

  constructor(rules: number) {
    this.values = new Float64Array(rules * 2);
  }

  count(index: number, bytes: number): void {
    const values = this.values;
    values[index * 2] = (values[index * 2] ?? 0) + 1;
    values[index * 2 + 1] = (values[index * 2 + 1] ?? 0) + bytes;
    this.version++;
  }

  countPolicy(bytes: number): void {
    this.policyPackets++;
    this.policyBytes += bytes;
    this.version++;
  }

  packets(index: number): number {
    return this.values[index * 2] ?? 0;
  }

  bytes(index: number): number {
    return this.values[index * 2 + 1] ?? 0;
  }
}

/** One table of one namespace: the shared rules and its own counters, made where something was counted. */
export class Table {
  readonly #counters = new Map<string, ChainCounters>();

  constructor(public ruleSet: RuleSet) {}

  /** The counters of a chain, for counting. */
  counters({ name, rules }: Chain): ChainCounters {
    let counters = this.#counters.get(name);
    if (counters === undefined) this.#counters.set(name, (counters = new ChainCounters(rules.length)));
    return counters;
  }

  /** The counters of a chain if anything was counted, for reading. */
  peek(name: string): ChainCounters | undefined {
    return this.#counters.get(name);
  }

  apply(change: Change): void {
    this.ruleSet = change.ruleSet;
    if (change.flushed) this.#counters.clear();
    for (const { name, origins, counted, policy } of change.chains) {
      const old = this.#counters.get(name);
      if (origins === undefined) this.#counters.delete(name);
      if (origins === undefined || (old === undefined && counted === undefined && policy === undefined)) continue;
      const counters = new ChainCounters(origins.length);
      counters.version = (old?.version ?? 0) + 1;
      if (old !== undefined && policy === undefined) {
        counters.policyPackets = old.policyPackets;
        counters.policyBytes = old.policyBytes;
      } else if (policy !== undefined) {
        counters.policyPackets = policy.packets;
        counters.policyBytes = policy.bytes;
      }
      counters.state = old?.state;
      origins.forEach((origin, index) => {
        const set = counted?.get(index);
        counters.values[index * 2] = set?.packets ?? (origin < 0 ? 0 : (old?.packets(origin) ?? 0));
        counters.values[index * 2 + 1] = set?.bytes ?? (origin < 0 ? 0 : (old?.bytes(origin) ?? 0));
      });
      this.#counters.set(name, counters);
    }
  }
}

export interface Counted {
  readonly packets: number;
  readonly bytes: number;
}

/** From one rule set to the next, and what becomes of counters. The same change serves every namespace. */
export interface Change {
  readonly ruleSet: RuleSet;
  /** All counters begin anew. */
  readonly flushed: boolean;
  readonly chains: readonly {
    readonly name: string;
    /** Where each rule stood before, −1 for new ones; undefined: the chain is gone. */
    readonly origins: readonly number[] | undefined;
    readonly counted: ReadonlyMap<number, Counted> | undefined;
    readonly policy: Counted | undefined;
  }[];
}
