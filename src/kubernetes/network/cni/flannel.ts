import type { CniPlugin, CniSandbox } from '../../../containers/containerd/cri';
import type { FileSystem } from '../../../linux/fs/types';
import type { NetworkAdmin } from '../../../linux/net/types';
import type { Random } from '../../../sim/random';
import { err, ok, type Result } from '../../../sim/result';
import type { Trace } from '../../../sim/trace';
import { gatewayOf, HostLocal, parseSubnet, type Subnet } from './host-local';

export interface FlannelCniOptions {
  /** The node's own tree and network. */
  readonly fs: FileSystem;
  readonly net: NetworkAdmin;
  readonly random: Random;
  readonly trace: Trace;
  readonly nodeName: string;
}

const subnetFile = '/run/flannel/subnet.env';
const bridge = 'cni0';
/** The delegate's configuration is named after the network of 10-flannel.conflist. */
const reservations = '/var/lib/cni/networks/cbr0';

/**
 * The chain that 10-flannel.conflist asks for: flannel reads the node's subnet and delegates to the bridge plug-in with
 * host-local addresses.
 *
 *   pod eth0 ── veth… ── cni0 (10.244.N.1/24) ── the node's routes
 *
 * Upstream: flannel-io/cni-plugin/flannel.go, containernetworking/plugins/plugins/main/bridge
 */
export function createFlannelCni({ fs, net, random, trace, nodeName }: FlannelCniOptions): CniPlugin {
  let addresses: HostLocal | undefined;
  const leases = (): HostLocal => (addresses ??= new HostLocal(fs, reservations));
  return {
    add(sandbox) {
      const environment = readSubnetFile(fs);
      if (!environment.ok) return environment;
      const { subnet, network } = environment.value;
      const made = ensureBridge(net, subnet);
      if (!made.ok) return made;
      const address = leases().allocate(subnet, sandbox.id);
      if (!address.ok) return err(failed(address.error));
      const wired = wire(net, sandbox, `veth${random.hex(8)}`, address.value, subnet, network);
      if (!wired.ok) {
        leases().release(sandbox.id);
        return wired;
      }
      trace.record(`cni@${nodeName}`, 'add', `pods/${sandbox.namespace}/${sandbox.name}`, {
        ip: address.value,
        bridge,
      });
      return ok({ ip: address.value });
    },
    del(sandbox) {
      leases().release(sandbox.id);
      adminOf(sandbox).deleteLink('eth0');
      trace.record(`cni@${nodeName}`, 'del', `pods/${sandbox.namespace}/${sandbox.name}`);
      return ok(undefined);
    },
  };
}

const failed = (why: string): string => `plugin type="flannel" failed (add): ${why}`;
const adminOf = ({ netns }: CniSandbox): NetworkAdmin => netns as NetworkAdmin;

/** loadFlannelSubnetEnv. */
function readSubnetFile(fs: FileSystem): Result<{ readonly subnet: Subnet; readonly network: string }, string> {
  const text = fs.readText(subnetFile);
  if (!text.ok) {
    const why = text.error.message.toLowerCase();
    return err(failed(`loadFlannelSubnetEnv failed: open ${subnetFile}: ${why}`));
  }
  const values = new Map(
    text.value.split('\n').flatMap((line) => {
      const equals = line.indexOf('=');
      return equals < 0 ? [] : [[line.slice(0, equals), line.slice(equals + 1)] as const];
    }),
  );
  const network = values.get('FLANNEL_NETWORK');
  const subnet = parseSubnet(values.get('FLANNEL_SUBNET') ?? '');
  return network === undefined || subnet === undefined
    ? err(failed(`${subnetFile} is missing FLANNEL_NETWORK, FLANNEL_SUBNET`))
    : ok({ subnet, network });
}

function ensureBridge(net: NetworkAdmin, subnet: Subnet): Result<void, string> {
  if (net.link(bridge) !== undefined) return ok(undefined);
  const made = net.addBridge(bridge);
  if (!made.ok) return err(failed(`failed to create bridge "${bridge}": ${made.error.message.toLowerCase()}`));
  net.addAddress(bridge, `${gatewayOf(subnet)}/${subnet.prefix}`);
  net.setUp(bridge, true);
  net.setSysctl('net.ipv4.ip_forward', '1');
  return ok(undefined);
}

function wire(
  net: NetworkAdmin,
  sandbox: CniSandbox,
  name: string,
  address: string,
  subnet: Subnet,
  network: string,
): Result<void, string> {
  const pod = adminOf(sandbox);
  const pair = net.addVeth(name, { namespace: pod, name: 'eth0' });
  if (!pair.ok) return err(failed(`failed to make veth pair: ${pair.error.message.toLowerCase()}`));
  net.setMaster(name, bridge);
  // "hairpinMode": true of 10-flannel.conflist: a pod reaches itself through its own Service.
  net.setHairpin(name, true);
  net.setUp(name, true);
  pod.addAddress('eth0', `${address}/${subnet.prefix}`);
  pod.setUp('eth0', true);
  const via = gatewayOf(subnet);
  pod.addRoute({ destination: 'default', via, device: 'eth0', protocol: 'boot' });
  pod.addRoute({ destination: network, via, device: 'eth0', protocol: 'boot' });
  return ok(undefined);
}
