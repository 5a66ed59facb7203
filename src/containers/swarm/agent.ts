import { isRunning, type Container } from '../dockerd/container';
import type { Engine } from '../dockerd/engine';
import { familiarString, parseReference, withDefaultTag, type Reference } from '../images/reference';
import { createRequest } from './container-request';
import { isAfter, isOver, type FileReference, type Service, type Task } from './objects';
import { containerName, setState } from './orchestrator/task';
import type { Store } from './store';

const NANO = 1_000_000;
/** How long it takes until the node hears of a task that it was given (dispatcher's batching). Virtual milliseconds. */
const DISPATCH = 100;

/** What the agent needs of the swarm. */
export interface AgentContext {
  readonly engine: Engine;
  readonly store: Store;
  readonly nodeId: string;
  serviceOf(task: Task): Service | undefined;
  networkName(id: string): string | undefined;
}

/** Runs tasks of this node as containers (swarmkit's agent, with moby's executor). */
export class Agent {
  /** Containers of tasks, by task id. */
  readonly containers = new Map<string, Container>();
  readonly #busy = new Set<string>();
  readonly #names = new Map<string, string>();

  constructor(readonly context: AgentContext) {}

  /** Looks at every task of this node, and takes each one step on. */
  look(): void {
    const { store, nodeId } = this.context;
    for (const task of store.tasks.values()) if (task.NodeID === nodeId) this.#step(task);
    for (const [id, container] of this.containers)
      if (!store.tasks.has(id) && !this.#busy.has(id)) this.#remove(id, container);
  }

  #step(task: Task): void {
    const { store } = this.context;
    const { State } = task.Status;
    if (this.#busy.has(task.ID) || !isAfter(State, 'pending')) return;
    if (isAfter(task.DesiredState, 'complete')) {
      this.#shutDown(task);
      return;
    }
    if (isOver(State)) return;
    switch (State) {
      case 'assigned':
        this.#later(task, DISPATCH, () => setState(store, task, 'accepted', 'accepted'));
        return;
      case 'accepted':
        setState(store, task, 'preparing', 'preparing');
        this.#prepare(task);
        return;
      case 'ready':
        if (task.DesiredState !== 'running' && task.DesiredState !== 'complete') return;
        setState(store, task, 'starting', 'starting');
        this.#start(task);
        return;
      default:
    }
  }

  /** Does something to a task while nobody else does. */
  #later(task: Task, delay: number, act: () => void): void {
    const { store } = this.context;
    this.#busy.add(task.ID);
    store.clock.setTimer(delay, () => {
      this.#busy.delete(task.ID);
      if (!store.closed) act();
    });
  }

  #prepare(task: Task): void {
    const { engine, store } = this.context;
    const image = task.Spec.ContainerSpec?.Image ?? '';
    const parsed = parseReference(image);
    if (!parsed.ok) {
      setState(store, task, 'rejected', 'preparing', { Err: parsed.error });
      return;
    }
    const known = engine.images.find(image) !== undefined;
    if (known && (parsed.value.digest !== undefined || image.startsWith('sha256:'))) {
      this.#later(task, 10, () => this.#create(task));
      return;
    }
    this.#busy.add(task.ID);
    const { digest, domain, path } = parsed.value;
    const wanted = digest === undefined ? withDefaultTag(parsed.value) : { domain, path, digest };
    this.#pull(wanted, (pulled) => {
      this.#busy.delete(task.ID);
      if (store.closed || !store.tasks.has(task.ID)) return;
      if (pulled) {
        const name = familiarString(wanted);
        engine.events.emit('image', 'pull', name, { name: name.replace(/[:@].*$/, '') });
      }
      if (pulled || engine.images.find(image) !== undefined) this.#create(task);
      else
        setState(store, task, 'rejected', 'preparing', {
          Err: `No such image: ${familiarString(withDefaultTag(parsed.value))}`,
        });
    });
  }

  /** From a public registry, or one that is a machine of this network. */
  #pull(reference: Reference, done: (pulled: boolean) => void): void {
    const { engine } = this.context;
    if (engine.images.isPublic(reference)) {
      engine.images.pull(reference, { done: ({ ok }) => done(ok) });
      return;
    }
    void engine.options.clock
      .external(() => import('../registry/network-image'))
      .then(({ pullFromNetwork }) => pullFromNetwork(engine, { reference }))
      .then(({ ok }) => done(ok));
  }

  #create(task: Task): void {
    const { engine, store } = this.context;
    if (isAfter(task.DesiredState, 'complete')) {
      this.#shutDown(task);
      return;
    }
    const service = this.context.serviceOf(task);
    if (service === undefined) return;
    const name = containerName(service.Spec.Name, task);
    this.#names.set(task.ID, name);
    const node = store.nodes.get(this.context.nodeId);
    const request = createRequest(task, service, node, (id) => this.context.networkName(id));
    const made = engine.create(request, name);
    if (!made.ok) {
      setState(store, task, 'rejected', 'preparing', { Err: made.error.message });
      return;
    }
    const { container } = made.value;
    this.containers.set(task.ID, container);
    const missing = this.#giveFiles(task, container);
    if (missing !== undefined) setState(store, task, 'rejected', 'preparing', { Err: missing });
    else setState(store, task, 'ready', 'prepared');
  }

  /** Secrets and configs lie in a tmpfs of the container's, and are mounted from there (container_operations_unix.go). */
  #giveFiles(task: Task, container: Container): string | undefined {
    const { engine, store } = this.context;
    const { Secrets = [], Configs = [] } = task.Spec.ContainerSpec ?? {};
    if (Secrets.length + Configs.length === 0) return undefined;
    const { fs } = engine.options.host;
    const folder = `/var/lib/docker/containers/${container.id}/mounts/secrets`;
    fs.mkdirAll(folder, 0o700);
    fs.mount({ source: 'tmpfs', target: folder, type: 'tmpfs' });
    const extra: NonNullable<Container['extraMounts']>[number][] = [];
    const give = (reference: FileReference, id: string, data: string | undefined, root: string): string | undefined => {
      const { File } = reference;
      if (data === undefined || File === undefined) return `secret reference not found: ${id}`;
      const path = `${folder}/${id}`;
      fs.writeFile(path, fromBase64(data), File.Mode & 0o7777);
      fs.chown(path, Number(File.UID), Number(File.GID));
      const destination = File.Name.startsWith('/') ? File.Name : `${root}${File.Name}`;
      extra.push({ type: 'bind', source: path, destination, mode: '', writable: false, copyUp: false });
      return undefined;
    };
    for (const secret of Secrets) {
      const id = secret.SecretID ?? '';
      const wrong = give(secret, id, store.secrets.get(id)?.Spec.Data, '/run/secrets/');
      if (wrong !== undefined) return wrong;
    }
    for (const config of Configs) {
      const id = config.ConfigID ?? '';
      const wrong = give(config, id, store.configs.get(id)?.Spec.Data, '/');
      if (wrong !== undefined) return wrong;
    }
    container.extraMounts = extra;
    return undefined;
  }

  #start(task: Task): void {
    const { engine, store } = this.context;
    const container = this.containers.get(task.ID);
    if (container === undefined) return;
    this.#busy.add(task.ID);
    engine.start(container, (started) => {
      this.#busy.delete(task.ID);
      if (store.closed) return;
      if (!started.ok) {
        this.#dropFiles(container);
        setState(store, task, 'failed', 'starting', {
          Err: `starting container failed: ${started.error.message}`,
          ContainerStatus: { ContainerID: container.id, PID: 0, ExitCode: container.exitCode },
        });
        return;
      }
      const ContainerStatus = { ContainerID: container.id, PID: container.process?.pid ?? 0, ExitCode: 0 };
      container.waiters.add({ condition: 'next-exit', done: () => this.#ended(task, container) });
      if (container.health === undefined) setState(store, task, 'running', 'started', { ContainerStatus });
      else this.#watchHealth(task, container, ContainerStatus);
      store.wake();
    });
  }

  /** A task with a health check runs when it is healthy, and fails when it is not. */
  #watchHealth(
    task: Task,
    container: Container,
    ContainerStatus: NonNullable<Task['Status']['ContainerStatus']>,
  ): void {
    const { engine, store } = this.context;
    const stop = engine.events.listen(({ Type, Action, Actor }) => {
      if (Type !== 'container' || Actor.ID !== container.id) return;
      if (Action === 'die') stop();
      if (store.closed || isOver(task.Status.State)) return;
      if (Action === 'health_status: healthy' && task.Status.State !== 'running')
        setState(store, task, 'running', 'started', { ContainerStatus });
      if (Action === 'health_status: unhealthy') {
        this.#unhealthy.add(task.ID);
        engine.stop(container, grace(task), () => undefined);
      }
    });
  }

  readonly #unhealthy = new Set<string>();

  #ended(task: Task, container: Container): void {
    const { store } = this.context;
    this.#dropFiles(container);
    if (store.closed || !store.tasks.has(task.ID) || isOver(task.Status.State)) return;
    const { exitCode } = container;
    const ContainerStatus = { ContainerID: container.id, PID: 0, ExitCode: exitCode };
    if (isAfter(task.DesiredState, 'complete')) setState(store, task, 'shutdown', 'shutdown', { ContainerStatus });
    else if (this.#unhealthy.delete(task.ID))
      setState(store, task, 'failed', 'started', {
        Err: `task: non-zero exit (${exitCode}): dockerexec: unhealthy container`,
        ContainerStatus,
      });
    else if (exitCode === 0) setState(store, task, 'complete', 'finished', { ContainerStatus });
    else
      setState(store, task, 'failed', 'started', {
        Err: container.error === '' ? `task: non-zero exit (${exitCode})` : container.error,
        ContainerStatus,
      });
  }

  #shutDown(task: Task): void {
    const { engine, store } = this.context;
    const container = this.containers.get(task.ID);
    const ended = isOver(task.Status.State);
    if (container !== undefined && isRunning(container) && !ended) {
      this.#busy.add(task.ID);
      // It is taken out of the balance first.
      store.wake();
      engine.stop(container, grace(task), () => {
        this.#busy.delete(task.ID);
        if (!isOver(task.Status.State) && !store.closed) {
          const ContainerStatus = { ContainerID: container.id, PID: 0, ExitCode: container.exitCode };
          setState(store, task, 'shutdown', 'shutdown', { ContainerStatus });
        }
        store.wake();
      });
      return;
    }
    if (!ended) setState(store, task, 'shutdown', 'shutdown');
    if (task.DesiredState === 'remove' && container !== undefined) this.#remove(task.ID, container);
  }

  #remove(id: string, container: Container): void {
    const { engine, store } = this.context;
    this.containers.delete(id);
    this.#dropFiles(container);
    engine.remove(container, { force: true, volumes: true, as: container.name }, () => store.wake());
  }

  #dropFiles({ id, extraMounts }: Container): void {
    if (extraMounts !== undefined)
      this.context.engine.options.host.fs.umount(`/var/lib/docker/containers/${id}/mounts/secrets`);
  }

  /** The node leaves: its containers go, running or not. */
  leave(): void {
    for (const [id, container] of this.containers) this.#remove(id, container);
  }
}

const grace = ({ Spec }: Task): number => (Spec.ContainerSpec?.StopGracePeriod ?? 10_000 * NANO) / NANO / 1000;

const fromBase64 = (data: string): Uint8Array => {
  const text = atob(data);
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
};
