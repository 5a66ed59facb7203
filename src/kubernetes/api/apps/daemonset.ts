import { defineKind } from '../../apimachinery/kind';
import type { ApiObject, Condition, IntOrString, LabelSelector, ObjectMeta, Time } from '../../apimachinery/object';
import type { PodTemplateSpec } from '../core/pod-spec';

export interface DaemonSet extends ApiObject {
  readonly metadata: ObjectMeta & { readonly namespace: string };
  readonly spec: DaemonSetSpec;
  readonly status: DaemonSetStatus;
}

export interface DaemonSetSpec {
  readonly selector: LabelSelector;
  readonly template: PodTemplateSpec;
  readonly updateStrategy: {
    readonly type: 'RollingUpdate' | 'OnDelete';
    readonly rollingUpdate?: { readonly maxUnavailable: IntOrString; readonly maxSurge: IntOrString };
  };
  readonly minReadySeconds?: number;
  readonly revisionHistoryLimit: number;
}

export interface DaemonSetStatus {
  readonly currentNumberScheduled: number;
  readonly numberMisscheduled: number;
  readonly desiredNumberScheduled: number;
  readonly numberReady: number;
  readonly observedGeneration?: number;
  readonly updatedNumberScheduled?: number;
  readonly numberAvailable?: number;
  readonly numberUnavailable?: number;
  readonly collisionCount?: number;
  readonly conditions?: readonly (Condition & { readonly lastTransitionTime?: Time })[];
}

export const daemonSet = defineKind<DaemonSet>({
  names: { group: 'apps', version: 'v1', kind: 'DaemonSet', plural: 'daemonsets', short: ['ds'], categories: ['all'] },
  scope: 'Namespaced',
});
