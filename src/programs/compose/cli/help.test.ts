import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commandHelp } from './help';
import { rootHelp, specs } from './root';

const folder = join(process.env['BOTTLESHIP_SHARED'] ?? '../shared', 'ground-truth/help/docker-28.5');

test.skipIf(!existsSync(folder))('help is as recorded (shared/ground-truth/help)', () => {
  const recorded = (name: string): string => readFileSync(join(folder, `docker-compose${name}.txt`), 'utf8');
  expect(rootHelp()).toBe(recorded(''));
  const differing = specs.filter((spec) => commandHelp(spec) !== recorded(`-${spec.name}`)).map(({ name }) => name);
  expect(differing).toEqual([]);
});
