import type { Engine } from '../engine';
import { writeContainer } from './container-files';
import { ImageFiles } from './image-files';

/** After these a container is written anew. */
const telling = /^(create|start|die|restart|rename|update|pause|unpause|oom|health_status.*)$/;

/** Writes what the engine knows below /var/lib/docker, as it changes. Nothing reads it again but people. */
export function keepOnDisk(engine: Engine): void {
  const { fs } = engine.options.host;
  for (const folder of ['network/files', 'plugins', 'runtimes', 'swarm', 'tmp'])
    fs.mkdirAll(`/var/lib/docker/${folder}`, folder === 'network/files' ? 0o750 : 0o700);
  fs.writeFile('/var/lib/docker/engine-id', engine.id, 0o600);
  fs.chmod('/var/lib/docker', 0o710);
  const images = new ImageFiles(engine);
  engine.events.listen(({ Type, Action, Actor }) => {
    if (Type === 'image') images.write();
    if (Type !== 'container') return;
    if (Action === 'destroy') {
      images.unmount(Actor.ID);
      return;
    }
    if (!telling.test(Action)) return;
    const found = engine.find(Actor.ID);
    if (!found.ok) return;
    if (Action === 'create') images.mount(found.value);
    writeContainer(engine, found.value);
  });
}
