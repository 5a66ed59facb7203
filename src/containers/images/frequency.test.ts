import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { registries } from './catalogue';
import { opaqueImage } from './opaque';
import { parseReference, repositoryOf, withDefaultTag } from './reference';
import { Registries } from './registry';

const folder = join(
  process.env['BOTTLESHIP_SHARED'] ?? join(import.meta.dirname, '../../../../shared'),
  'corpus/frequency',
);

/** Names of a course's own stages and exercises: nobody published them under `library/`, and a real pull fails, too. */
const ownNames = new Set(
  (
    '$VAR scratch base build builder build-test-platform data-processor development docker-101 download-base hello ' +
    'my-app myapp private-registry.example.com/myapp python-microservices-base'
  ).split(' '),
);

/** The names that occur in at least three repositories (or files, where those are what was counted). */
function names(file: string): readonly string[] {
  const [head = '', ...lines] = readFileSync(join(folder, file), 'utf8').trim().split('\n');
  const fields = head.split(',');
  const count = fields.includes('repos') ? fields.indexOf('repos') : 1;
  return lines.map((line) => line.split(',')).flatMap((row) => (Number(row[count]) >= 3 ? [row[0] ?? ''] : []));
}

test.skipIf(!existsSync(folder))('what three repositories use can be pulled (needs the corpus)', () => {
  const world = new Registries(registries, opaqueImage);
  const files = [
    'images',
    'images_docker',
    'images_kubectl',
    'images_manifests',
    'images_compose',
    'images_dockerfile_from',
  ];
  const missing = [...new Set(files.flatMap((file) => names(`${file}.csv`)))].filter((name) => {
    if (ownNames.has(name)) return false;
    const reference = parseReference(name);
    if (!reference.ok) return true;
    // Images of Windows have no tag `latest`: they are for one build of it.
    const [first] = repositoryOf(reference.value).includes('/windows/') ? ['ltsc2022'] : [];
    const wanted = first === undefined ? withDefaultTag(reference.value) : { ...reference.value, tag: first };
    return !world.resolve(wanted, first === undefined ? 'linux' : 'windows').ok;
  });
  expect(missing).toEqual([]);
});
