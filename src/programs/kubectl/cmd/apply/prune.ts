import type { Cli } from '../../cli';
import { Failure } from '../../errors';
import { at, list, isObject, nameOfObject, text, type JsonObject } from '../../json';
import { lastApplied } from '../../manifest/last-applied';
import { listAll } from '../../resource/fetch';
import { infoOf, type Info } from '../../resource/info';
import { groupKind, pathOf, type Mapping } from '../../resource/mapper';
import type { Cascade } from '../delete';
import { dryRunSuffix, type DryRun } from '../shared-flags';

/** Types that are pruned unless others are named: group, version, kind (kubectl pkg/util/prune). */
const namespaced = [
  '/v1/ConfigMap',
  '/v1/Endpoints',
  '/v1/PersistentVolumeClaim',
  '/v1/Pod',
  '/v1/ReplicationController',
  '/v1/Secret',
  '/v1/Service',
  'batch/v1/Job',
  'batch/v1/CronJob',
  'networking.k8s.io/v1/Ingress',
  'apps/v1/DaemonSet',
  'apps/v1/Deployment',
  'apps/v1/ReplicaSet',
  'apps/v1/StatefulSet',
];
const clusterWide = ['/v1/Namespace', '/v1/PersistentVolume'];

/** The types to prune; wrong ones are told before anything is applied. */
export async function pruneMappings(cli: Cli): Promise<readonly Mapping[]> {
  const { flags } = cli;
  const given = flags.list('prune-allowlist').map((word) => word.replace(/^core\//, '/'));
  const wanted = given.length > 0 ? given : [...namespaced, ...clusterWide];
  const mapper = await cli.factory.mapper();
  return wanted.map((word) => {
    const parts = word.split('/');
    const [group = '', version = '', kind = ''] = parts;
    if (parts.length !== 3)
      throw new Failure(`invalid GroupVersionKind format: ${word}, please follow <group/version/kind>`);
    const found = mapper.forKind(group, kind, version);
    if (!found)
      throw new Failure(`no matches for kind "${kind}" in version "${group === '' ? version : `${group}/${version}`}"`);
    return found;
  });
}

/** Deletes what was applied before and is not among what was applied now. */
export async function prune(
  cli: Cli,
  applied: readonly { readonly info: Info; readonly object: JsonObject }[],
  strategy: DryRun,
  policy: Cascade,
  mappings: readonly Mapping[],
): Promise<void> {
  // Also said where the namespace is only the default one: kubectl sets it before it asks (1.33).
  if (cli.flags.list('prune-allowlist').length === 0)
    cli.factory.log(
      'W',
      'prune.go:71',
      'Deprecated: kubectl apply will no longer prune non-namespaced resources by default when used with the --namespace flag in a future release. To preserve the current behaviour, list the resources you want to target explicitly in the --prune-allowlist flag.',
    );
  const kept = new Set(applied.map(({ object }) => text(object, 'metadata', 'uid')));
  const { namespace, explicit } = cli.factory.namespace;
  const namespaces = new Set(applied.filter(({ info }) => info.mapping.namespaced).map(({ info }) => info.namespace));
  if (explicit) namespaces.add(namespace);
  for (const mapping of mappings) {
    for (const place of mapping.namespaced ? namespaces : ['']) {
      const whole = await listAll(cli, mapping, place, {}, cli.flags.string('selector'));
      for (const item of list(whole, 'items').filter(isObject)) {
        if (at(item, 'metadata', 'annotations', lastApplied) === undefined) continue;
        if (kept.has(text(item, 'metadata', 'uid'))) continue;
        const info = infoOf(item, mapping, '');
        if (strategy !== 'client') {
          await cli.factory.client.json('DELETE', pathOf(mapping, info.namespace, info.name), {
            body: {
              kind: 'DeleteOptions',
              apiVersion: 'meta.k8s.io/v1',
              ...(cli.flags.number('grace-period') >= 0
                ? { gracePeriodSeconds: cli.flags.number('grace-period') }
                : {}),
              ...(strategy === 'server' ? { dryRun: ['All'] } : {}),
              propagationPolicy: policy,
            },
          });
        }
        const name = `${groupKind(mapping)}/${nameOfObject(item)}`;
        if (cli.flags.string('output') === 'name') await cli.out(`${name}\n`);
        else await cli.out(`${name} pruned${dryRunSuffix(strategy)}\n`);
      }
    }
  }
}
