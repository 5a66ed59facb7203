import type { FileSystem } from '../../linux/fs/types';
import { ImageLayer } from '../images/layer';
import { entriesOfDirectory } from './directory';

/**
 * What a container or a build step changed, as a layer: `upper` is the upper directory of its overlay. `leaveOut` names
 * paths of it that are not part of the layer.
 */
export function layerOfUpper(fs: FileSystem, upper: string, leaveOut?: (path: string) => boolean): ImageLayer {
  return new ImageLayer(
    entriesOfDirectory(fs, upper, { overlay: true, ...(leaveOut === undefined ? {} : { leaveOut }) }),
  );
}
