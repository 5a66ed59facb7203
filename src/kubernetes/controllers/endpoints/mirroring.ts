import { endpoints, type EndpointAddress, type Endpoints } from '../../api/core/endpoints';
import { service } from '../../api/core/service';
import { endpointSlice, serviceNameLabel, type Endpoint, type EndpointSlice } from '../../api/discovery/endpointslice';
import { equal } from '../../apimachinery/equal';
import { splitKey } from '../../apimachinery/object';
import { defineController, every } from '../controller';
import { ownerRef } from '../pods';
import { TRIGGER_TIME } from './service-pods';

const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by';
const CONTROLLER = 'endpointslicemirroring-controller.k8s.io';
const SKIP = 'endpointslice.kubernetes.io/skip-mirror';
const LEADER = 'control-plane.alpha.kubernetes.io/leader';

/** Shows hand-made Endpoints of Services without a selector as slices. Upstream: pkg/controller/endpointslicemirroring */
export const endpointSliceMirroringController = defineController(
  'endpoint-slice-mirroring-controller',
  ({ client }) => ({
    watches: [
      every(endpoints),
      every(service),
      every(endpointSlice, ({ metadata: { namespace, labels } }) => {
        const name = labels?.[serviceNameLabel];
        return name === undefined || labels?.[MANAGED_BY] !== CONTROLLER ? undefined : `${namespace}/${name}`;
      }),
    ],
    sync(key) {
      const { namespace, name } = splitKey(key);
      const source = client.get(endpoints, namespace, name);
      const owner = client.get(service, namespace, name);
      const mirrored = client
        .byIndex(endpointSlice, 'service', key)
        .filter(({ metadata }) => metadata.labels?.[MANAGED_BY] === CONTROLLER);
      const wanted =
        source === undefined || owner === undefined || owner.spec.selector !== undefined || !isMirrored(source)
          ? []
          : (source.subsets ?? []).map((subset) => contentOf(subset));
      const left = [...mirrored];
      const missing = wanted.filter((content) => {
        const index = left.findIndex((slice) => equal({ endpoints: slice.endpoints, ports: slice.ports }, content));
        if (index >= 0) left.splice(index, 1);
        return index < 0;
      });
      for (const content of missing) {
        const reused = left.pop();
        if (reused !== undefined) {
          client.mutate(endpointSlice, namespace, reused.metadata.name, (now) => ({ ...now, ...content }));
        } else if (source !== undefined) {
          client.create(endpointSlice, {
            metadata: {
              generateName: `${name}-`,
              namespace: source.metadata.namespace,
              labels: { ...source.metadata.labels, [MANAGED_BY]: CONTROLLER, [serviceNameLabel]: name },
              ...annotationsOf(source),
              ownerReferences: [ownerRef(source)],
            },
            addressType: 'IPv4',
            ...content,
          });
        }
      }
      for (const { metadata } of left) client.delete(endpointSlice, namespace, metadata.name);
    },
  }),
);

const isMirrored = ({ metadata: { labels, annotations } }: Endpoints): boolean =>
  labels?.[SKIP] !== 'true' && annotations?.[LEADER] === undefined;

function annotationsOf({ metadata }: Endpoints) {
  const { [TRIGGER_TIME]: _, ...annotations } = metadata.annotations ?? {};
  return Object.keys(annotations).length === 0 ? {} : { annotations };
}

function contentOf(subset: NonNullable<Endpoints['subsets']>[number]): Pick<EndpointSlice, 'endpoints' | 'ports'> {
  const endpointOf =
    (ready: boolean) =>
    (address: EndpointAddress): Endpoint => ({
      addresses: [address.ip],
      conditions: { ready },
      ...(address.hostname === undefined ? {} : { hostname: address.hostname }),
      ...(address.targetRef === undefined ? {} : { targetRef: address.targetRef }),
      ...(address.nodeName === undefined ? {} : { nodeName: address.nodeName }),
    });
  const all = [
    ...(subset.addresses ?? []).map(endpointOf(true)),
    ...(subset.notReadyAddresses ?? []).map(endpointOf(false)),
  ];
  return {
    endpoints: all.length === 0 ? null : all,
    ports: (subset.ports ?? []).map(({ name = '', ...port }) => ({ name, ...port })),
  };
}
