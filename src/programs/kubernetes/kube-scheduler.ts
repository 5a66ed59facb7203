import { createScheduler } from '../../kubernetes/scheduler/scheduler';
import type { Program } from '../../linux/process/types';
import { klog, reach, serveHealth, untilTerminated } from './component';
import type { ControlPlane } from './control-plane';
import { chargeFor } from './cpu-cost';

/** kube-scheduler: places pods while it runs. */
export const kubeScheduler =
  (cluster: ControlPlane): Program =>
  async (process) => {
    const { clock, random, trace } = process;
    chargeFor(process, 'kube-scheduler', cluster);
    serveHealth(process, { address: '127.0.0.1', port: 10259, tls: true });
    await reach(process, cluster.apiserver, 'Failed to watch: dial tcp 127.0.0.1:6443: connect: connection refused');
    const client = cluster.registry.as({
      user: 'system:kube-scheduler',
      agent: 'kube-scheduler',
      connected: () => cluster.apiserver.up && cluster.etcd.up,
    });
    const scheduler = createScheduler({
      client,
      clock,
      random: random.fork('kube-scheduler'),
      trace,
      hostname: process.host.name,
    });
    process.atExit(() => scheduler.stop());
    klog(process, 'leaderelection.go:271', 'successfully acquired lease kube-system/kube-scheduler');
    return untilTerminated(process);
  };
