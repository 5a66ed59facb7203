import { parseManifest } from '../../kubernetes/apimachinery/manifest';
import { createKubelet } from '../../kubernetes/kubelet/kubelet';
import type { KubeletConfig } from '../../kubernetes/kubelet/types';
import { kernelRelease } from '../../linux/process/proc';
import type { Process, Program } from '../../linux/process/types';
import { flagsOf, klog, reach, serveHealth, untilTerminated } from './component';
import type { ControlPlane } from './control-plane';
import { chargeFor } from './cpu-cost';
import { serveKubelet } from './kubelet-server';
import { probeNetwork } from './probe-network';

/** kubelet: the node agent, while it runs. Containers live on without it. */
export const kubelet =
  (cluster: ControlPlane): Program =>
  async (process) => {
    const flags = flagsOf(process.args);
    const nodeName = process.host.name;
    const cri = cluster.runtimeOf(nodeName);
    const file = flags.get('config') ?? '/var/lib/kubelet/config.yaml';
    const text = process.fs.readText(file);
    if (!text.ok || cri === undefined) {
      klog(process, 'run.go:72', `"command failed" err="failed to load kubelet config file, path: ${file}"`, 'E');
      return 1;
    }
    const up = (): boolean => cluster.apiserver.up && cluster.etcd.up;
    const client = cluster.registry.as({
      user: `system:node:${nodeName}`,
      groups: ['system:nodes', 'system:authenticated'],
      agent: `kubelet@${nodeName}`,
      connected: up,
    });
    const agent = createKubelet({
      client,
      cri,
      fs: process.fs,
      clock: process.clock,
      random: process.random.fork('kubelet'),
      trace: process.trace,
      config: configOf(process, text.value),
      probes: probeNetwork(process),
      netfilter: process.net.netfilter,
      dial: (network, port) => network.connect(process, { address: '127.0.0.1', port }),
      token: (request) => cluster.serviceAccountToken(request),
    });
    cluster.kubelets.set(nodeName, agent);
    process.atExit(() => {
      agent.stop();
      cluster.kubelets.delete(nodeName);
    });
    serveHealth(process, { address: '127.0.0.1', port: 10248 });
    chargeFor(process, 'kubelet', cluster);
    serveKubelet(process, cluster, cri);
    klog(process, 'server.go:1280', '"Started kubelet"');
    if (!up())
      await reach(
        process,
        cluster.apiserver,
        '"Unable to register node with API server" err="connect: connection refused"',
      );
    return untilTerminated(process);
  };

/** What of KubeletConfiguration decides something here. */
interface Document {
  readonly clusterDNS?: readonly string[];
  readonly clusterDomain?: string;
  readonly staticPodPath?: string;
  readonly maxPods?: number;
}

function configOf(process: Process, text: string): KubeletConfig {
  const document = parseManifest(text) as Document | null | undefined;
  const { cpus, memory, name } = process.host;
  const card = process.net.routes().find(({ destination }) => destination === 'default')?.device ?? 'eth0';
  return {
    nodeName: name,
    nodeIP: process.net.link(card)?.addresses[0]?.split('/', 1)[0] ?? '127.0.0.1',
    clusterDNS: document?.clusterDNS ?? [],
    clusterDomain: document?.clusterDomain ?? 'cluster.local',
    ...(document?.staticPodPath === undefined ? {} : { staticPodPath: document.staticPodPath }),
    ...(document?.maxPods === undefined ? {} : { maxPods: document.maxPods }),
    cpus,
    memory,
    osImage: 'Debian GNU/Linux 12 (bookworm)',
    kernelVersion: kernelRelease,
  };
}
