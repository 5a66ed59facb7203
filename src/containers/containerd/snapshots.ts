import { err, ok, type Result } from '../../sim/result';
import { createTree, type Namespace, type Tree, type TreeEntry } from '../../linux/fs';
import type { ContainerHost } from '../host';
import type { Image } from '../images/image';
import type { ImageLayer } from '../images/layer';
import { treeOf } from '../images/tree';

/** Bundles of running tasks; a container's root is mounted below. */
export const taskRoot = '/run/containerd/io.containerd.runtime.v2.task/k8s.io';

/** A container's root file system on the host: where its parts are, and where it is mounted. */
export interface Snapshot {
  readonly key: string;
  /** Topmost first. */
  readonly lowers: readonly string[];
  readonly upper: string;
  readonly work: string;
  readonly target: string;
}

/** Unpacked layers and the writable ones of containers; each engine has its own place and names. */
export interface Snapshotter {
  has(layer: ImageLayer): boolean;
  unpack(layer: ImageLayer): void;
  /** All layers of an image are there, lowest first. */
  stack?(layers: readonly ImageLayer[]): void;
  /** Removes unpacked layers that no image needs any more. */
  keepOnly(layers: ReadonlySet<ImageLayer>): void;
  /** Makes the writable layer of a container. */
  prepare(key: string, image: Image): Snapshot;
  remove(key: string): void;
}

/** Grafts an immutable tree into the host's disk: unpacking costs the same whatever the layer holds. */
export function graft(host: ContainerHost, path: string, tree: Tree): void {
  (host.init.namespaces.mnt as Namespace).mountTree(path, tree);
}

/** Mounts a snapshot's overlay (mount -t overlay); the error is runc's. */
export function mountSnapshot({ fs }: ContainerHost, snapshot: Snapshot): Result<void, string> {
  fs.mkdirAll(snapshot.target);
  const mounted = fs.mount({
    source: 'overlay',
    target: snapshot.target,
    type: 'overlay',
    options: {
      lowerdir: snapshot.lowers.join(':'),
      upperdir: snapshot.upper,
      workdir: snapshot.work,
    },
  });
  return mounted.ok ? ok(undefined) : err(`failed to mount rootfs: ${mounted.error.message.toLowerCase()}`);
}

/** Takes the overlay away, and the folder it was mounted on (overlay.go, Put). */
export function unmountSnapshot({ fs }: ContainerHost, { target }: Snapshot): void {
  if (fs.umount(target).ok) fs.rmdir(target);
}

/** Where runc will mount something: it makes these in the writable layer if the image lacks them. */
const mountPoints = createTree(() => [
  ...['/proc', '/sys', '/dev'].map((path): [string, TreeEntry] => [path, { type: 'directory' }]),
  ...['hosts', 'hostname', 'resolv.conf'].map((name): [string, TreeEntry] => [
    `/etc/${name}`,
    { type: 'file', content: '' },
  ]),
]);

const root = '/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots';

/** containerd's overlayfs snapshotter: numbered directories with `fs` and `work`. */
export class OverlayfsSnapshotter implements Snapshotter {
  #next = 1;
  readonly #layers = new Map<ImageLayer, string>();
  readonly #active = new Map<string, Snapshot>();

  constructor(
    readonly host: ContainerHost,
    /** Where a container's root is mounted. */
    readonly target: (key: string) => string,
  ) {
    host.fs.mkdirAll(root);
  }

  has(layer: ImageLayer): boolean {
    return this.#layers.has(layer);
  }

  unpack(layer: ImageLayer): void {
    if (this.#layers.has(layer)) return;
    const path = `${root}/${this.#next++}/fs`;
    graft(this.host, path, treeOf(layer));
    this.#layers.set(layer, path);
  }

  keepOnly(layers: ReadonlySet<ImageLayer>): void {
    for (const [layer, path] of this.#layers) {
      if (layers.has(layer)) continue;
      this.host.fs.removeAll(path.slice(0, -'/fs'.length));
      this.#layers.delete(layer);
    }
  }

  prepare(key: string, image: Image): Snapshot {
    const { fs } = this.host;
    const folder = `${root}/${this.#next++}`;
    fs.mkdir(folder);
    graft(this.host, `${folder}/fs`, mountPoints);
    fs.mkdir(`${folder}/work`);
    const lowers = image.layers.map((layer) => this.#layers.get(layer) ?? '').reverse();
    const snapshot = { key, lowers, upper: `${folder}/fs`, work: `${folder}/work`, target: this.target(key) };
    this.#active.set(key, snapshot);
    return snapshot;
  }

  remove(key: string): void {
    const snapshot = this.#active.get(key);
    if (snapshot === undefined) return;
    this.#active.delete(key);
    this.host.fs.removeAll(snapshot.upper.slice(0, -'/fs'.length));
  }
}
