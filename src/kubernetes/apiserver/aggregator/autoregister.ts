import { apiService, type ApiService } from '../../api/apiregistration/apiservice';
import { customResourceDefinition } from '../../api/apiextensions/customresourcedefinition';
import { equal } from '../../apimachinery/equal';
import type { ServerRegistry } from '../create-registry';
import type { RegistryClient } from '../registry';
import { local, setAvailable } from './conditions';
import { apiServiceName, isBuiltIn, localSpec, ownGroup } from './priorities';

/** Who keeps an APIService: made once when the server starts (`onstart`), or kept as it should be always (`true`). */
const managedLabel = 'kube-aggregator.kubernetes.io/automanaged';
type Managed = 'onstart' | 'true';

const managedOf = ({ metadata }: ApiService): string | undefined => metadata.labels?.[managedLabel];

const followed = new WeakSet<ServerRegistry>();

/**
 * The autoregister controller and the CRD registration controller: what this server serves has an APIService each. Call
 * it whenever the server starts.
 */
export function autoregister(registry: ServerRegistry, client: RegistryClient): void {
  const { storage } = registry;
  const builtIn = new Set(
    storage.views
      .filter(({ apiVersion, names }) => isBuiltIn(apiVersion) && names.group !== ownGroup)
      .map(({ apiVersion }) => apiVersion),
  );
  const names = new Set([...builtIn].map((apiVersion) => apiServiceName(localSpec(apiVersion))));
  for (const apiVersion of [...builtIn].sort()) register(client, apiVersion, 'onstart');
  for (const object of client.list(apiService))
    if (managedOf(object) === 'onstart' && !names.has(object.metadata.name))
      client.delete(apiService, undefined, object.metadata.name);
  for (const crd of client.list(customResourceDefinition))
    for (const { name } of crd.spec.versions ?? []) sync(client, `${crd.spec.group}/${name}`);
  if (followed.has(registry)) return;
  followed.add(registry);
  client.watch(customResourceDefinition, { from: client.revision }, ({ object, old }) => {
    for (const { spec } of [object, old ?? object])
      for (const { name } of spec.versions ?? []) sync(client, `${spec.group}/${name}`);
  });
  client.watch(apiService, { from: client.revision }, ({ type, object }) => {
    const { group = '', version = '' } = object.spec;
    if (managedOf(object) === 'true') sync(client, `${group}/${version}`);
    if (type !== 'DELETED' && object.spec.service === undefined)
      setAvailable(client, object.metadata.name, local, storage.clock.now);
  });

  /** handleVersionUpdate and checkAPIService: as long as some definition serves the version. */
  function sync(writer: RegistryClient, apiVersion: string): void {
    const { group, version } = localSpec(apiVersion);
    const wanted = writer
      .list(customResourceDefinition)
      .some(
        ({ spec }) =>
          spec.group === group && (spec.versions ?? []).some(({ name, served }) => name === version && served),
      );
    if (wanted) return register(writer, apiVersion, 'true');
    const name = `${version ?? ''}.${group ?? ''}`;
    const known = writer.get(apiService, undefined, name);
    if (known !== undefined && managedOf(known) === 'true') writer.delete(apiService, undefined, name);
  }
}

function register(client: RegistryClient, apiVersion: string, managed: Managed): void {
  const spec = localSpec(apiVersion);
  const name = apiServiceName(spec);
  const known = client.get(apiService, undefined, name);
  if (known === undefined) {
    client.create(apiService, { metadata: { name, labels: { [managedLabel]: managed } }, spec, status: {} });
  } else if (managedOf(known) !== undefined && !equal(known.spec, spec))
    client.mutate(apiService, undefined, name, (current) => ({ ...current, spec }));
}
