import type { PodSpec } from '../api/core/pod-spec';

/** The parts of pods and nodes that scheduling looks at. The API's own types fit in here. */
export interface PodLike {
  readonly metadata: MetadataLike;
  readonly spec: PodSpecLike;
  readonly status?: { readonly startTime?: string | undefined } | undefined;
}

export interface MetadataLike {
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly uid?: string | undefined;
  readonly labels?: Labels | undefined;
}

export type Labels = Readonly<Record<string, string>>;

export interface PodSpecLike {
  readonly nodeName?: string | undefined;
  readonly nodeSelector?: Labels | undefined;
  readonly containers: readonly ContainerLike[];
  readonly volumes?: PodSpec['volumes'] | undefined;
  readonly initContainers?: readonly ContainerLike[] | undefined;
  readonly overhead?: Quantities | undefined;
  readonly hostNetwork?: boolean | undefined;
  readonly tolerations?: readonly Toleration[] | undefined;
  readonly affinity?:
    | {
        readonly nodeAffinity?: NodeAffinity | undefined;
        readonly podAffinity?: PodAffinityLike | undefined;
        readonly podAntiAffinity?: PodAffinityLike | undefined;
      }
    | undefined;
  readonly topologySpreadConstraints?: readonly SpreadConstraint[] | undefined;
  readonly priority?: number | undefined;
  readonly preemptionPolicy?: string | undefined;
}

export type Quantities = Readonly<Record<string, string | number>>;

export interface ContainerLike {
  readonly name: string;
  readonly image?: string | undefined;
  readonly restartPolicy?: string | undefined;
  readonly resources?: { readonly requests?: Quantities | undefined } | undefined;
  readonly ports?:
    | readonly {
        readonly containerPort: number;
        readonly hostPort?: number | undefined;
        readonly hostIP?: string | undefined;
        readonly protocol?: string | undefined;
      }[]
    | undefined;
}

export interface Toleration {
  readonly key?: string | undefined;
  readonly operator?: string | undefined;
  readonly value?: string | undefined;
  readonly effect?: string | undefined;
  readonly tolerationSeconds?: number | undefined;
}

export interface Taint {
  readonly key: string;
  readonly value?: string | undefined;
  readonly effect: string;
}

export interface NodeAffinity {
  readonly requiredDuringSchedulingIgnoredDuringExecution?:
    { readonly nodeSelectorTerms: readonly SelectorTerm[] } | undefined;
  readonly preferredDuringSchedulingIgnoredDuringExecution?:
    readonly { readonly weight: number; readonly preference: SelectorTerm }[] | undefined;
}

export interface PodAffinityLike {
  readonly requiredDuringSchedulingIgnoredDuringExecution?: readonly AffinityTerm[] | undefined;
  readonly preferredDuringSchedulingIgnoredDuringExecution?:
    readonly { readonly weight: number; readonly podAffinityTerm: AffinityTerm }[] | undefined;
}

export interface AffinityTerm {
  readonly labelSelector?: LabelSelectorLike | undefined;
  readonly namespaces?: readonly string[] | undefined;
  readonly namespaceSelector?: LabelSelectorLike | undefined;
  readonly topologyKey: string;
}

export interface SelectorTerm {
  readonly matchExpressions?: readonly Requirement[] | undefined;
  readonly matchFields?: readonly Requirement[] | undefined;
}

export interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[] | undefined;
}

export interface LabelSelectorLike {
  readonly matchLabels?: Labels | undefined;
  readonly matchExpressions?: readonly Requirement[] | undefined;
}

export interface SpreadConstraint {
  readonly maxSkew: number;
  readonly topologyKey: string;
  readonly whenUnsatisfiable: string;
  readonly labelSelector?: LabelSelectorLike | undefined;
  readonly minDomains?: number | undefined;
}

export interface NodeLike {
  readonly metadata: MetadataLike;
  readonly spec?:
    { readonly unschedulable?: boolean | undefined; readonly taints?: readonly Taint[] | undefined } | undefined;
  readonly status?:
    | {
        readonly allocatable?: Quantities | undefined;
        readonly images?:
          | readonly { readonly names?: readonly string[] | undefined; readonly sizeBytes?: number | undefined }[]
          | undefined;
      }
    | undefined;
}
