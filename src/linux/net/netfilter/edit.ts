import { emptyRuleSet, type Chain, type Change, type Counted, type RuleSet } from './chain';
import type { Rule, TableName } from './rule';
import { tableHooks } from './rule';
import { badParameter, type Problem } from './spec';

const refused = (text: string): Problem => ({ code: 1, text });
const failed = (operation: string, reason: string, text: string): Problem => ({
  code: 4,
  text: `${operation} failed (${reason}): ${text}`,
});
export const noSuchChain = refused('No chain/target/match by that name.');
export const badRule = refused('Bad rule (does a matching rule exist in that chain?).');

interface Draft {
  readonly name: string;
  policy: 'ACCEPT' | 'DROP' | undefined;
  rules: Rule[];
  /** Where each rule stood before; −1: new. */
  origins: number[];
  counted: Map<number, Counted> | undefined;
  policyCounted: Counted | undefined;
}

/**
 * Changes to one table before they are committed (an nftables transaction): chains are copied when first touched, all
 * others stay the shared values they are.
 */
export class Edit {
  readonly #chains: Map<string, Chain>;
  readonly #drafts = new Map<string, Draft>();
  readonly #deleted = new Map<string, number>();
  readonly #jumps = new Set<string>();
  /** New jumps from built-in chains: what they lead to must be fit for that hook. */
  readonly #entrances: { readonly operation: string; readonly chain: string; readonly jump: string }[] = [];
  readonly #flushed: boolean;
  readonly #hooks: readonly string[];
  #needsConntrack: boolean;

  constructor(
    readonly name: TableName,
    base: RuleSet | undefined,
    { flush = false }: { readonly flush?: boolean } = {},
  ) {
    const start = base === undefined || flush ? emptyRuleSet(name) : base;
    this.#chains = new Map(start.chains);
    this.#hooks = tableHooks[name];
    this.#flushed = flush;
    this.#needsConntrack = start.needsConntrack;
  }

  has(chain: string): boolean {
    return this.#chains.has(chain);
  }

  rules(chain: string): readonly Rule[] | undefined {
    return this.#drafts.get(chain)?.rules ?? this.#chains.get(chain)?.rules;
  }

  #draft(name: string): Draft | undefined {
    const known = this.#drafts.get(name);
    if (known !== undefined) return known;
    const chain = this.#chains.get(name);
    if (chain === undefined) return undefined;
    const draft: Draft = {
      name,
      policy: chain.policy,
      rules: [...chain.rules],
      origins: chain.rules.map((_, index) => index),
      counted: undefined,
      policyCounted: undefined,
    };
    this.#drafts.set(name, draft);
    return draft;
  }

  /** `:NAME POLICY [p:b]`: makes the chain or empties it. */
  declare(name: string, policy: string, counters: Counted | undefined): Problem | undefined {
    if (!this.#hooks.includes(name)) {
      if (name.length > 28) return tooLong(name);
      this.#chains.set(name, { name, policy: undefined, rules: [] });
      this.#drafts.set(name, {
        name,
        policy: undefined,
        rules: [],
        origins: [],
        counted: undefined,
        policyCounted: undefined,
      });
      this.#deleted.delete(name);
      return undefined;
    }
    if (policy !== 'ACCEPT' && policy !== 'DROP' && policy !== '-') return refused('Bad policy name.');
    const draft = this.#draft(name);
    if (draft === undefined) return noSuchChain;
    if (policy !== '-') draft.policy = policy;
    draft.policyCounted = counters;
    return undefined;
  }

  #empty(name: string): void {
    const draft = this.#draft(name);
    if (draft === undefined) return;
    draft.rules = [];
    draft.origins = [];
    draft.counted = undefined;
  }

  #insert(draft: Draft, index: number, removed: number, rule: Rule): void {
    this.#needsConntrack ||= rule.needsConntrack;
    if (index === draft.rules.length) {
      draft.rules.push(rule);
      draft.origins.push(-1);
      return;
    }
    draft.rules.splice(index, removed, rule);
    draft.origins.splice(index, removed, -1);
  }

  #checked(operation: string, chain: string, rule: Rule): Problem | undefined {
    const { target, jump } = rule;
    const builtIn = this.#hooks.includes(chain);
    const wrongHook = builtIn && target?.hooks !== undefined && !target.hooks.some((hook) => hook === chain);
    const wrongTable = target?.tables !== undefined && !target.tables.includes(this.name);
    if (wrongHook || wrongTable || target?.invalid === true) {
      return failed(operation, 'Invalid argument', `rule in chain ${chain}`);
    }
    if (jump === undefined) return undefined;
    if (this.#hooks.includes(jump)) return failed(operation, 'Operation not supported', `rule in chain ${chain}`);
    this.#jumps.add(jump);
    if (builtIn) this.#entrances.push({ operation, chain, jump });
    return undefined;
  }

  /** Adds rules at the end, or so that the first gets number `at`. */
  add(chain: string, rules: readonly Rule[], at: 'end' | number, counters?: Counted): Problem | undefined {
    const draft = this.#draft(chain);
    if (draft === undefined) return noSuchChain;
    let index = at === 'end' ? draft.rules.length : at - 1;
    if (index > draft.rules.length) return refused('Index of insertion too big.');
    for (const rule of rules) {
      const problem = this.#checked(at === 'end' ? 'RULE_APPEND' : 'RULE_INSERT', chain, rule);
      if (problem !== undefined) return problem;
      this.#insert(draft, index, 0, rule);
      if (counters !== undefined) (draft.counted ??= new Map()).set(index, counters);
      index++;
    }
    return undefined;
  }

  replace(chain: string, number: number, rule: Rule): Problem | undefined {
    const draft = this.#draft(chain);
    if (draft === undefined) return noSuchChain;
    if (number > draft.rules.length) return refused('Index of replacement too big.');
    const problem = this.#checked('RULE_REPLACE', chain, rule);
    if (problem === undefined) this.#insert(draft, number - 1, 1, rule);
    return problem;
  }

  /** Position of the first equal rule; −1 if there is none. */
  find(chain: string, rule: Rule): number {
    return this.rules(chain)?.findIndex(({ text }) => text === rule.text) ?? -1;
  }

  delete(chain: string, what: Rule | number): Problem | undefined {
    const rules = this.rules(chain);
    if (rules === undefined) return noSuchChain;
    const index = typeof what === 'number' ? what - 1 : this.find(chain, what);
    if (typeof what === 'number' && index >= rules.length) return refused('Index of deletion too big.');
    if (index < 0) return badRule;
    const draft = this.#draft(chain);
    draft?.rules.splice(index, 1);
    draft?.origins.splice(index, 1);
    return undefined;
  }

  newChain(name: string): Problem | undefined {
    return this.has(name) ? refused('Chain already exists.') : this.declare(name, '-', undefined);
  }

  flush(name?: string): Problem | undefined {
    if (name !== undefined && !this.has(name)) return noSuchChain;
    for (const chain of name === undefined ? [...this.#chains.keys()] : [name]) this.#empty(chain);
    return undefined;
  }

  /** Without a name all user-defined chains. Whether something still jumps there is seen at the commit. */
  deleteChain(name: string | undefined, line = 0): Problem | undefined {
    if (name !== undefined && !this.has(name)) return noSuchChain;
    if (name !== undefined && this.#hooks.includes(name)) return busy(name);
    for (const chain of name === undefined ? [...this.#chains.keys()] : [name]) {
      if (this.#hooks.includes(chain)) continue;
      if ((this.rules(chain)?.length ?? 0) > 0) return busy(chain);
      this.#chains.delete(chain);
      this.#drafts.delete(chain);
      this.#deleted.set(chain, line);
    }
    return undefined;
  }

  rename(from: string, to: string): Problem | undefined {
    const draft = this.#draft(from);
    if (draft === undefined || draft.policy !== undefined) return noSuchChain;
    if (this.has(to)) return refused('File exists.');
    this.#chains.delete(from);
    this.#drafts.delete(from);
    this.#deleted.set(from, 0);
    this.#chains.set(to, { name: to, policy: undefined, rules: [] });
    this.#drafts.set(to, { ...draft, name: to });
    for (const name of [...this.#chains.keys()]) {
      if (this.rules(name)?.some(({ jump }) => jump === from) !== true) continue;
      const other = this.#draft(name);
      if (other !== undefined)
        other.rules = other.rules.map((rule) => (rule.jump === from ? withJump(rule, to) : rule));
    }
    return undefined;
  }

  setPolicy(name: string, policy: string): Problem | undefined {
    if (!this.#hooks.includes(name)) return refused('Bad built-in chain name.');
    if (policy !== 'ACCEPT' && policy !== 'DROP') return refused("Bad policy name. Run `dmesg' for more information.");
    const draft = this.#draft(name);
    if (draft !== undefined) draft.policy = policy;
    return undefined;
  }

  zero(name?: string, number?: number): Problem | undefined {
    if (name !== undefined && !this.has(name)) return noSuchChain;
    const none = { packets: 0, bytes: 0 };
    for (const chain of name === undefined ? [...this.#chains.keys()] : [name]) {
      const draft = this.#draft(chain);
      if (draft === undefined) continue;
      if (number !== undefined && number > draft.rules.length) return refused('Index of replacement too big.');
      draft.counted ??= new Map();
      if (number === undefined) draft.rules.forEach((_, index) => draft.counted?.set(index, none));
      else draft.counted.set(number - 1, none);
      if (number === undefined) draft.policyCounted = none;
    }
    return undefined;
  }

  /** What only the whole transaction can tell: every jump has its chain. `line` is that of the deletion at fault. */
  check(): (Problem & { readonly line?: number }) | undefined {
    for (const jump of this.#jumps) {
      if (!this.has(jump) && !this.#deleted.has(jump)) return badParameter(`Chain '${jump}' does not exist`);
    }
    for (const { operation, chain, jump } of this.#entrances) {
      if (!this.#fitsBelow(jump, chain, new Set())) {
        return failed(operation, 'Invalid argument', `rule in chain ${chain}`);
      }
    }
    if (this.#deleted.size === 0) return undefined;
    for (const name of this.#chains.keys()) {
      for (const { jump } of this.rules(name) ?? []) {
        const line = jump === undefined ? undefined : this.#deleted.get(jump);
        if (jump !== undefined && line !== undefined && !this.has(jump)) return { ...busy(jump), line };
      }
    }
    return undefined;
  }

  #fitsBelow(chain: string, hook: string, seen: Set<string>): boolean {
    if (seen.has(chain)) return true;
    seen.add(chain);
    for (const { target, jump } of this.rules(chain) ?? []) {
      if (target?.hooks !== undefined && !target.hooks.some((name) => name === hook)) return false;
      if (jump !== undefined && !this.#fitsBelow(jump, hook, seen)) return false;
    }
    return true;
  }

  /** The change as a value. The edit is used up. */
  finish(): Change {
    for (const { name, policy, rules } of this.#drafts.values()) {
      // iptables-nft makes a built-in chain when its first rule comes.
      if (rules.length > 0 && this.#chains.get(name)?.rules.length === 0 && policy !== undefined)
        this.#chains.delete(name);
      this.#chains.set(name, { name, policy, rules });
    }
    const gone = [...this.#deleted.keys()].filter((name) => !this.has(name));
    return {
      ruleSet: { name: this.name, chains: this.#chains, needsConntrack: this.#needsConntrack },
      flushed: this.#flushed,
      chains: [
        ...gone.map((name) => ({ name, origins: undefined, counted: undefined, policy: undefined })),
        ...[...this.#drafts.values()].map(({ name, origins, counted, policyCounted }) => ({
          name,
          origins,
          counted,
          policy: policyCounted,
        })),
      ],
    };
  }
}

const busy = (name: string): Problem => failed('CHAIN_DEL', 'Device or resource busy', `chain ${name}`);
export const tooLong = (name: string): Problem =>
  badParameter(`chain name \`${name}' too long (must be under 29 chars)`);

function withJump(rule: Rule, jump: string): Rule {
  const ending = `${rule.goto ? '-g' : '-j'} ${jump}`;
  return { ...rule, jump, ending, text: rule.start === '' ? ending : `${rule.start} ${ending}` };
}
