import { service, type Service } from '../../api/core/service';
import type { Pod } from '../../api/core/pod';
import { endpointSlice, serviceNameLabel, type Endpoint, type EndpointSlice } from '../../api/discovery/endpointslice';
import { equal } from '../../apimachinery/equal';
import { controllerOf, splitKey, type Labels } from '../../apimachinery/object';
import { defineController, every, type ControllerContext } from '../controller';
import { isReady, ownerRef } from '../pods';
import {
  hasAddress,
  HEADLESS,
  podsOf,
  portsKey,
  resolvePorts,
  selectedPods,
  targetRef,
  TRIGGER_TIME,
  TriggerTimes,
  type ResolvedPort,
} from './service-pods';

const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by';
const CONTROLLER = 'endpointslice-controller.k8s.io';
/** --max-endpoints-per-slice */
const MOST = 100;

/** Keeps the slices of each Service with a selector. Upstream: pkg/controller/endpointslice, staging/src/k8s.io/endpointslice */
export const endpointSliceController = defineController('endpoint-slice-controller', (context) => {
  const { client } = context;
  const triggers = new TriggerTimes();
  const endpointOf = endpointMaker();
  return {
    watches: [
      every(service),
      selectedPods(client),
      every(endpointSlice, ({ metadata: { namespace, labels } }) => {
        const name = labels?.[serviceNameLabel];
        return name === undefined || labels?.[MANAGED_BY] !== CONTROLLER ? undefined : `${namespace}/${name}`;
      }),
    ],
    sync(key) {
      const { namespace, name } = splitKey(key);
      const found = client.get(service, namespace, name);
      if (found === undefined) {
        triggers.forget(key);
        return;
      }
      if (found.spec.selector === undefined || found.spec.type === 'ExternalName') return;
      const pods = podsOf(client, found);
      const trigger = triggers.changed(found, pods);
      const slices = client
        .byIndex(endpointSlice, 'service', key)
        .filter(
          ({ metadata }) => metadata.labels?.[MANAGED_BY] === CONTROLLER && metadata.deletionTimestamp === undefined,
        );
      reconcile(context, found, desired(found, pods, endpointOf), slices, trigger);
    },
  };
});

interface Group {
  readonly ports: readonly ResolvedPort[];
  readonly endpoints: Map<string, Endpoint>;
}

/** The endpoints there should be, by the ports that they have. */
function desired(
  owner: Service,
  pods: readonly Pod[],
  endpointOf: (of: Pod, owner: Service) => Endpoint,
): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>();
  const fixed = owner.spec.ports?.every(({ targetPort }) => typeof targetPort === 'number') !== false;
  let ports: readonly ResolvedPort[] | undefined;
  let key = '';
  for (const each of pods) {
    if (!hasAddress(each)) continue;
    if (ports === undefined || !fixed) {
      ports = resolvePorts(owner, each);
      key = portsKey(ports);
    }
    let group = groups.get(key);
    if (group === undefined) groups.set(key, (group = { ports, endpoints: new Map() }));
    group.endpoints.set(each.metadata.uid, endpointOf(each, owner));
  }
  return groups;
}

/** Endpoints are made once per version of a pod, so that what did not change is the same value. */
function endpointMaker(): (of: Pod, owner: Service) => Endpoint {
  const known = new WeakMap<Pod, { readonly key: string; readonly endpoint: Endpoint }>();
  return (of, owner) => {
    const { hostname, subdomain } = of.spec;
    const named = hostname !== undefined && subdomain === owner.metadata.name && hostname !== '';
    const published = owner.spec.publishNotReadyAddresses === true;
    const key = `${published} ${named}`;
    const before = known.get(of);
    if (before?.key === key) return before.endpoint;
    const serving = isReady(of);
    const terminating = of.metadata.deletionTimestamp !== undefined;
    const endpoint: Endpoint = {
      addresses: [of.status.podIP ?? ''],
      conditions: { ready: published || (serving && !terminating), serving, terminating },
      ...(named ? { hostname } : {}),
      targetRef: targetRef(of),
      ...(of.spec.nodeName === undefined ? {} : { nodeName: of.spec.nodeName }),
    };
    known.set(of, { key, endpoint });
    return endpoint;
  };
}

function labelsFor({ metadata, spec }: Service): Labels {
  const { [HEADLESS]: _, ...own } = metadata.labels ?? {};
  return {
    ...own,
    [MANAGED_BY]: CONTROLLER,
    [serviceNameLabel]: metadata.name,
    ...(spec.clusterIP === 'None' ? { [HEADLESS]: '' } : {}),
  };
}

/** Changes as few slices as it can: what is there stays where it is, new endpoints fill up what has room. */
function reconcile(
  { client }: ControllerContext,
  owner: Service,
  groups: ReadonlyMap<string, Group>,
  slices: readonly EndpointSlice[],
  trigger: string | undefined,
): void {
  const labels = labelsFor(owner);
  const existing = new Map<string, EndpointSlice[]>();
  for (const slice of slices) {
    const key = slice.ports === null ? '' : portsKey(slice.ports.map((port) => ({ ...port, port: port.port ?? 0 })));
    const alike = existing.get(key);
    if (alike === undefined) existing.set(key, [slice]);
    else alike.push(slice);
  }
  const { namespace } = owner.metadata;
  const remove = ({ metadata: { name } }: EndpointSlice): void => void client.delete(endpointSlice, namespace, name);
  const write = (slice: EndpointSlice, endpoints: readonly Endpoint[], ports: EndpointSlice['ports']): void => {
    client.mutate(endpointSlice, namespace, slice.metadata.name, (now) => {
      const { [TRIGGER_TIME]: _, ...annotations } = now.metadata.annotations ?? {};
      const next: Labels = trigger === undefined ? annotations : { ...annotations, [TRIGGER_TIME]: trigger };
      const { annotations: _old, ...metadata } = now.metadata;
      return {
        ...now,
        metadata: { ...metadata, labels, ...(Object.keys(next).length === 0 ? {} : { annotations: next }) },
        endpoints: endpoints.length === 0 ? null : endpoints,
        ports,
      };
    });
  };
  const make = (endpoints: readonly Endpoint[], ports: EndpointSlice['ports']): void => {
    client.create(endpointSlice, {
      metadata: {
        generateName: `${owner.metadata.name}-`,
        namespace,
        labels,
        ...(trigger === undefined ? {} : { annotations: { [TRIGGER_TIME]: trigger } }),
        ownerReferences: [ownerRef(owner)],
      },
      addressType: 'IPv4',
      endpoints: endpoints.length === 0 ? null : endpoints,
      ports,
    });
  };

  // Without endpoints one empty slice stays; an empty slice may take the first endpoints of any ports.
  const spare: EndpointSlice[] = [];
  for (const [key, alike] of existing) if (!groups.has(key)) spare.push(...alike);
  for (const [key, { ports, endpoints }] of groups) {
    const written = ports.length === 0 ? null : ports;
    const left = new Map(endpoints);
    const kept: { readonly slice: EndpointSlice; readonly endpoints: Endpoint[]; changed: boolean }[] = [];
    for (const slice of existing.get(key) ?? []) {
      const now: Endpoint[] = [];
      let changed = !equal(slice.metadata.labels, labels) || !equal(controllerOf(slice), ownerRef(owner));
      for (const old of slice.endpoints ?? []) {
        const uid = old.targetRef?.uid ?? '';
        const next = left.get(uid);
        if (next === undefined) {
          changed = true;
          continue;
        }
        left.delete(uid);
        if (next !== old && !equal(next, old)) changed = true;
        now.push(next);
      }
      kept.push({ slice, endpoints: now, changed });
    }
    const rest = [...left.values()];
    // First those that are written anyway, then the fullest that has room for all, then new ones.
    for (const each of kept.filter(({ changed }) => changed)) {
      each.endpoints.push(...rest.splice(0, MOST - each.endpoints.length));
    }
    if (rest.length > 0) {
      const [best] = kept
        .filter(({ changed, endpoints: own }) => !changed && own.length + rest.length <= MOST)
        .sort((a, b) => b.endpoints.length - a.endpoints.length);
      if (best !== undefined) {
        best.endpoints.push(...rest.splice(0));
        best.changed = true;
      }
    }
    for (const { slice, endpoints: own, changed } of kept) {
      if (!changed) continue;
      if (own.length === 0) spare.push(slice);
      else write(slice, own, written);
    }
    while (rest.length > 0) {
      const chunk = rest.splice(0, MOST);
      const reused = spare.pop();
      if (reused === undefined) make(chunk, written);
      else write(reused, chunk, written);
    }
  }
  if (groups.size === 0) {
    const [first, ...others] = spare;
    others.forEach(remove);
    if (first === undefined) make([], null);
    else if (first.endpoints !== null || !equal(first.metadata.labels, labels)) write(first, [], null);
    return;
  }
  spare.forEach(remove);
}
