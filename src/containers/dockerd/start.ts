import { latencies } from '../../sim/latencies';
import { err, ok, type Result } from '../../sim/result';
import { containerdOf } from '../containerd/metadata';
import { mountSnapshot, unmountSnapshot } from '../containerd/snapshots';
import { startExitCode } from '../runc/look-path';
import { applyResources } from '../runc/rootfs';
import type { ContainerSpec } from '../runc/spec';
import { siloSpec } from '../windows/silo';
import { Shim, type ShimProcess } from '../shim/shim';
import { refuse, type ApiError } from './api-types';
import { encodedOptions, removeState, tellSystemd, writeBundle, writeInitPid, writeState } from './bundle';
import { wake, type Container } from './container';
import type { Engine } from './engine';
import { exited } from './exit';
import { writeContainerFiles } from './files';
import { startHealth } from './health';
import { logAttributes } from './log-attributes';
import { logOptionsOf } from './json-log';
import { linkEnvironment } from './network/links';
import { plug, unplug } from './network/plug';
import { RestartManager } from './restart';
import { mountShm, umountShm } from './shm';
import { dockerSpec } from './spec';
import { mountVolumes, unmountVolumes } from './volume-mounts';

/** `POST /containers/{id}/start` (daemon/start.go): the restart policy begins anew. */
export function start(engine: Engine, container: Container, done: (result: Result<void, ApiError>) => void): void {
  if (container.status === 'paused') {
    done(refuse(409, 'cannot start a paused container, try unpause instead'));
    return;
  }
  if (container.removing || container.status === 'dead') {
    done(refuse(409, 'container is marked for removal and cannot be started'));
    return;
  }
  container.restarting.cancelled = true;
  container.restarting = new RestartManager();
  container.restartCount = 0;
  container.stoppedByHand = false;
  engine.options.clock.setTimer(latencies.runcCreate + latencies.cni, () => done(startNow(engine, container)));
}

/** One run of a container, from mounting its layers to its command's first instruction. */
export function startNow(engine: Engine, container: Container): Result<void, ApiError> {
  const { host, trace, clock } = engine.options;
  if (container.process !== undefined && container.process.exit === undefined) return ok(undefined);
  trace.record(`dockerd@${host.name}`, 'start', `container ${container.name}`, { id: container.id });
  container.error = '';
  const task = startTask(engine, container);
  if (!task.ok) {
    unplug(engine, container);
    unmountVolumes(engine, container);
    unmountSnapshot(host, container.snapshot);
    umountShm(host.fs, container);
    container.shim?.stop();
    container.shim = undefined;
    const moby = containerdOf(host).namespace('moby');
    host.fs.removeAll(moby.bundleOf(container.id));
    removeState(host.fs, container.id);
    moby.delete(container.id);
    container.error = task.error.message;
    container.exitCode = task.exitCode;
    if (container.everStarted) container.status = 'exited';
    wake(container, 'next-exit', container.exitCode);
    if (container.hostConfig.AutoRemove) engine.forget(container, true);
    return err(task.error);
  }
  const process = task.value;
  container.process = process;
  container.status = 'running';
  container.everStarted = true;
  container.restartedByHand = false;
  container.oomKilled = false;
  container.exitCode = 0;
  container.startedAt = clock.now;
  container.log.attributes = logAttributes(container);
  container.log.follow('stdout', process.streams.stdout);
  if (container.config.Tty !== true) container.log.follow('stderr', process.streams.stderr);
  for (const attach of container.pendingAttach) attach(process);
  container.pendingAttach.clear();
  process.onExit((exit) => exited(engine, container, exit));
  startHealth(engine, container);
  engine.tell(container, 'start');
  return ok(undefined);
}

/** What the daemon says where containerd does not answer (containerd client, grpc). */
const unreachable =
  'failed to create task for container: connection error: desc = "transport: Error while dialing: dial unix ' +
  '/run/containerd/containerd.sock: connect: connection refused": unavailable';

/** What containerd is asked for, told when somebody looks. */
const creation = (bundle: string, spec: ContainerSpec) => () => ({
  bundle,
  args: spec.process.args,
  cwd: spec.process.cwd,
  hostname: spec.hostname,
  cgroupsPath: spec.cgroupsPath,
  namespaces: Object.entries(spec.namespaces).map(([name, how]) => `${name}: ${how === 'new' ? 'new' : 'joined'}`),
  mounts: spec.mounts.map(({ type, source, destination }) => `${type} ${source} → ${destination}`),
});

/** libnetwork's errors have kinds of their own: forbidden, not found. */
const networkStatus = (problem: string): number =>
  problem === 'Address already in use' ? 403 : /^network \S+ not found$/.test(problem) ? 404 : 500;

type Started = { ok: true; value: ShimProcess } | { ok: false; error: ApiError; exitCode: number };

function startTask(engine: Engine, container: Container): Started {
  const { host, random, trace, clock } = engine.options;
  const failed = (status: number, message: string, exitCode = 128): Started => ({
    ok: false,
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
  const volumes = mountVolumes(engine, container);
  if (!volumes.ok) return failed(500, volumes.error);
  writeContainerFiles(host, container, []);
  const log = logOptionsOf(container.hostConfig.LogConfig);
  if (typeof log === 'string')
    return failed(500, `failed to create task for container: failed to initialize logging driver: ${log}`);
  mountShm(host.fs, container);
  const find = (name: string): Container | undefined => {
    const found = engine.find(name);
    return found.ok ? found.value : undefined;
  };
  const windows = engine.options.os === 'windows';
  const spec = windows
    ? siloSpec(container, host)
    : dockerSpec(container, host, find, linkEnvironment(container, find));
  if (!spec.ok && windows) return failed(400, spec.error, startExitCode(spec.error));
  if (!spec.ok) return failed(spec.error.startsWith('No such') ? 404 : 500, spec.error, 126);
  container.spec = spec.value;
  const labels = { 'com.docker/engine.bundle.path': `/var/run/docker/containerd/${container.id}` };
  const record = {
    ...{ id: container.id, image: '', labels, snapshotKey: '', snapshotter: '', createdAt: clock.now },
    runtimeOptions: encodedOptions(host.fs),
  };
  const containerd = containerdOf(host);
  if (!containerd.serving) return failed(500, unreachable);
  const moby = containerd.namespace('moby');
  moby.create(record);
  const bundle = moby.bundleOf(container.id);
  writeBundle(host.fs, bundle, spec.value);
  trace.record(
    `containerd@${host.name}`,
    'create',
    `container ${container.id.slice(0, 12)}`,
    creation(bundle, spec.value),
  );
  const shim = Shim.start(host, 'moby', container.id);
  if (!shim.ok) return failed(500, shim.error);
  container.shim = shim.value;
  container.sandboxId = random.hex(64);
  let network: string | undefined;
  const { Tty = false, OpenStdin = false } = container.config;
  const [rows = 24, columns = 80] = (container.hostConfig as { ConsoleSize?: readonly number[] }).ConsoleSize ?? [];
  const size = rows > 0 && columns > 0 ? { size: { rows, columns } } : {};
  const started = shim.value.run(spec.value, { terminal: Tty, stdin: OpenStdin, ...size }, (child) => {
    const plugged = plug(engine, container, child);
    if (!plugged.ok) network = plugged.error;
    return plugged;
  });
  const oci = 'failed to create task for container: failed to create shim task: OCI runtime create failed';
  if (started.ok) {
    const limited = applyResources(host.fs, spec.value);
    const { pid } = started.value;
    tellSystemd(host, spec.value, true);
    writeInitPid(host.fs, bundle, pid);
    const start = Math.floor((clock.now - host.init.host.bootedAt) / 10);
    writeState(host.fs, spec.value, { id: container.id, bundle, pid, start, created: clock.now });
    if (limited.ok) return started;
    started.value.kill('SIGKILL');
    return failed(500, `${oci}: runc create failed: unable to start container process: ${limited.error}`);
  }
  if (network !== undefined) return failed(networkStatus(network), `failed to set up container networking: ${network}`);
  return failed(400, `${oci}: ${started.error}`, startExitCode(started.error));
}
