import { setImmediate as turn } from 'node:timers/promises';
import { Clock } from '../../sim/clock';
import { Random } from '../../sim/random';
import { Trace } from '../../sim/trace';
import type { ContainerConfig, CriError } from '../../containers/containerd/cri';
import { createRootFileSystem } from '../../linux/fs';
import type { FileSystem } from '../../linux/fs/types';
import { event } from '../api/core/event';
import { namespace } from '../api/core/namespace';
import { createRegistry } from '../apiserver/create-registry';
import { createControllerManager } from '../controllers/manager';
import { createKubelet } from '../kubelet/kubelet';
import { createScheduler } from '../scheduler/scheduler';
import { createFakeCri } from './fake-cri';

/** A control plane with kubelets over runtimes that run nothing. For tests. */
export function testWorld(options: {
  readonly nodes: number;
  readonly lifetime?: (config: ContainerConfig) => { readonly after: number; readonly code: number } | undefined;
  readonly missing?: (image: string) => CriError | undefined;
  readonly staticPodPath?: string;
}) {
  const trace = new Trace();
  const clock = new Clock({
    start: Date.UTC(2026, 0, 1),
    trace,
    settle: () => turn(),
  });
  const random = new Random(7);
  const registry = createRegistry({ clock, random: random.fork('registry'), trace });
  const admin = registry.as({ user: 'kubernetes-admin', groups: ['system:masters'], agent: 'kubectl' });
  for (const name of ['default', 'kube-system', 'kube-node-lease']) {
    admin.create(namespace, { metadata: { name }, spec: {} });
  }
  createControllerManager({ registry, clock, random, trace, clusterCIDR: '10.244.0.0/16' });
  createScheduler({
    client: registry.as({ user: 'system:kube-scheduler', agent: 'kube-scheduler' }),
    clock,
    random: random.fork('scheduler'),
    trace,
  });
  const nodes = Array.from({ length: options.nodes }, (_, index) => {
    const nodeName = `node${index + 1}`;
    const own = random.fork(nodeName);
    const mounts = createRootFileSystem({ clock, random: own.fork('fs') });
    const fs: FileSystem = mounts.view({
      cwd: '/',
      umask: 0o022,
      credentials: { uid: 0, gid: 0, groups: [0] },
      synthetic: () => undefined,
      device: () => undefined,
    });
    if (options.staticPodPath !== undefined) fs.mkdirAll(options.staticPodPath);
    const cri = createFakeCri({ ...options, clock, random: own.fork('cri'), network: `10.244.${index}` });
    const kubelet = createKubelet({
      client: registry.as({ user: `system:node:${nodeName}`, groups: ['system:nodes'], agent: `kubelet@${nodeName}` }),
      cri,
      fs,
      clock,
      random: own,
      trace,
      config: {
        nodeName,
        nodeIP: `172.30.${index + 1}.2`,
        clusterDNS: ['10.96.0.10'],
        clusterDomain: 'cluster.local',
        cpus: 32,
        memory: 64 * 2 ** 30,
        ...(options.staticPodPath === undefined ? {} : { staticPodPath: options.staticPodPath }),
      },
    });
    return { nodeName, fs, cri, kubelet };
  });
  const events = (kind: string): readonly string[] =>
    admin
      .list(event)
      .filter(({ involvedObject }) => involvedObject.kind === kind)
      .map(({ type, reason, message, count = 1 }) => `${type} ${reason} x${count} ${message}`);
  return { trace, clock, random, registry, client: admin, nodes, events };
}
