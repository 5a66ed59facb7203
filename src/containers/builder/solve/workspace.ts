import type { Result } from '../../../sim/result';
import { mountSnapshot } from '../../containerd/snapshots';
import type { Engine } from '../../dockerd/engine';
import type { ImageLayer } from '../../images/layer';
import { layerOfUpper } from '../../archive/upper';
import { BuildFailure } from '../dockerfile/source';

/** A step's root file system on the host: the layers so far, and a new one on top that takes what the step writes. */
export interface Workspace {
  /** Where it is mounted. */
  readonly root: string;
  /** The step's own layer, as it is now. */
  readonly commit: () => ImageLayer;
  /** Takes mount and folder away. */
  readonly release: () => void;
}

const overlay = '/var/lib/docker/overlay2';
const digits = '0123456789abcdefghijklmnopqrstuvwxyz';

/** Mounts layers with a writable one on top, as BuildKit's snapshotter does through docker's graph driver. */
export function workspace({ options, snapshotter }: Engine, layers: readonly ImageLayer[]): Workspace {
  const { host, random } = options;
  const { fs } = host;
  const folder = `${overlay}/${random.string(25, digits)}`;
  for (const layer of layers) snapshotter.unpack(layer);
  const upper = `${folder}/diff`;
  fs.mkdirAll(upper);
  fs.mkdir(`${folder}/work`, 0o700);
  const lowers = layers.map((layer) => `${snapshotter.pathOf(layer) ?? ''}/diff`).reverse();
  const target = `${folder}/merged`;
  if (lowers.length === 0) {
    // From scratch there is nothing to lay anything over.
    return { root: upper, commit: () => layerOfUpper(fs, upper), release: () => fs.removeAll(folder) };
  }
  const mounted: Result<void, string> = mountSnapshot(host, {
    key: folder,
    lowers,
    upper,
    work: `${folder}/work`,
    target,
  });
  if (!mounted.ok) {
    fs.removeAll(folder);
    throw new BuildFailure(mounted.error);
  }
  return {
    root: target,
    commit: () => layerOfUpper(fs, upper),
    release: () => {
      fs.umount(target, { lazy: true });
      fs.removeAll(folder);
    },
  };
}
