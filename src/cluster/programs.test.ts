import { expect, test } from 'vitest';
import type { Program } from '../linux/process/types';

const names = import.meta.glob<readonly string[]>('../programs/*/names.ts', { eager: true, import: 'names' });
const modules = import.meta.glob<{ readonly programs: Readonly<Record<string, Program>> }>('../programs/*/index.ts');

test.each(Object.entries(names))('%s lists what its folder has', async (path, listed) => {
  const module = await modules[path.replace('names.ts', 'index.ts')]?.();
  expect([...listed].sort()).toEqual(Object.keys(module?.programs ?? {}).sort());
});
