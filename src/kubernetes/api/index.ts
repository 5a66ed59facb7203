import type { Kind } from '../apimachinery/kind';
import { selfSubjectReview, tokenReview } from './authentication/reviews';
import {
  localSubjectAccessReview,
  selfSubjectAccessReview,
  selfSubjectRulesReview,
  subjectAccessReview,
} from './authorization/reviews';
import { customResourceDefinition } from './apiextensions/customresourcedefinition';
import { mutatingWebhookConfiguration } from './admissionregistration/mutatingwebhookconfiguration';
import { validatingAdmissionPolicy } from './admissionregistration/validatingadmissionpolicy';
import { validatingAdmissionPolicyBinding } from './admissionregistration/validatingadmissionpolicybinding';
import { validatingWebhookConfiguration } from './admissionregistration/validatingwebhookconfiguration';
import { apiService } from './apiregistration/apiservice';
import { controllerRevision } from './apps/controllerrevision';
import { daemonSet } from './apps/daemonset';
import { deployment } from './apps/deployment';
import { replicaSet } from './apps/replicaset';
import { statefulSet } from './apps/statefulset';
import { horizontalPodAutoscaler } from './autoscaling/hpa';
import { cronJob } from './batch/cronjob';
import { job } from './batch/job';
import { certificateSigningRequest } from './certificates/csr';
import { lease } from './coordination/lease';
import { binding } from './core/binding';
import { componentStatus } from './core/componentstatus';
import { configMap } from './core/configmap';
import { endpoints } from './core/endpoints';
import { event } from './core/event';
import { limitRange } from './core/limitrange';
import { namespace } from './core/namespace';
import { node } from './core/node';
import { persistentVolume } from './core/persistentvolume';
import { persistentVolumeClaim } from './core/persistentvolumeclaim';
import { pod } from './core/pod';
import { podTemplate } from './core/podtemplate';
import { replicationController } from './core/replicationcontroller';
import { resourceQuota } from './core/resourcequota';
import { secret } from './core/secret';
import { service } from './core/service';
import { serviceAccount } from './core/serviceaccount';
import { endpointSlice } from './discovery/endpointslice';
import { flowSchema } from './flowcontrol/flowschema';
import { priorityLevelConfiguration } from './flowcontrol/prioritylevelconfiguration';
import { ingress, ingressClass } from './networking/ingress';
import { ipAddress } from './networking/ipaddress';
import { networkPolicy } from './networking/networkpolicy';
import { serviceCidr } from './networking/servicecidr';
import { runtimeClass } from './node/runtimeclass';
import { podDisruptionBudget } from './policy/poddisruptionbudget';
import { clusterRole, clusterRoleBinding, role, roleBinding } from './rbac/rbac';
import { priorityClass } from './scheduling/priorityclass';
import { csiDriver, csiNode, volumeAttachment } from './storage/csi';
import { csiStorageCapacity } from './storage/csistoragecapacity';
import { storageClass } from './storage/storageclass';

/** Every kind the server serves. */
export const kinds: readonly Kind[] = [
  binding,
  componentStatus,
  configMap,
  endpoints,
  event,
  limitRange,
  namespace,
  node,
  persistentVolumeClaim,
  persistentVolume,
  pod,
  podTemplate,
  replicationController,
  resourceQuota,
  secret,
  serviceAccount,
  service,
  controllerRevision,
  daemonSet,
  deployment,
  replicaSet,
  statefulSet,
  cronJob,
  job,
  lease,
  endpointSlice,
  runtimeClass,
  priorityClass,
  csiDriver,
  csiNode,
  csiStorageCapacity,
  storageClass,
  volumeAttachment,
  customResourceDefinition,
  apiService,
  selfSubjectReview,
  tokenReview,
  localSubjectAccessReview,
  selfSubjectAccessReview,
  selfSubjectRulesReview,
  subjectAccessReview,
  horizontalPodAutoscaler,
  certificateSigningRequest,
  ingressClass,
  ingress,
  ipAddress,
  networkPolicy,
  serviceCidr,
  podDisruptionBudget,
  clusterRoleBinding,
  clusterRole,
  roleBinding,
  role,
  mutatingWebhookConfiguration,
  validatingAdmissionPolicy,
  validatingAdmissionPolicyBinding,
  validatingWebhookConfiguration,
  flowSchema,
  priorityLevelConfiguration,
];
