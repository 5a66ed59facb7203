import { serviceAccount } from '../kubernetes/api/core/serviceaccount';
import { createRegistry, type ServerRegistry } from '../kubernetes/apiserver/create-registry';
import { createApiserver } from '../kubernetes/apiserver/apiserver';
import { defaultSettings } from '../kubernetes/apiserver/settings';
import { node, type Node } from '../kubernetes/api/core/node';
import type { Reference } from '../kubernetes/apiserver/authentication/service-account-tokens';
import { connectionsTo } from '../kubernetes/kubelet/connections';
import type { Kubelet } from '../kubernetes/kubelet/kubelet';
import type { Containerd } from '../containers/containerd/cri-runtime';
import type { Clock } from '../sim/clock';
import type { Random } from '../sim/random';
import type { Trace } from '../sim/trace';
import { Service, type ControlPlane } from '../programs/kubernetes/control-plane';
import { serverNetwork } from './server-network';
import { webhookTransport } from './webhook-transport';

export interface ControlPlaneOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly trace: Trace;
  readonly runtimeOf: (host: string) => Containerd | undefined;
}

const kubelets = { user: 'system:nodes', groups: ['system:nodes'], agent: 'kubelet' } as const;

/** Tokens of pods also tell on which node they run. */
const nodeClaim = (found: Node | undefined): { readonly node?: Reference } =>
  found === undefined ? {} : { node: { name: found.metadata.name, uid: found.metadata.uid } };

/** The store and the server of a cluster; both are reached only while their programs run. */
export function createControlPlane({ clock, random, trace, runtimeOf }: ControlPlaneOptions): ControlPlane {
  const settings = defaultSettings();
  const registry: ServerRegistry = createRegistry({
    clock,
    random,
    trace,
    // The server's own, which comes with it.
    authorizer: () => ({ authorize: (attributes) => registry.admission.authorizer.authorize(attributes) }),
  });
  const agents = new Map<string, Kubelet>();
  const addressOf = (name: string): string =>
    registry.get(node, undefined, name)?.status.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? name;
  const apiserver = new Service();
  const etcd = new Service();
  const network = serverNetwork(() => apiserver.process, registry);
  return {
    registry,
    settings,
    handler: createApiserver({
      registry,
      clock,
      random,
      trace,
      settings,
      nodes: connectionsTo(agents, addressOf),
      webhooks: webhookTransport(network),
      network,
      etcdUp: () => etcd.up,
    }),
    etcd,
    apiserver,
    runtimeOf,
    kubelets: agents,
    serviceAccountToken: ({ namespace, serviceAccount: name, pod, expirationSeconds, audience }) =>
      registry.tokens.issue({
        namespace,
        serviceAccount: name,
        serviceAccountUid: registry.as(kubelets).get(serviceAccount, namespace, name)?.metadata.uid ?? '',
        audiences: audience === undefined ? [] : [audience],
        expirationSeconds,
        pod: { name: pod.metadata.name, uid: pod.metadata.uid },
        ...nodeClaim(registry.get(node, undefined, pod.spec.nodeName ?? '')),
      }).token,
  };
}
