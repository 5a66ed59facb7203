// `node scripts/run.mjs layer-digests`: archives and hashes every layer of the catalogue's images once, so that no world has to.
// Rows of layers that stand in the table already are kept.
import { writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { registries } from '../src/containers/images/catalogue';
import type { ImageLayer } from '../src/containers/images/layer';
import { forArm, mayBeForSeveral } from '../src/containers/images/platforms';
import { incompatible } from '../src/containers/windows/verify';
import { table } from '../src/containers/images/layer-digests.table';

const layers = new Set<ImageLayer>();
const foreign = new Set<ImageLayer>();
for (const { tags, windows = tags } of registries)
  for (const make of [...tags.values(), ...windows.values()]) {
    const image = make();
    // What is for another Windows is refused before anybody needs a digest of it.
    if (incompatible(image.details.windows) !== undefined) continue;
    for (const layer of image.layers) layers.add(layer);
    if (!mayBeForSeveral(image)) continue;
    for (const layer of forArm(image).layers)
      if (!layers.has(layer)) {
        layers.add(layer);
        foreign.add(layer);
      }
  }

const keep = !process.argv.includes('--all');
/** Leaves out what takes minutes. */
const quick = process.argv.includes('--quick');
/** Larger layers for other processors are left out, and with them the images that have one. Bytes. */
const LARGEST = 30_000_000;

const rows = new Map<string, readonly [string, string, number]>();
for (const layer of [...layers].sort((a, b) => a.size - b.size)) {
  const key = layer.listingDigest;
  if (key === undefined || rows.has(key)) continue;
  const known = keep ? table[key] : undefined;
  if (known === undefined && layer.size > LARGEST && (foreign.has(layer) || (quick && layer.size > 3 * LARGEST)))
    continue;
  const hash = createHash('sha256');
  if (known === undefined) for (const chunk of layer.tar()) hash.update(chunk);
  const blob = known === undefined ? layer.blob() : new Uint8Array();
  rows.set(key, known ?? [hash.digest('hex'), createHash('sha256').update(blob).digest('hex'), blob.length]);
}
const lines = [...rows]
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([key, [diffId, blob, size]]) => `  '${key}': ['${diffId}', '${blob}', ${String(size)}],\n`);
writeFileSync(
  join(process.cwd(), 'src/containers/images/layer-digests.table.ts'),
  `/** Made by \`node scripts/run.mjs layer-digests\`: listing → digest of the tar, digest of the blob, size of the blob. */\n// prettier-ignore\nexport const table: Readonly<Record<string, readonly [string, string, number]>> = {\n${lines.join('')}};\n`,
);
process.stdout.write(`${String(rows.size)} layers\n`);
