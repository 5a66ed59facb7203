import type { Random } from '../../../sim/random';
import type { AdmissionPlugin } from './admission';
import { rbacEscalation } from '../authorization/rbac/escalation';
import { csrUser } from './csr-user';
import { defaultIngressClass } from './default-ingress-class';
import { defaultStorageClass } from './default-storage-class';
import { defaultTolerationSeconds } from './default-toleration-seconds';
import { limitRanger } from './limit-ranger';
import { namespaceLifecycle } from './namespace-lifecycle';
import { validatingAdmissionPolicy } from './policy/validating-admission-policy';
import { mutatingWebhook } from './webhook/mutating-webhook';
import { validatingWebhook } from './webhook/validating-webhook';
import { persistentVolumeClaimResize } from './persistent-volume-claim-resize';
import { podSecurity } from './podsecurity/pod-security';
import { priority } from './priority';
import { resourceQuotaAdmission } from './quota/resource-quota';
import { runtimeClassAdmission } from './runtime-class';
import { serviceAccountAdmission } from './service-account';
import { serviceAllocation } from './service-allocation';
import { storageObjectInUseProtection } from './storage-object-in-use-protection';
import { taintNodesByCondition } from './taint-nodes-by-condition';

/** What kube-apiserver runs by default, in its order (AllOrderedPlugins of pkg/kubeapiserver/options/plugins.go). */
export const defaultPlugins = (random: Random): readonly AdmissionPlugin[] => [
  namespaceLifecycle,
  limitRanger,
  serviceAccountAdmission(random),
  taintNodesByCondition,
  podSecurity,
  priority,
  defaultTolerationSeconds,
  defaultStorageClass,
  persistentVolumeClaimResize,
  storageObjectInUseProtection,
  runtimeClassAdmission,
  defaultIngressClass,
  serviceAllocation(random),
  mutatingWebhook,
  validatingAdmissionPolicy,
  validatingWebhook,
  resourceQuotaAdmission,
  // No plugins upstream, but parts of their stores: they look at what admission has let through.
  csrUser,
  rbacEscalation,
];
