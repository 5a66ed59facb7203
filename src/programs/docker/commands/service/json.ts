import type { PortJson } from './tasks';

/** A service's specification, as the API takes and gives it. */
export interface SpecJson {
  Name: string;
  Labels?: Record<string, string> | null;
  TaskTemplate: {
    ContainerSpec: Record<string, unknown> & { Image: string };
    Resources?: {
      Limits?: Record<string, number> | null;
      Reservations?: Record<string, unknown> | null;
    } | null;
    RestartPolicy?: Record<string, unknown> | null;
    Placement?: Record<string, unknown> | null;
    Networks?: readonly { Target: string; Aliases?: readonly string[] }[] | null;
    LogDriver?: { Name?: string; Options?: Record<string, string> } | null;
    ForceUpdate?: number;
    [key: string]: unknown;
  };
  Mode?: {
    Replicated?: { Replicas?: number };
    Global?: object;
    ReplicatedJob?: { MaxConcurrent?: number; TotalCompletions?: number };
    GlobalJob?: object;
  };
  UpdateConfig?: Record<string, unknown> | null;
  RollbackConfig?: Record<string, unknown> | null;
  EndpointSpec?: { Mode?: string; Ports?: readonly PortJson[] | null } | null;
}

export interface ServiceJson {
  readonly ID: string;
  readonly Version: { readonly Index: number };
  readonly Spec: SpecJson;
  readonly PreviousSpec?: SpecJson;
  readonly Endpoint: {
    readonly Ports?: readonly PortJson[];
    readonly VirtualIPs?: readonly { readonly NetworkID: string; readonly Addr: string }[];
  };
  readonly JobStatus?: { readonly JobIteration: { readonly Index: number } };
  readonly UpdateStatus?: {
    readonly State: string;
    readonly StartedAt?: string;
    readonly CompletedAt?: string;
    readonly Message: string;
  };
  readonly ServiceStatus?: {
    readonly RunningTasks: number;
    readonly DesiredTasks: number;
    readonly CompletedTasks: number;
  };
}

export const modeOf = ({ Mode }: SpecJson): string =>
  Mode?.Global !== undefined
    ? 'global'
    : Mode?.ReplicatedJob !== undefined
      ? 'replicated job'
      : Mode?.GlobalJob !== undefined
        ? 'global job'
        : 'replicated';
