import type { Random } from '../../../sim/random';
import type { AdmissionPlugin } from './admission';
import { rbacEscalation } from '../authorization/rbac/escalation';
import { certificateApproval } from './certificates/certificate-approval';
import { certificateSigning } from './certificates/certificate-signing';
import { certificateSubjectRestriction } from './certificates/certificate-subject-restriction';
import { csrUser } from './csr-user';
import { alwaysAdmit, alwaysDeny } from './always';
import { alwaysPullImages } from './always-pull-images';
import { defaultIngressClass } from './default-ingress-class';
import { defaultStorageClass } from './default-storage-class';
import { defaultTolerationSeconds } from './default-toleration-seconds';
import { denyServiceExternalIPs } from './deny-service-external-ips';
import { eventRateLimit } from './event-rate-limit';
import { imagePolicyWebhook } from './image-policy-webhook';
import { extendedResourceToleration } from './extended-resource-toleration';
import { limitPodHardAntiAffinityTopology } from './limit-pod-hard-anti-affinity-topology';
import { limitRanger } from './limit-ranger';
import { namespaceAutoProvision } from './namespace-auto-provision';
import { namespaceExists } from './namespace-exists';
import { namespaceLifecycle } from './namespace-lifecycle';
import { mutatingAdmissionPolicy } from './policy/mutating-admission-policy';
import { validatingAdmissionPolicy } from './policy/validating-admission-policy';
import { mutatingWebhook } from './webhook/mutating-webhook';
import { validatingWebhook } from './webhook/validating-webhook';
import { persistentVolumeClaimResize } from './persistent-volume-claim-resize';
import { nodeRestriction } from './node-restriction';
import { ownerReferencesPermissionEnforcement } from './owner-references-permission-enforcement';
import { podNodeSelector } from './pod-node-selector';
import { podTolerationRestriction } from './pod-toleration-restriction';
import { podSecurity } from './podsecurity/pod-security';
import { priority } from './priority';
import { resourceQuotaAdmission } from './quota/resource-quota';
import { runtimeClassAdmission } from './runtime-class';
import { serviceAccountAdmission } from './service-account';
import { serviceAllocation } from './service-allocation';
import { storageObjectInUseProtection } from './storage-object-in-use-protection';
import { taintNodesByCondition } from './taint-nodes-by-condition';

/** What kube-apiserver can run, in its order; which of them it does is up to its flags (plugin-names.ts) (AllOrderedPlugins of pkg/kubeapiserver/options/plugins.go). */
export const defaultPlugins = (random: Random): readonly AdmissionPlugin[] => [
  alwaysAdmit,
  namespaceAutoProvision,
  namespaceLifecycle,
  namespaceExists,
  limitPodHardAntiAffinityTopology,
  limitRanger,
  serviceAccountAdmission(random),
  nodeRestriction,
  taintNodesByCondition,
  alwaysPullImages,
  imagePolicyWebhook(),
  podSecurity,
  podNodeSelector,
  priority,
  defaultTolerationSeconds,
  podTolerationRestriction,
  eventRateLimit(),
  extendedResourceToleration,
  defaultStorageClass,
  persistentVolumeClaimResize,
  storageObjectInUseProtection,
  ownerReferencesPermissionEnforcement,
  runtimeClassAdmission,
  certificateApproval,
  certificateSigning,
  certificateSubjectRestriction,
  defaultIngressClass,
  denyServiceExternalIPs,
  serviceAllocation(random),
  mutatingAdmissionPolicy,
  mutatingWebhook,
  validatingAdmissionPolicy,
  validatingWebhook,
  resourceQuotaAdmission,
  alwaysDeny,
  // No plugins upstream, but parts of their stores: they look at what admission has let through.
  csrUser,
  rbacEscalation,
];
