import type { Packet } from '../packet';
import type { Recent } from './matches/recent';
import type { Connection } from './conntrack';

export const hooks = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'] as const;
export type Hook = (typeof hooks)[number];
export type TableName = 'mangle' | 'raw' | 'filter' | 'nat';

/** Built-in chains of each table, in the order iptables-save prints them; the tables too stand in its order. */
export const tableHooks: Readonly<Record<TableName, readonly Hook[]>> = {
  mangle: hooks,
  raw: ['PREROUTING', 'OUTPUT'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
};
export const tableNames = Object.keys(tableHooks) as readonly TableName[];
export const isTableName = (name: string): name is TableName => Object.hasOwn(tableHooks, name);

/** What rules may look at of the namespace they stand in. */
export interface Surroundings {
  /** Virtual milliseconds. */
  now(): number;
  /** In [0, 2³¹). */
  random(): number;
  addressType(address: number, device?: string): string;
  recent(name: string): Recent;
  /** The address packets leaving by `device` towards `destination` get (MASQUERADE). */
  masqueradeAddress(device: string, destination: number): number | undefined;
  bindNat(connection: Connection, packet: Packet, request: NatRequest): boolean;
  log(line: string): void;
}

/** One packet before one chain. `chain.state` is what its rules remember in this namespace (limit, statistic nth). */
export interface Passage {
  readonly packet: Packet;
  readonly hook: Hook;
  /** Device names; empty where there is none. */
  readonly input: string;
  readonly output: string;
  readonly surroundings: Surroundings;
  chain: { state: Map<object, unknown> | undefined };
}

export interface NatRequest {
  readonly kind: 'source' | 'destination';
  readonly address: { readonly low: number; readonly high: number } | undefined;
  readonly port: { readonly low: number; readonly high: number } | undefined;
  readonly randomPort?: boolean;
  readonly persistent?: boolean;
}

export type Verdict =
  | { readonly kind: 'accept' }
  | { readonly kind: 'drop' }
  | { readonly kind: 'return' }
  /** The packet goes on to the next rule (MARK, LOG). */
  | { readonly kind: 'continue' }
  | { readonly kind: 'reject'; readonly with: string };

export const accept: Verdict = { kind: 'accept' };
export const drop: Verdict = { kind: 'drop' };
export const returned: Verdict = { kind: 'return' };
export const proceed: Verdict = { kind: 'continue' };

/** A loaded match extension with its options. Immutable, shared by every namespace that has the rule. */
export interface Match {
  readonly name: string;
  /** Options as iptables-save prints them, without `-m name`. */
  readonly save: string;
  /** As `iptables -L` prints it. */
  readonly list: string;
  readonly listNumeric?: string;
  /** Conntrack is switched on in a namespace when a rule needs it (nf_ct_netns_get). */
  readonly needsConntrack?: boolean;
  test(passage: Passage): boolean;
}

export interface Target {
  readonly name: string;
  /** In `iptables -L`, where it has another name there. */
  readonly listName?: string;
  readonly save: string;
  readonly list: string;
  readonly needsConntrack?: boolean;
  /** Tables it may stand in; undefined: all. */
  readonly tables?: readonly TableName[];
  readonly hooks?: readonly Hook[];
  /** The kernel refuses it (EINVAL) although iptables does not. */
  readonly invalid?: boolean;
  readonly listNumeric?: string;
  run(passage: Passage): Verdict;
}

/** A rule without its place and counters. Equal texts are the same object (see `parseRule`). */
export interface Rule {
  /** What follows `-A CHAIN ` in iptables-save; empty for a rule without anything. */
  readonly text: string;
  /** `text` up to the target, and the target; `-c` stands between them in `iptables -S -v`. */
  readonly start: string;
  readonly ending: string;
  readonly source: number;
  readonly sourceMask: number;
  readonly notSource: boolean;
  readonly destination: number;
  readonly destinationMask: number;
  readonly notDestination: boolean;
  readonly protocol: number;
  readonly notProtocol: boolean;
  readonly input: DeviceMatch | undefined;
  readonly output: DeviceMatch | undefined;
  readonly matches: readonly Match[];
  /** Undefined: the rule only counts. */
  readonly target: Target | undefined;
  /** A user-defined chain, for `-j CHAIN` and `-g CHAIN`. */
  readonly jump: string | undefined;
  readonly goto: boolean;
  readonly fragment: boolean;
  readonly needsConntrack: boolean;
}

export interface DeviceMatch {
  readonly not: boolean;
  readonly name: string;
  /** `eth+` */
  readonly prefix: boolean;
}

const deviceMatches = (match: DeviceMatch, device: string): boolean =>
  (match.prefix ? device.startsWith(match.name) : device === match.name) !== match.not;

/** Whether the packet has everything the rule asks for. */
export function ruleMatches(rule: Rule, passage: Passage): boolean {
  const packet = passage.packet;
  // `^` gives signed numbers and the masked difference is compared with 0 only, so no `>>>` is needed.
  if ((((packet.destination ^ rule.destination) & rule.destinationMask) !== 0) !== rule.notDestination) return false;
  if ((((packet.source ^ rule.source) & rule.sourceMask) !== 0) !== rule.notSource) return false;
  if (rule.protocol !== 0 && (packet.protocol !== rule.protocol) !== rule.notProtocol) return false;
  if (rule.input !== undefined && !deviceMatches(rule.input, passage.input)) return false;
  if (rule.output !== undefined && !deviceMatches(rule.output, passage.output)) return false;
  if (rule.fragment) return false;
  const matches = rule.matches;
  for (let index = 0; index < matches.length; index++) {
    const match = matches[index];
    if (match !== undefined && !match.test(passage)) return false;
  }
  return true;
}
