import type { Clock } from '../../sim/clock';
import type { Random } from '../../sim/random';
import type { Trace } from '../../sim/trace';
import type { Registry } from '../apiserver/registry';
import type { Authorizer } from '../apiserver/authorization/authorizer';
import type { Identity } from '../../linux/net/tls/certificate';
import { bootstrapSigner } from './bootstrap/signer';
import { tokenCleaner } from './bootstrap/token-cleaner';
import { csrApprovingController } from './certificates/approver';
import { csrCleanerController } from './certificates/cleaner';
import { csrSigningController } from './certificates/signer';
import { clusterRoleAggregationController } from './clusterrole-aggregation';
import { runController, type ControllerDefinition } from './controller';
import { cronJobController } from './cronjob/cronjob';
import { daemonSetController } from './daemonset';
import { deploymentController } from './deployment/deployment';
import { disruptionController } from './disruption';
import { endpointsController } from './endpoints/endpoints';
import { endpointSliceController } from './endpoints/endpointslice';
import { endpointSliceMirroringController } from './endpoints/mirroring';
import { garbageCollector } from './garbage-collector';
import { Informers } from './informers';
import { jobController } from './job/job';
import { ttlAfterFinishedController } from './job/ttl';
import { namespaceController } from './namespace';
import { rootCaPublisher, serviceAccountController } from './namespace-content';
import { nodeIpamController, ttlController } from './node-ipam';
import { nodeLifecycleController, nodeLifecycleControllerWith, taintEvictionController } from './node-lifecycle';
import { horizontalPodAutoscalerController } from './podautoscaler/horizontal';
import { podGarbageCollector } from './podgc';
import { replicaSetController, replicationControllerController } from './replicaset';
import { resourceQuotaController } from './resourcequota';
import { serviceAccountTokenController, type TokenSigner } from './service-account-tokens';
import { statefulSetController } from './statefulset/statefulset';
import { claimProtectionController, volumeProtectionController } from './storage-protection';
import { persistentVolumeBinder } from './volume/binder';
import { ephemeralVolumeController } from './volume/ephemeral';
import { volumeExpandController } from './volume/expand';
import { validatingAdmissionPolicyStatusController } from './validatingadmissionpolicy-status';

/** What kube-controller-manager runs. */
export const controllers: readonly ControllerDefinition[] = [
  // Sync at one instant in this order: what lost its owner goes before its name is wanted again, and pods are made before
  // a deployment reconsiders the size.
  garbageCollector,
  replicaSetController,
  replicationControllerController,
  deploymentController,
  daemonSetController,
  statefulSetController,
  jobController,
  cronJobController,
  horizontalPodAutoscalerController,
  ttlAfterFinishedController,
  endpointsController,
  endpointSliceController,
  endpointSliceMirroringController,
  namespaceController,
  serviceAccountController,
  nodeLifecycleController,
  taintEvictionController,
  ttlController,
  disruptionController,
  resourceQuotaController,
  persistentVolumeBinder,
  ephemeralVolumeController,
  volumeExpandController,
  claimProtectionController,
  volumeProtectionController,
  podGarbageCollector,
  clusterRoleAggregationController,
  validatingAdmissionPolicyStatusController,
  csrCleanerController,
  bootstrapSigner,
  tokenCleaner,
];

export interface ControllerManagerOptions {
  readonly registry: Registry;
  readonly clock: Clock;
  readonly random: Random;
  readonly trace: Trace;
  /** False while it cannot reach the server. */
  readonly connected?: () => boolean;
  /** The cluster's root certificate in PEM, for kube-root-ca.crt. */
  readonly rootCa?: string;
  /** --node-monitor-grace-period. Virtual milliseconds. */
  readonly nodeMonitorGracePeriod?: number;
  /** --cluster-cidr; without it nodes get no pod network from here. */
  readonly clusterCIDR?: string;
  /** --cluster-signing-cert-file, --cluster-signing-key-file; without them nobody signs. */
  readonly authority?: Identity | undefined;
  /** --service-account-private-key-file; without it no secrets are filled. */
  readonly tokens?: TokenSigner;
  /** Answers the SubjectAccessReviews of the approver. */
  readonly authorizer?: Authorizer;
  readonly controllers?: readonly ControllerDefinition[];
}

/** Controllers whose service account has another name (cmd/kube-controller-manager: ClientOrDie). */
const accounts: Readonly<Record<string, string>> = {
  'certificatesigningrequest-approving-controller': 'certificate-controller',
  'certificatesigningrequest-cleaner-controller': 'certificate-controller',
  'certificatesigningrequest-signing-controller': 'certificate-controller',
  'daemonset-controller': 'daemon-set-controller',
  'endpoint-slice-controller': 'endpointslice-controller',
  'endpoint-slice-mirroring-controller': 'endpointslicemirroring-controller',
  'node-ipam-controller': 'node-controller',
  'node-lifecycle-controller': 'node-controller',
  'persistentvolume-controller': 'persistent-volume-binder',
  'root-ca-certificate-publisher': 'root-ca-cert-publisher',
  'serviceaccount-token-controller': 'tokens-controller',
  'taint-eviction-controller': 'node-controller',
};

/** Runs the controllers, each under its service account (--use-service-account-credentials), until the result is called. */
export function createControllerManager({
  registry,
  clock,
  random,
  trace,
  connected,
  rootCa = '',
  clusterCIDR,
  nodeMonitorGracePeriod,
  authority,
  authorizer,
  tokens,
  controllers: wanted = [
    ...controllers.map((each) =>
      each === nodeLifecycleController && nodeMonitorGracePeriod !== undefined
        ? nodeLifecycleControllerWith(nodeMonitorGracePeriod)
        : each,
    ),
    rootCaPublisher(rootCa),
    ...(tokens === undefined ? [] : [serviceAccountTokenController(tokens, rootCa)]),
    ...(authority === undefined ? [] : [csrSigningController(authority)]),
    ...(authorizer === undefined ? [] : [csrApprovingController(authorizer)]),
    ...(clusterCIDR === undefined ? [] : [nodeIpamController(clusterCIDR)]),
  ],
}: ControllerManagerOptions): () => void {
  const reach = connected === undefined ? {} : { connected };
  const informers = new Informers(
    registry.as({ user: 'system:kube-controller-manager', agent: 'kube-controller-manager', ...reach }),
  );
  const stops = wanted.map((definition) => {
    const client = registry.as({
      user: `system:serviceaccount:kube-system:${accounts[definition.name] ?? definition.name}`,
      groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system', 'system:authenticated'],
      agent: 'kube-controller-manager',
      ...reach,
    });
    return runController(definition, { client, informers, clock, random: random.fork(definition.name), trace });
  });
  informers.start();
  return () => {
    for (const stop of stops) stop();
    informers.stop();
  };
}
