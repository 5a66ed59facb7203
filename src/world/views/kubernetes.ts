import type { Deployment } from '../../kubernetes/api/apps/deployment';
import type { DaemonSet } from '../../kubernetes/api/apps/daemonset';
import type { ReplicaSet } from '../../kubernetes/api/apps/replicaset';
import { node as nodeKind, type Node } from '../../kubernetes/api/core/node';
import { pod as podKind, type ContainerState, type Pod } from '../../kubernetes/api/core/pod';
import type { Service } from '../../kubernetes/api/core/service';
import type { EndpointSlice } from '../../kubernetes/api/discovery/endpointslice';
import { controllerOf, type ApiObject } from '../../kubernetes/apimachinery/object';
import type { Kind } from '../../kubernetes/apimachinery/kind';
import type { ContainerView, EndpointView, NodeView, PodView, ServiceView, WorkloadView } from '../view';

/** What `kubectl get` prints in a column: the drawing says the same words. */
function columnText<T extends ApiObject>(kind: Kind<T>, name: string, object: T, now: number): string {
  const column = kind.columns.find((candidate) => candidate.name === name);
  return column === undefined ? '' : String(column.cell(object, now) ?? '');
}

const rolePrefix = 'node-role.kubernetes.io/';

export function nodeView(node: Node, now: number): NodeView {
  const { metadata, spec, status } = node;
  return {
    key: metadata.uid,
    name: metadata.name,
    roles: Object.keys(metadata.labels ?? {})
      .filter((label) => label.startsWith(rolePrefix))
      .map((label) => label.slice(rolePrefix.length)),
    address: status.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? '',
    ready: status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false,
    status: columnText(nodeKind, 'Status', node, now),
    taints: (spec.taints ?? []).map(({ key, value, effect }) => `${key}${value ? `=${value}` : ''}:${effect}`),
  };
}

export function podView(pod: Pod, cause: number, now: number): PodView {
  const { metadata, spec, status } = pod;
  return {
    key: metadata.uid,
    namespace: metadata.namespace,
    name: metadata.name,
    node: spec.nodeName,
    ip: status.podIP,
    phase: status.phase ?? 'Pending',
    status: columnText(podKind, 'Status', pod, now),
    ready: status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false,
    readyText: columnText(podKind, 'Ready', pod, now),
    restarts: (status.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0),
    terminating: metadata.deletionTimestamp !== undefined,
    owner: controllerOf(pod)?.uid,
    containers: spec.containers.map(({ name, image }) => containerView(name, image, pod)),
    cause,
  };
}

function containerView(name: string, image: string, { status }: Pod): ContainerView {
  const found = status.containerStatuses?.find((candidate) => candidate.name === name);
  return {
    name,
    image,
    state: stateText(found?.state),
    ready: found?.ready ?? false,
    restarts: found?.restartCount ?? 0,
  };
}

function stateText(state: ContainerState | undefined): string {
  if (state?.running !== undefined) return 'running';
  if (state?.terminated !== undefined) return state.terminated.reason ?? 'terminated';
  return state?.waiting?.reason ?? 'waiting';
}

const workload = (object: ApiObject, ready: number, wanted: number, cause: number): WorkloadView => ({
  key: object.metadata.uid,
  kind: object.kind,
  namespace: object.metadata.namespace ?? '',
  name: object.metadata.name,
  owner: controllerOf(object)?.uid,
  ready,
  wanted,
  cause,
});

export const deploymentView = (object: Deployment, cause: number): WorkloadView =>
  workload(object, object.status.readyReplicas ?? 0, object.spec.replicas ?? 1, cause);
export const replicaSetView = (object: ReplicaSet, cause: number): WorkloadView =>
  workload(object, object.status.readyReplicas ?? 0, object.spec.replicas ?? 1, cause);
export const daemonSetView = (object: DaemonSet, cause: number): WorkloadView =>
  workload(object, object.status.numberReady ?? 0, object.status.desiredNumberScheduled ?? 0, cause);

export function serviceView(service: Service, slices: readonly EndpointSlice[], cause: number): ServiceView {
  const { metadata, spec } = service;
  return {
    key: metadata.uid,
    namespace: metadata.namespace,
    name: metadata.name,
    type: spec.type,
    clusterIP: spec.clusterIP ?? '',
    ports: (spec.ports ?? []).map(
      ({ port, protocol, nodePort }) => `${port}${nodePort === undefined ? '' : `:${nodePort}`}/${protocol}`,
    ),
    endpoints: slices.flatMap(endpointViews),
    cause,
  };
}

const endpointViews = ({ endpoints, ports }: EndpointSlice): readonly EndpointView[] =>
  (endpoints ?? []).flatMap(({ addresses, conditions, targetRef }) =>
    (ports ?? [{ port: 0 }]).map(({ port = 0 }) => ({
      pod: targetRef?.name,
      address: addresses[0] ?? '',
      port,
      ready: conditions?.ready ?? true,
    })),
  );
