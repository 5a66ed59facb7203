import type { FileSystem } from '../../linux/fs/types';
import type { NetworkAdmin } from '../../linux/net/types';
import type { Clock } from '../../sim/clock';
import { timeOf } from '../apimachinery/time';
import { node as nodeKind, type Node, type NodeCondition } from '../api/core/node';
import type { RegistryClient } from '../apiserver/registry';

export interface FlannelOptions {
  readonly client: RegistryClient;
  readonly nodeName: string;
  /** The network of all pods, from net-conf.json. */
  readonly network: string;
  readonly fs: FileSystem;
  readonly net: NetworkAdmin;
  /** The node's card, whose address is the other nodes' gateway to this node's pods. */
  readonly device: string;
  readonly clock: Clock;
  readonly log: (line: string) => void;
}

/**
 * flannel's host-gw backend with the Kubernetes subnet manager: a route to each other node's pods over that node's
 * address, rules that masquerade what leaves the pods' network, and the file that the CNI plug-in reads.
 * Upstream: flannel-io/flannel pkg/backend/hostgw, pkg/trafficmngr/iptables. The result stops it.
 */
export function runFlannel({ client, nodeName, network, fs, net, device, clock, log }: FlannelOptions): () => void {
  let own: string | undefined;

  const begin = (subnet: string): void => {
    own = subnet;
    fs.mkdirAll('/run/flannel');
    const gateway = subnet.replace(/\.0\/(\d+)$/, '.1/$1');
    const lines = [
      `FLANNEL_NETWORK=${network}`,
      `FLANNEL_SUBNET=${gateway}`,
      'FLANNEL_MTU=1500',
      'FLANNEL_IPMASQ=true',
    ];
    fs.writeFile('/run/flannel/subnet.env', `${lines.join('\n')}\n`);
    log('Wrote subnet file to /run/flannel/subnet.env');
    net.setSysctl('net.ipv4.ip_forward', '1');
    net.netfilter.restore(masqueradeRules(network, subnet), { noflush: true });
    net.netfilter.restore(forwardRules(network), { noflush: true });
    client.mutateStatus(nodeKind, undefined, nodeName, (node) => networkAvailable(node, clock.now));
  };

  const see = (node: Node, gone: boolean): void => {
    const subnet = node.spec.podCIDR;
    if (subnet === undefined) return;
    if (node.metadata.name === nodeName) {
      if (own === undefined && !gone) begin(subnet);
      return;
    }
    const via = node.status.addresses?.find(({ type }) => type === 'InternalIP')?.address;
    if (via === undefined) return;
    const there = net.routes().some((route) => route.destination === subnet && route.via === via);
    if (gone && there) net.deleteRoute(subnet);
    if (!gone && !there) net.addRoute({ destination: subnet, via, device, protocol: 'boot' });
  };

  const watch = client.watch(nodeKind, {}, ({ type, object }) => see(object, type === 'DELETED'));
  return () => watch.stop();
}

/** setNodeNetworkUnavailable. */
function networkAvailable(node: Node, now: number): Node {
  const others = (node.status.conditions ?? []).filter(({ type }) => type !== 'NetworkUnavailable');
  const condition: NodeCondition = {
    type: 'NetworkUnavailable',
    status: 'False',
    lastHeartbeatTime: timeOf(now),
    lastTransitionTime: timeOf(now),
    reason: 'FlannelIsUp',
    message: 'Flannel is running on this node',
  };
  return { ...node, status: { ...node.status, conditions: [condition, ...others] } };
}

const why = '-m comment --comment "flanneld masq"';

/** Upstream: pkg/trafficmngr/iptables/iptables.go, masqRules */
const masqueradeRules = (network: string, subnet: string): string =>
  [
    '*nat',
    ':FLANNEL-POSTRTG - [0:0]',
    `-A POSTROUTING ${why} -j FLANNEL-POSTRTG`,
    `-A FLANNEL-POSTRTG -m mark --mark 0x4000/0x4000 ${why} -j RETURN`,
    `-A FLANNEL-POSTRTG -s ${subnet} -d ${network} ${why} -j RETURN`,
    `-A FLANNEL-POSTRTG -s ${network} -d ${subnet} ${why} -j RETURN`,
    `-A FLANNEL-POSTRTG ! -s ${network} -d ${subnet} ${why} -j RETURN`,
    `-A FLANNEL-POSTRTG -s ${network} ! -d 224.0.0.0/4 ${why} -j MASQUERADE --random-fully`,
    `-A FLANNEL-POSTRTG ! -s ${network} -d ${network} ${why} -j MASQUERADE --random-fully`,
    'COMMIT',
    '',
  ].join('\n');

const forward = '-m comment --comment "flanneld forward"';

/** Upstream: the same file, forwardRules */
const forwardRules = (network: string): string =>
  [
    '*filter',
    ':FLANNEL-FWD - [0:0]',
    `-A FORWARD ${forward} -j FLANNEL-FWD`,
    `-A FLANNEL-FWD -s ${network} ${forward} -j ACCEPT`,
    `-A FLANNEL-FWD -d ${network} ${forward} -j ACCEPT`,
    'COMMIT',
    '',
  ].join('\n');
