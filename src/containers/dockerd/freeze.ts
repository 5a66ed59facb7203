import { encode } from '../../linux/io/bytes';
import { containerdOf } from '../containerd/metadata';
import { cgroupOf, type Container } from './container';
import type { Engine } from './engine';
import { resumeHealth, stopHealth } from './health';

/** cgroup.freeze: nothing in the container runs until it is thawed. */
export function freeze(engine: Engine, container: Container): void {
  write(engine, container, '1');
  container.status = 'paused';
  stopHealth(container);
  engine.tell(container, 'pause');
}

export function thaw(engine: Engine, container: Container): void {
  write(engine, container, '0');
  container.status = 'running';
  resumeHealth(engine, container);
  engine.tell(container, 'unpause');
}

function write(engine: Engine, container: Container, value: string): void {
  const path = `/sys/fs/cgroup${cgroupOf(container)}/cgroup.freeze`;
  const opened = engine.options.host.fs.open(path, { write: true });
  if (opened.ok) opened.value.write(encode(value));
  containerdOf(engine.options.host)
    .namespace('moby')
    .paused(container.id, value === '1');
}
