import type { FileSystem } from '../../../linux/fs/types';
import { familiarName } from '../../images/reference';
import { parseReference } from '../../images/reference';
import { digestsOf, tagsOf } from '../api/images';
import type { Container } from '../container';
import type { Engine } from '../engine';

const root = '/var/lib/docker/image/overlay2';
const hex = (digest: string): string => digest.replace(/^sha256:/, '');

/** image/overlay2: which names mean which image, the images' configurations, the layers and who stands on them. */
export class ImageFiles {
  readonly #images = new Set<string>();
  readonly #layers = new Set<string>();

  constructor(readonly engine: Engine) {
    for (const folder of [
      'distribution/diffid-by-digest/sha256',
      'distribution/v2metadata-by-diffid/sha256',
      'imagedb/content/sha256',
      'imagedb/metadata/sha256',
      'layerdb/mounts',
      'layerdb/sha256',
      'layerdb/tmp',
    ])
      this.#fs.mkdirAll(`${root}/${folder}`, 0o700);
    this.write();
  }

  get #fs(): FileSystem {
    return this.engine.options.host.fs;
  }

  /** After images came or went. */
  write(): void {
    const fs = this.#fs;
    const { images, snapshotter } = this.engine;
    const names = new Map<string, Record<string, string>>();
    const [ids, chains] = [new Set<string>(), new Set<string>()];
    for (const stored of images.list()) {
      const { image } = stored;
      for (const name of [...tagsOf(stored), ...digestsOf(stored)]) {
        const parsed = parseReference(name);
        const repository = parsed.ok ? familiarName(parsed.value) : name;
        names.set(repository, { ...names.get(repository), [name]: image.id });
      }
      ids.add(hex(image.id));
      image.chainIds.forEach((chain, index) => {
        chains.add(hex(chain));
        const layer = image.layers[index];
        if (layer === undefined || this.#layers.has(hex(chain))) return;
        this.#layers.add(hex(chain));
        const folder = `${root}/layerdb/sha256/${hex(chain)}`;
        fs.mkdirAll(folder);
        fs.writeFile(`${folder}/diff`, layer.diffId);
        const below = image.chainIds[index - 1];
        if (below !== undefined) fs.writeFile(`${folder}/parent`, below);
        fs.writeFile(`${folder}/cache-id`, (snapshotter.pathOf(layer) ?? '').split('/').at(-1) ?? '');
        fs.writeFile(`${folder}/size`, String(layer.size));
      });
      if (this.#images.has(hex(image.id))) continue;
      this.#images.add(hex(image.id));
      fs.writeFile(`${root}/imagedb/content/sha256/${hex(image.id)}`, image.configBlob, 0o600);
    }
    for (const id of this.#images) {
      if (ids.has(id)) continue;
      fs.unlink(`${root}/imagedb/content/sha256/${id}`);
      this.#images.delete(id);
    }
    for (const chain of this.#layers) {
      if (chains.has(chain)) continue;
      fs.removeAll(`${root}/layerdb/sha256/${chain}`);
      this.#layers.delete(chain);
    }
    const sorted = [...names].toSorted(byName).map(([name, tags]) => {
      return [name, Object.fromEntries(Object.entries(tags).toSorted(byName))] as const;
    });
    fs.writeFile(`${root}/repositories.json`, JSON.stringify({ Repositories: Object.fromEntries(sorted) }), 0o600);
  }

  /** On what a container's own layer stands. */
  mount({ id, snapshot, image }: Container): void {
    const fs = this.#fs;
    const folder = `${root}/layerdb/mounts/${id}`;
    fs.mkdirAll(folder);
    fs.writeFile(`${folder}/init-id`, `${snapshot.id}-init`);
    fs.writeFile(`${folder}/mount-id`, snapshot.id);
    const top = image.chainIds.at(-1);
    if (top !== undefined) fs.writeFile(`${folder}/parent`, top);
  }

  unmount(id: string): void {
    this.#fs.removeAll(`${root}/layerdb/mounts/${id}`);
  }
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);
