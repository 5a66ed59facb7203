import type { Engine } from '../engine';
import { emptyBolt } from './bolt';
import { makeFolders, writeContainer } from './container-files';
import { ImageFiles } from './image-files';

/** After these a container is written anew. */
const telling = /^(create|start|die|restart|rename|update|pause|unpause|oom|health_status.*)$/;

/** Writes what the engine knows below /var/lib/docker, as it changes. Nothing reads it again but people. */
export function keepOnDisk(engine: Engine): void {
  const { fs } = engine.options.host;
  for (const folder of ['network/files', 'plugins', 'runtimes', 'swarm', 'tmp'])
    fs.mkdirAll(`/var/lib/docker/${folder}`, folder === 'network/files' ? 0o750 : 0o700);
  fs.writeFile('/var/lib/docker/network/files/local-kv.db', emptyBolt, 0o644);
  keepBuildKit(engine);
  engine.volumes.setUp();
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
    if (Action === 'create') {
      images.mount(found.value);
      makeFolders(engine, found.value);
    }
    writeContainer(engine, found.value);
  });
}

/** Where BuildKit keeps what it made, as its worker sets it up when the daemon starts (builder-next/controller.go). */
function keepBuildKit({ options }: Engine): void {
  const { fs } = options.host;
  const root = '/var/lib/docker/buildkit';
  for (const folder of ['content/blobs', 'content/ingest', 'executor', 'net']) fs.mkdirAll(`${root}/${folder}`, 0o711);
  fs.chmod(root, 0o711);
  for (const name of ['cache', 'containerdmeta', 'history', 'metadata_v2', 'snapshots'])
    fs.writeFile(`${root}/${name}.db`, emptyBolt, 0o600);
}
