import { buildCache } from '../../builder/usage';
import type { Response } from '../../../linux/net/http/message';
import type { StoredImage } from '../../containerd/image-store';
import { sizeBelow } from '../folder-size';
import { listed } from '../inspect';
import { digestsOf, tagsOf } from './images';
import { json, type Call } from './respond';
import { isLess } from './versions';
import { usersOf, volumeJson } from './volumes';

/** GET /system/df: what images, containers, volumes and the build cache take (daemon/disk_usage.go). */
export function diskUsage({ engine, query, version }: Call): Response {
  const wanted = query.getAll('type');
  const asked = (type: string): boolean => wanted.length === 0 || wanted.includes(type);
  const images = engine.images.list();
  // Of what lies on the way to other images only the room is counted.
  const parents = new Set(images.map(({ image }) => image.details.parent));
  const layers = new Map<string, { readonly size: number; users: number }>();
  for (const { image } of images) {
    image.chainIds.forEach((chain, index) => {
      const known = layers.get(chain);
      if (known === undefined) layers.set(chain, { size: image.layers[index]?.size ?? 0, users: 1 });
      else known.users++;
    });
  }
  const older = isLess(version, '1.44');
  const imageJson = (stored: StoredImage): object => {
    const { image } = stored;
    const [tags, digests] = [tagsOf(stored), digestsOf(stored)];
    const shared = image.chainIds.flatMap((chain) => layers.get(chain) ?? []).filter(({ users }) => users > 1);
    return {
      Containers: engine.list().filter((container) => container.image === image).length,
      Created: Math.floor(Date.parse(image.created) / 1000),
      Id: image.id,
      Labels: image.config.Labels ?? null,
      ParentId: image.details.parent ?? '',
      RepoDigests: digests.length === 0 ? null : digests,
      RepoTags: tags.length === 0 ? null : tags,
      SharedSize: shared.reduce((sum, { size }) => sum + size, 0),
      Size: image.size,
      ...(older ? { VirtualSize: image.size } : {}),
    };
  };
  return json({
    LayersSize: asked('image') ? [...layers.values()].reduce((sum, { size }) => sum + size, 0) : 0,
    Images: asked('image')
      ? images
          .filter(({ image, tags, digests }) => tags.size + digests.size > 0 || !parents.has(image.id))
          .toSorted((a, b) => Date.parse(b.image.created) - Date.parse(a.image.created))
          .map(imageJson)
      : null,
    Containers: asked('container')
      ? engine
          .list()
          .toReversed()
          .map((container) => listed(engine, container, true))
      : null,
    Volumes: asked('volume')
      ? // What options mounted from elsewhere takes no room here (volume/service, LocalVolumesSize).
        engine.volumes
          .list()
          .filter(({ options }) => Object.keys(options ?? {}).length === 0)
          .map((volume) => ({
            ...volumeJson(volume),
            UsageData: {
              RefCount: usersOf(engine, volume).length,
              Size: sizeBelow(engine.options.host.fs, volume.mountpoint),
            },
          }))
      : null,
    BuildCache: asked('build-cache') ? buildCache(engine.builder) : null,
    ...(older ? { BuilderSize: 0 } : {}),
  });
}
