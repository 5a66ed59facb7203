import type { Random } from '../../../sim/random';
import type { AdmissionPlugin } from './admission';
import { namespaceLifecycle } from './namespace-lifecycle';

/** What kube-apiserver runs by default, in its order. */
export const defaultPlugins = (_random: Random): readonly AdmissionPlugin[] => [namespaceLifecycle];
