import { MAX_SCORE, type Plugin } from '../framework';

const MEGABYTE = 1024 * 1024;
const LEAST = 23 * MEGABYTE;
const MOST_PER_CONTAINER = 1000 * MEGABYTE;

/** Prefers nodes that hold the pod's images already; an image that few nodes hold counts less, against node heating. */
export const imageLocality: Plugin = {
  name: 'ImageLocality',
  weight: 1,
  score({ pod: { spec } }, cluster) {
    const images = [...(spec.initContainers ?? []), ...spec.containers].map(({ image = '' }) =>
      normalizedImageName(image),
    );
    const held = images.filter((image) => cluster.nodesWithImage(image) > 0);
    if (held.length === 0) return undefined;
    const most = MOST_PER_CONTAINER * images.length;
    return {
      score: (node) => {
        let sum = 0;
        for (const image of held) {
          const size = node.images.get(image);
          if (size !== undefined) sum += Math.trunc(size * (cluster.nodesWithImage(image) / cluster.size));
        }
        return Math.trunc((MAX_SCORE * (Math.min(Math.max(sum, LEAST), most) - LEAST)) / (most - LEAST));
      },
    };
  },
};

/** Names without a tag mean `:latest` (a colon after the last slash, or a digest, is one). */
function normalizedImageName(name: string): string {
  return name.lastIndexOf(':') <= name.lastIndexOf('/') ? `${name}:latest` : name;
}
