import type { ChainView } from '../../world/protocol';

// Built-in chains first, in the order a packet meets them; then the tables of Docker and kube-proxy from the outside in.
const rank = [
  'PREROUTING',
  'INPUT',
  'OUTPUT',
  'POSTROUTING',
  'DOCKER',
  'KUBE-SERVICES',
  'KUBE-NODEPORTS',
  'KUBE-SVC',
  'KUBE-SEP',
];

function place(name: string): number {
  const index = rank.findIndex((known) => name === known || name.startsWith(`${known}-`));
  return index < 0 ? rank.length : index;
}

/** A rule or chain is wanted if its text has every word of `only`. */
export const mentions = (text: string, only: string): boolean =>
  only.split(/\s+/).every((word) => text.toLowerCase().includes(word.toLowerCase()));

/** The chains to show, in reading order. With `only`, those whose name or one of whose rules mentions it. */
export function chainsInOrder(chains: Iterable<ChainView>, only: string): readonly ChainView[] {
  return [...chains]
    .filter((chain) => chain.rules.length > 0 || chain.policy !== undefined)
    .filter(
      (chain) => only === '' || mentions(chain.name, only) || chain.rules.some((rule) => mentions(rule.text, only)),
    )
    .sort((a, b) => place(a.name) - place(b.name) || (a.name < b.name ? -1 : 1));
}
