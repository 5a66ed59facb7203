import type { Result } from '../../sim/result';
import type { Telling } from '../../sim/trace';
import type { Namespace } from '../api/core/namespace';
import type { Kind } from '../apimachinery/kind';
import type { ApiObject, Draft } from '../apimachinery/object';
import type { Status } from '../apimachinery/status';
import type { WebhookCalls } from './admission/webhook/calls';
import type { Manager } from './managed/managed-fields';

/**
 * The server below HTTP: what in-process components (controllers, scheduler, kubelets) and the REST face both use.
 * Synchronous; objects are frozen and shared, never copied. Writes pass the same defaulting, admission and validation
 * as requests do.
 */
export interface Registry extends RegistryReader {
  /** A handle for one actor; what it writes stands in the trace under its name. */
  as(actor: Actor): RegistryClient;
}

export interface Actor {
  /** Who authenticated: `system:serviceaccount:kube-system:replicaset-controller`, `system:node:node1`. */
  readonly user: string;
  readonly groups?: readonly string[];
  readonly uid?: string;
  readonly extra?: Readonly<Record<string, readonly string[]>>;
  /** In the trace and as field manager: `kube-controller-manager`, `kubelet@node1`. */
  readonly agent: string;
  /** What it asks for was looked at already (the REST face). */
  readonly authorized?: boolean;
  /** False while the actor cannot reach the server: writes fail, watch events wait until it can again. */
  readonly connected?: () => boolean;
  /** Where what the server has to say besides its answer goes: Warning headers. */
  readonly warn?: (text: string) => void;
  /** The answers of webhooks to this request; absent: its writes do not meet webhooks. */
  readonly webhooks?: WebhookCalls;
  /** Notes in the trace what a stage of the request decided; absent: only what is stored is noted. */
  readonly told?: (stage: string, subject: string, detail?: Telling) => void;
  /** What admission tells the audit log. */
  readonly audit?: (annotation: string, value: string) => void;
}

/** Reads come from the server's memory and never fail. Lists are in the order of `namespace/name`… of creation for speed: sort where order shows. */
export interface RegistryReader {
  /** The revision of the last write. */
  readonly revision: number;
  get<T extends ApiObject>(kind: Kind<T>, namespace: string | undefined, name: string): T | undefined;
  list<T extends ApiObject>(kind: Kind<T>, options?: ListOptions<T>): readonly T[];
  /** By a declared index of the kind, or `owner` (uid of any owner reference). */
  byIndex<T extends ApiObject, Index extends string>(
    kind: Kind<T, Index>,
    index: Index | 'owner',
    value: string,
  ): readonly T[];
}

export interface ListOptions<T> {
  readonly namespace?: string | undefined;
  readonly matches?: (object: T) => boolean;
}

export interface RegistryClient extends RegistryReader {
  readonly actor: Actor;
  create<T extends ApiObject>(kind: Kind<T>, draft: Draft<T>, options?: WriteOptions): Result<T, Status>;
  /** Replaces all but the status. Conflicts if `metadata.resourceVersion` is not the stored one. */
  update<T extends ApiObject>(kind: Kind<T>, object: T, options?: WriteOptions): Result<T, Status>;
  /** Replaces the status only. */
  updateStatus<T extends ApiObject>(kind: Kind<T>, object: T, options?: WriteOptions): Result<T, Status>;
  /** Reads, changes and writes in one. Returning the same object writes nothing. 404 where it is not there. */
  mutate<T extends ApiObject>(
    kind: Kind<T>,
    namespace: string | undefined,
    name: string,
    change: (current: T) => T,
    options?: WriteOptions,
  ): Result<T, Status>;
  /** The same for the status subresource. */
  mutateStatus<T extends ApiObject>(
    kind: Kind<T>,
    namespace: string | undefined,
    name: string,
    change: (current: T) => T,
    options?: WriteOptions,
  ): Result<T, Status>;
  /** The object as it was last, or with its deletionTimestamp where it waits for finalizers or a grace period. */
  delete<T extends ApiObject>(
    kind: Kind<T>,
    namespace: string | undefined,
    name: string,
    options?: DeleteOptions,
  ): Result<T, Status>;
  /** pods/binding: assigns the node and sets PodScheduled. */
  bind(namespace: string, pod: string, node: string, uid?: string): Result<void, Status>;
  /** namespaces/finalize: sets `spec.finalizers`; without any, a namespace that is being deleted goes. */
  finalizeNamespace(name: string, finalizers: readonly string[]): Result<Namespace, Status>;
  /**
   * Calls `handler` for each change, through the clock, in order, under the cause of the revision. Without `from` what
   * exists comes first as ADDED; `from: revision` gives what came after it.
   */
  watch<T extends ApiObject, Index extends string>(
    kind: Kind<T, Index>,
    options: WatchOptions<Index>,
    handler: (event: WatchEvent<T>) => void,
  ): Watch;
}

export interface WriteOptions {
  /** Go through all stages but store nothing. */
  readonly dryRun?: boolean;
  /** Kinds that ask for a resourceVersion with each update get one, or refuse (a client's PUT). */
  readonly conditional?: boolean;
  /** For field ownership: through which part it is written (`scale`), and who owns what where that is known already. */
  readonly subresource?: string;
  readonly managers?: readonly Manager[];
}

export interface DeleteOptions extends WriteOptions {
  /** 0 deletes at once; absent: the pod's own, at once for other kinds. */
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

export interface WatchOptions<Index extends string = string> {
  /** What exists comes in the order of etcd's keys, not as the cache has it. */
  readonly ordered?: boolean;
  /** Only what comes after this revision. */
  readonly from?: number;
  readonly namespace?: string;
  /** Only objects that the index finds under the value: coming and going are ADDED and DELETED. Costs nothing for the others. */
  readonly by?: { readonly index: Index | 'owner'; readonly value: string };
}

export interface WatchEvent<T extends ApiObject = ApiObject> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  /** For DELETED its last state, with the revision of the deletion. */
  readonly object: T;
  /** For MODIFIED and DELETED: as it was before. */
  readonly old?: T;
  readonly revision: number;
  /** The span that wrote it; the handler already runs under it. */
  readonly cause: number;
}

export interface Watch {
  stop(): void;
}
