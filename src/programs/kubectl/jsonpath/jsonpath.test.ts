import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { JsonPath, JsonPathError } from './evaluate';
import { relaxed } from './relaxed';

const pods = {
  items: [
    { metadata: { name: 'a', labels: { 'k8s.io/x': 'y' } }, status: { phase: 'Running', restarts: 3 } },
    { metadata: { name: 'b' }, status: { phase: 'Pending', restarts: 0 } },
  ],
};
const outcome = (template: string, options = {}): string => {
  try {
    return new JsonPath(template, options).execute(pods);
  } catch (fault) {
    if (fault instanceof JsonPathError) return `error: ${fault.message}`;
    throw fault;
  }
};

test.each([
  ['{.items[*].metadata.name}', 'a b'],
  ['{range .items[*]}{.metadata.name}={.status.phase}{"\\n"}{end}done', 'a=Running\nb=Pending\ndone'],
  ['{.items[?(@.status.restarts>2)].metadata.name}', 'a'],
  ["{.items[0].metadata.labels.k8s\\.io/x}{'!'}", 'y!'],
  ['{.items[0].status}', '{"phase":"Running","restarts":3}'],
  ['{.items[7]}', 'error: array index out of bounds: index 7, length 2'],
  ['{.nope}', 'error: nope is not found'],
  ['{.items[?(@.x==)]}', "error: unrecognized character in action: U+003D '='"],
])('%s', (template, text) => {
  expect(outcome(template)).toBe(text);
});

test('missing keys may be allowed, and paths relaxed', () => {
  expect(outcome('{.nope}', { allowMissingKeys: true })).toBe('');
  expect(['x.y', '.x.y', '{x.y}', '{.x.y}'].map(relaxed)).toEqual(['{.x.y}', '{.x.y}', '{.x.y}', '{.x.y}']);
});

interface Vector {
  readonly allowMissingKeys: boolean;
  readonly in: string;
  readonly out?: string;
  readonly error?: string;
  readonly parseError?: string;
  readonly relaxed?: string;
  readonly relaxedError?: string;
}
const recorded = `${process.env['BOTTLESHIP_SHARED'] ?? '../shared'}/ground-truth/kubernetes/api/vectors/jsonpath.jsonl`;
const sorted = (text: string | undefined): string | undefined => text?.split(' ').sort().join(' ');

test.skipIf(!existsSync(recorded))('every recorded vector (skipped where the recordings are not at hand)', () => {
  const [first, ...lines] = readFileSync(recorded, 'utf8').trimEnd().split('\n');
  const { document } = JSON.parse(first ?? '') as { document: unknown };
  const wrong = lines.flatMap((line) => {
    const vector = JSON.parse(line) as Vector;
    const want = vector.parseError ?? vector.error ?? vector.out;
    const got = ((): string => {
      try {
        return new JsonPath(vector.in, vector).execute(document);
      } catch (fault) {
        return fault instanceof Error ? fault.message : String(fault);
      }
    })();
    // Go walks maps in a random order, so neither a recursive descent nor a wildcard over one has an order to compare.
    const same = /\.\.|\.\*/.test(vector.in) ? sorted(got) === sorted(want) : got === want;
    return same ? [] : [{ vector, got }];
  });
  expect(wrong).toEqual([]);
});
