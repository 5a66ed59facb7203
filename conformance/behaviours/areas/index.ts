import { services } from './services';
import { scheduling } from './scheduling';
import { apis } from './apis';
import { podBehaviours } from './pods';
import { containers } from './containers';
import { daemonSets } from './daemon-sets';
import { replicaSets } from './replica-sets';
import { statefulSets } from './stateful-sets';
import { budgets } from './budgets';
import { cronJobs } from './cron-jobs';
import { deployments } from './deployments';
import { jobs } from './jobs';
import type { Behaviours } from '../framework';
import { definitions } from './definitions';
import { aggregatedDiscovery, discovery } from './discovery';
import { downward } from './downward';
import { emptyDirs } from './empty-dirs';
import { events } from './events';
import { fieldValidation } from './fields';
import { flowcontrol } from './flowcontrol';
import { garbage } from './garbage';
import { accounts, certificates, subjectReviews } from './identity';
import { namespaces } from './namespaces';
import { policies } from './policies';
import { openapi } from './published';
import { quota } from './quota';
import { chunking, nodes, tables, version } from './reading';
import { keptVolumes } from './volumes';
import { watchers } from './watchers';
import { webhooks } from './webhooks';

/** Each in a cluster of its own: few, for a cluster takes a while to boot. */
export const areas: readonly Behaviours[] = [
  {
    ...namespaces,
    ...watchers,
    ...chunking,
    ...tables,
    ...version,
    ...nodes,
    ...aggregatedDiscovery,
    ...discovery,
    ...flowcontrol,
    ...policies,
    ...events,
    ...accounts,
    ...subjectReviews,
    ...certificates,
    ...definitions,
    ...fieldValidation,
    ...openapi,
    ...quota,
    ...webhooks,
    ...garbage,
    ...deployments,
    ...replicaSets,
    ...statefulSets,
    ...daemonSets,
    ...budgets,
    ...jobs,
    ...cronJobs,
    ...containers,
    ...podBehaviours,
    ...apis,
    ...scheduling,
    ...services,
    ...keptVolumes,
    ...downward,
    ...emptyDirs,
  },
];

const conversion = 'conversion webhooks: a definition converts by renaming versions only, so far';

/** Why a behaviour is not tried. */
export const reasons: Readonly<Partial<Record<string, string>>> = {
  '[sig-api-machinery] CustomResourceConversionWebhook [Privileged:ClusterAdmin] should be able to convert a non homogeneous list of CRs [Conformance]':
    conversion,
  '[sig-api-machinery] CustomResourceConversionWebhook [Privileged:ClusterAdmin] should be able to convert from CR v1 to CR v2 [Conformance]':
    conversion,
  '[sig-api-machinery] CustomResourceFieldSelectors [Privileged:ClusterAdmin] CustomResourceFieldSelectors MUST list and watch custom resources matching the field selector [Conformance]':
    conversion,
  '[sig-api-machinery] Aggregator Should be able to support the 1.17 Sample API Server using the current Aggregator [Conformance]':
    'wants the sample-apiserver: an image with a server and an etcd of its own',
};
