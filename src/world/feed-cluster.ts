import type { Lab } from '../cluster/lab';
import { daemonSet } from '../kubernetes/api/apps/daemonset';
import { deployment } from '../kubernetes/api/apps/deployment';
import { replicaSet } from '../kubernetes/api/apps/replicaset';
import { node } from '../kubernetes/api/core/node';
import { pod } from '../kubernetes/api/core/pod';
import { service } from '../kubernetes/api/core/service';
import { endpointSlice, serviceNameLabel, type EndpointSlice } from '../kubernetes/api/discovery/endpointslice';
import type { ApiObject } from '../kubernetes/apimachinery/object';
import type { Kind } from '../kubernetes/apimachinery/kind';
import type { RegistryClient } from '../kubernetes/apiserver/registry';
import type { Changes } from './changes';
import type { CollectionName, Collections } from './view';
import { daemonSetView, deploymentView, nodeView, podView, replicaSetView, serviceView } from './views/kubernetes';

/** Keeps the page's views of the cluster: watches as any client does. Nothing for labs without one. */
export function watchCluster({ registry, clock }: Lab, changes: Changes): void {
  if (registry === undefined) return;
  const client = registry.as({ user: 'system:bottleship:page', groups: ['system:masters'], agent: 'page' });

  const watch = <T extends ApiObject, N extends CollectionName>(
    kind: Kind<T>,
    name: N,
    view: (object: T, cause: number) => Collections[N],
  ): void => {
    client.watch(kind, {}, ({ type, object, cause }) => {
      if (type === 'DELETED') changes.remove(name, object.metadata.uid);
      else changes.set(name, view(object, cause));
    });
  };
  watch(node, 'nodes', (object) => nodeView(object, clock.now));
  watch(pod, 'pods', (object, cause) => podView(object, cause, clock.now));
  watch(deployment, 'workloads', deploymentView);
  watch(replicaSet, 'workloads', replicaSetView);
  watch(daemonSet, 'workloads', daemonSetView);
  watch(service, 'services', (object, cause) =>
    serviceView(object, slicesOf(client, object.metadata.namespace, object.metadata.name), cause),
  );
  client.watch(endpointSlice, {}, ({ object, cause }) => {
    const name = object.metadata.labels?.[serviceNameLabel];
    const { namespace } = object.metadata;
    const owner = name === undefined ? undefined : client.get(service, namespace, name);
    if (owner === undefined || name === undefined) return;
    changes.set('services', serviceView(owner, slicesOf(client, namespace, name), cause));
  });
}

const slicesOf = (client: RegistryClient, namespace: string, name: string): readonly EndpointSlice[] =>
  client.byIndex(endpointSlice, 'service', `${namespace}/${name}`);
