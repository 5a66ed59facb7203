import type { Cli } from '../../cli';
import type { Command } from '../../command';
import { Aggregate, Failure, isNotFound, throwAll } from '../../errors';
import { flag } from '../../flags/flag-set';
import { build } from '../../resource/builder';
import type { Info } from '../../resource/info';
import type { Mapping } from '../../resource/mapper';
import { accepts } from '../../rest/client';
import { allNamespacesFlag, chunkSizeFlag, filenameFlags, filenames, hasFiles, selectorFlag } from '../shared-flags';
import { describeConfigMap, describeSecret, describeServiceAccount } from './config';
import { Describing, type Describer } from './context';
import { describeRequest } from './certificate-request';
import { describeAnything } from './generic';
import { describeCronJob, describeJob } from './jobs';
import { describeLimitRange, describeNamespace, describeQuota } from './namespace';
import { describeNode } from './node';
import { describePod } from './pod';
import {
  describeAutoscaler,
  describeBudget,
  describeIpAddress,
  describeNetworkPolicy,
  describePriorityClass,
  describeServiceCidr,
} from './policies';
import { describeBinding, describeRole } from './rbac';
import {
  describeEndpoints,
  describeEndpointSlice,
  describeIngress,
  describeIngressClass,
  describeService,
} from './services';
import {
  describeAttributesClass,
  describeClaim,
  describeCsiNode,
  describeStorageClass,
  describeVolume,
} from './storage';
import { describeDaemonSet, describeDeployment, describeReplicas, describeStatefulSet } from './workloads';

/** By group and kind; what is not here is described from its members alone. */
const describers: Readonly<Record<string, Describer>> = {
  '/ReplicationController': describeReplicas,
  '/Secret': describeSecret,
  '/Service': describeService,
  '/ServiceAccount': describeServiceAccount,
  '/Node': describeNode,
  '/LimitRange': describeLimitRange,
  '/ResourceQuota': describeQuota,
  '/PersistentVolume': describeVolume,
  '/PersistentVolumeClaim': describeClaim,
  '/Namespace': describeNamespace,
  '/Endpoints': describeEndpoints,
  '/ConfigMap': describeConfigMap,
  'discovery.k8s.io/EndpointSlice': describeEndpointSlice,
  'autoscaling/HorizontalPodAutoscaler': describeAutoscaler,
  'networking.k8s.io/Ingress': describeIngress,
  'networking.k8s.io/IngressClass': describeIngressClass,
  'networking.k8s.io/ServiceCIDR': describeServiceCidr,
  'networking.k8s.io/IPAddress': describeIpAddress,
  'networking.k8s.io/NetworkPolicy': describeNetworkPolicy,
  'batch/Job': describeJob,
  'batch/CronJob': describeCronJob,
  'apps/StatefulSet': describeStatefulSet,
  'apps/Deployment': describeDeployment,
  'apps/DaemonSet': describeDaemonSet,
  'apps/ReplicaSet': describeReplicas,
  'certificates.k8s.io/CertificateSigningRequest': describeRequest,
  'storage.k8s.io/StorageClass': describeStorageClass,
  'storage.k8s.io/CSINode': describeCsiNode,
  'storage.k8s.io/VolumeAttributesClass': describeAttributesClass,
  'policy/PodDisruptionBudget': describeBudget,
  'rbac.authorization.k8s.io/Role': describeRole,
  'rbac.authorization.k8s.io/ClusterRole': describeRole,
  'rbac.authorization.k8s.io/RoleBinding': describeBinding,
  'rbac.authorization.k8s.io/ClusterRoleBinding': describeBinding,
  'scheduling.k8s.io/PriorityClass': describePriorityClass,
};

/** One object's description. */
async function describeOne(cli: Cli, info: { mapping: Mapping; namespace: string; name: string }): Promise<string> {
  const { mapping, namespace, name } = info;
  const chunk = cli.flags.number('chunk-size');
  const d = new Describing(cli, mapping, namespace, name, chunk, cli.flags.bool('show-events'));
  const kind = `${mapping.group}/${mapping.kind}`;
  if (kind === '/Pod') return describePod(d);
  const describer = describers[kind];
  if (describer === undefined) return describeAnything(d, await d.own(accepts.json));
  return describer(d, await d.own());
}

async function run(cli: Cli): Promise<void> {
  const { args, flags, factory } = cli;
  const { namespace, explicit } = factory.namespace;
  const everywhere = flags.bool('all-namespaces');
  if (args.length === 0 && !hasFiles(cli))
    throw new Failure(
      'You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.\n',
    );
  const shared = { chunkSize: flags.number('chunk-size'), allowEmptySelector: true, flatten: true, latest: false };
  const result = await build(cli, {
    ...shared,
    ...filenames(cli),
    args,
    labelSelector: flags.string('selector'),
    allNamespaces: everywhere,
    enforceNamespace: explicit && !everywhere,
    continueOnError: true,
  });
  const { infos, failures: found } = await result.collect();
  const [first] = found;
  if (first !== undefined && found.length === 1 && isNotFound(first) && args.length === 2)
    return matching(cli, first, args[0] ?? '', args[1] ?? '');
  const failures: Failure[] = found.length > 1 ? [new Aggregate(found)] : [...found];
  let separator = '';
  for (const info of infos) {
    const shown = await guarded(cli, info, failures);
    if (shown === undefined) continue;
    await cli.out(`${separator}${shown}`);
    separator = '\n\n';
  }
  if (infos.length === 0 && failures.length === 0)
    await cli.err(everywhere ? 'No resources found\n' : `No resources found in ${namespace} namespace.\n`);
  throwAll(failures);
}

async function guarded(cli: Cli, info: Info, failures: Failure[]): Promise<string | undefined> {
  try {
    return await describeOne(cli, info);
  } catch (reason) {
    if (!(reason instanceof Failure)) throw reason;
    if (!failures.some(({ message }) => message === reason.message)) failures.push(reason);
    return undefined;
  }
}

/** All objects whose names begin with what was given. */
async function matching(cli: Cli, original: Failure, type: string, prefix: string): Promise<void> {
  const result = await build(cli, {
    args: [type],
    allowEmptySelector: true,
    singleType: true,
    flatten: true,
    chunkSize: cli.flags.number('chunk-size'),
  });
  let found = false;
  for (const info of await result.infos()) {
    if (!info.name.startsWith(prefix)) continue;
    found = true;
    await cli.out(`${await describeOne(cli, info)}\n`);
  }
  if (!found) throw original;
}

export const describe: Command = {
  use: 'describe (-f FILENAME | TYPE [NAME_PREFIX | -l label] | TYPE/NAME)',
  short: 'Show details of a specific resource or group of resources',
  long: `Show what the server knows of objects, in words, with the events about them.

 A name that no object has is taken as the beginning of names.

Use "kubectl api-resources" for a complete list of supported resources.`,
  example: `# A node
  kubectl describe nodes node01

  # Pods with a label
  kubectl describe pods -l app=web

  # Pods whose names begin with web
  kubectl describe pods web`,
  flags: [
    ...filenameFlags('with the objects to describe'),
    selectorFlag,
    allNamespacesFlag(),
    flag.bool('show-events', true, 'Show the events about the object.'),
    chunkSizeFlag,
  ],
  run,
};
