import { Few } from '../../sim/few';
import { FewMap } from '../../sim/few-map';
import type { Clock } from '../../sim/clock';
import type { Random } from '../../sim/random';
import { ok, type Result } from '../../sim/result';
import type { Trace } from '../../sim/trace';
import type { Process, SignalName } from '../../linux/process/types';
import { ImageStore } from '../containerd/image-store';
import { BuildStore } from '../builder/store';
import type { ContainerHost } from '../host';
import type { ImageOs, Registries } from '../images/registry';
import { refuse, type ApiError, type ContainerCreate } from './api-types';
import { isRunning, wake, type Container, type Exec } from './container';
import { checkCreate, mergeSettings, type Platform } from './create';
import { Events } from './events';
import { JsonLog, logOptionsOf } from './json-log';
import { generateName } from './names';
import { registerMountPoints } from './mount-points';
import { Networks } from './network/networks';
import type { PublishedPort } from './network/rules';
import { Overlay2 } from './overlay2';
import { RestartManager } from './restart';
import { containerFolder } from './spec';
import { start } from './start';
import type { SwarmHook } from './swarm-hook';
import { kill, remove, restart, stop, type RemoveOptions } from './stop';
import { populateVolumes } from './volume-mounts';
import { Volumes } from './volumes';

export interface EngineOptions {
  readonly host: ContainerHost;
  readonly registries: Registries;
  /** The daemon's own process. */
  readonly dockerd: Process;
  readonly clock: Clock;
  readonly random: Random;
  readonly trace: Trace;
  /** Publishes ports where the engine's machine is a guest. */
  readonly expose?: ((port: PublishedPort) => Result<() => void, string>) | undefined;
  /** What its containers run on; default Linux. */
  readonly os?: ImageOs | undefined;
}

/** The docker engine: containers and what they need. Everything here is synchronous; what takes time sets timers. */
export class Engine {
  readonly images: ImageStore;
  readonly volumes: Volumes;
  readonly networks: Networks;
  readonly events: Events;
  /** Build cache and history. */
  readonly builder: BuildStore;
  readonly snapshotter: Overlay2;
  options: EngineOptions;
  /** Of this installation. */
  readonly id: string;
  /** The swarm that this node is part of. */
  #swarm: SwarmHook | undefined;
  readonly execs = new Map<string, Exec>();
  /** Oldest first. */
  readonly #containers = new Map<string, Container>();

  constructor(options: EngineOptions) {
    this.options = options;
    const { host, clock, random, registries, dockerd } = options;
    this.id = random.fork('id').uuid();
    this.snapshotter = new Overlay2(host, random);
    this.images = new ImageStore({
      clock,
      registries,
      snapshotter: this.snapshotter,
      pinned: () => this.builder.layers(),
      os: options.os,
    });
    this.volumes = new Volumes(host.fs, clock, random);
    this.networks = new Networks({ clock, random, net: host.net, dockerd, expose: options.expose, os: options.os });
    this.events = new Events(clock);
    this.builder = new BuildStore(clock, random.fork('builder'), host.fs);
    host.fs.mkdirAll('/var/lib/docker/containers', 0o710);
    this.networks.setUp();
  }

  /** The daemon was started again: its process is another one, and some containers come back. */
  resume(dockerd: Process): void {
    this.options = { ...this.options, dockerd };
    this.networks.resume(dockerd);
    for (const container of this.list()) {
      const { exitCode, stoppedByHand, startedAt, finishedAt, everStarted } = container;
      const run = { exitCode, stoppedByHand, ranFor: finishedAt - startedAt };
      const again = new RestartManager().next(container.hostConfig.RestartPolicy, run) !== undefined;
      if (everStarted && again && !isRunning(container)) this.start(container, () => undefined);
    }
  }

  /** The daemon ends, and what runs with it; that is not what `unless-stopped` means by stopping. */
  shutDown(container: Container, done: () => void): void {
    const { stoppedByHand } = container;
    this.stop(container, undefined, done);
    container.stoppedByHand = stoppedByHand;
  }

  get swarm(): SwarmHook | undefined {
    return this.#swarm;
  }

  /** The node joins a swarm, or leaves it. */
  joinSwarm(swarm: SwarmHook | undefined): void {
    this.#swarm = swarm;
    this.networks.swarm = swarm;
  }

  /** Itself, for those who were given it under a request's span and live longer. */
  itself(): { readonly engine: Engine } {
    return { engine: this };
  }

  get now(): number {
    return this.options.clock.now;
  }

  list(): readonly Container[] {
    return [...this.#containers.values()];
  }

  /** By id, name or the beginning of an id, in this order. */
  find(text: string): Result<Container, ApiError> {
    const exact = this.#containers.get(text);
    if (exact !== undefined) return ok(exact);
    const name = text.startsWith('/') ? text.slice(1) : text;
    const all = this.list();
    const named = all.find((container) => container.name === name);
    if (named !== undefined) return ok(named);
    const matches = /^[0-9a-f]+$/.test(text) ? all.filter(({ id }) => id.startsWith(text)) : [];
    const [only, another] = matches;
    if (another !== undefined) return refuse(400, `multiple IDs found with provided prefix: ${text}`);
    return only === undefined ? refuse(404, `No such container: ${text}`) : ok(only);
  }

  create(
    request: ContainerCreate,
    name: string,
    platform?: Platform,
  ): Result<{ container: Container; warnings: readonly string[] }, ApiError> {
    const { clock, random, host, trace } = this.options;
    const stored = this.images.find(request.Image ?? '');
    trace.record(`dockerd@${host.name}`, 'image', request.Image ?? '', {
      found: stored === undefined ? 'no such image here' : stored.image.id,
      layers: stored?.image.layers.length ?? 0,
    });
    const checked = checkCreate(this, request, name, stored?.image, platform);
    if (!checked.ok) return checked;
    const { image, hostConfig, networking, warnings } = checked.value;
    const mounts = registerMountPoints(this, request, hostConfig, image);
    if (!mounts.ok) return mounts;
    const id = random.hex(64);
    const folder = containerFolder(id);
    host.fs.mkdirAll(folder, 0o710);
    const container: Container = {
      id,
      name: name === '' ? generateName(random, (taken) => this.#byName(taken) !== undefined) : name.replace(/^\//, ''),
      createdAt: clock.now,
      image,
      config: mergeSettings(request, image, id, hostConfig, host.name),
      hostConfig,
      networking,
      snapshot: this.snapshotter.prepare(id, image),
      mounts: mounts.value,
      log: new JsonLog(host.fs, clock, `${folder}/${id}-json.log`, logOf(hostConfig.LogConfig)),
      endpoints: new FewMap(),
      execs: new FewMap(),
      waiters: new Few(),
      status: 'created',
      error: '',
      exitCode: 0,
      oomKilled: false,
      startedAt: 0,
      finishedAt: 0,
      restartCount: 0,
      restarting: new RestartManager(),
      stoppedByHand: false,
      restartedByHand: false,
      removing: false,
      health: undefined,
      everStarted: false,
      sandboxId: '',
      shim: undefined,
      process: undefined,
      spec: undefined,
      dns: undefined,
      pendingAttach: new Few(),
    };
    this.#containers.set(id, container);
    populateVolumes(this, container);
    this.tell(container, 'create');
    return ok({ container, warnings });
  }

  #byName(name: string): Container | undefined {
    return this.list().find((container) => container.name === name);
  }

  /** Starts a container; `done` comes when its command runs, or with what went wrong. */
  start(container: Container, done: (result: Result<void, ApiError>) => void): void {
    start(this, container, done);
  }

  /** Sends the stop signal, and SIGKILL after `timeout` seconds (negative: never); `done` comes when it is dead. */
  stop(container: Container, timeout: number | undefined, done: () => void, signal?: SignalName): void {
    stop(this, container, timeout, done, signal);
  }

  /** Sends any signal. After SIGKILL `done` comes when it is dead. */
  kill(container: Container, signal: SignalName, done: () => void = () => undefined): void {
    kill(this, container, signal, done);
  }

  /** Stops what runs and starts it again. */
  restart(
    container: Container,
    timeout: number | undefined,
    done: (result: Result<void, ApiError>) => void,
    signal?: SignalName,
  ): void {
    restart(this, container, timeout, done, signal);
  }

  /** `rm`: with `force` what runs is killed first. */
  remove(container: Container, how: RemoveOptions, done: (result: Result<void, ApiError>) => void): void {
    remove(this, container, how, done);
  }

  /** The end of a container: its layer, folder and record go; it must not run. */
  forget(container: Container, volumes: boolean): void {
    if (!this.#containers.delete(container.id)) return;
    const { host } = this.options;
    this.snapshotter.remove(container.id);
    host.fs.removeAll(containerFolder(container.id));
    if (volumes) {
      for (const { volume } of container.mounts) if (volume?.anonymous === true) this.volumes.remove(volume);
    }
    for (const [id, exec] of this.execs) if (exec.container === container) this.execs.delete(id);
    this.tell(container, 'destroy');
    wake(container, 'removed', container.exitCode);
    wake(container, 'not-running', container.exitCode);
    wake(container, 'next-exit', container.exitCode);
  }

  /** An event of a container, with its labels, image and name (daemon/events.go). */
  tell(container: Container, action: string, more: Readonly<Record<string, string>> = {}): void {
    const { id, name, config } = container;
    this.events.emit('container', action, id, { ...config.Labels, ...more, image: config.Image, name });
  }
}

/** Options that are wrong are told when the container is started. */
function logOf(config: Container['hostConfig']['LogConfig']) {
  const options = logOptionsOf(config);
  return typeof options === 'string' ? undefined : options;
}
