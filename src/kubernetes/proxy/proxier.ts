import type { Clock } from '../../sim/clock';
import type { Trace } from '../../sim/trace';
import type { NetfilterAdmin } from '../../linux/net/types';
import { service, type Service } from '../api/core/service';
import { endpointSlice, type EndpointSlice } from '../api/discovery/endpointslice';
import type { RegistryClient } from '../apiserver/registry';
import { jumps, restoreText, ruleSet, type RuleSet } from './restore';
import { isNodeSpecific, portRules, type PortRules } from './rules';
import { endpointsByPort, serviceOfSlice, servicePorts, type SliceLike } from './services';

export interface ProxierOptions {
  readonly client: RegistryClient;
  readonly netfilter: NetfilterAdmin;
  readonly nodeName: string;
  readonly clusterCIDR: string;
  readonly clock: Clock;
  readonly trace: Trace;
}

/** iptables.minSyncPeriod: between two syncs at least this long. */
const MIN_SYNC = 1000;

/** Keeps the node's rules as Services and their endpoints ask for it, until the result is called. Upstream: pkg/proxy/iptables/proxier.go */
export function createProxier({ client, netfilter, nodeName, clusterCIDR, clock, trace }: ProxierOptions): () => void {
  const actor = `kube-proxy@${nodeName}`;
  /** The rules of each Service, by key; undefined: to be computed anew. */
  const rules = new Map<string, readonly PortRules[] | undefined>();
  const slices = new Map<string, Map<string, EndpointSlice>>();
  let applied: RuleSet | undefined;
  let lastSync = -Infinity;
  let due = false;
  let stopped = false;
  /** The newest change that the next sync takes in. */
  let cause = 0;

  const watches = [
    client.watch(service, {}, ({ type, object }) => {
      const key = `${object.metadata.namespace}/${object.metadata.name}`;
      if (type === 'DELETED') rules.delete(key);
      else rules.set(key, undefined);
      schedule();
    }),
    client.watch(endpointSlice, {}, ({ type, object }) => {
      const key = serviceOfSlice(object as unknown as SliceLike);
      if (key === undefined) return;
      let own = slices.get(key);
      if (own === undefined) slices.set(key, (own = new Map()));
      if (type === 'DELETED') own.delete(object.metadata.name);
      else own.set(object.metadata.name, object);
      if (own.size === 0) slices.delete(key);
      if (rules.has(key)) rules.set(key, undefined);
      schedule();
    }),
  ];

  function schedule(): void {
    cause = trace.current;
    if (due || stopped) return;
    due = true;
    clock.setTimer(Math.max(0, lastSync + MIN_SYNC - clock.now), () => {
      due = false;
      if (!stopped) trace.within(cause, sync);
    });
  }

  function sync(): void {
    lastSync = clock.now;
    const all: PortRules[] = [];
    for (const [key, known] of rules) {
      const own = known ?? compute(key);
      if (known === undefined) rules.set(key, own);
      all.push(...own);
    }
    const next = sharedRuleSet(all);
    if (next === applied) return;
    const first = applied === undefined;
    const text = sharedText(next, applied);
    const span = trace.record(actor, 'iptables-restore', `${all.length} service ports`);
    trace.within(span.id, () => {
      if (first) prepare(netfilter);
      const restored = netfilter.restore(text, { noflush: true, counters: true });
      // What could not be restored is written whole at the next try, as upstream's full sync does.
      applied = restored.ok ? next : undefined;
      if (!restored.ok) trace.record(actor, 'fail', restored.message);
      if (first && restored.ok) deleteStale(netfilter, next);
    });
  }

  function compute(key: string): readonly PortRules[] {
    const [namespace = '', name = ''] = key.split('/');
    const found = client.get(service, namespace, name);
    if (found === undefined) return [];
    return rulesOf(found, key, [...(slices.get(key)?.values() ?? [])], { clusterCIDR, nodeName });
  }

  return () => {
    stopped = true;
    for (const watch of watches) watch.stop();
  };
}

const none: readonly PortRules[] = [];

interface Remembered {
  readonly slices: readonly EndpointSlice[];
  readonly clusterCIDR: string;
  readonly rules: readonly PortRules[];
}
/** Rules that are the same on every node are computed once: by the version of the Service, for its slices. */
const remembered = new WeakMap<Service, Remembered>();

function rulesOf(
  found: Service,
  key: string,
  slices: readonly EndpointSlice[],
  policy: { readonly clusterCIDR: string; readonly nodeName: string },
): readonly PortRules[] {
  const before = remembered.get(found);
  if (before !== undefined && before.clusterCIDR === policy.clusterCIDR && sameItems(before.slices, slices)) {
    return before.rules;
  }
  const ports = servicePorts(found);
  if (ports.length === 0) return none;
  const endpoints = endpointsByPort(key, slices as unknown as readonly SliceLike[]);
  const rules = ports.map((port) => portRules(port, endpoints.get(port.id) ?? [], policy));
  if (!ports.some(isNodeSpecific)) remembered.set(found, { slices, clusterCIDR: policy.clusterCIDR, rules });
  return rules;
}

const sameItems = <T>(a: readonly T[], b: readonly T[]): boolean =>
  a.length === b.length && a.every((item, index) => item === b[index]);

/** The last rule sets that any node made: nodes with the same rules get the same value, hence the same text. */
const recent: { readonly ports: readonly PortRules[]; readonly set: RuleSet }[] = [];
const RECENT = 8;

function sharedRuleSet(ports: readonly PortRules[]): RuleSet {
  const known = recent.find((candidate) => sameItems(candidate.ports, ports));
  if (known !== undefined) return known.set;
  const set = ruleSet(ports);
  recent.unshift({ ports, set });
  if (recent.length > RECENT) recent.pop();
  return set;
}

const nothing = {};
const texts = new WeakMap<RuleSet, WeakMap<object, string>>();

function sharedText(next: RuleSet, before: RuleSet | undefined): string {
  let known = texts.get(next);
  if (known === undefined) texts.set(next, (known = new WeakMap()));
  const key = before ?? nothing;
  let text = known.get(key);
  if (text === undefined) known.set(key, (text = restoreText(next, before)));
  return text;
}

const CANARY = 'KUBE-PROXY-CANARY';

/** Makes the chains that the built-in ones jump to, and the jumps; and the canaries whose absence tells of a flush. */
function prepare(netfilter: NetfilterAdmin): void {
  for (const table of ['mangle', 'nat', 'filter']) netfilter.command(['-t', table, '-N', CANARY]);
  for (const { table, chain, rule } of jumps) {
    const target = rule.slice(rule.lastIndexOf(' ') + 1);
    netfilter.command(['-t', table, '-N', target]);
    const words = split(rule);
    const known = netfilter.command(['-t', table, '-C', chain, ...words]);
    if (known.code !== 0) netfilter.command(['-t', table, '-I', chain, ...words]);
  }
}

/** Words of a rule, with quoted ones whole. */
const split = (rule: string): readonly string[] =>
  [...rule.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');

/** Chains of Services that an earlier kube-proxy left behind. */
function deleteStale(netfilter: NetfilterAdmin, next: RuleSet): void {
  const nat = netfilter.tables().find(({ name }) => name === 'nat');
  const stale = (nat?.chains ?? [])
    .map(({ name }) => name)
    .filter((name) => /^KUBE-(SVC|SVL|SEP|EXT|FW)-/.test(name) && !next.nat.has(name));
  if (stale.length === 0) return;
  const lines = [...stale.map((name) => `:${name} - [0:0]`), ...stale.map((name) => `-X ${name}`)];
  netfilter.restore(`*nat\n${lines.join('\n')}\nCOMMIT\n`, { noflush: true });
}
