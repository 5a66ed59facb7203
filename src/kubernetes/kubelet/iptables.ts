import type { NetfilterAdmin } from '../../linux/net/types';

const CANARY = 'KUBE-KUBELET-CANARY';
const FIREWALL = 'KUBE-FIREWALL';
const localnet =
  '-d 127.0.0.0/8 ! -s 127.0.0.0/8 -m comment --comment|block incoming localnet connections|-m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP';

/** The kubelet's own chains (makeIPTablesUtilChains). Upstream: pkg/kubelet/kubelet_network_linux.go */
export function ensureChains(netfilter: NetfilterAdmin): void {
  for (const table of ['mangle', 'nat', 'filter']) netfilter.command(['-t', table, '-N', CANARY]);
  netfilter.command(['-t', 'filter', '-N', FIREWALL]);
  const ensure = (how: '-A' | '-I', chain: string, rule: readonly string[]): void => {
    if (netfilter.command(['-t', 'filter', '-C', chain, ...rule]).code === 0) return;
    netfilter.command(['-t', 'filter', how, chain, ...rule]);
  };
  const [before = '', comment = '', after = ''] = localnet.split('|');
  ensure('-A', FIREWALL, [...before.split(' '), comment, ...after.split(' ')]);
  for (const chain of ['OUTPUT', 'INPUT']) ensure('-I', chain, ['-j', FIREWALL]);
}
