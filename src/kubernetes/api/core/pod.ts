import type { FieldErrors } from '../../apimachinery/field-errors';
import { validatePodSpec } from '../validation/pod-spec';
import { validatePodAnnotationUpdates, validatePodSpecUpdate } from '../validation/pod-update';
import { object } from '../meta/schema';
import { podSpec, podStatus } from './pod-schema';
import { podColumns } from './pod-columns';
import { podWarnings } from '../validation/pod-warnings';
import { inHostname, nameWarnings } from '../validation/warnings';
import { subdomain } from '../validation/common';
import { legacyIp } from '../validation/ip';
import { defineKind } from '../../apimachinery/kind';
import {
  controllerOf,
  type ApiObject,
  type Condition,
  type ObjectMeta,
  type Quantities,
  type Time,
} from '../../apimachinery/object';
import { defaultPodOnly, defaultPodSpec, withoutInitAnnotations } from './pod-defaults';
import type { PodSpec } from './pod-spec';
import { withAppArmor } from './app-armor';
import { qosClass } from './qos';

export interface Pod extends ApiObject {
  readonly metadata: ObjectMeta & { readonly namespace: string };
  readonly spec: PodSpec;
  readonly status: PodStatus;
}

export interface PodStatus {
  readonly observedGeneration?: number;
  readonly phase?: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown';
  readonly conditions?: readonly PodCondition[];
  readonly message?: string;
  readonly reason?: string;
  readonly nominatedNodeName?: string;
  readonly hostIP?: string;
  readonly hostIPs?: readonly { readonly ip: string }[];
  readonly podIP?: string;
  readonly podIPs?: readonly { readonly ip: string }[];
  readonly startTime?: Time;
  readonly initContainerStatuses?: readonly ContainerStatus[];
  readonly containerStatuses?: readonly ContainerStatus[];
  readonly ephemeralContainerStatuses?: readonly ContainerStatus[];
  readonly qosClass?: 'Guaranteed' | 'Burstable' | 'BestEffort';
  readonly resize?: string;
}

export interface PodCondition extends Condition {
  readonly observedGeneration?: number;
  readonly lastProbeTime?: Time | null;
  readonly lastTransitionTime?: Time | null;
}

export interface ContainerStatus {
  readonly name: string;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
  readonly ready: boolean;
  readonly restartCount: number;
  readonly image: string;
  readonly imageID: string;
  readonly containerID?: string;
  readonly started?: boolean;
  readonly allocatedResources?: Quantities;
  readonly resources?: { readonly limits?: Quantities; readonly requests?: Quantities };
  readonly volumeMounts?: readonly {
    readonly name: string;
    readonly mountPath: string;
    readonly readOnly?: boolean;
    readonly recursiveReadOnly?: string;
  }[];
  readonly user?: {
    readonly linux?: { readonly uid: number; readonly gid: number; readonly supplementalGroups?: readonly number[] };
  };
}

/** One of the three. */
export interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly running?: { readonly startedAt?: Time };
  readonly terminated?: ContainerStateTerminated;
}

export interface ContainerStateTerminated {
  readonly exitCode: number;
  readonly signal?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly startedAt?: Time | null;
  readonly finishedAt?: Time | null;
  readonly containerID?: string;
}

export const pod = defineKind<Pod, 'spec.nodeName' | 'orphan'>({
  names: { group: '', version: 'v1', kind: 'Pod', plural: 'pods', short: ['po'], categories: ['all'] },
  scope: 'Namespaced',
  schema: object('Pod', { spec: podSpec, status: podStatus }),
  indexes: {
    'spec.nodeName': ({ spec }) => spec.nodeName,
    /** Pods that no controller owns, by namespace: the candidates for adoption. */
    orphan: (object) => (controllerOf(object) === undefined ? object.metadata.namespace : undefined),
  },
  selectableFields: {
    'spec.nodeName': ({ spec }) => spec.nodeName ?? '',
    'spec.restartPolicy': ({ spec }) => spec.restartPolicy,
    'spec.schedulerName': ({ spec }) => spec.schedulerName,
    'spec.serviceAccountName': ({ spec }) => spec.serviceAccountName ?? '',
    'spec.hostNetwork': ({ spec }) => String(spec.hostNetwork ?? false),
    'status.phase': ({ status }) => status.phase ?? '',
    'status.podIP': ({ status }) => status.podIP ?? '',
    'status.nominatedNodeName': ({ status }) => status.nominatedNodeName ?? '',
  },
  subresources: { status: true },
  generation: ({ spec }) => spec,

  defaults: (object) => ({
    ...object,
    metadata: withoutInitAnnotations(object.metadata) ?? object.metadata,
    spec: defaultSpec(object.spec ?? { containers: [] }),
  }),
  // pkg/registry/core/pod/strategy.go
  prepareForCreate: (given) => {
    const object = withAppArmor(given);
    return {
      ...object,
      ...(object.spec.terminationGracePeriodSeconds < 0
        ? { spec: { ...object.spec, terminationGracePeriodSeconds: 1 } }
        : {}),
      status: { phase: 'Pending', qosClass: qosClass(object.spec), ...gated(object) },
    };
  },

  validate: ({ spec, metadata }, errors) => {
    validatePodSpec(spec, errors.at('spec'));
    validateTokenSources(spec, errors.at('spec').at('volumes'));
    if (metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined && (spec.nodeName ?? '') === '')
      errors
        .at('metadata')
        .at('annotations')
        .key('kubernetes.io/config.mirror')
        .invalid(
          metadata.annotations['kubernetes.io/config.mirror'],
          'must set spec.nodeName if mirror pod annotation is set',
        );
  },
  validateCreate: ({ spec }, errors) => {
    if ((spec.ephemeralContainers ?? []).length > 0)
      errors.at('spec').at('ephemeralContainers').forbidden('cannot be set on create');
    if ((spec.schedulingGates ?? []).length > 0 && (spec.nodeName ?? '') !== '')
      errors.at('spec').at('nodeName').forbidden('cannot be set until all schedulingGates have been cleared');
  },
  validateUpdate: ({ metadata, spec }, old, errors) => {
    validatePodAnnotationUpdates(
      metadata.annotations,
      old.metadata.annotations,
      errors.at('metadata').at('annotations'),
    );
    validatePodSpecUpdate(spec, old.spec, errors.at('spec'));
  },
  // podStatusStrategy: the class of service stays, and the two fields of addresses are one.
  prepareForStatusUpdate: (given, old) => {
    const { podIP = '', podIPs = [], qosClass: _sent, ...rest } = given.status;
    const ips = podIP !== '' && podIPs[0]?.ip !== podIP ? [{ ip: podIP }] : podIPs;
    return {
      ...given,
      status: {
        ...rest,
        ...(ips.length === 0 ? {} : { podIP: ips[0]?.ip ?? '', podIPs: ips }),
        ...(old.status.qosClass === undefined ? {} : { qosClass: old.status.qosClass }),
      },
    };
  },
  validateStatusUpdate: ({ status }, _old, errors) => {
    const at = errors.at('status');
    const nominated = status.nominatedNodeName ?? '';
    if (nominated !== '') subdomain(nominated, at.at('nominatedNodeName'));
    status.podIPs?.forEach(({ ip }, index) => legacyIp(ip, at.at('podIPs').index(index)));
  },

  warnings: (object, old) =>
    // Of updates nothing: people do not write them.
    old !== undefined
      ? []
      : [
          ...nameWarnings(object, inHostname),
          // A negative grace period is corrected before anybody looks.
          ...podWarnings(object.metadata, {
            ...object.spec,
            terminationGracePeriodSeconds: Math.max(object.spec.terminationGracePeriodSeconds, 1),
          }),
        ],
  columns: podColumns,
});

/** Tokens are those of an account. */
function validateTokenSources({ serviceAccountName = '', volumes }: PodSpec, errors: FieldErrors): void {
  if (serviceAccountName !== '') return;
  volumes?.forEach(({ projected }, index) =>
    projected?.sources?.forEach(({ serviceAccountToken }, position) => {
      if (serviceAccountToken !== undefined)
        errors
          .index(index)
          .at('projected')
          .at('sources')
          .index(position)
          .at('serviceAccountToken')
          .forbidden('must not be specified when serviceAccountName is not set');
    }),
  );
}

/** Many pods come of one frozen template: what was filled in for the first is right for all. */
const defaulted = new WeakMap<PodSpec, PodSpec>();

function defaultSpec(spec: PodSpec): PodSpec {
  const known = defaulted.get(spec);
  if (known !== undefined) return known;
  const full = defaultPodOnly(defaultPodSpec(spec));
  if (Object.isFrozen(spec)) defaulted.set(spec, full);
  return full;
}

/** Pods with scheduling gates say so from the first moment. */
const gated = ({ spec: { schedulingGates }, metadata }: Pod): Pick<PodStatus, 'conditions'> =>
  schedulingGates === undefined || schedulingGates.length === 0
    ? {}
    : {
        conditions: [
          {
            type: 'PodScheduled',
            status: 'False',
            lastProbeTime: null,
            lastTransitionTime: metadata.creationTimestamp,
            reason: 'SchedulingGated',
            message: 'Scheduling is blocked due to non-empty scheduling gates',
          },
        ],
      };
