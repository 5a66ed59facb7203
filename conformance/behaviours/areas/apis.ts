import { at, patches, type Thing } from '../client';
import { area, type Behaviours, type Framework } from '../framework';
import { documented } from './discovery';
import { namespacedOperations } from './operations';
import { pausePod } from './objects';

const SLICES = 'discovery.k8s.io/v1/endpointslices';

const slicesOf = async (f: Framework, service: string): Promise<readonly Thing[]> =>
  (await f.api.get(`${f.at(SLICES)}?labelSelector=kubernetes.io%2Fservice-name%3D${service}`)).items;
const addresses = (slices: readonly Thing[]): readonly string[] =>
  slices
    .flatMap((slice) => (slice['endpoints'] ?? []) as readonly { readonly addresses: readonly string[] }[])
    .flatMap((endpoint) => endpoint.addresses)
    .sort();

const rules = (service: string) => [
  {
    host: 'foo.bar.com',
    http: {
      paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: service, port: { number: 80 } } } }],
    },
  },
];

export const apis: Behaviours = {
  ...area('[sig-network] Ingress API', {
    'should support creating Ingress API operations': async (f) => {
      await documented(f, 'networking.k8s.io', 'v1', ['ingresses', 'ingresses/status']);
      await namespacedOperations(f, {
        resource: 'networking.k8s.io/v1/ingresses',
        body: {
          spec: {
            defaultBackend: { service: { name: 'default-backend', port: { number: 80 } } },
            rules: rules('test'),
          },
        },
        status: ['loadBalancer', { ingress: [{ ip: '169.1.1.1' }] }, { ingress: [{ ip: '169.1.1.2' }] }],
      });
    },
  }),
  ...area('[sig-network] IngressClass API', {
    'should support creating IngressClass API operations': async (f) => {
      await documented(f, 'networking.k8s.io', 'v1', ['ingressclasses']);
      await namespacedOperations(f, {
        resource: 'networking.k8s.io/v1/ingressclasses',
        global: true,
        body: { spec: { controller: 'example.com/controller' } },
      });
    },
  }),
  ...area('[sig-network] EndpointSlice', {
    'should support creating EndpointSlice API operations': async (f) => {
      await documented(f, 'discovery.k8s.io', 'v1', ['endpointslices']);
      await namespacedOperations(f, {
        resource: SLICES,
        body: {
          addressType: 'IPv4',
          endpoints: [{ addresses: ['1.2.3.4', '5.6.7.8'].slice(0, 1) }],
          ports: [{ name: 'example', port: 80, protocol: 'TCP' }],
        },
      });
    },
    'should have Endpoints and EndpointSlices pointing to API Server': async (f) => {
      await f.api.get('/api/v1/namespaces/default/services/kubernetes');
      const endpoints = await f.api.get('/api/v1/namespaces/default/endpoints/kubernetes');
      f.holds(((endpoints['subsets'] ?? []) as readonly unknown[]).length > 0, 'there are endpoints');
      const { items } = await f.api.get(
        '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3Dkubernetes',
      );
      f.holds(addresses(items).length > 0, 'there are addresses');
    },
    'should create and delete Endpoints and EndpointSlices for a Service with a selector specified': async (f) => {
      await f.api.create(f.at('services'), {
        metadata: { name: 'example-empty-selector' },
        spec: {
          selector: { 'does-not-match-anything': 'endpoints-and-endpoint-slices-should-still-be-created' },
          ports: [{ name: 'example', port: 80 }],
        },
      });
      const path = f.at('endpoints', 'example-empty-selector');
      await f.until(() => f.exists(path), 'endpoints');
      await f.until(async () => (await slicesOf(f, 'example-empty-selector')).length > 0, 'slices');
      await f.api.delete(f.at('services', 'example-empty-selector'));
      await f.gone(path);
      await f.until(async () => (await slicesOf(f, 'example-empty-selector')).length === 0, 'the slices to go');
    },
    'should create Endpoints and EndpointSlices for Pods matching a Service': async (f) => {
      const service = (name: string, selector: object, port: object) =>
        f.api.create(f.at('services'), {
          metadata: { name },
          spec: { selector, ports: [{ name: 'example', port: 80, ...port }], publishNotReadyAddresses: true },
        });
      await service('example-int-port', { foo: 'bar' }, { targetPort: 3000 });
      await service('example-named-port', { shared: 'yes' }, { targetPort: 'example-name' });
      for (const [name, labels] of [
        ['pod1', { foo: 'bar', shared: 'yes' }],
        ['pod2', { shared: 'yes' }],
      ] as const) {
        const ports = [{ name: 'example-name', containerPort: 3000 }];
        const pod = pausePod(name, {}, labels);
        await f.api.create(f.at('pods'), {
          ...pod,
          spec: { ...pod.spec, containers: pod.spec.containers.map((one) => ({ ...one, ports })) },
        });
      }
      const ipsOf = async (): Promise<readonly string[]> =>
        (await f.api.get(f.at('pods'))).items.map((pod) => String(at(pod, 'status', 'podIP')));
      await f.until(async () => (await ipsOf()).every((ip) => ip.includes('.')), 'addresses');
      const [first] = await ipsOf();
      const both = [...(await ipsOf())].sort();
      const same = (found: readonly string[], wanted: readonly (string | undefined)[]): boolean =>
        JSON.stringify(found) === JSON.stringify(wanted);
      await f.until(async () => same(addresses(await slicesOf(f, 'example-int-port')), [first]), 'one address');
      await f.until(async () => same(addresses(await slicesOf(f, 'example-named-port')), both), 'both addresses');
      const [slice] = await slicesOf(f, 'example-named-port');
      f.equal(at(slice, 'ports', 0, 'port'), 3000, 'the port');
      const endpoints = await f.api.get(f.at('endpoints', 'example-named-port'));
      f.equal(at(endpoints, 'subsets', 0, 'ports', 0, 'port'), 3000, 'the port of the endpoints');
    },
  }),
  ...area('[sig-network] EndpointSliceMirroring', {
    'should mirror a custom Endpoints resource through create update and delete': async (f) => {
      const name = 'example-custom-endpoints';
      await f.api.create(f.at('services'), { metadata: { name }, spec: { ports: [{ name: 'example', port: 80 }] } });
      const subsets = (ip: string) => [{ addresses: [{ ip }], ports: [{ port: 80 }] }];
      await f.api.create(f.at('endpoints'), { metadata: { name }, subsets: subsets('10.1.2.3') });
      const mirrored = (ip: string): Promise<void> =>
        f.until(async () => addresses(await slicesOf(f, name)).join() === ip, `a slice with ${ip}`);
      await mirrored('10.1.2.3');
      await f.change(f.at('endpoints', name), (it) => ({ ...it, subsets: subsets('10.2.3.4') }));
      await mirrored('10.2.3.4');
      await f.api.delete(f.at('endpoints', name));
      await f.until(async () => (await slicesOf(f, name)).length === 0, 'the slice to go');
    },
  }),
  ...area('[sig-network] ServiceCIDR and IPAddress API', {
    'should support IPAddress API operations': (f) =>
      namespacedOperations(f, {
        resource: 'networking.k8s.io/v1/ipaddresses',
        global: true,
        names: ['192.168.10.1', '192.168.10.2', '192.168.10.3'],
        body: { spec: { parentRef: { resource: 'services', name: 'test', namespace: f.namespace, group: '' } } },
      }),
  }),
  ...area('[sig-node] RuntimeClass', {
    'should support RuntimeClasses API operations': async (f) => {
      await documented(f, 'node.k8s.io', 'v1', ['runtimeclasses']);
      await namespacedOperations(f, {
        resource: 'node.k8s.io/v1/runtimeclasses',
        global: true,
        body: { handler: 'e2e-handler' },
      });
    },
    'should reject a Pod requesting a non-existent RuntimeClass [NodeConformance]': async (f) => {
      const pod = pausePod('test', { runtimeClassName: 'nonexistent' });
      await f.refused(f.api.create(f.at('pods'), pod), 403);
    },
    'should reject a Pod requesting a deleted RuntimeClass [NodeConformance]': async (f) => {
      const path = '/apis/node.k8s.io/v1/runtimeclasses';
      await f.createGlobal(path, { metadata: { name: f.namespace }, handler: 'runc' });
      await f.api.delete(`${path}/${f.namespace}`);
      await f.refused(f.api.create(f.at('pods'), pausePod('test', { runtimeClassName: f.namespace })), 403);
    },
    'should schedule a Pod requesting a RuntimeClass without PodOverhead [NodeConformance]': async (f) => {
      await f.createGlobal('/apis/node.k8s.io/v1/runtimeclasses', { metadata: { name: f.namespace }, handler: 'runc' });
      await f.api.create(f.at('pods'), pausePod('test', { runtimeClassName: f.namespace }));
      await f.until(
        async () => at(await f.api.get(f.at('pods', 'test')), 'spec', 'nodeName') !== undefined,
        'the pod to be scheduled',
      );
      f.equal(at(await f.api.get(f.at('pods', 'test')), 'spec', 'overhead'), undefined, 'the overhead');
    },
    'should schedule a Pod requesting a RuntimeClass and initialize its Overhead [NodeConformance]': async (f) => {
      const podFixed = { cpu: '10m', memory: '1Mi' };
      await f.createGlobal('/apis/node.k8s.io/v1/runtimeclasses', {
        metadata: { name: f.namespace },
        handler: 'runc',
        overhead: { podFixed },
      });
      await f.api.create(f.at('pods'), pausePod('test', { runtimeClassName: f.namespace }));
      await f.until(
        async () => at(await f.api.get(f.at('pods', 'test')), 'spec', 'nodeName') !== undefined,
        'the pod to be scheduled',
      );
      f.equal(at(await f.api.get(f.at('pods', 'test')), 'spec', 'overhead'), podFixed, 'the overhead');
    },
  }),
  ...area('[sig-storage] StorageClasses CSI Conformance', {
    'should run through the lifecycle of a StorageClass': (f) =>
      namespacedOperations(f, {
        resource: 'storage.k8s.io/v1/storageclasses',
        global: true,
        body: { provisioner: 'e2e-fake-provisioner' },
      }),
  }),
  ...area('[sig-storage] CSIInlineVolumes', {
    'should run through the lifecycle of a CSIDriver': (f) =>
      namespacedOperations(f, {
        resource: 'storage.k8s.io/v1/csidrivers',
        global: true,
        body: { spec: { attachRequired: false, volumeLifecycleModes: ['Ephemeral'] } },
      }),
    'should support CSIVolumeSource in Pod API': async (f) => {
      const drivers = '/apis/storage.k8s.io/v1/csidrivers';
      await f.createGlobal(drivers, { metadata: { name: f.namespace }, spec: { volumeLifecycleModes: ['Ephemeral'] } });
      const volumes = [{ name: 'volume', csi: { driver: f.namespace } }];
      const pod = await f.api.create(f.at('pods'), pausePod('pod', { volumes }, { own: 'true' }));
      f.equal(at(pod, 'spec', 'volumes', 0, 'csi', 'driver'), f.namespace, 'the driver');
      f.equal((await f.api.get(`${f.at('pods')}?labelSelector=own%3Dtrue`)).items.length, 1, 'how many are listed');
      await f.api.patch(f.at('pods', 'pod'), { metadata: { labels: { patched: 'true' } } }, patches.strategic);
      await f.api.delete(f.at('pods', 'pod'), { gracePeriodSeconds: 0 });
      await f.gone(f.at('pods', 'pod'));
    },
  }),
  ...area('[sig-storage] CSINodes CSI Conformance', {
    'should run through the lifecycle of a csinode': (f) =>
      namespacedOperations(f, {
        resource: 'storage.k8s.io/v1/csinodes',
        global: true,
        body: { spec: { drivers: [] } },
      }),
  }),
  ...area('[sig-storage] CSIStorageCapacity', {
    'should support CSIStorageCapacities API operations': async (f) => {
      await documented(f, 'storage.k8s.io', 'v1', ['csistoragecapacities']);
      await namespacedOperations(f, {
        resource: 'storage.k8s.io/v1/csistoragecapacities',
        body: { storageClassName: 'e2e-fake', nodeTopology: { matchLabels: { foo: 'bar' } } },
      });
    },
  }),
  ...area('[sig-storage] VolumeAttachment Conformance', {
    'should run through the lifecycle of a VolumeAttachment': (f) =>
      namespacedOperations(f, {
        resource: 'storage.k8s.io/v1/volumeattachments',
        global: true,
        body: { spec: { attacher: 'e2e-attacher', nodeName: 'none', source: { persistentVolumeName: 'pv' } } },
      }),
    'should apply changes to a volumeattachment status': (f) =>
      namespacedOperations(f, {
        resource: 'storage.k8s.io/v1/volumeattachments',
        global: true,
        body: { spec: { attacher: 'e2e-attacher', nodeName: 'none', source: { persistentVolumeName: 'pv' } } },
        status: ['attached', true, false],
      }),
  }),
  ...area('[sig-scheduling] SchedulerPreemption [Serial]', {
    'PriorityClass endpoints verify PriorityClass endpoints can be operated with different HTTP methods': async (f) => {
      const path = '/apis/scheduling.k8s.io/v1/priorityclasses';
      const names = ['p1', 'p2'].map((name) => `${f.namespace}-${name}`);
      for (const [index, name] of names.entries()) await f.createGlobal(path, { metadata: { name }, value: index + 1 });
      const [first = '', second = ''] = names;
      await f.refused(f.api.patch(`${path}/${first}`, { value: 10 }), 422);
      await f.api.patch(`${path}/${first}`, { description: 'patched' });
      await f.change(`${path}/${second}`, (it) => ({ ...it, description: 'updated' }));
      f.equal(at(await f.api.get(`${path}/${first}`), 'description'), 'patched', 'the description');
      f.equal(at(await f.api.get(`${path}/${second}`), 'value'), 2, 'the value');
      const { items } = await f.api.get(path);
      for (const name of names)
        f.holds(
          items.some(({ metadata }) => metadata.name === name),
          `${name} is listed`,
        );
      for (const name of names) await f.api.delete(`${path}/${name}`);
    },
  }),
  ...area('[sig-scheduling] LimitRange', {
    'should list, patch and delete a LimitRange by collection': async (f) => {
      const other = `${f.namespace}-other`;
      await f.createNamespace(other);
      const body = {
        metadata: { name: 'limits', labels: { own: f.namespace } },
        spec: { limits: [{ type: 'Container', default: { cpu: '500m' }, defaultRequest: { cpu: '50m' } }] },
      };
      for (const namespace of [f.namespace, other]) await f.api.create(f.at('limitranges', undefined, namespace), body);
      const selector = `labelSelector=own%3D${f.namespace}`;
      const count = async (): Promise<number> => (await f.api.get(`/api/v1/limitranges?${selector}`)).items.length;
      f.equal(await count(), 2, 'how many there are');
      const patched = await f.api.patch(
        f.at('limitranges', 'limits'),
        {
          metadata: { labels: { patched: 'true' } },
          spec: { limits: [{ type: 'Container', defaultRequest: { cpu: '60m' } }] },
        },
        patches.merge,
      );
      f.equal(at(patched, 'spec', 'limits', 0, 'defaultRequest', 'cpu'), '60m', 'what is patched');
      await f.api.delete(`${f.at('limitranges')}?${selector}`);
      await f.until(async () => (await count()) === 1, 'the collection to go');
    },
  }),
};
