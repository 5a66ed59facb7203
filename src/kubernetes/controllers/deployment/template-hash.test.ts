import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { podTemplateHash, safeEncode } from './template-hash';

const shared = process.env['BOTTLESHIP_SHARED'] ?? '../shared';
const vectors = `${shared}/ground-truth/kubernetes/api/vectors/pod-template-hash.jsonl`;

interface Vector {
  readonly template: object;
  readonly hash: string;
  readonly collision0: string;
  readonly collision1: string;
  readonly collision5: string;
}

test('a hash is spelled without vowels', () => {
  expect(safeEncode('0123456789')).toBe('456789bcdf');
});

test.skipIf(!existsSync(vectors))('templates have the hashes that a real controller gave them', () => {
  const cases = readFileSync(vectors, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Vector);
  const ours = cases.map(({ template }) => ({
    hash: podTemplateHash(template),
    collision0: podTemplateHash(template, 0),
    collision1: podTemplateHash(template, 1),
    collision5: podTemplateHash(template, 5),
  }));
  expect(ours).toEqual(
    cases.map(({ hash, collision0, collision1, collision5 }) => ({ hash, collision0, collision1, collision5 })),
  );
});
