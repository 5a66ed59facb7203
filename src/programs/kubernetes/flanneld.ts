import { runFlannel } from '../../kubernetes/network/flannel';
import { node as nodeKind } from '../../kubernetes/api/core/node';
import type { Process, Program } from '../../linux/process/types';
import { klog, reach, untilTerminated } from './component';
import type { ControlPlane } from './control-plane';
import { chargeFor } from './cpu-cost';

/** flanneld: the node's part of the pods' network, while it runs. */
export const flanneld =
  (cluster: ControlPlane): Program =>
  async (process) => {
    const nodeName = process.host.name;
    chargeFor(process, 'flanneld', cluster);
    klog(process, 'main.go:244', 'Installing signal handlers');
    await reach(process, cluster.apiserver, 'Failed to create SubnetManager: connect: connection refused');
    const config = readNetwork(process);
    if (config === undefined) {
      klog(
        process,
        'main.go:276',
        'Failed to read net conf: open /etc/kube-flannel/net-conf.json: no such file or directory',
        'E',
      );
      return 1;
    }
    const device = defaultDevice(process);
    klog(process, 'match.go:269', `Using interface with name ${device.name} and address ${device.address}`);
    const client = cluster.registry.as({
      user: 'system:serviceaccount:kube-flannel:flannel',
      agent: `flanneld@${nodeName}`,
      connected: () => cluster.apiserver.up && cluster.etcd.up,
    });
    // Through the status: that is all its role lets it write.
    client.mutateStatus(nodeKind, undefined, nodeName, (node) => ({
      ...node,
      metadata: {
        ...node.metadata,
        annotations: {
          ...node.metadata.annotations,
          'flannel.alpha.coreos.com/backend-data': 'null',
          'flannel.alpha.coreos.com/backend-type': 'host-gw',
          'flannel.alpha.coreos.com/kube-subnet-manager': 'true',
          'flannel.alpha.coreos.com/public-ip': device.address,
        },
      },
    }));
    const stop = runFlannel({
      client,
      nodeName,
      network: config,
      fs: process.fs,
      net: process.net,
      device: device.name,
      clock: process.clock,
      log: (line) => klog(process, 'main.go:493', line),
    });
    process.atExit(stop);
    return untilTerminated(process);
  };

function readNetwork(process: Process): string | undefined {
  const text = process.fs.readText('/etc/kube-flannel/net-conf.json');
  if (!text.ok) return undefined;
  try {
    const parsed = JSON.parse(text.value) as { readonly Network?: unknown };
    return typeof parsed.Network === 'string' ? parsed.Network : undefined;
  } catch {
    return undefined;
  }
}

/** The card that the default route leaves by, and its address. */
function defaultDevice(process: Process): { readonly name: string; readonly address: string } {
  const name = process.net.routes().find(({ destination }) => destination === 'default')?.device ?? 'eth0';
  const address = process.net.link(name)?.addresses[0]?.split('/', 1)[0] ?? '';
  return { name, address };
}
