import type { Clock } from '../../sim/clock';
import { latencies } from '../../sim/latencies';
import type { Random } from '../../sim/random';
import { err, ok, type Result } from '../../sim/result';
import type { Trace } from '../../sim/trace';
import type { SignalName } from '../../linux/process/types';
import { parseSignal } from '../../linux/process/signals';
import type { ContainerHost } from '../host';
import type { Registries } from '../images/registry';
import { parseReference, withDefaultTag } from '../images/reference';
import { applyResources } from '../runc/rootfs';
import { CriLog } from '../shim/cri-log';
import type { Exit, Shim, ShimProcess } from '../shim/shim';
import { containerSpec, containerStatus, resourcesOf, type Container } from './container';
import type { CniPlugin, ContainerConfig, ContainerEvent, CriError, CriRuntime, Done } from './cri';
import type { ExecRequest, ExecSession } from './cri';
import { imageRefOf, imageService } from './cri-images';
import { ImageStore } from './image-store';
import { containerdOf, criRecord } from './metadata';
import { notFound, unknown } from './errors';
import { cgroupOf, type Sandbox } from './sandbox';
import { Sandboxes } from './sandboxes';
import { mountSnapshot, OverlayfsSnapshotter, taskRoot } from './snapshots';
import { gather, session } from './streaming';

export interface CriOptions {
  readonly host: ContainerHost;
  readonly registries: Registries;
  readonly cni: CniPlugin;
  readonly clock: Clock;
  readonly random: Random;
  readonly trace: Trace;
}

const cniFolder = '/etc/cni/net.d';
const taskFailed = 'failed to create containerd task: failed to create shim task: OCI runtime create failed: ';

/** containerd's CRI plug-in on one host. */
export function createCri(options: CriOptions): Containerd {
  return new Cri(options);
}

/** The CRI, and what one does to a containerd from outside of it. */
export interface Containerd extends CriRuntime {
  /** Puts an image there without a pull: what a machine was installed with (`ctr images import`). */
  preload(reference: string): Result<void, string>;
}

class Cri implements Containerd {
  readonly #options: CriOptions;
  readonly #snapshotter: OverlayfsSnapshotter;
  readonly #images: ImageStore;
  readonly #imageService: ReturnType<typeof imageService>;
  readonly #sandboxes: Sandboxes;
  readonly #containers = new Map<string, Container>();
  readonly #listeners = new Set<(event: ContainerEvent) => void>();

  constructor(options: CriOptions) {
    this.#options = options;
    const { clock, registries, host } = options;
    this.#snapshotter = new OverlayfsSnapshotter(host, (key) => `${taskRoot}/${key}/rootfs`);
    this.#images = new ImageStore({ clock, registries, snapshotter: this.#snapshotter });
    containerdOf(host).namespace('k8s.io').images = this.#images;
    this.#imageService = imageService(this.#images, host);
    this.#sandboxes = new Sandboxes(options, {
      images: this.#images,
      snapshotter: this.#snapshotter,
      pull: (image, done) => this.#imageService.pullImage({ image }, {}, done),
      discard: (container) => this.#discard(container),
      signal: (type, sandbox, containerId) => this.#signal(type, sandbox, containerId),
    });
  }

  version(): ReturnType<CriRuntime['version']> {
    return { runtimeName: 'containerd', runtimeVersion: 'v2.1.5', runtimeApiVersion: 'v1' };
  }

  status(): ReturnType<CriRuntime['status']> {
    const listed = this.#options.host.fs.readdir(cniFolder);
    const found = listed.ok && listed.value.some(({ name }) => /\.(conf|conflist|json)$/.test(name));
    return {
      runtimeReady: true,
      networkReady: found
        ? { ok: true }
        : {
            ok: false,
            reason: 'NetworkPluginNotReady',
            message: 'Network plugin returns error: cni plugin not initialized',
          },
    };
  }

  // Sandboxes.

  runPodSandbox: CriRuntime['runPodSandbox'] = (config, done) => this.#sandboxes.run(config, done);
  stopPodSandbox: CriRuntime['stopPodSandbox'] = (id, done) => this.#sandboxes.stop(id, done);
  removePodSandbox: CriRuntime['removePodSandbox'] = (id, done) => this.#sandboxes.remove(id, done);
  podSandboxStatus: CriRuntime['podSandboxStatus'] = (id) => this.#sandboxes.status(id);
  listPodSandbox: CriRuntime['listPodSandbox'] = (filter) => this.#sandboxes.list(filter);

  // Containers.

  createContainer(sandboxId: string, config: ContainerConfig, done: Done<string>): void {
    this.#later(5, done, () => this.#create(sandboxId, config));
  }

  #create(sandboxId: string, config: ContainerConfig): Result<string, CriError> {
    const { host, random, clock } = this.#options;
    const sandbox = this.#sandboxes.find(sandboxId);
    if (sandbox === undefined)
      return err({ code: 'NotFound', message: `failed to find sandbox id ${JSON.stringify(sandboxId)}: not found` });
    const stored = this.#images.find(config.image.image);
    if (stored === undefined)
      return unknown(`failed to resolve image ${JSON.stringify(config.image.image)}: not found`);
    const id = random.hex(64);
    const container: Container = {
      id,
      sandbox,
      config,
      image: stored.image,
      imageRef: imageRefOf(stored, config.image.userSpecifiedImage ?? config.image.image),
      createdAt: clock.now,
      snapshot: this.#snapshotter.prepare(id, stored.image),
      log: new CriLog(host.fs, clock, `${sandbox.config.logDirectory}/${config.logPath}`),
      resources: config.resources,
      process: undefined,
      spec: undefined,
      cgroupsPath: cgroupOf(sandbox.config.cgroupParent, id),
      state: 'CONTAINER_CREATED',
      startedAt: 0,
      finishedAt: 0,
      exitCode: 0,
      signal: undefined,
      reason: '',
      message: '',
    };
    this.#containers.set(id, container);
    sandbox.containers.add(container);
    const image = config.image.userSpecifiedImage ?? config.image.image;
    containerdOf(host)
      .namespace('k8s.io')
      .create(criRecord(id, 'container', image, config.labels, clock.now));
    this.#signal('created', sandbox, id);
    return ok(id);
  }

  startContainer(containerId: string, done: Done): void {
    this.#later(latencies.runcCreate, done, () => {
      const container = this.#find(containerId);
      return container === undefined ? notFound('container', containerId) : this.#start(container);
    });
  }

  #start(container: Container): Result<void, CriError> {
    const { host, clock, trace } = this.#options;
    const { sandbox, config, log } = container;
    if (container.state !== 'CONTAINER_CREATED') return unknown(`container is in ${container.state} state`);
    if (sandbox.state !== 'SANDBOX_READY')
      return unknown(`sandbox container ${JSON.stringify(sandbox.id)} is not running`);
    trace.record(`containerd@${host.name}`, 'start', `container ${config.metadata.name}`, { id: container.id });
    const started = this.#task(container);
    if (!started.ok) {
      container.state = 'CONTAINER_EXITED';
      container.finishedAt = clock.now;
      container.exitCode = 128;
      container.reason = 'StartError';
      container.message = started.error;
      host.fs.umount(container.snapshot.target);
      host.fs.rmdir(`/sys/fs/cgroup${container.cgroupsPath}`);
      this.#signal('stopped', sandbox, container.id);
      return unknown(started.error);
    }
    const process = started.value;
    container.process = process;
    container.state = 'CONTAINER_RUNNING';
    container.startedAt = clock.now;
    log.create();
    log.follow('stdout', process.streams.stdout);
    if (config.tty !== true) log.follow('stderr', process.streams.stderr);
    process.onExit((exit) => this.#exited(container, exit));
    this.#signal('started', sandbox, container.id);
    return ok(undefined);
  }

  #task(container: Container): ReturnType<Shim['run']> {
    const { host } = this.#options;
    const mounted = mountSnapshot(host, container.snapshot);
    if (!mounted.ok) return mounted;
    const spec = containerSpec(container, host.fs);
    if (!spec.ok) return spec;
    container.spec = spec.value;
    const { tty = false, stdin = false } = container.config;
    const started = container.sandbox.shim.run(spec.value, { terminal: tty, stdin, id: container.id });
    if (!started.ok) return err(taskFailed + started.error);
    const limited = applyResources(host.fs, spec.value);
    if (limited.ok) return started;
    started.value.kill('SIGKILL');
    return err(`${taskFailed}runc create failed: unable to start container process: ${limited.error}`);
  }

  #exited(container: Container, { code, signal, oomKilled, at }: Exit): void {
    const { host } = this.#options;
    container.state = 'CONTAINER_EXITED';
    container.finishedAt = at;
    container.exitCode = code;
    container.signal = signal;
    container.reason = oomKilled ? 'OOMKilled' : code === 0 ? 'Completed' : 'Error';
    host.fs.umount(container.snapshot.target);
    host.fs.rmdir(`/sys/fs/cgroup${container.cgroupsPath}`);
    this.#signal('stopped', container.sandbox, container.id);
  }

  stopContainer(containerId: string, timeout: number, done: Done): void {
    const container = this.#find(containerId);
    const process = container?.process;
    if (container === undefined || process === undefined || process.exit !== undefined) {
      done(ok(undefined));
      return;
    }
    const { clock } = this.#options;
    process.onExit(() => done(ok(undefined)));
    if (timeout > 0) {
      process.kill(stopSignalOf(container));
      const timer = clock.setTimer(timeout * 1000, () => process.kill('SIGKILL'));
      process.onExit(() => clock.cancel(timer));
    } else process.kill('SIGKILL');
  }

  removeContainer(containerId: string, done: Done): void {
    const container = this.#find(containerId);
    if (container === undefined) {
      done(ok(undefined));
      return;
    }
    this.stopContainer(container.id, 0, () => {
      this.#discard(container);
      done(ok(undefined));
    });
  }

  #discard(container: Container): void {
    if (!this.#containers.delete(container.id)) return;
    containerdOf(this.#options.host).namespace('k8s.io').delete(container.id);
    container.sandbox.containers.delete(container);
    container.log.close();
    this.#snapshotter.remove(container.id);
    this.#options.host.fs.removeAll(`${taskRoot}/${container.id}`);
    this.#signal('deleted', container.sandbox, container.id);
  }

  containerStatus(containerId: string): ReturnType<CriRuntime['containerStatus']> {
    const container = this.#find(containerId);
    return container === undefined ? notFound('container', containerId) : ok(containerStatus(container));
  }

  listContainers(filter: Parameters<CriRuntime['listContainers']>[0] = {}): ReturnType<CriRuntime['listContainers']> {
    const among =
      filter.sandboxId === undefined
        ? this.#containers.values()
        : (this.#sandboxes.find(filter.sandboxId)?.containers.values() ?? []);
    return [...among]
      .filter(
        ({ id, state }) =>
          (filter.id === undefined || id.startsWith(filter.id)) &&
          (filter.state === undefined || state === filter.state),
      )
      .map(containerStatus);
  }

  updateContainerResources(
    containerId: string,
    resources: Container['resources'],
  ): ReturnType<CriRuntime['updateContainerResources']> {
    const container = this.#find(containerId);
    if (container === undefined) return notFound('container', containerId);
    container.resources = { ...container.resources, ...resources };
    const { cgroupsPath } = container;
    if (container.state !== 'CONTAINER_RUNNING') return ok(undefined);
    const limited = applyResources(this.#options.host.fs, {
      cgroupsPath,
      resources: resourcesOf(container.resources),
    });
    return limited.ok ? limited : unknown(`failed to update resources: ${limited.error}`);
  }

  reopenContainerLog(containerId: string): ReturnType<CriRuntime['reopenContainerLog']> {
    const container = this.#find(containerId);
    if (container === undefined) return notFound('container', containerId);
    if (container.state !== 'CONTAINER_RUNNING') return unknown('container is not running');
    container.log.reopen();
    return ok(undefined);
  }

  subscribe(listener: (event: ContainerEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  // Commands in containers.

  execSync(
    containerId: string,
    command: readonly string[],
    timeout: number,
    done: Parameters<CriRuntime['execSync']>[3],
  ): void {
    this.#options.clock.setTimer(latencies.runcCreate, () => {
      const started = this.#exec({ containerId, command, tty: false, stdin: false });
      if (started.ok) gather(this.#options.clock, started.value, timeout, done);
      else done(started);
    });
  }

  exec(request: ExecRequest, done: Done<ExecSession>): void {
    this.#later(latencies.runcCreate, done, () => {
      const started = this.#exec(request);
      return started.ok ? ok(session(started.value, request)) : started;
    });
  }

  #exec(
    request: Pick<ExecRequest, 'containerId' | 'command' | 'tty' | 'stdin' | 'size'>,
  ): Result<ShimProcess, CriError> {
    const container = this.#find(request.containerId);
    if (container === undefined) return notFound('container', request.containerId);
    const { process, spec } = container;
    if (process === undefined || spec === undefined || container.state !== 'CONTAINER_RUNNING')
      return unknown(`container is in ${container.state} state`);
    const { command, tty, stdin, size } = request;
    const started = container.sandbox.shim.exec(
      process,
      container.cgroupsPath,
      { ...spec.process, args: command, terminal: tty },
      { terminal: tty, stdin, ...(size === undefined ? {} : { size }) },
    );
    if (started.ok) return started;
    const id = JSON.stringify(this.#options.random.hex(64));
    return unknown(
      `failed to exec in container: failed to start exec ${id}: OCI runtime exec failed: ${started.error}`,
    );
  }

  attach(request: Omit<ExecRequest, 'command'>, done: Done<ExecSession>): void {
    this.#later(1, done, () => {
      const container = this.#find(request.containerId);
      if (container === undefined) return notFound('container', request.containerId);
      const { process } = container;
      if (process === undefined || container.state !== 'CONTAINER_RUNNING')
        return unknown(`container is in ${container.state} state`);
      return ok(session(process, request));
    });
  }

  sandboxNetwork(sandboxId: string): ReturnType<CriRuntime['sandboxNetwork']> {
    return this.#sandboxes.find(sandboxId)?.network;
  }

  containerStats(containerId: string): ReturnType<CriRuntime['containerStats']> {
    const container = this.#find(containerId);
    if (container === undefined) return notFound('container', containerId);
    const { fs } = this.#options.host;
    const group = `/sys/fs/cgroup${container.cgroupsPath}`;
    const memory = fs.readText(`${group}/memory.current`);
    const cpu = fs.readText(`${group}/cpu.stat`);
    const usage = cpu.ok ? /usage_usec (\d+)/.exec(cpu.value)?.[1] : undefined;
    return ok({
      memoryWorkingSetBytes: memory.ok ? Number(memory.value) : 0,
      cpuUsageCoreNanoSeconds: Number(usage ?? 0) * 1000,
    });
  }

  // Images.

  pullImage: CriRuntime['pullImage'] = (image, options, done) => this.#imageService.pullImage(image, options, done);
  imageStatus: CriRuntime['imageStatus'] = (image) => this.#imageService.imageStatus(image);
  listImages: CriRuntime['listImages'] = () => this.#imageService.listImages();
  removeImage: CriRuntime['removeImage'] = (image) => this.#imageService.removeImage(image);

  preload(name: string): Result<void, string> {
    const parsed = parseReference(name);
    if (!parsed.ok) return parsed;
    return this.#images.preload(withDefaultTag(parsed.value));
  }

  #find(id: string): Container | undefined {
    const exact = this.#containers.get(id);
    if (exact !== undefined || id.length < 2) return exact;
    const matches = [...this.#containers.values()].filter((container) => container.id.startsWith(id));
    return matches.length === 1 ? matches[0] : undefined;
  }

  #signal(type: ContainerEvent['type'], { id: sandboxId, config }: Sandbox, containerId: string): void {
    const event = { type, containerId, sandboxId, podUid: config.metadata.uid };
    for (const listener of [...this.#listeners]) listener(event);
  }

  /** Does it after `delay` virtual milliseconds and says how it went. */
  #later<T>(delay: number, done: (result: T) => void, act: () => T): void {
    this.#options.clock.setTimer(delay, () => done(act()));
  }
}

function stopSignalOf({ image }: Container): SignalName {
  return parseSignal(image.config.StopSignal ?? 'SIGTERM') ?? 'SIGTERM';
}
