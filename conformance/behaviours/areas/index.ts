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

const history = 'not yet: daemon sets keep no history of their templates (controller revisions)';
const capabilities = 'not yet: containers of pods have all capabilities';
const names = 'not yet: the shell drops variables whose names are none of its own';

const conversion = 'conversion webhooks: a definition converts by renaming versions only, so far';

/** Why a behaviour is not tried unless somebody asks for it. */
export const reasons: Readonly<Partial<Record<string, string>>> = {
  '[sig-api-machinery] CustomResourceConversionWebhook [Privileged:ClusterAdmin] should be able to convert a non homogeneous list of CRs [Conformance]':
    conversion,
  '[sig-api-machinery] CustomResourceConversionWebhook [Privileged:ClusterAdmin] should be able to convert from CR v1 to CR v2 [Conformance]':
    conversion,
  '[sig-api-machinery] CustomResourceFieldSelectors [Privileged:ClusterAdmin] CustomResourceFieldSelectors MUST list and watch custom resources matching the field selector [Conformance]':
    conversion,
  '[sig-api-machinery] Aggregator Should be able to support the 1.17 Sample API Server using the current Aggregator [Conformance]':
    'wants the sample-apiserver: an image with a server and an etcd of its own',
  '[sig-apps] ControllerRevision [Serial] should manage the lifecycle of a ControllerRevision [Conformance]': history,
  '[sig-apps] Daemon set [Serial] should update pod when spec was updated and update strategy is RollingUpdate [Conformance]':
    history,
  '[sig-node] ConfigMap should be consumable via the environment [NodeConformance] [Conformance]': names,
  '[sig-node] Secrets should be consumable via the environment [NodeConformance] [Conformance]': names,
  '[sig-node] Security Context When creating a pod with privileged should run the container as unprivileged when false [LinuxOnly] [NodeConformance] [Conformance]':
    capabilities,
  '[sig-node] Security Context when creating containers with AllowPrivilegeEscalation should not allow privilege escalation when false [LinuxOnly] [NodeConformance] [Conformance]':
    capabilities,
  '[sig-network] Services should be able to change the type from ClusterIP to ExternalName [Conformance]':
    'not yet: a pod does not reach a service by an external name that is another service',
  '[sig-network] Services should be able to change the type from NodePort to ExternalName [Conformance]':
    'not yet: a pod does not reach a service by an external name that is another service',
  '[sig-network] Services should serve a basic endpoint from pods [Conformance]':
    'not yet: an endpoint stays after its pod was deleted without grace',
  '[sig-apps] StatefulSet Basic StatefulSet functionality [StatefulSetBasic] Should recreate evicted statefulset [Conformance]':
    'not yet: a kubelet admits pods whose host ports are taken',
};
