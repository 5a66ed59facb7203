import { at, type Thing } from '../client';
import { area, type Behaviours, type Framework } from '../framework';
import { crd, openVersion } from './objects';

/** A resource that every group has. */
const resources: readonly (readonly [group: string, version: string, resource: string])[] = [
  ['', 'v1', 'namespaces'],
  ['admissionregistration.k8s.io', 'v1', 'validatingwebhookconfigurations'],
  ['apiextensions.k8s.io', 'v1', 'customresourcedefinitions'],
  ['apiregistration.k8s.io', 'v1', 'apiservices'],
  ['apps', 'v1', 'deployments'],
  ['authentication.k8s.io', 'v1', 'tokenreviews'],
  ['authorization.k8s.io', 'v1', 'selfsubjectaccessreviews'],
  ['autoscaling', 'v1', 'horizontalpodautoscalers'],
  ['autoscaling', 'v2', 'horizontalpodautoscalers'],
  ['batch', 'v1', 'jobs'],
  ['certificates.k8s.io', 'v1', 'certificatesigningrequests'],
  ['coordination.k8s.io', 'v1', 'leases'],
  ['discovery.k8s.io', 'v1', 'endpointslices'],
  ['events.k8s.io', 'v1', 'events'],
  ['networking.k8s.io', 'v1', 'ingresses'],
  ['node.k8s.io', 'v1', 'runtimeclasses'],
  ['policy', 'v1', 'poddisruptionbudgets'],
  ['scheduling.k8s.io', 'v1', 'priorityclasses'],
  ['storage.k8s.io', 'v1', 'csinodes'],
];

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as readonly unknown[]) : []);

const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
/** What client-go asks for: the aggregated document of several versions, or else the old one. */
const clientGo = `application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json`;

async function offers(
  f: Framework,
  accept: string,
  group: string,
  version: string,
  resource: string,
): Promise<boolean> {
  const { items } = await f.api.get(group === '' ? '/api' : '/apis', { accept });
  const found = items.find(({ metadata }) => (metadata?.name ?? '') === group);
  const served = list(found?.['versions']).find((each) => at(each, 'version') === version);
  return list(at(served, 'resources')).some((each) => at(each, 'resource') === resource);
}

async function allOffered(f: Framework, accept: string): Promise<void> {
  for (const [group, version, resource] of resources)
    f.holds(await offers(f, accept, group, version, resource), `${group}/${version} has ${resource}`);
}

async function customOffered(f: Framework, accept: string): Promise<void> {
  const group = `${f.namespace}.example.com`;
  await f.createGlobal(
    '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
    crd({ group, kind: 'testcrd', plural: 'testcrds', scope: 'Namespaced', versions: [openVersion('v1')] }),
  );
  await f.until(() => offers(f, accept, group, 'v1', 'testcrds'), 'the resource to be offered', 30_000);
}

export const aggregatedDiscovery: Behaviours = area('[sig-api-machinery] AggregatedDiscovery', {
  'should support raw aggregated discovery endpoint Accept headers': (f) => allOffered(f, aggregated),
  'should support raw aggregated discovery request for CRDs': (f) => customOffered(f, aggregated),
  'should support aggregated discovery interface': (f) => allOffered(f, clientGo),
  'should support aggregated discovery interface for CRDs': (f) => customOffered(f, clientGo),
});

/** A group, its version and some of its resources must be in all three documents. */
export async function documented(f: Framework, group: string, version: string, names: readonly string[]) {
  const { groups } = (await f.api.get('/apis')) as Thing & { readonly groups: readonly unknown[] };
  const has = (one: unknown): boolean => list(at(one, 'versions')).some((each) => at(each, 'version') === version);
  f.holds(has(groups.find((each) => at(each, 'name') === group)), `/apis has ${group}/${version}`);
  const own = await f.api.get(`/apis/${group}`);
  f.equal(own['name'], group, 'the name of the group');
  f.holds(has(own), `/apis/${group} has ${version}`);
  const document = await f.api.get(`/apis/${group}/${version}`);
  f.equal(document['groupVersion'], `${group}/${version}`, 'the group and version');
  const found = list(document['resources']).map((each) => at(each, 'name'));
  for (const name of names) f.holds(found.includes(name), `/apis/${group}/${version} has ${name}`);
}

export const discovery: Behaviours = area('[sig-api-machinery] Discovery', {
  'should validate PreferredVersion for each APIGroup': async (f) => {
    const groups = list((await f.api.get('/apis/'))['groups']);
    f.holds(groups.length > 0, 'there are groups');
    for (const { name } of groups as readonly { readonly name: string }[]) {
      if (name.endsWith('.example.com')) continue;
      const group = await f.api.get(`/apis/${name}/`);
      const preferred = at(group, 'preferredVersion', 'groupVersion');
      const versions = list(group['versions']).map((each) => at(each, 'groupVersion'));
      f.holds(versions.includes(preferred), `${String(preferred)} is a version of ${name}`);
    }
  },

  'should locate the groupVersion and a resource within each APIGroup': async (f) => {
    for (const [group, version, resource] of resources) {
      const path = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
      const document = await f.api.get(path);
      f.equal(document['groupVersion'], group === '' ? version : `${group}/${version}`, path);
      const names = list(document['resources']).map((each) => at(each, 'name'));
      f.holds(names.includes(resource), `${path} has ${resource}`);
    }
  },
});
