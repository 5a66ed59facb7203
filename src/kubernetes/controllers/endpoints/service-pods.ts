import { pod, type Pod } from '../../api/core/pod';
import { service, type Service, type ServicePort } from '../../api/core/service';
import { hasLabels } from '../../apimachinery/selector-matcher';
import { keyOf, type ApiObject } from '../../apimachinery/object';
import type { RegistryReader } from '../../apiserver/registry';
import { every, type KeyWatch } from '../controller';
import { conditionOf } from '../pods';

/** What the Endpoints and the EndpointSlice controllers share. Upstream: staging/src/k8s.io/endpointslice. */
export const TRIGGER_TIME = 'endpoints.kubernetes.io/last-change-trigger-time';
export const HEADLESS = 'service.kubernetes.io/headless';

/** A port of a Service as one pod offers it. */
export interface ResolvedPort {
  readonly name: string;
  readonly protocol: ServicePort['protocol'];
  readonly port: number;
  readonly appProtocol?: string;
}

/** Pods under the keys of the Services that select them, or did so before the change. */
export const selectedPods = (client: RegistryReader): KeyWatch =>
  every(pod, (now, old) => {
    if (old !== undefined && !matters(now, old)) return undefined;
    const keys = new Set<string>();
    for (const found of client.list(service, { namespace: now.metadata.namespace })) {
      const { selector } = found.spec;
      if (selector === undefined) continue;
      const selects = hasLabels(now.metadata.labels, selector);
      const selected =
        old !== undefined && old.metadata.labels !== now.metadata.labels && hasLabels(old.metadata.labels, selector);
      if (selects || selected) keys.add(keyOf(found));
    }
    return keys;
  });

/** podEndpointsChanged: labels, address, node, readiness, and whether it ends. */
function matters(now: Pod, old: Pod): boolean {
  return (
    now.metadata.labels !== old.metadata.labels ||
    now.status.podIP !== old.status.podIP ||
    now.spec.nodeName !== old.spec.nodeName ||
    now.metadata.deletionTimestamp !== old.metadata.deletionTimestamp ||
    now.status.phase !== old.status.phase ||
    conditionOf(now, 'Ready')?.status !== conditionOf(old, 'Ready')?.status ||
    conditionOf(now, 'Ready')?.lastTransitionTime !== conditionOf(old, 'Ready')?.lastTransitionTime
  );
}

export const podsOf = (client: RegistryReader, { metadata: { namespace }, spec }: Service): readonly Pod[] => {
  const { selector } = spec;
  return selector === undefined
    ? []
    : client.list(pod, { namespace, matches: ({ metadata }) => hasLabels(metadata.labels, selector) });
};

export const hasAddress = ({ status: { podIP, phase } }: Pod): boolean =>
  podIP !== undefined && podIP !== '' && phase !== 'Failed' && phase !== 'Succeeded';

/** The Service's ports on this pod; a named port that the pod does not have is left out. */
export function resolvePorts({ spec }: Service, of: Pod): readonly ResolvedPort[] {
  const resolved: ResolvedPort[] = [];
  for (const { name = '', protocol, targetPort, port, appProtocol } of spec.ports ?? []) {
    const number = typeof targetPort === 'number' ? targetPort || port : namedPort(of, targetPort, protocol);
    if (number === undefined) continue;
    resolved.push({ name, protocol, port: number, ...(appProtocol === undefined ? {} : { appProtocol }) });
  }
  return resolved;
}

/** podutil.FindPort, sidecars included. */
function namedPort({ spec }: Pod, wanted: string, protocol: string): number | undefined {
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  for (const { ports } of [...spec.containers, ...sidecars]) {
    for (const { name, protocol: own, containerPort } of ports ?? []) {
      if (name === wanted && own === protocol) return containerPort;
    }
  }
  return undefined;
}

export const portsKey = (ports: readonly ResolvedPort[]): string =>
  ports.map(({ name, protocol, port, appProtocol = '' }) => `${name}/${protocol}/${port}/${appProtocol}`).join(' ');

/** A reference to a pod, as endpoints carry it. */
export const targetRef = ({
  kind,
  metadata: { namespace, name, uid },
}: ApiObject & { metadata: { namespace: string } }) => ({
  kind,
  namespace,
  name,
  uid,
});

/**
 * Finds what brought a change about: the earliest new readiness of a pod, or the Service's own birth. Undefined where it
 * was something else. Upstream: endpointslice/trigger_time_tracker.go
 */
export class TriggerTimes {
  readonly #known = new Map<string, { service: string; pods: Map<string, string> }>();

  changed(owner: Service, pods: readonly Pod[]): string | undefined {
    const key = keyOf(owner);
    const before = this.#known.get(key);
    const times = new Map<string, string>();
    let least: string | undefined;
    const consider = (time: string, old: string | undefined): void => {
      if ((old === undefined || time > old) && (least === undefined || time < least)) least = time;
    };
    for (const each of pods) {
      const time = conditionOf(each, 'Ready')?.lastTransitionTime;
      if (time == null) continue;
      times.set(each.metadata.name, time);
      consider(time, before?.pods.get(each.metadata.name));
    }
    consider(owner.metadata.creationTimestamp, before?.service);
    this.#known.set(key, { service: owner.metadata.creationTimestamp, pods: times });
    return least;
  }

  forget(key: string): void {
    this.#known.delete(key);
  }
}
