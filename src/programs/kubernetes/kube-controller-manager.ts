import { makeControllerAccounts } from '../../kubernetes/controllers/accounts';
import { createControllerManager } from '../../kubernetes/controllers/manager';
import type { Program } from '../../linux/process/types';
import { durationOf, flagsOf, klog, reach, serveHealth, untilTerminated } from './component';
import type { ControlPlane } from './control-plane';
import { chargeFor } from './cpu-cost';
import { readIdentity } from './kube-apiserver';

/** kube-controller-manager: all controllers, while it runs. */
export const kubeControllerManager =
  (cluster: ControlPlane): Program =>
  async (process) => {
    const { clock, random, trace } = process;
    chargeFor(process, 'kube-controller-manager', cluster);
    const flags = flagsOf(process.args);
    const clusterCIDR = flags.get('cluster-cidr');
    const grace = durationOf(flags.get('node-monitor-grace-period'));
    const rootCa = process.fs.readText(flags.get('root-ca-file') ?? '');
    serveHealth(process, { address: '127.0.0.1', port: 10257, tls: true });
    await reach(process, cluster.apiserver, 'Failed to watch: dial tcp 127.0.0.1:6443: connect: connection refused');
    klog(process, 'leaderelection.go:257', 'attempting to acquire leader lease kube-system/kube-controller-manager...');
    const connected = (): boolean => cluster.apiserver.up && cluster.etcd.up;
    if (flags.get('use-service-account-credentials') === 'true')
      makeControllerAccounts(
        cluster.registry.as({ user: 'system:kube-controller-manager', agent: 'kube-controller-manager', connected }),
      );
    const stop = createControllerManager({
      registry: cluster.registry,
      clock,
      random: random.fork('kube-controller-manager'),
      trace,
      ...(clusterCIDR === undefined ? {} : { clusterCIDR }),
      ...(grace === undefined ? {} : { nodeMonitorGracePeriod: grace }),
      authority: readIdentity(process, flags.get('cluster-signing-cert-file'), flags.get('cluster-signing-key-file')),
      authorizer: cluster.registry.admission.authorizer,
      tokens: cluster.registry.tokens,
      rootCa: rootCa.ok ? rootCa.value : '',
      connected,
    });
    process.atExit(stop);
    klog(process, 'controllermanager.go:794', '"Started controllers"');
    return untilTerminated(process);
  };
