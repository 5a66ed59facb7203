import { encode } from '../../linux/io/bytes';
import { containerdOf } from '../containerd/metadata';
import { cgroupFile, cgroupVersion, freezer } from '../runc/cgroups';
import { cgroupOf, type Container } from './container';
import type { Engine } from './engine';
import { resumeHealth, stopHealth } from './health';

/** The freezer: nothing in the container runs until it is thawed. */
export function freeze(engine: Engine, container: Container): void {
  write(engine, container, true);
  container.status = 'paused';
  stopHealth(container);
  engine.tell(container, 'pause');
}

export function thaw(engine: Engine, container: Container): void {
  write(engine, container, false);
  container.status = 'running';
  resumeHealth(engine, container);
  engine.tell(container, 'unpause');
}

function write(engine: Engine, container: Container, frozen: boolean): void {
  const { fs } = engine.options.host;
  const version = cgroupVersion(fs);
  const [file, value] = freezer(version, frozen);
  const opened = fs.open(cgroupFile(version, cgroupOf(container), file), { write: true });
  if (opened.ok) opened.value.write(encode(value));
  containerdOf(engine.options.host).namespace('moby').paused(container.id, frozen);
}
