import type { Container } from '../../containers/dockerd/container';
import type { Change } from '../../containers/dockerd/changes';
import type { Entry } from '../../containers/images/entries';
import { sizeOf } from '../../containers/images/entries';
import type { SheetRow, SheetView } from '../view';

/** So many paths of a layer are told; a Debian has thousands. */
const MOST = 300;

const rowOf = (path: string, entry: Entry): SheetRow => ({
  path: entry.type === 'symlink' ? `${path} → ${entry.target}` : entry.type === 'directory' ? `${path}/` : path,
  mark: entry.type === 'whiteout' ? 'whiteout' : entry.type === 'directory' && entry.opaque === true ? 'opaque' : '',
  size: sizeOf(entry),
});

/** The read-only layers of a container's image as sheets, lowest first, with the instruction that made each. */
export function imageSheets({ image, id }: Container): readonly SheetView[] {
  const made = image.history.filter(({ empty_layer }) => empty_layer !== true);
  return image.layers.map((layer, index) => {
    const paths = Object.entries(layer.entries).sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      key: `${id}/${index}`,
      container: id,
      order: index,
      title: made[index]?.created_by ?? '',
      size: layer.size,
      writable: false,
      rows: paths.slice(0, MOST).map(([path, entry]) => rowOf(path, entry)),
      more: Math.max(0, paths.length - MOST),
    };
  });
}

const marks = { added: 'A', modified: 'C', deleted: 'D' } as const;

/** The container's own layer on top: what `docker diff` says, and nothing else. */
export function upperSheet({ id, image }: Container, changes: readonly Change[]): SheetView {
  return {
    key: `${id}/upper`,
    container: id,
    order: image.layers.length,
    title: 'the container’s own layer',
    size: 0,
    writable: true,
    rows: changes.slice(0, MOST).map(({ path, kind }) => ({ path, mark: marks[kind], size: 0 })),
    more: Math.max(0, changes.length - MOST),
  };
}
