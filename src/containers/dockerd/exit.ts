import { removeState, tellSystemd } from './bundle';
import { latencies } from '../../sim/latencies';
import { unmountSnapshot } from '../containerd/snapshots';
import { containerdOf } from '../containerd/metadata';
import { removeCgroup } from '../runc/cgroups';
import type { Exit } from '../shim/shim';
import { wake, type Container } from './container';
import type { Engine } from './engine';
import { stopHealth } from './health';
import { unplug } from './network/plug';
import { umountShm } from './shm';
import { startNow } from './start';
import { unmountVolumes } from './volume-mounts';

/**
 * A container's first process is dead (daemon/monitor.go, handleContainerExit). Until containerd has deleted the task it
 * counts as running.
 */
export function exited(engine: Engine, container: Container, exit: Exit): void {
  // containerd tells of the memory before it tells of the end.
  if (exit.oomKilled) engine.tell(container, 'oom');
  stopHealth(container);
  for (const exec of container.execs.values()) exec.process?.kill('SIGKILL');
  engine.options.clock.setTimer(latencies.taskDelete, () => deleted(engine, container, exit));
}

function deleted(engine: Engine, container: Container, { code, oomKilled, at }: Exit): void {
  container.exitCode = code;
  container.oomKilled = oomKilled;
  container.finishedAt = at;
  container.execs.clear();
  cleanUp(engine, container);
  const ranFor = at - container.startedAt;
  const { stoppedByHand, hostConfig } = container;
  const delay = container.restarting.next(hostConfig.RestartPolicy, { exitCode: code, stoppedByHand, ranFor });
  container.status = delay === undefined ? 'exited' : 'restarting';
  if (delay !== undefined) container.restartCount++;
  container.log.ended();
  // Whoever waits learns of it before the event is out, as with moby: `stop` comes before `die`.
  wake(container, 'next-exit', code);
  wake(container, 'not-running', code);
  engine.tell(container, 'die', { execDuration: String(Math.floor(ranFor / 1000)), exitCode: String(code) });
  if (delay !== undefined) restartLater(engine, container, delay);
  else if (hostConfig.AutoRemove && !container.restartedByHand) engine.forget(container, true);
}

/** What a run leaves on the host goes: network, root file system, cgroup, shim. */
function cleanUp(engine: Engine, container: Container): void {
  const { host } = engine.options;
  unplug(engine, container);
  unmountVolumes(engine, container);
  // Its own network goes with it; what it shared with others is theirs.
  if (container.spec?.namespaces.net === 'new') container.process?.namespaces.net.destroy();
  unmountSnapshot(host, container.snapshot);
  umountShm(host.fs, container);
  if (container.spec !== undefined) {
    removeCgroup(host.fs, container.spec.cgroupsPath);
    tellSystemd(host, container.spec, false);
  }
  container.shim?.stop();
  container.shim = undefined;
  const moby = containerdOf(host).namespace('moby');
  host.fs.removeAll(moby.bundleOf(container.id));
  removeState(host.fs, container.id);
  moby.delete(container.id);
}

function restartLater(engine: Engine, container: Container, delay: number): void {
  const manager = container.restarting;
  engine.options.clock.setTimer(delay + latencies.runcCreate + latencies.cni, () => {
    // Whoever stopped it in between has told so already.
    if (manager.cancelled || container.status !== 'restarting') return;
    if (!startNow(engine, container).ok) stopped(engine, container);
  });
}

/** A container that waited for its next run will have none. */
export function stopped(engine: Engine, container: Container): void {
  container.status = 'exited';
  wake(container, 'not-running', container.exitCode);
  wake(container, 'next-exit', container.exitCode);
  if (container.hostConfig.AutoRemove) engine.forget(container, true);
}
