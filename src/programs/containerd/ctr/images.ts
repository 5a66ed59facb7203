import type { StoredImage } from '../../../containers/containerd/image-store';
import { ctrTable, type CtrGroup } from './ctr';

const mebibytes = (bytes: number): string =>
  bytes >= 1024 * 1024 ? `${(bytes / (1024 * 1024)).toFixed(1)} MiB` : `${(bytes / 1024).toFixed(1)} KiB`;

/** The CRI names an image by its tag, by its digest and by its id, each a record of its own. */
const rowsOf = ({ image, tags, digests }: StoredImage): readonly (readonly string[])[] =>
  [...tags, ...digests, image.id].map((name) => [
    name,
    'application/vnd.oci.image.manifest.v1+json',
    image.digest,
    mebibytes(image.compressedSize),
    'linux/amd64',
    'io.cri-containerd.image=managed',
  ]);

/** ctr images. */
export const images: CtrGroup = {
  names: ['images', 'image', 'i'],
  usage: 'Manage images',
  commands: [
    {
      names: ['list', 'ls'],
      usage: 'List images known to containerd',
      arguments: '[flags] [<filter>, ...]',
      flags: [{ names: ['quiet', 'q'], usage: 'Print only the image refs' }],
      run: async ({ process, namespace, flags }) => {
        const rows = (namespace.images?.list() ?? [])
          .flatMap(rowsOf)
          .sort((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1));
        await process.stdout.write(
          flags.has('quiet')
            ? rows.map(([name = '']) => `${name}\n`).join('')
            : ctrTable(['REF', 'TYPE', 'DIGEST', 'SIZE', 'PLATFORMS', 'LABELS'], rows),
        );
        return 0;
      },
    },
  ],
};
