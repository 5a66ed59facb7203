import type { Clock } from '../../sim/clock';
import { latencies } from '../../sim/latencies';
import type { Random } from '../../sim/random';
import { err, ok, type Result } from '../../sim/result';
import type { Trace } from '../../sim/trace';
import { parseSignal, signalNumber } from '../../linux/process/signals';
import type { Process, SignalName } from '../../linux/process/types';
import { ImageStore } from '../containerd/image-store';
import { containerdOf } from '../containerd/metadata';
import { mountSnapshot } from '../containerd/snapshots';
import type { ContainerHost } from '../host';
import type { Registries } from '../images/registry';
import { startExitCode } from '../runc/look-path';
import { applyResources } from '../runc/rootfs';
import { Shim, type Exit, type ShimProcess } from '../shim/shim';
import { refuse, type ApiError, type ContainerCreate } from './api-types';
import { isRunning, type Container, type Exec, type Waiter } from './container';
import { checkCreate, mergeSettings } from './create';
import { Events } from './events';
import { writeContainerFiles } from './files';
import { JsonLog } from './json-log';
import { generateName } from './names';
import { thaw } from './freeze';
import { Networks } from './network/networks';
import { plug, unplug } from './network/plug';
import { nextBackoff, restarts } from './restart';
import { Overlay2 } from './overlay2';
import { containerFolder, dockerSpec } from './spec';
import { copyUp, Volumes } from './volumes';

export interface EngineOptions {
  readonly host: ContainerHost;
  readonly registries: Registries;
  /** The daemon's own process. */
  readonly dockerd: Process;
  readonly clock: Clock;
  readonly random: Random;
  readonly trace: Trace;
}

/** Seconds from the stop signal to SIGKILL. */
const STOP_TIMEOUT = 10;

/** The docker engine: containers and what they need. Everything here is synchronous; what takes time sets timers. */
export class Engine {
  readonly images: ImageStore;
  readonly volumes: Volumes;
  readonly networks: Networks;
  readonly events: Events;
  readonly snapshotter: Overlay2;
  options: EngineOptions;
  /** Of this installation. */
  readonly id: string;
  readonly execs = new Map<string, Exec>();
  /** Oldest first. */
  readonly #containers = new Map<string, Container>();
  readonly #backoffs = new WeakMap<Container, number>();

  constructor(options: EngineOptions) {
    this.options = options;
    const { host, clock, random, registries, dockerd } = options;
    this.id = random.fork('id').uuid();
    this.snapshotter = new Overlay2(host, random);
    this.images = new ImageStore({ clock, registries, snapshotter: this.snapshotter });
    this.volumes = new Volumes(host.fs, clock, random);
    this.networks = new Networks({ clock, random, net: host.net, dockerd });
    this.events = new Events(clock);
    host.fs.mkdirAll('/var/lib/docker/containers', 0o710);
    this.networks.setUp();
  }

  /** The daemon was started again: its process is another one, and some containers come back. */
  resume(dockerd: Process): void {
    this.options = { ...this.options, dockerd };
    this.networks.resume(dockerd);
    for (const container of this.list()) {
      const { Name } = container.hostConfig.RestartPolicy;
      const revive =
        Name === 'always' || ((Name === 'unless-stopped' || Name === 'on-failure') && container.stoppedByDaemon);
      container.stoppedByDaemon = false;
      if (revive && !isRunning(container)) this.start(container, () => undefined);
    }
  }

  /** The daemon ends, and what runs with it. */
  shutDown(container: Container, done: () => void): void {
    container.stoppedByDaemon = isRunning(container) && !container.stoppedByHand;
    this.stop(container, undefined, done);
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
  ): Result<{ container: Container; warnings: readonly string[] }, ApiError> {
    const { clock, random, host } = this.options;
    const stored = this.images.find(request.Image ?? '');
    const checked = checkCreate(this, request, name, stored?.image);
    if (!checked.ok) return checked;
    const { image, hostConfig, networking, warnings } = checked.value;
    const mounts = this.volumes.mountsOf(request, Object.keys(image.config.Volumes ?? {}));
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
      log: new JsonLog(host.fs, clock, `${folder}/${id}-json.log`),
      endpoints: new Map(),
      execs: new Map(),
      waiters: new Set(),
      status: 'created',
      error: '',
      exitCode: 0,
      oomKilled: false,
      startedAt: 0,
      finishedAt: 0,
      restartCount: 0,
      stoppedByHand: false,
      stoppedByDaemon: false,
      everStarted: false,
      sandboxId: '',
      shim: undefined,
      process: undefined,
      spec: undefined,
      dns: undefined,
      pendingAttach: new Set(),
    };
    this.#containers.set(id, container);
    this.#event(container, 'create');
    return ok({ container, warnings });
  }

  #byName(name: string): Container | undefined {
    return this.list().find((container) => container.name === name);
  }

  /** Starts a container; `done` comes when its command runs, or with what went wrong. */
  start(container: Container, done: (result: Result<void, ApiError>) => void): void {
    if (container.status === 'paused') {
      done(refuse(409, 'cannot start a paused container, try unpause instead'));
      return;
    }
    const { clock } = this.options;
    clock.setTimer(latencies.runcCreate + latencies.cni, () => {
      const started = this.#start(container);
      if (!started.ok) container.stoppedByHand = true;
      done(started);
    });
  }

  #start(container: Container): Result<void, ApiError> {
    const { host, trace, clock } = this.options;
    if (container.process !== undefined && container.process.exit === undefined) return ok(undefined);
    trace.record(`dockerd@${host.name}`, 'start', `container ${container.name}`, { id: container.id });
    container.error = '';
    const task = this.#task(container);
    if (!task.ok) {
      unplug(this, container);
      host.fs.umount(container.snapshot.target);
      container.shim?.stop();
      container.shim = undefined;
      containerdOf(host).namespace('moby').delete(container.id);
      container.error = task.error.message;
      container.exitCode = task.exitCode;
      if (container.everStarted) container.status = 'exited';
      this.#wake(container, 'next-exit', container.exitCode);
      if (container.hostConfig.AutoRemove) this.#remove(container, true);
      return err(task.error);
    }
    const process = task.value;
    container.process = process;
    container.status = 'running';
    container.everStarted = true;
    container.stoppedByHand = false;
    container.oomKilled = false;
    container.exitCode = 0;
    container.startedAt = clock.now;
    container.finishedAt = 0;
    container.log.follow('stdout', process.streams.stdout);
    if (container.config.Tty !== true) container.log.follow('stderr', process.streams.stderr);
    for (const attach of container.pendingAttach) attach(process);
    container.pendingAttach.clear();
    process.onExit((exit) => this.#exited(container, exit));
    this.#event(container, 'start');
    return ok(undefined);
  }

  #task(container: Container): { ok: true; value: ShimProcess } | { ok: false; error: ApiError; exitCode: number } {
    const { host, random, trace } = this.options;
    const failed = (status: number, message: string, exitCode = 128) => ({
      ok: false as const,
      error: { status, message },
      exitCode,
    });
    const mounted = mountSnapshot(host, container.snapshot);
    if (!mounted.ok) return failed(500, mounted.error);
    const { snapshot } = container;
    trace.record(`overlayfs@${host.name}`, 'mount', snapshot.target, {
      lowerdir: snapshot.lowers,
      upperdir: snapshot.upper,
    });
    for (const mount of container.mounts) {
      if (mount.type === 'volume' && mount.copyUp && mount.volume !== undefined)
        copyUp(host.fs, container.snapshot.target + mount.destination, mount.source);
    }
    writeContainerFiles(host, container, []);
    const spec = dockerSpec(container, host, (name) => {
      const found = this.find(name);
      return found.ok ? found.value : undefined;
    });
    if (!spec.ok) return failed(spec.error.startsWith('No such') ? 404 : 500, spec.error, 126);
    container.spec = spec.value;
    const { clock } = this.options;
    const labels = { 'com.docker/engine.bundle.path': `/var/run/docker/containerd/${container.id}` };
    const record = { id: container.id, image: '', labels, snapshotKey: '', snapshotter: '', createdAt: clock.now };
    containerdOf(host).namespace('moby').create(record);
    const shim = Shim.start(host, 'moby', container.id);
    if (!shim.ok) return failed(500, shim.error);
    container.shim = shim.value;
    container.sandboxId = random.hex(64);
    let network: string | undefined;
    const { Tty = false, OpenStdin = false } = container.config;
    const [rows = 24, columns = 80] = (container.hostConfig as { ConsoleSize?: readonly number[] }).ConsoleSize ?? [];
    const size = rows > 0 && columns > 0 ? { size: { rows, columns } } : {};
    const started = shim.value.run(spec.value, { terminal: Tty, stdin: OpenStdin, ...size }, (child) => {
      const plugged = plug(this, container, child);
      if (!plugged.ok) network = plugged.error;
      return plugged;
    });
    if (started.ok) {
      trace.record(`runc@${host.name}`, 'run', container.id.slice(0, 12), { args: spec.value.process.args });
      const limited = applyResources(host.fs, spec.value);
      if (limited.ok) return started;
      started.value.kill('SIGKILL');
      const text = `failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ${limited.error}`;
      return failed(500, text);
    }
    if (network !== undefined) return failed(500, `failed to set up container networking: ${network}`);
    const text = `failed to create task for container: failed to create shim task: OCI runtime create failed: ${started.error}`;
    return failed(400, text, startExitCode(started.error));
  }

  #exited(container: Container, { code, oomKilled, at }: Exit): void {
    const { host } = this.options;
    container.exitCode = code;
    container.oomKilled = oomKilled;
    container.finishedAt = at;
    for (const exec of container.execs.values()) exec.process?.kill('SIGKILL');
    container.execs.clear();
    unplug(this, container);
    // Its own network goes with it; what it shared with others is theirs.
    if (container.spec?.namespaces.net === 'new') container.process?.namespaces.net.destroy();
    host.fs.umount(container.snapshot.target);
    host.fs.rmdir(`/sys/fs/cgroup/system.slice/docker-${container.id}.scope`);
    container.shim?.stop();
    container.shim = undefined;
    containerdOf(host).namespace('moby').delete(container.id);
    if (oomKilled) this.#event(container, 'oom');
    this.#event(container, 'die', {
      execDuration: String(Math.floor((at - container.startedAt) / 1000)),
      exitCode: String(code),
    });
    const again = restarts(container);
    container.status = again ? 'restarting' : 'exited';
    container.log.ended();
    this.#wake(container, 'next-exit', code);
    if (again) this.#restartLater(container);
    else {
      this.#wake(container, 'not-running', code);
      if (container.hostConfig.AutoRemove) this.#remove(container, true);
    }
  }

  #restartLater(container: Container): void {
    const { clock } = this.options;
    const backoff = nextBackoff(container, this.#backoffs.get(container));
    this.#backoffs.set(container, backoff);
    clock.setTimer(backoff, () => {
      if (container.status !== 'restarting') return;
      container.restartCount++;
      const started = this.#start(container);
      if (!started.ok) container.status = 'exited';
    });
  }

  #wake(container: Container, condition: Waiter['condition'], code: number): void {
    for (const waiter of [...container.waiters]) {
      if (waiter.condition !== condition) continue;
      container.waiters.delete(waiter);
      waiter.done(code);
    }
  }

  /** Sends the stop signal, and SIGKILL after `timeout` seconds (negative: never). */
  stop(container: Container, timeout: number | undefined, done: () => void, signal?: SignalName): void {
    const { process } = container;
    container.stoppedByHand = true;
    if (container.status === 'restarting') {
      container.status = 'exited';
      this.#wake(container, 'not-running', container.exitCode);
      done();
      return;
    }
    if (process === undefined || process.exit !== undefined) {
      done();
      return;
    }
    const { clock } = this.options;
    if (container.status === 'paused') thaw(this, container);
    const chosen = signal ?? parseSignal(container.config.StopSignal ?? 'SIGTERM') ?? 'SIGTERM';
    const seconds = timeout ?? container.config.StopTimeout ?? STOP_TIMEOUT;
    process.onExit(() => {
      this.#event(container, 'stop');
      done();
    });
    this.#event(container, 'kill', { signal: String(signalNumber(chosen)) });
    if (seconds === 0) {
      process.kill('SIGKILL');
      return;
    }
    if (seconds > 0) {
      const timer = clock.setTimer(seconds * 1000, () => {
        this.#event(container, 'kill', { signal: '9' });
        process.kill('SIGKILL');
      });
      process.onExit(() => clock.cancel(timer));
    }
    process.kill(chosen);
  }

  kill(container: Container, signal: SignalName): void {
    const stop = parseSignal(container.config.StopSignal ?? 'SIGTERM') ?? 'SIGTERM';
    if (signal === 'SIGKILL' || signal === stop) container.stoppedByHand = true;
    this.#event(container, 'kill', { signal: String(signalNumber(signal)) });
    container.process?.kill(signal);
  }

  /** `rm`: with `force` what runs is killed first. */
  remove(
    container: Container,
    { force, volumes, as }: { readonly force: boolean; readonly volumes: boolean; readonly as: string },
    done: (result: Result<void, ApiError>) => void,
  ): void {
    if (isRunning(container) && !force) {
      const why =
        container.status === 'paused'
          ? 'container is paused and must be unpaused first'
          : `container is ${container.status}: stop the container before removing or force remove`;
      done(refuse(409, `cannot remove container ${JSON.stringify(as)}: ${why}`));
      return;
    }
    const gone = (): void => {
      this.#remove(container, volumes);
      done(ok(undefined));
    };
    const { process } = container;
    container.stoppedByHand = true;
    if (process === undefined || process.exit !== undefined) gone();
    else {
      if (container.status === 'paused') thaw(this, container);
      this.#event(container, 'kill', { signal: '9' });
      process.onExit(gone);
      process.kill('SIGKILL');
    }
  }

  #remove(container: Container, volumes: boolean): void {
    if (!this.#containers.delete(container.id)) return;
    const { host } = this.options;
    this.snapshotter.remove(container.id);
    host.fs.removeAll(containerFolder(container.id));
    if (volumes) {
      for (const { volume } of container.mounts) if (volume?.anonymous === true) this.volumes.remove(volume);
    }
    this.#event(container, 'destroy');
    this.#wake(container, 'removed', container.exitCode);
    this.#wake(container, 'not-running', container.exitCode);
    this.#wake(container, 'next-exit', container.exitCode);
  }

  #event(container: Container, action: string, more: Readonly<Record<string, string>> = {}): void {
    const { id, name, config } = container;
    this.events.emit('container', action, id, { ...config.Labels, ...more, image: config.Image, name });
  }

  /** As `#event`, for what is done to a container from outside of this file. */
  tell(container: Container, action: string, more: Readonly<Record<string, string>> = {}): void {
    this.#event(container, action, more);
  }
}
