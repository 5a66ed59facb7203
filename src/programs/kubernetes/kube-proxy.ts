import { createProxier } from '../../kubernetes/proxy/proxier';
import type { Program } from '../../linux/process/types';
import { flagsOf, klog, reach, serveHealth, untilTerminated } from './component';
import type { ControlPlane } from './control-plane';

/** kube-proxy: keeps its node's iptables rules up to date while it runs. */
export const kubeProxy = (cluster: ControlPlane): Program => {
  const client = cluster.registry.as({
    user: 'system:serviceaccount:kube-system:kube-proxy',
    agent: 'kube-proxy',
    connected: () => cluster.apiserver.up && cluster.etcd.up,
  });
  return async (process) => {
    const flags = flagsOf(process.args);
    const config = process.fs.readText(flags.get('config') ?? '');
    if (!config.ok) {
      const why = config.error.message.toLowerCase();
      klog(
        process,
        'run.go:72',
        `"command failed" err="failed complete: open ${flags.get('config') ?? ''}: ${why}"`,
        'E',
      );
      return 1;
    }
    const clusterCIDR = /^clusterCIDR: *"?([\d./]+)"?/m.exec(config.value)?.[1] ?? '10.244.0.0/16';
    const nodeName = flags.get('hostname-override') ?? process.host.name;
    serveHealth(process, { address: '0.0.0.0', port: 10256 });
    await reach(process, cluster.apiserver, '"Failed to retrieve node info" err="connect: connection refused"');
    klog(process, 'server_linux.go:165', '"Using iptables Proxier"');
    const stop = createProxier({
      client,
      netfilter: process.net.netfilter,
      nodeName,
      clusterCIDR,
      clock: process.clock,
      trace: process.trace,
    });
    process.atExit(stop);
    klog(process, 'shared_informer.go:320', '"Caches are synced" controller="service config"');
    return untilTerminated(process);
  };
};
