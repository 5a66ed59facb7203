import { byHash } from './port-order';
import { endpoints, type EndpointAddress, type Endpoints, type EndpointSubset } from '../../api/core/endpoints';
import type { Pod } from '../../api/core/pod';
import { service, type Service } from '../../api/core/service';
import { equal } from '../../apimachinery/equal';
import { splitKey, type Labels } from '../../apimachinery/object';
import { defineController, every } from '../controller';
import { isReady } from '../pods';
import {
  hasAddress,
  HEADLESS,
  podsOf,
  resolvePorts,
  selectedPods,
  targetRef,
  TRIGGER_TIME,
  TriggerTimes,
} from './service-pods';

const MANAGED_BY = 'endpoints.kubernetes.io/managed-by';
/** More addresses than this are cut off, and said so. */
const MOST = 1000;
const OVER_CAPACITY = 'endpoints.kubernetes.io/over-capacity';

/** Keeps the (deprecated) Endpoints of each Service with a selector. Upstream: pkg/controller/endpoint */
export const endpointsController = defineController('endpoint-controller', ({ client }) => {
  const triggers = new TriggerTimes();
  return {
    watches: [every(service), selectedPods(client), every(endpoints)],
    sync(key) {
      const { namespace, name } = splitKey(key);
      const found = client.get(service, namespace, name);
      const before = client.get(endpoints, namespace, name);
      if (found === undefined) {
        triggers.forget(key);
        if (before?.metadata.labels?.[MANAGED_BY] !== undefined) client.delete(endpoints, namespace, name);
        return;
      }
      if (found.spec.selector === undefined || found.spec.type === 'ExternalName') return;
      const pods = podsOf(client, found);
      const trigger = triggers.changed(found, pods);
      const { subsets, cut } = subsetsOf(found, pods);
      const labels = labelsFor(found);
      if (
        before !== undefined &&
        equal(before.subsets ?? [], subsets) &&
        equal(before.metadata.labels ?? {}, labels) &&
        (before.metadata.annotations?.[OVER_CAPACITY] !== undefined) === cut
      ) {
        return;
      }
      const { [TRIGGER_TIME]: _, [OVER_CAPACITY]: _cut, ...kept } = before?.metadata.annotations ?? {};
      const annotations: Labels = {
        ...kept,
        ...(trigger === undefined ? {} : { [TRIGGER_TIME]: trigger }),
        ...(cut ? { [OVER_CAPACITY]: 'truncated' } : {}),
      };
      const metadata = {
        name,
        namespace: found.metadata.namespace,
        labels,
        ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
      };
      const content = subsets.length === 0 ? {} : { subsets };
      if (before === undefined) {
        client.create(endpoints, { metadata, ...content });
      } else {
        client.mutate(endpoints, namespace, name, ({ subsets: _subsets, metadata: old, ...rest }): Endpoints => {
          const { annotations: _annotations, ...others } = old;
          return { ...rest, metadata: { ...others, ...metadata }, ...content };
        });
      }
    },
  };
});

function labelsFor({ metadata, spec }: Service): Labels {
  const { [HEADLESS]: _, ...own } = metadata.labels ?? {};
  return {
    ...own,
    [MANAGED_BY]: 'endpoint-controller',
    ...(spec.clusterIP === 'None' ? { [HEADLESS]: '' } : {}),
  };
}

const addresses = new WeakMap<Pod, EndpointAddress>();

function addressOf(of: Pod, owner: Service): EndpointAddress {
  const { hostname, subdomain, nodeName } = of.spec;
  if (hostname !== undefined && hostname !== '' && subdomain === owner.metadata.name) {
    return { ip: of.status.podIP ?? '', hostname, ...node(nodeName), targetRef: targetRef(of) };
  }
  let address = addresses.get(of);
  if (address === undefined) {
    address = { ip: of.status.podIP ?? '', ...node(nodeName), targetRef: targetRef(of) };
    addresses.set(of, address);
  }
  return address;
}

const node = (nodeName: string | undefined) => (nodeName === undefined ? {} : { nodeName });

/** endpoints.RepackSubsets: addresses that have the same ports stand together, in order. */
function subsetsOf(owner: Service, pods: readonly Pod[]): { subsets: readonly EndpointSubset[]; cut: boolean } {
  type Lists = {
    readonly ports: EndpointSubset['ports'];
    readonly ready: EndpointAddress[];
    readonly notReady: EndpointAddress[];
  };
  const groups = new Map<string, Lists>();
  const published = owner.spec.publishNotReadyAddresses === true;
  let count = 0;
  let cut = false;
  for (const each of pods) {
    if (!hasAddress(each)) continue;
    if (!published && each.metadata.deletionTimestamp !== undefined) continue;
    const resolved = resolvePorts(owner, each);
    if (resolved.length === 0 && (owner.spec.ports ?? []).length > 0) continue;
    if (++count > MOST) {
      cut = true;
      continue;
    }
    const ports = resolved.map(({ name, port, protocol, appProtocol }) => ({
      ...(name === '' ? {} : { name }),
      port,
      protocol,
      ...(appProtocol === undefined ? {} : { appProtocol }),
    }));
    const key = JSON.stringify(ports);
    let lists = groups.get(key);
    if (lists === undefined) {
      lists = {
        ports: ports.length === 0 ? undefined : ports.length > 1 ? ports.sort(byHash) : ports,
        ready: [],
        notReady: [],
      } as Lists;
      groups.set(key, lists);
    }
    (published || isReady(each) ? lists.ready : lists.notReady).push(addressOf(each, owner));
  }
  const subsets = [...groups.values()].map(({ ports, ready, notReady }): EndpointSubset => ({
    ...(ready.length === 0 ? {} : { addresses: ready.sort(byIp) }),
    ...(notReady.length === 0 ? {} : { notReadyAddresses: notReady.sort(byIp) }),
    ...(ports === undefined ? {} : { ports }),
  }));
  return { subsets, cut };
}

const byIp = (a: EndpointAddress, b: EndpointAddress): number => (a.ip < b.ip ? -1 : a.ip > b.ip ? 1 : 0);
