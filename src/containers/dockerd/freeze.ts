import type { Container } from './container';
import type { Engine } from './engine';

/** cgroup.freeze: nothing in the container runs until it is thawed. */
export function freeze(engine: Engine, container: Container): void {
  for (const pid of pidsOf(engine, container)) engine.options.host.init.kill(pid, 'SIGSTOP');
  container.status = 'paused';
  engine.tell(container, 'pause');
}

export function thaw(engine: Engine, container: Container): void {
  for (const pid of pidsOf(engine, container)) engine.options.host.init.kill(pid, 'SIGCONT');
  container.status = 'running';
  engine.tell(container, 'unpause');
}

function pidsOf(engine: Engine, { id }: Container): readonly number[] {
  const read = engine.options.host.fs.readText(`/sys/fs/cgroup/system.slice/docker-${id}.scope/cgroup.procs`);
  return read.ok ? read.value.split('\n').filter(Boolean).map(Number) : [];
}
