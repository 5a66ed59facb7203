import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { JsonObject } from '../json';
import { applyStrategic, threeWayStrategic, twoWayStrategic } from './index';

const folder = `${process.env['BOTTLESHIP_SHARED'] ?? '../shared'}/ground-truth/kubernetes/api/vectors`;
const lines = (name: string): Record<string, JsonObject>[] =>
  readFileSync(`${folder}/${name}.jsonl`, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, JsonObject>);

test.skipIf(!existsSync(folder))('patches of deployments are those of apimachinery (needs ../shared)', () => {
  for (const { error, original = {}, modified = {}, patch } of lines('two-way-patch'))
    if (!error && patch) expect(twoWayStrategic(original, modified, 'Deployment')).toEqual(patch);
  for (const { error, original = {}, modified = {}, current = {}, patch } of lines('three-way-patch'))
    if (!error && patch) expect(threeWayStrategic(original, modified, current, 'Deployment')).toEqual(patch);
  for (const { error, original = {}, patch = {}, result } of lines('strategic-merge'))
    if (!error && result) expect(applyStrategic(original, patch, 'Deployment')).toEqual(result);
});
