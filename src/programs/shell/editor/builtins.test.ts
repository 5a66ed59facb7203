import { expect, test } from 'vitest';
import { bash } from '../testing/machine';
import { recorded } from './testing/recorded/builtins';

test('complete, compgen, compopt and bind do what bash 5.2 did', async () => {
  const different: unknown[] = [];
  for (const [script, stdout, stderr] of recorded) {
    const result = await bash(script);
    if (result.stdout !== stdout || result.stderr !== stderr) different.push({ script, result, stdout, stderr });
  }
  expect(different).toEqual([]);
});
