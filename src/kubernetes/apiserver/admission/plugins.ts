import type { Random } from '../../../sim/random';
import type { AdmissionPlugin } from './admission';
import { namespaceLifecycle } from './namespace-lifecycle';
import { defaultTolerationSeconds, priority, taintNodesByCondition } from './pods';
import { podSecurity } from './podsecurity/pod-security';
import { serviceAccountAdmission } from './service-account';
import { serviceAllocation } from './service-allocation';

/** What kube-apiserver runs by default, in its order. */
export const defaultPlugins = (random: Random): readonly AdmissionPlugin[] => [
  namespaceLifecycle,
  serviceAccountAdmission(random),
  taintNodesByCondition,
  podSecurity,
  priority,
  defaultTolerationSeconds,
  serviceAllocation(random),
];
