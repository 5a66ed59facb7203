import { humanSize } from '../../../containers/dockerd/progress';
import { encode } from '../../../linux/io/bytes';
import { ctrTable, fail, type Ctr, type CtrGroup } from './ctr';

interface Blob {
  readonly size: number;
  readonly labels: string;
  readonly text?: string;
}

/** Manifests, configurations and layers of the namespace's images, by digest. */
function blobs({ namespace }: Ctr): ReadonlyMap<string, Blob> {
  const found = new Map<string, Blob>();
  for (const { image, tags } of namespace.images?.list() ?? []) {
    const [name = ''] = tags;
    const [, host = '', path = ''] = /^([^/]+)\/([^:@]*)/.exec(name) ?? [];
    const source = host === '' ? '-' : `containerd.io/distribution.source.${host}=${path}`;
    const text = (digest: string, text: string): unknown =>
      found.set(digest, { size: encode(text).length, labels: source, text });
    text(image.digest, image.manifestBlob);
    text(image.id, image.configBlob);
    for (const layer of image.layers) found.set(layer.blobDigest, { size: layer.compressedSize, labels: source });
  }
  return found;
}

/** ctr content. */
export const content: CtrGroup = {
  names: ['content'],
  usage: 'Manage content',
  commands: [
    {
      names: ['list', 'ls'],
      usage: 'List all blobs in the store',
      arguments: '[flags]',
      flags: [{ names: ['quiet', 'q'], usage: 'Print only the blob digest' }],
      run: async (ctr) => {
        const all = [...blobs(ctr)].sort(([a], [b]) => (a < b ? -1 : 1));
        await ctr.process.stdout.write(
          ctr.flags.has('quiet')
            ? all.map(([digest]) => `${digest}\n`).join('')
            : ctrTable(
                ['DIGEST', 'SIZE', 'LABELS'],
                all.map(([digest, { size, labels }]) => [digest, humanSize(size), labels]),
                false,
              ),
        );
        return 0;
      },
    },
    {
      names: ['get'],
      usage: 'Get the data for an object',
      arguments: '[<digest>, ...]',
      run: async (ctr) => {
        const [digest = ''] = ctr.operands;
        const blob = blobs(ctr).get(digest);
        if (blob === undefined) return fail(ctr.process, `content ${digest}: not found`);
        if (blob.text === undefined)
          return fail(ctr.process, `content ${digest}: a layer's blob is made only for a registry`);
        await ctr.process.stdout.write(blob.text);
        return 0;
      },
    },
  ],
};
