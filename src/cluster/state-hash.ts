import type { Kind } from '../kubernetes/apimachinery/kind';
import type { Registry } from '../kubernetes/apiserver/registry';
import type { Host } from '../linux/host';
import type { Trace } from '../sim/trace';

export interface HashedState {
  readonly trace: Trace;
  readonly hosts: readonly Host[];
  readonly registry: Registry | undefined;
  /** What the registry serves. */
  readonly kinds: readonly Kind[];
}

/**
 * A digest of a world: all that happened (the trace), what the store holds, and of each host its processes, links and
 * rules with their counters. Equal for worlds that lived the same life.
 */
export function stateHash({ trace, hosts, registry, kinds }: HashedState): string {
  let hash = 0x811c9dc5;
  const mix = (text: string): void => {
    for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  };
  if (registry !== undefined) {
    const client = registry.as({ user: 'system:bottleship', groups: ['system:masters'], agent: 'hash' });
    for (const kind of kinds) {
      for (const { metadata } of client.list(kind))
        mix(`${metadata.uid} ${metadata.name} ${metadata.resourceVersion}\n`);
    }
  }
  for (const host of hosts) {
    for (const { pid, argv, state } of host.processes(host.init)) mix(`${pid} ${state} ${argv.join(' ')}\n`);
    for (const { name, mac, addresses } of host.net.links()) mix(`${name} ${mac} ${addresses.join(' ')}\n`);
    for (const table of host.net.netfilter.tables()) {
      for (const chain of table.chains) {
        for (const { text, packets, bytes } of chain.rules) mix(`${chain.name} ${text} ${packets} ${bytes}\n`);
      }
    }
  }
  return `${trace.hash}${(hash >>> 0).toString(16).padStart(8, '0')}`;
}
