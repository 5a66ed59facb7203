import type { Clock } from '../../sim/clock';
import type { Random } from '../../sim/random';
import type { Trace } from '../../sim/trace';
import type { CriRuntime } from '../../containers/containerd/cri';
import type { FileSystem } from '../../linux/fs/types';
import type { NetfilterAdmin } from '../../linux/net/types';
import type { Pod } from '../api/core/pod';
import type { Taint } from '../api/core/node';
import type { Labels, Quantities } from '../apimachinery/object';
import type { RegistryClient } from '../apiserver/registry';
import type { EventRecorder } from '../client/events';
import type { Dial } from './connections';

/** What the kubelet is told about itself: its flags, /var/lib/kubelet/config.yaml, and the machine. */
export interface KubeletConfig {
  readonly nodeName: string;
  readonly nodeIP: string;
  readonly clusterDNS: readonly string[];
  readonly clusterDomain: string;
  readonly staticPodPath?: string;
  readonly maxPods?: number;
  readonly labels?: Labels;
  readonly registerWithTaints?: readonly Taint[];
  readonly podCIDR?: string;
  readonly cpus: number;
  /** Bytes. */
  readonly memory: number;
  /** Bytes. */
  readonly disk?: number;
  readonly kubeletVersion?: string;
  readonly osImage?: string;
  readonly kernelVersion?: string;
}

/** How probes reach into the pod network from the node. Texts of failures are Go's. */
export interface ProbeNetwork {
  http(request: ProbeRequest, done: (result: ProbeResult) => void): void;
  tcp(address: string, port: number, timeout: number, done: (result: ProbeResult) => void): void;
}

export interface ProbeRequest {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  /** Virtual milliseconds. */
  readonly timeout: number;
}

export interface ProbeResult {
  readonly ok: boolean;
  /** Of a failure, as the event says it: `HTTP probe failed with statuscode: 404`. */
  readonly output: string;
}

export interface KubeletOptions {
  readonly client: RegistryClient;
  readonly cri: CriRuntime;
  /** Root's view of the host's files. */
  readonly fs: FileSystem;
  readonly clock: Clock;
  readonly random: Random;
  readonly trace: Trace;
  readonly config: KubeletConfig;
  readonly probes?: ProbeNetwork;
  /** The node's rules: the kubelet has a few of its own. */
  readonly netfilter?: NetfilterAdmin;
  /** For port-forward. */
  readonly dial?: Dial;
  /** Makes a token for a service account (TokenRequest). */
  readonly token?: (request: TokenRequest) => string;
}

export interface TokenRequest {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly pod: Pod;
  readonly expirationSeconds: number;
  readonly audience?: string;
}

/** What the parts of one kubelet share. */
export interface KubeletContext extends KubeletOptions {
  readonly events: EventRecorder;
}

/** `name_namespace(uid)`, as messages call a pod. */
export const podText = ({ metadata: { name, namespace, uid } }: Pod): string => `${name}_${namespace}(${uid})`;

/** The container an event is about. */
export const containerReference = (
  of: Pod,
  field: 'containers' | 'initContainers' | 'ephemeralContainers',
  name: string,
) => ({
  kind: 'Pod',
  namespace: of.metadata.namespace,
  name: of.metadata.name,
  uid: of.metadata.uid,
  apiVersion: 'v1',
  resourceVersion: of.metadata.resourceVersion,
  fieldPath: `spec.${field}{${name}}`,
});

export const podDirectory = (uid: string): string => `/var/lib/kubelet/pods/${uid}`;
export type { Quantities };
