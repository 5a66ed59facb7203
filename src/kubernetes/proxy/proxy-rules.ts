import { service as serviceKind, type Service } from '../api/core/service';
import { endpointSlice, type EndpointSlice } from '../api/discovery/endpointslice';
import { keyOf } from '../apimachinery/object';
import type { RegistryClient } from '../apiserver/registry';
import { restoreText, ruleSet, type RuleSet } from './restore';
import { isNodeSpecific, portRules, type Chain, type PortRules } from './rules';
import { endpointsByPort, serviceOfSlice, servicePorts, type ServicePort, type SliceLike } from './services';

/** What one service adds, and whether it looks the same from every node. */
interface ServiceRules {
  readonly ports: readonly ServicePort[];
  readonly endpoints: ReturnType<typeof endpointsByPort>;
  readonly common: readonly PortRules[] | undefined;
}

/**
 * The rules that kube-proxies derive from Services and EndpointSlices. Nearly all are the same on every node, so they
 * are made once for all proxies of a cluster: the caches of `pkg/proxy/{service,endpoints}changetracker.go`, shared.
 */
export class ProxyRules {
  readonly #client: RegistryClient;
  readonly #clusterCIDR: string;
  readonly #services = new Map<string, ServiceRules>();
  readonly #listeners = new Set<() => void>();
  readonly #sets = new Map<string, RuleSet>();
  readonly #texts = new WeakMap<RuleSet, WeakMap<RuleSet, string>>();
  #stop: () => void = () => undefined;

  constructor(client: RegistryClient, clusterCIDR: string) {
    this.#client = client;
    this.#clusterCIDR = clusterCIDR;
  }

  /** Calls at each change; the first who listens starts the watches, the last who leaves ends them. */
  onChange(listener: () => void): () => void {
    if (this.#listeners.size === 0) this.#start();
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#stop();
      this.#services.clear();
      this.#sets.clear();
    };
  }

  #start(): void {
    const services = this.#client.watch(serviceKind, {}, ({ object }) => this.#changed(keyOf(object)));
    const slices = this.#client.watch(endpointSlice, {}, ({ object }) => {
      const owner = serviceOfSlice(object as SliceLike);
      if (owner !== undefined) this.#changed(owner);
    });
    this.#stop = () => {
      services.stop();
      slices.stop();
    };
  }

  #changed(key: string): void {
    const slash = key.indexOf('/');
    const found = this.#client.get(serviceKind, key.slice(0, slash), key.slice(slash + 1));
    if (found === undefined) this.#services.delete(key);
    else this.#services.set(key, this.#rulesOf(found, key));
    this.#sets.clear();
    for (const listener of this.#listeners) listener();
  }

  #rulesOf(found: Service, key: string): ServiceRules {
    const ports = servicePorts(found);
    const slices = this.#client.byIndex(endpointSlice, 'service', key) as readonly EndpointSlice[];
    const endpoints = endpointsByPort(key, slices as readonly SliceLike[]);
    const common = ports.some(isNodeSpecific) ? undefined : this.#compute(ports, endpoints, '');
    return { ports, endpoints, common };
  }

  #compute(
    ports: readonly ServicePort[],
    endpoints: ServiceRules['endpoints'],
    nodeName: string,
  ): readonly PortRules[] {
    const policy = { clusterCIDR: this.#clusterCIDR, nodeName };
    return ports.map((port) => portRules(port, endpoints.get(port.id) ?? [], policy));
  }

  /** All rules as a node should have them now. Nodes that should have the same get the same value. */
  ruleSet(nodeName: string): RuleSet {
    const special = [...this.#services.values()].some(({ common }) => common === undefined);
    const key = special ? nodeName : '';
    let set = this.#sets.get(key);
    if (set === undefined) {
      const all = [...this.#services.values()].flatMap(
        ({ ports, endpoints, common }) => common ?? this.#compute(ports, endpoints, nodeName),
      );
      set = ruleSet(all);
      this.#sets.set(key, set);
    }
    return set;
  }

  /** What brings a table from `before` to `next`, for iptables-restore. */
  text(next: RuleSet, before: RuleSet | undefined): string {
    if (before === undefined) return restoreText(next);
    let known = this.#texts.get(before);
    if (known === undefined) this.#texts.set(before, (known = new WeakMap()));
    let text = known.get(next);
    if (text === undefined) known.set(next, (text = restoreText(next, sharing(before, next))));
    return text;
  }
}

/** `before`, but with the chains of `next` where they say the same: those need not be sent again. */
function sharing(before: RuleSet, next: RuleSet): RuleSet {
  const share = (old: ReadonlyMap<string, Chain>, fresh: ReadonlyMap<string, Chain>): ReadonlyMap<string, Chain> =>
    new Map([...old].map(([name, chain]) => [name, same(chain, fresh.get(name)) ?? chain]));
  return { filter: share(before.filter, next.filter), nat: share(before.nat, next.nat) };
}

const same = (a: Chain, b: Chain | undefined): Chain | undefined =>
  b !== undefined && a.length === b.length && a.every((rule, index) => rule === b[index]) ? b : undefined;
