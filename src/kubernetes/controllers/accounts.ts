import { serviceAccount } from '../api/core/serviceaccount';
import type { RegistryClient } from '../apiserver/registry';

/** The service accounts of the controllers that upstream's manager starts by default. */
const names = [
  'attachdetach-controller',
  'bootstrap-signer',
  'certificate-controller',
  'clusterrole-aggregation-controller',
  'cronjob-controller',
  'daemon-set-controller',
  'deployment-controller',
  'disruption-controller',
  'endpoint-controller',
  'endpointslice-controller',
  'endpointslicemirroring-controller',
  'ephemeral-volume-controller',
  'expand-controller',
  'generic-garbage-collector',
  'horizontal-pod-autoscaler',
  'job-controller',
  'legacy-service-account-token-cleaner',
  'namespace-controller',
  'node-controller',
  'persistent-volume-binder',
  'pod-garbage-collector',
  'pv-protection-controller',
  'pvc-protection-controller',
  'replicaset-controller',
  'replication-controller',
  'resourcequota-controller',
  'root-ca-cert-publisher',
  'service-account-controller',
  'service-ca-cert-publisher',
  'service-cidrs-controller',
  'statefulset-controller',
  'token-cleaner',
  'ttl-after-finished-controller',
  'ttl-controller',
  'validatingadmissionpolicy-status-controller',
];

/** --use-service-account-credentials: each controller's account is made before it asks for a token. */
export function makeControllerAccounts(client: RegistryClient): void {
  for (const name of names)
    if (client.get(serviceAccount, 'kube-system', name) === undefined)
      client.create(serviceAccount, { metadata: { name, namespace: 'kube-system' } });
}
