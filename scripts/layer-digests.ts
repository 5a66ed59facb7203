// `node scripts/run.mjs layer-digests`: archives and hashes every layer of the catalogue's images once, so that no world has to.
// Rows of layers that stand in the table already are kept.
import { writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { registries } from '../src/containers/images/catalogue';
import type { ImageLayer } from '../src/containers/images/layer';
import { incompatible } from '../src/containers/windows/verify';
import { table } from '../src/containers/images/layer-digests.table';

const layers = new Set<ImageLayer>();
for (const { tags, windows = tags } of registries)
  for (const make of [...tags.values(), ...windows.values()]) {
    const { details, layers: made } = make();
    // What is for another Windows is refused before anybody needs a digest of it.
    if (incompatible(details.windows) === undefined) for (const layer of made) layers.add(layer);
  }

const keep = !process.argv.includes('--all');
const rows = new Map<string, readonly [string, string, number]>();
for (const layer of layers) {
  const key = layer.listingDigest;
  if (key === undefined || rows.has(key)) continue;
  const known = keep ? table[key] : undefined;
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
