import { type FewMap } from '../../sim/few-map';
import type { ContainerHost } from '../host';
import type { ContainerSpec } from '../runc/spec';
import type { ShimProcess } from '../shim/shim';
import { Exchange } from './events';
import type { ImageStore } from './image-store';

/** What containerd's metadata store knows of a container (core/containers): a description, not a process. */
export interface ContainerRecord {
  readonly id: string;
  /** Empty where the client keeps its images itself, as dockerd with its graph drivers does. */
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly snapshotKey: string;
  readonly snapshotter: string;
  /** Virtual milliseconds. */
  readonly createdAt: number;
  /** What the client tells the shim, as a message of containerd.runc.v1.Options in base 64. */
  readonly runtimeOptions?: string;
}

/** What the CRI plug-in asks the metadata store to keep of a sandbox or container (containerd internal/cri/server). */
export const criRecord = (
  id: string,
  kind: 'sandbox' | 'container',
  image: string,
  labels: Readonly<Record<string, string>> | undefined,
  createdAt: number,
): ContainerRecord => ({
  id,
  image,
  labels: { ...labels, 'io.cri-containerd.kind': kind },
  snapshotKey: id,
  snapshotter: 'overlayfs',
  createdAt,
});

/** A container that runs, or did until its task is deleted. */
export interface TaskRecord {
  readonly id: string;
  readonly spec: ContainerSpec;
  readonly process: ShimProcess;
  readonly createdAt: number;
  paused: boolean;
  /** Further processes in it (exec), by their ids. */
  readonly execs: FewMap<string, ShimProcess>;
}

/** One client's view: `moby` is dockerd's, `k8s.io` the kubelet's. They share content, not names. */
export class Namespace {
  readonly containers = new Map<string, ContainerRecord>();
  readonly tasks = new Map<string, TaskRecord>();
  /** Of clients that keep their images in containerd. */
  images: ImageStore | undefined;

  constructor(
    readonly name: string,
    readonly service: Containerd,
  ) {}

  create(record: ContainerRecord): void {
    this.containers.set(record.id, record);
    this.#publish('/containers/create', {
      id: record.id,
      ...(record.image === '' ? {} : { image: record.image }),
      runtime: { name: runtime },
    });
  }

  delete(id: string): void {
    if (this.containers.delete(id)) this.#publish('/containers/delete', { id });
  }

  /** A shim says that it created and started a task. */
  started(record: TaskRecord): void {
    const { id, process } = record;
    this.tasks.set(id, record);
    this.#publish('/tasks/create', { container_id: id, bundle: this.bundleOf(id), pid: process.pid });
    this.#publish('/tasks/start', { container_id: id, pid: process.pid });
  }

  /** A shim says that a process of a task ended: the first one's id is the task's own. */
  exited(id: string, exec: string, process: ShimProcess): void {
    const { exit } = process;
    if (exit === undefined) return;
    this.tasks.get(id)?.execs.delete(exec);
    if (exit.oomKilled) this.#publish('/tasks/oom', { container_id: id });
    this.#publish('/tasks/exit', {
      container_id: id,
      id: exec,
      pid: process.pid,
      ...(exit.code === 0 ? {} : { exit_status: exit.code }),
      exited_at: new Date(exit.at).toISOString(),
    });
  }

  /** Its client has seen the exit. */
  deleteTask(id: string): void {
    const task = this.tasks.get(id);
    if (task === undefined) return;
    this.tasks.delete(id);
    const { exit, pid } = task.process;
    this.#publish('/tasks/delete', {
      container_id: id,
      pid,
      ...(exit === undefined || exit.code === 0 ? {} : { exit_status: exit.code }),
      exited_at: new Date(exit?.at ?? 0).toISOString(),
    });
  }

  executed(id: string, exec: string, process: ShimProcess): void {
    this.tasks.get(id)?.execs.set(exec, process);
    this.#publish('/tasks/exec-added', { container_id: id, exec_id: exec });
    this.#publish('/tasks/exec-started', { container_id: id, exec_id: exec, pid: process.pid });
  }

  /** The cgroup freezer was set or taken away. */
  paused(id: string, paused: boolean): void {
    const task = this.tasks.get(id);
    if (task === undefined) return;
    task.paused = paused;
    this.#publish(paused ? '/tasks/paused' : '/tasks/resumed', { container_id: id });
  }

  /** Where a task's OCI bundle lies. */
  bundleOf(id: string): string {
    return `/run/containerd/io.containerd.runtime.v2.task/${this.name}/${id}`;
  }

  #publish(topic: Parameters<Exchange['publish']>[1], event: Readonly<Record<string, unknown>>): void {
    this.service.events.publish(this.name, topic, event);
  }
}

export const runtime = 'io.containerd.runc.v2';

/** containerd of one host: what it has on disk and hears from its shims. It is there whether its daemon runs or not. */
export class Containerd {
  readonly events: Exchange;
  /** Whether its daemon runs. What it knows and its shims are there without it. */
  serving = true;
  readonly #namespaces = new Map<string, Namespace>();

  constructor(host: ContainerHost) {
    this.events = new Exchange(host.clock);
  }

  /** Made when first used. */
  namespace(name: string): Namespace {
    let namespace = this.#namespaces.get(name);
    if (namespace === undefined) this.#namespaces.set(name, (namespace = new Namespace(name, this)));
    return namespace;
  }

  namespaces(): readonly Namespace[] {
    return [...this.#namespaces.values()];
  }
}

const services = new WeakMap<object, Containerd>();

/** The containerd of a host. */
export function containerdOf(host: ContainerHost): Containerd {
  let service = services.get(host);
  if (service === undefined) services.set(host, (service = new Containerd(host)));
  return service;
}

/** The same for a program, which knows its host by less; undefined where nothing ever used containerd. */
export const containerdSeenBy = (host: object): Containerd | undefined => services.get(host);
