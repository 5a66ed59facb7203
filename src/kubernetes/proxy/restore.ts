import type { Chain, PortRules } from './rules';

/** A table's chains with their rules, in the order they are declared. */
export type Table = ReadonlyMap<string, Chain>;

export interface RuleSet {
  readonly filter: Table;
  readonly nat: Table;
}

/** Where kube-proxy's chains are jumped to from: inserted at the top of the built-in chain, in this order. */
export const jumps: readonly { readonly table: 'filter' | 'nat'; readonly chain: string; readonly rule: string }[] = [
  jump('filter', 'INPUT', 'KUBE-EXTERNAL-SERVICES', 'kubernetes externally-visible service portals', true),
  jump('filter', 'FORWARD', 'KUBE-EXTERNAL-SERVICES', 'kubernetes externally-visible service portals', true),
  jump('filter', 'INPUT', 'KUBE-NODEPORTS', 'kubernetes health check service ports', false),
  jump('filter', 'FORWARD', 'KUBE-SERVICES', 'kubernetes service portals', true),
  jump('filter', 'OUTPUT', 'KUBE-SERVICES', 'kubernetes service portals', true),
  jump('filter', 'FORWARD', 'KUBE-FORWARD', 'kubernetes forwarding rules', false),
  jump('filter', 'INPUT', 'KUBE-PROXY-FIREWALL', 'kubernetes load balancer firewall', true),
  jump('filter', 'OUTPUT', 'KUBE-PROXY-FIREWALL', 'kubernetes load balancer firewall', true),
  jump('filter', 'FORWARD', 'KUBE-PROXY-FIREWALL', 'kubernetes load balancer firewall', true),
  jump('nat', 'OUTPUT', 'KUBE-SERVICES', 'kubernetes service portals', false),
  jump('nat', 'PREROUTING', 'KUBE-SERVICES', 'kubernetes service portals', false),
  jump('nat', 'POSTROUTING', 'KUBE-POSTROUTING', 'kubernetes postrouting rules', false),
];

function jump(table: 'filter' | 'nat', chain: string, to: string, why: string, onlyNew: boolean) {
  const state = onlyNew ? '-m conntrack --ctstate NEW ' : '';
  return { table, chain, rule: `${state}-m comment --comment "${why}" -j ${to}` };
}

const forward: Chain = [
  '-m conntrack --ctstate INVALID -m nfacct --nfacct-name ct_state_invalid_dropped_pkts -j DROP',
  '-m comment --comment "kubernetes forwarding rules" -m mark --mark 0x4000/0x4000 -j ACCEPT',
  '-m comment --comment "kubernetes forwarding conntrack rule" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
];

const firewall: Chain = [
  '-m comment --comment "block incoming localnet connections" -d 127.0.0.0/8 ! -s 127.0.0.0/8 -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP',
];

const postrouting: Chain = [
  '-m mark ! --mark 0x4000/0x4000 -j RETURN',
  '-j MARK --xor-mark 0x4000',
  '-m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully',
];

const markMasquerade: Chain = ['-j MARK --or-mark 0x4000'];

const nodePortsLast =
  '-m comment --comment "kubernetes service nodeports; NOTE: this must be the last rule in this chain" -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS';

/** Puts the rules of all service ports together with the fixed ones. */
export function ruleSet(ports: readonly PortRules[]): RuleSet {
  const own = new Map<string, Chain>();
  for (const { chains } of ports) for (const [name, chain] of chains) own.set(name, chain);
  return {
    filter: new Map<string, Chain>([
      ['KUBE-NODEPORTS', ports.flatMap((port) => port.filterNodePorts)],
      ['KUBE-SERVICES', ports.flatMap((port) => port.filterServices)],
      ['KUBE-EXTERNAL-SERVICES', ports.flatMap((port) => port.filterExternalServices)],
      ['KUBE-FIREWALL', firewall],
      ['KUBE-FORWARD', forward],
      ['KUBE-PROXY-FIREWALL', ports.flatMap((port) => port.filterFirewall)],
    ]),
    nat: new Map<string, Chain>([
      ['KUBE-NODEPORTS', ports.flatMap((port) => port.natNodePorts)],
      ['KUBE-SERVICES', [...ports.flatMap((port) => port.natServices), nodePortsLast]],
      ['KUBE-MARK-MASQ', markMasquerade],
      ['KUBE-POSTROUTING', postrouting],
      ...own,
    ]),
  };
}

/**
 * What kube-proxy pipes into `iptables-restore --noflush --counters`. Naming a chain empties it; chains of `before` that
 * are gone are named once more, emptied and deleted; chains whose rules are the same value as before are left alone.
 */
export function restoreText(next: RuleSet, before?: RuleSet): string {
  return `${restoreTable('filter', next.filter, before?.filter)}${restoreTable('nat', next.nat, before?.nat)}`;
}

function restoreTable(name: string, next: Table, before: Table | undefined): string {
  const changed = [...next].filter(([chain, rules]) => before?.get(chain) !== rules);
  const gone = [...(before?.keys() ?? [])].filter((chain) => !next.has(chain));
  const lines = [
    `*${name}`,
    ...changed.map(([chain]) => `:${chain} - [0:0]`),
    ...gone.map((chain) => `:${chain} - [0:0]`),
    ...changed.flatMap(([chain, rules]) => rules.map((rule) => `-A ${chain} ${rule}`)),
    ...gone.map((chain) => `-X ${chain}`),
    'COMMIT',
  ];
  return lines.map((line) => `${line}\n`).join('');
}
