import { BaseImage, Cluster, type ProcessContext } from '@ngrok/webernetes';

/** Something that listens, as nginx does. */
class Web extends BaseImage {
  static readonly imageName = 'web';
  static readonly imageVersion = '1.0';
  readonly defaultCommand = ['server'];

  override async exec(context: ProcessContext): Promise<number> {
    context.listenHttp(80, async () => ({ status: 200, body: 'hello\n' }));
    return context.waitUntilKilled();
  }
}

export interface PeerResult {
  readonly cpuMs: number;
  readonly wallMs: number;
  /** Pods that were Ready when the measurement ended. */
  readonly ready: number;
}

/**
 * The closest public peer: a Deployment of `replicas` on three nodes until all pods are Ready, or until `patience` real
 * milliseconds have passed.
 */
export async function measurePeer(replicas: number, cpu: () => number, patience: number): Promise<PeerResult> {
  const cluster = new Cluster({ nodes: 3 });
  cluster.registerImage(Web);
  await cluster.init();
  const began = { cpu: cpu(), wall: performance.now() };
  const labels = { app: 'web' };
  await cluster.apply([
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'web:1.0' }] } },
      },
    },
  ]);
  let ready = 0;
  while (ready < replicas && performance.now() - began.wall < patience) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const deployment = await cluster.api.appsv1.readNamespacedDeployment({ namespace: 'default', name: 'web' });
    ready = deployment.status?.readyReplicas ?? 0;
  }
  const result = { cpuMs: cpu() - began.cpu, wallMs: performance.now() - began.wall, ready };
  await cluster.close();
  return result;
}
