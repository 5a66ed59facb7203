import type { Random } from '../../sim/random';
import { createTree, type Tree, type TreeEntry, type TreeNode } from '../../linux/fs';
import { graft, type Snapshot, type Snapshotter } from '../containerd/snapshots';
import type { ContainerHost } from '../host';
import type { Image } from '../images/image';
import type { ImageLayer } from '../images/layer';
import { treeOf } from '../images/tree';

const root = '/var/lib/docker/overlay2';

/** Mount points and files that every container finds (moby daemon/initlayer/setup_unix.go). */
const initEntries: readonly (readonly [string, TreeEntry])[] = [
  ...['/dev/pts', '/dev/shm', '/proc', '/sys'].map((path) => [path, { type: 'directory' }] as const),
  ...['/.dockerenv', '/etc/hosts', '/etc/hostname', '/etc/resolv.conf', '/dev/console'].map(
    (path) => [path, { type: 'file', content: '', mode: 0o755 }] as const,
  ),
  ['/etc/mtab', { type: 'symlink', target: '/proc/mounts' }],
];

/** One for all containers of an image: of those, what the image does not have. */
const initLayers = new WeakMap<Image, Tree>();

function initLayerOf(image: Image): Tree {
  let tree = initLayers.get(image);
  if (tree === undefined) {
    const missing = ([path]: readonly [string, TreeEntry]): boolean =>
      !image.layers.some((layer) => holds(treeOf(layer), path));
    tree = createTree(() => initEntries.filter(missing), { mtime: 'mounted' });
    initLayers.set(image, tree);
  }
  return tree;
}

function holds({ root: top }: Tree, path: string): boolean {
  let at: TreeNode | undefined = top;
  for (const name of path.split('/').slice(1)) at = at?.children?.get(name);
  return at !== undefined;
}

interface Stored {
  readonly id: string;
  readonly link: string;
  /** Whether its folder says what it stands on. */
  stacked: boolean;
}

/** docker's overlay2 graph driver: a directory a layer, and short links so that mount options stay short. */
export class Overlay2 implements Snapshotter {
  readonly #layers = new Map<ImageLayer, Stored>();
  readonly #active = new Map<
    string,
    { readonly id: string; readonly links: readonly string[]; readonly layers: readonly ImageLayer[] }
  >();
  /** No image needs them, but a container stands on them. */
  readonly #orphans = new Set<ImageLayer>();

  constructor(
    readonly host: ContainerHost,
    readonly random: Random,
  ) {
    host.fs.mkdirAll(root, 0o710);
    host.fs.mkdir(`${root}/l`, 0o700);
  }

  has(layer: ImageLayer): boolean {
    return this.#layers.has(layer);
  }

  /** Where an unpacked layer lies. */
  pathOf(layer: ImageLayer): string | undefined {
    const stored = this.#layers.get(layer);
    return stored === undefined ? undefined : `${root}/${stored.id}`;
  }

  /** `id`: the folder's name, where somebody else than the image store gives it (BuildKit). */
  unpack(layer: ImageLayer, id: string = this.random.hex(64)): void {
    this.#orphans.delete(layer);
    if (this.#layers.has(layer)) return;
    this.host.fs.mkdir(`${root}/${id}`, 0o710);
    graft(this.host, `${root}/${id}/diff`, treeOf(layer));
    this.#layers.set(layer, { id, link: this.#link(id), stacked: false });
  }

  /** Writes down of layers that stand on each other, lowest first, what each stands on (overlay.go, create). */
  stack(layers: readonly ImageLayer[]): void {
    for (const [index, layer] of layers.entries()) {
      const stored = this.#layers.get(layer);
      const below = layers.slice(0, index);
      if (stored === undefined || stored.stacked || below.length === 0) continue;
      stored.stacked = true;
      this.#writeLower(stored.id, this.#linksOf(below));
      this.#commit(below);
    }
  }

  #linksOf(layers: readonly ImageLayer[]): readonly string[] {
    return layers.map((layer) => this.#layers.get(layer)?.link ?? '').reverse();
  }

  /** The files of a folder that stands on others. */
  #writeLower(id: string, links: readonly string[]): void {
    const { fs } = this.host;
    fs.mkdir(`${root}/${id}/work`, 0o700);
    if (links.length > 0) fs.writeFile(`${root}/${id}/lower`, links.map((name) => `l/${name}`).join(':'));
  }

  /** Something stands on these: the topmost does not change any more. */
  #commit(layers: readonly ImageLayer[]): void {
    const top = layers.at(-1);
    const stored = top === undefined ? undefined : this.#layers.get(top);
    if (stored !== undefined) this.host.fs.writeFile(`${root}/${stored.id}/committed`, '', 0o600);
  }

  keepOnly(layers: ReadonlySet<ImageLayer>): void {
    for (const layer of this.#layers.keys()) if (!layers.has(layer)) this.#orphans.add(layer);
    this.#sweep();
  }

  /** Removes layers that neither an image nor a container needs. */
  #sweep(): void {
    if (this.#orphans.size === 0) return;
    const used = new Set([...this.#active.values()].flatMap(({ layers }) => layers));
    for (const layer of this.#orphans) {
      if (used.has(layer)) continue;
      this.#orphans.delete(layer);
      const stored = this.#layers.get(layer);
      if (stored === undefined) continue;
      this.host.fs.removeAll(`${root}/${stored.id}`);
      this.host.fs.unlink(`${root}/l/${stored.link}`);
      this.#layers.delete(layer);
    }
  }

  prepare(key: string, image: Image): Snapshot & { readonly id: string } {
    const { fs } = this.host;
    const id = this.random.hex(64);
    fs.mkdir(`${root}/${id}-init`, 0o710);
    graft(this.host, `${root}/${id}-init/diff`, initLayerOf(image));
    const init = this.#link(`${id}-init`);
    const below = this.#linksOf(image.layers);
    this.#writeLower(`${id}-init`, below);
    this.#commit(image.layers);
    fs.writeFile(`${root}/${id}-init/committed`, '', 0o600);
    fs.mkdir(`${root}/${id}`, 0o710);
    fs.mkdir(`${root}/${id}/diff`);
    const link = this.#link(id);
    const lowers = [init, ...below];
    this.#writeLower(id, lowers);
    this.#active.set(key, { id, links: [init, link], layers: image.layers });
    return {
      key,
      id,
      lowers: lowers.map((name) => `${root}/l/${name}`),
      upper: `${root}/${id}/diff`,
      work: `${root}/${id}/work`,
      target: `${root}/${id}/merged`,
    };
  }

  remove(key: string): void {
    const active = this.#active.get(key);
    if (active === undefined) return;
    this.#active.delete(key);
    const { fs } = this.host;
    fs.removeAll(`${root}/${active.id}`);
    fs.removeAll(`${root}/${active.id}-init`);
    for (const link of active.links) fs.unlink(`${root}/l/${link}`);
    this.#sweep();
  }

  #link(id: string): string {
    const link = this.random.string(26, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567');
    this.host.fs.symlink(`../${id}/diff`, `${root}/l/${link}`);
    this.host.fs.writeFile(`${root}/${id}/link`, link);
    return link;
  }
}
