import type { Outcome } from './replay';
import type { Probe, World } from './worlds';

/** A line of ../shared/tools/kernel-oracle.py. */
export interface OracleLine {
  readonly packet: Partial<Probe> & { readonly dst: string };
  readonly fate: string;
  readonly left_as: readonly {
    readonly src: string;
    readonly dst: string;
    readonly sport?: number;
    readonly dport?: number;
  }[];
  readonly path: readonly string[];
  readonly side: readonly { readonly path: readonly string[] }[];
}

/** `nat:DOCKER:rule:0xe:ACCEPT  -4 -t nat -A DOCKER …` is `nat -A DOCKER …`; policies are none. */
const ruleOf = (step: string): readonly string[] => {
  const match = /-4 -t (\w+) (-A .*)$/.exec(step);
  return match === null || step.includes('-j TRACE') ? [] : [`${match[1] ?? ''} ${match[2] ?? ''}`];
};

/** What the kernel made of a packet, in our words. */
export function outcomeOf({ fate, left_as: [left], path, side }: OracleLine): Outcome {
  const rejected = /^reject icmp 3\/(\d+)/.exec(fate)?.[1];
  const refused = path.some((step) => step.includes('-j REJECT'));
  // A reset of our own (no listener) and an error in the socket are both the end of a packet that reached the host.
  const local = /^local|refused/.test(fate) && !refused;
  const plain =
    rejected !== undefined ? `reject ${rejected}` : fate.startsWith('out ') ? fate : local ? 'local' : 'none';
  const port = (number: number | undefined): number => number ?? 7;
  return {
    fate: plain,
    left: left === undefined ? '' : `${left.src}:${port(left.sport)}>${left.dst}:${port(left.dport)}`,
    rules: [...path, ...(rejected === undefined && !refused ? [] : side.flatMap((answer) => answer.path))]
      .flatMap(ruleOf)
      .sort(),
  };
}

/**
 * What the host itself answers (an echo, a closed port) came to the host. Who is sent back by the way it came is told by
 * an ICMP redirect before; then the oracle shows that, and how the packet left is not known.
 */
export function settled({ src, dst }: Pick<Probe, 'src' | 'dst'>, outcome: Outcome): Outcome {
  const { fate, left, rules } = outcome;
  const back = src !== undefined && left.includes(`>${src}:`);
  const closed = fate.startsWith('reject') && !rules.some((rule) => rule.includes('-j REJECT'));
  if (closed || (back && left.startsWith(`${dst}:`))) return { fate: 'local', left: '', rules };
  return back ? { fate, left: redirected, rules } : outcome;
}

/** Stands for how a packet left that nobody saw leave. */
export const redirected = 'after a redirect';

/** Outcomes of a world in few bytes: each rule is named once. */
export interface Packed {
  readonly rules: readonly string[];
  /** Fate, how it left, and numbers of rules. */
  readonly outcomes: readonly (readonly [string, string, ...(readonly number[])])[];
}

export function packed(outcomes: readonly Outcome[]): Packed {
  const rules = [...new Set(outcomes.flatMap((outcome) => outcome.rules))].sort();
  const numbers = new Map(rules.map((rule, index) => [rule, index]));
  return {
    rules,
    outcomes: outcomes.map(({ fate, left, rules: met }) => [fate, left, ...met.map((rule) => numbers.get(rule) ?? -1)]),
  };
}

export const unpacked = ({ rules, outcomes }: Packed): readonly Outcome[] =>
  outcomes.map(([fate, left, ...met]) => ({ fate, left, rules: met.map((index) => rules[index] ?? '') }));

/** Tells whether a world is still the one that was recorded. */
export function digestOf({ ifaces, rules, packets }: World): string {
  const text = JSON.stringify({ ifaces, packets }) + rules.replace(/^#.*$/gm, '').replace(/\[\d+:\d+\]/g, '');
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(16);
}
